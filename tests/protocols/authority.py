"""A private certificate authority, made anew for a test, and what it vouches for."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
from typing import TYPE_CHECKING, Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

if TYPE_CHECKING:
    from pathlib import Path

_DAY: Final = datetime.timedelta(days=1)
_SIGNS: Final = {"digital_signature", "key_cert_sign", "crl_sign"}
_USAGES: Final = (
    "digital_signature", "key_cert_sign", "crl_sign", "content_commitment", "key_encipherment",
    "data_encipherment", "key_agreement", "encipher_only", "decipher_only",
)  # fmt: skip


class Authority:
    """Signs certificates of servers and of clients; its own is in `file`."""

    def __init__(self, folder: Path, name: str = "Test authority") -> None:
        self._folder = folder
        self._key = ec.generate_private_key(ec.SECP256R1())
        named = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        public = self._key.public_key()
        self._certificate = (
            _dated(named, named, public)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(x509.KeyUsage(**{one: one in _SIGNS for one in _USAGES}), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .sign(self._key, hashes.SHA256())
        )
        self.file = folder / f"{name.replace(' ', '-')}.pem"
        self.file.write_bytes(self._certificate.public_bytes(serialization.Encoding.PEM))

    def server(self, host: str, *, expired: bool = False) -> ssl.SSLContext:
        """Return a server's context with a certificate for `host`."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.server_file(host, expired=expired))
        return context

    def server_file(self, host: str, *, expired: bool = False) -> Path:
        """Return a file with a server's certificate for `host`, and its key."""
        try:
            name: x509.GeneralName = x509.IPAddress(ipaddress.ip_address(host))
        except ValueError:
            name = x509.DNSName(host)
        extensions = (x509.SubjectAlternativeName([name]), _use(ExtendedKeyUsageOID.SERVER_AUTH))
        key = ec.generate_private_key(ec.SECP256R1())
        path = self._folder / f"{host}-{expired}.pem"
        path.write_bytes(self._signed(host, key, extensions, expired=expired) + _pem(key))
        return path

    def client_files(self, name: str, passphrase: str = "") -> tuple[Path, Path]:
        """Return the files of a client's certificate and of its key, locked where one is given."""
        key = ec.generate_private_key(ec.SECP256R1())
        certificate, key_file = self._folder / f"{name}.pem", self._folder / f"{name}.key"
        extensions = (_use(ExtendedKeyUsageOID.CLIENT_AUTH),)
        certificate.write_bytes(self._signed(name, key, extensions))
        key_file.write_bytes(_pem(key, passphrase))
        return certificate, key_file

    def _signed(
        self,
        name: str,
        key: ec.EllipticCurvePrivateKey,
        extensions: tuple[x509.ExtensionType, ...],
        *,
        expired: bool = False,
    ) -> bytes:
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        issuer = self._certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier)
        known = x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer.value)
        builder = _dated(
            subject, self._certificate.subject, key.public_key(), expired=expired
        ).add_extension(known, critical=False)
        for one in extensions:
            builder = builder.add_extension(one, critical=False)
        return builder.sign(self._key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)


def _dated(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, *, expired: bool = False
) -> x509.CertificateBuilder:
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - 2 * _DAY)
        .not_valid_after(now - _DAY if expired else now + _DAY)
    )


def _use(purpose: x509.ObjectIdentifier) -> x509.ExtendedKeyUsage:
    return x509.ExtendedKeyUsage([purpose])


def _pem(key: ec.EllipticCurvePrivateKey, passphrase: str = "") -> bytes:
    lock: serialization.KeySerializationEncryption = serialization.NoEncryption()
    if passphrase:
        lock = serialization.BestAvailableEncryption(passphrase.encode())
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, lock)
