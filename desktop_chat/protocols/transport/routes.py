"""Which way a request takes: straight or through a proxy, trusting whom, shown by what.

Clients are shared by all requests of one route.
"""

from __future__ import annotations

import base64
import ssl
import sys
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure, TlsFault
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.providers import split_origin
from desktop_chat.protocols.transport.proxies import proxy_for

SYSTEM: Final = NetworkOptions(proxy_use=ProxyUse.SYSTEM)
_PEM_BYTES: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Route:
    """What tells clients apart. Its secrets print as their masks."""

    tls: bool = False
    proxy: str = ""
    """Scheme, host and port."""
    proxy_user: str = ""
    proxy_password: Secret | None = None
    ca_file: str = ""
    certificate: str = ""
    certificate_key: str = ""
    passphrase: Secret | None = None
    written: tuple[int, ...] = ()
    """When the files were written: a renewed certificate makes another route."""

    @property
    def proxy_host(self) -> str:
        """The proxy's host and port as the person knows them, empty where there is none."""
        return urlsplit(self.proxy).netloc

    @property
    def secrets(self) -> tuple[Secret, ...]:
        """What a proxy is told, in each form in which it may come back in what it says."""
        if self.proxy_password is None:
            return ()
        login = f"{self.proxy_user}:{self.proxy_password.reveal()}"
        return self.proxy_password, Secret(base64.b64encode(login.encode()).decode())

    @property
    def files(self) -> tuple[str, ...]:
        """The files that have to be read."""
        named = (self.ca_file, self.certificate, self.certificate_key)
        return tuple(one for one in named if one)


def route_for(
    url: str, options: NetworkOptions = SYSTEM, *, meant: bool = False, ca_file: str = ""
) -> Route:
    """Return the route to an address, without the secrets that the keyring holds.

    `meant`: the options are for this service alone. Raises `ChatError` (`BAD_ADDRESS`, `PROXY`)
    where the address or the proxy's make no sense.
    """
    scheme, host, port = split_origin(url)
    if not host:
        raise ChatError(Failure(kind=ErrorKind.BAD_ADDRESS, message="This is no web address."))
    proxy = proxy_for(scheme, host, port, options, meant=meant)
    route = Route()
    if proxy is not None:
        route = Route(proxy=proxy.url, proxy_user=proxy.user, proxy_password=proxy.password)
    if scheme == "https":
        return replace(
            route,
            tls=True,
            ca_file=ca_file or options.ca_file,
            certificate=options.certificate,
            certificate_key=options.certificate_key if options.certificate else "",
        )
    if route.proxy.startswith("https:"):
        return replace(route, ca_file=ca_file or options.ca_file)
    return route


def with_times(route: Route) -> Route:
    """Return the route as its files stand now. Blocks: files may lie on another computer."""
    return replace(route, written=tuple(map(_time_of, route.files)))


def is_locked(route: Route) -> bool:
    """Whether the key of the client certificate needs a passphrase. Blocks."""
    file = route.certificate_key or route.certificate
    if not file:
        return False
    try:
        with Path(file).open("rb") as opened:
            return b"ENCRYPTED" in opened.read(_PEM_BYTES)
    except OSError:
        return False  # told when it is used


def context_of(route: Route) -> ssl.SSLContext:
    """Return what a route trusts, and shows. Blocks where it reads files.

    Raises `ChatError` (`TLS`) where a file holds nothing usable.
    """
    if not route.tls and not route.proxy.startswith("https:"):
        return no_trust()
    try:
        if not route.certificate:
            return trust(route.ca_file, *route.written)
        context = _trusting(route.ca_file)
    except OSError as error:
        raise _unusable(route.ca_file, error) from None
    _show(context, route)
    return context


@cache
def trust(ca_file: str = "", *_written: int) -> ssl.SSLContext:
    """Return the context that trusts what the system trusts, made once, when first needed."""
    return _trusting(ca_file)


@cache
def no_trust() -> ssl.SSLContext:
    """Return a context that trusts nobody: for routes without TLS, where reading roots costs."""
    return ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _trusting(ca_file: str) -> ssl.SSLContext:
    import truststore  # noqa: PLC0415 - only for addresses that need it

    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if sys.platform.startswith("linux") and not _system_has_roots():
        import certifi  # noqa: PLC0415

        context.load_verify_locations(certifi.where())
    if ca_file:
        context.load_verify_locations(ca_file)
    return context


def _show(context: ssl.SSLContext, route: Route) -> None:
    """Have the context show the client certificate to services that ask for one."""
    asked: list[bool] = []

    def passphrase() -> str:
        # Without an answer of ours OpenSSL would ask at the terminal.
        asked.append(True)
        return route.passphrase.reveal() if route.passphrase else ""

    try:
        context.load_cert_chain(route.certificate, route.certificate_key or None, passphrase)
    except (OSError, ValueError) as error:
        file = route.certificate_key or route.certificate
        if asked:
            fault = Failure(kind=ErrorKind.TLS, tls=TlsFault.LOCKED_KEY, target=file)
            raise ChatError(fault) from None
        missing = (one for one in (route.certificate, file) if not Path(one).is_file())
        raise _unusable(next(missing, route.certificate), error) from None


def _unusable(file: str, error: Exception) -> ChatError:
    detail = f"{type(error).__name__}: {error}"
    return ChatError(Failure(kind=ErrorKind.TLS, tls=TlsFault.FILE, target=file, detail=detail))


def _time_of(file: str) -> int:
    try:
        return Path(file).stat().st_mtime_ns
    except OSError:
        return 0


def _system_has_roots() -> bool:
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return True
    return bool(paths.capath) and any(Path(paths.capath).iterdir())
