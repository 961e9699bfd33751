"""Sentences for what goes wrong on the way to a service: proxies, certificates, encryption."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import TlsFault

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure

_FORBIDDEN: Final = 403
_CERTIFICATES: Final[dict[TlsFault | None, str]] = {
    TlsFault.NO_TLS: ("{host} does not speak HTTPS. Check the address; it may begin with http://."),
    TlsFault.NOT_SHOWN: (
        "{host} asks for a certificate of yours. Choose one in the network settings."
    ),
    TlsFault.NOT_ACCEPTED: (
        "{host} does not accept your certificate. Choose another, or ask who issued it."
    ),
    TlsFault.NOT_AGREED: (
        "{host} broke off while encryption was set up. It may ask for a certificate of yours: "
        "choose one in the network settings, or ask who runs it."
    ),
    TlsFault.FILE: ("{file} holds no usable certificate. Choose another in the network settings."),
    TlsFault.LOCKED_KEY: (
        "The passphrase does not open {file}. Write it anew in the network settings."
    ),
}
"""All but those of a certificate that is not trusted."""


def proxy(failure: Failure) -> str:
    """Return what a proxy did."""
    name = f"The proxy {failure.host}" if failure.host else "The proxy"
    if failure.detail == "unusable":
        return (
            f"{name} has no usable address. "
            "Write it like http://host:3128 or socks5://host:1080 instead."
        )
    if failure.target and failure.target == failure.host:
        return f"Nothing answers at the proxy {failure.host}. Start it, or correct its address."
    if failure.target and failure.status != _FORBIDDEN:
        return (
            f"{name} cannot reach {failure.target}. Check the address, or ask who runs the proxy."
        )
    if failure.target:
        return f"{name} does not let you reach {failure.target}. Ask who runs it."
    return f"{name} refused the connection. Check its name and password."


def certificate(failure: Failure, host: str) -> str:
    """Return what is wrong with encryption or a certificate, and what to do."""
    if failure.tls in _CERTIFICATES:
        file = failure.target or "The file"
        return _CERTIFICATES[failure.tls].format(host=host, file=file)
    why = f" ({failure.tls.value})" if failure.tls else ""
    return (
        f"The certificate of {host} is not trusted{why}. Check the computer's date, "
        "or add your organisation's certificate."
    )


def not_kept(failure: Failure) -> str:
    """Return that a password is not in a keyring, and how long it lasts."""
    whose = f" of {failure.service}" if failure.service else ""
    return (
        f"No keyring took the password{whose}, so it is kept until you quit. "
        "Unlock a keyring, then save it again."
    )


def cleartext(host: str) -> str:
    """Return why a key was held back."""
    return (
        f"Nothing on the way to {host} is encrypted, so others could read the key. "
        "Write https:// in the address, or allow it."
    )
