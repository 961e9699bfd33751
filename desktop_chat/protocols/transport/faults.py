"""What a transport's exception means: the failure to tell, read from the causes below it."""

from __future__ import annotations

import asyncio
import errno
import socket
import ssl
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ErrorKind, Failure, TlsFault
from desktop_chat.protocols.transport.redaction import detail_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from desktop_chat.domain.keys import Secret

LOOK_UP: Final = "name look-up"
"""What a cancelled name look-up says of itself, so that a limit that passed is put down to it."""
UNANSWERED: Final = socket.gaierror(socket.EAI_AGAIN, "nobody answered the name look-up")
IDLE_CUT_S: Final = 50.0
"""Proxies cut connections that are silent for a minute or two; no service breaks off by chance
after that long."""
_EXPIRED: Final = {9, 10}  # X509_V_ERR: not yet valid, has expired
_OTHER_NAME: Final = {62, 63, 64}  # host name, e-mail, address mismatch
_NO_TLS_REASONS: Final = (
    "WRONG_VERSION_NUMBER", "HTTP_REQUEST", "UNKNOWN_PROTOCOL", "RECORD_LAYER_FAILURE",
    "PACKET_LENGTH_TOO_LONG", "UNEXPECTED_EOF", "EOF occurred",
)  # fmt: skip
_NOT_AGREED_REASONS: Final = (
    "ALERT_HANDSHAKE_FAILURE", "ALERT_PROTOCOL_VERSION", "ALERT_INSUFFICIENT_SECURITY",
    "UNSUPPORTED_PROTOCOL",
)  # fmt: skip
_CERTIFICATE_ALERTS: Final = (
    "ALERT_BAD_CERTIFICATE", "ALERT_UNSUPPORTED_CERTIFICATE", "ALERT_CERTIFICATE_REVOKED",
    "ALERT_CERTIFICATE_EXPIRED", "ALERT_CERTIFICATE_UNKNOWN", "ALERT_UNKNOWN_CA",
)  # fmt: skip
_NO_NETWORK: Final = {errno.ENETUNREACH, errno.ENETDOWN, errno.EADDRNOTAVAIL}
_UNDER_WAY: Final = (ssl.SSLWantReadError, ssl.SSLWantWriteError)
"""No trouble: what the library was at when there was some."""
_CUT: Final = {errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE}
_HEADERS_TOO_LARGE: Final = 431


def causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an exception and everything that led to it, groups opened."""
    waiting: list[BaseException | None] = [error]
    seen: set[int] = set()
    while waiting:
        one = waiting.pop(0)
        if one is None or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        if isinstance(one, BaseExceptionGroup):
            waiting.extend(one.exceptions)
        waiting += [one.__cause__, one.__context__]


def connect_failure(
    error: BaseException, place: Failure, proxy_host: str, secrets: Iterable[Secret] = ()
) -> Failure:
    """Return what went wrong before the connection stood."""
    chain = list(causes(error))
    detail = _detail(error, secrets)
    if (fault := _refused_certificate(chain)) is not None:
        return replace(place, kind=ErrorKind.TLS, tls=fault, detail=detail)
    if tls := _tls_failure(chain, place):
        return replace(tls, detail=detail)
    kind = _network_kind(chain)
    if proxy_host and kind in (ErrorKind.DNS, ErrorKind.REFUSED):
        # Nobody is there: what is not reached is the proxy itself.
        place = replace(place, host=proxy_host, port=0, target=proxy_host)
        return replace(place, kind=ErrorKind.PROXY, detail=detail)
    return replace(place, kind=kind, detail=detail)


def broken(
    error: BaseException, place: Failure, secrets: Iterable[Secret] = (), silent_s: float = 0.0
) -> Failure:
    """Return what went wrong once the connection stood; `silent_s`: how long nothing had come."""
    detail = _detail(error, secrets)
    chain = list(causes(error))
    # With TLS 1.3 the handshake is over for us before the service looks at our certificate.
    if (fault := _refused_certificate(chain)) is not None:
        return replace(place, kind=ErrorKind.TLS, tls=fault, detail=detail)
    for one in chain:
        if getattr(one, "error_status_hint", 0) == _HEADERS_TOO_LARGE:
            return replace(place, kind=ErrorKind.LIMIT, limit="64 KB of headers", detail=detail)
        if "illegal status line" in str(one) or "illegal header line" in str(one):
            return replace(place, kind=ErrorKind.WRONG_CONTENT, detail=detail)
    idle_cut = silent_s if silent_s >= IDLE_CUT_S else 0.0
    return replace(place, kind=ErrorKind.BROKEN_STREAM, detail=detail, seconds=idle_cut)


def was_looking_up(error: TimeoutError) -> bool:
    """Whether a time limit passed while a name was looked up."""
    cancelled = (one for one in causes(error) if isinstance(one, asyncio.CancelledError))
    return any(LOOK_UP in one.args for one in cancelled)


def is_offline() -> bool:
    """Whether this computer has no way to the outside; nothing is sent to find out."""
    tries = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))
    for family, address in tries:
        try:
            with socket.socket(family, socket.SOCK_DGRAM) as probe:
                probe.connect((address, 9))
                return False
        except OSError:
            continue
    return True


def _tls_failure(chain: list[BaseException], place: Failure) -> Failure | None:
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return replace(place, kind=ErrorKind.TLS, tls=_certificate_fault(one))
        if isinstance(one, ssl.SSLError) and not isinstance(one, _UNDER_WAY):
            text = f"{one.reason} {one}"
            if any(reason in text for reason in _NOT_AGREED_REASONS):
                return replace(place, kind=ErrorKind.TLS, tls=TlsFault.NOT_AGREED)
            plain = any(reason in text for reason in _NO_TLS_REASONS)
            return replace(place, kind=ErrorKind.TLS, tls=TlsFault.NO_TLS if plain else None)
    return None


def _refused_certificate(chain: list[BaseException]) -> TlsFault | None:
    """Return what a service had against our certificate, which it says by an alert."""
    reasons = [one.reason or "" for one in chain if isinstance(one, ssl.SSLError)]
    if any("CERTIFICATE_REQUIRED" in one for one in reasons):
        return TlsFault.NOT_SHOWN
    if any(alert in one for one in reasons for alert in _CERTIFICATE_ALERTS):
        return TlsFault.NOT_ACCEPTED
    return None


def _certificate_fault(error: ssl.SSLCertVerificationError) -> TlsFault:
    code = getattr(error, "verify_code", 0)
    # macOS and Windows check with their own libraries, whose words are all there is.
    text = f"{getattr(error, 'verify_message', '')} {error}".lower()
    if code in _EXPIRED or "expired" in text or "not yet valid" in text:
        return TlsFault.EXPIRED
    if code in _OTHER_NAME or "mismatch" in text or "not match" in text or "not valid for" in text:
        return TlsFault.OTHER_NAME
    return TlsFault.UNKNOWN_ISSUER


def _network_kind(chain: list[BaseException]) -> ErrorKind:
    numbers = {one.errno for one in chain if isinstance(one, OSError) and one.errno is not None}
    if any(isinstance(one, (socket.gaierror, UnicodeError)) for one in chain):
        return ErrorKind.OFFLINE if is_offline() else ErrorKind.DNS
    if errno.ECONNREFUSED in numbers:
        return ErrorKind.REFUSED
    if numbers & _CUT:
        return ErrorKind.BROKEN_STREAM
    if numbers & _NO_NETWORK or (errno.EHOSTUNREACH in numbers and is_offline()):
        return ErrorKind.OFFLINE
    return ErrorKind.REFUSED


def _detail(error: BaseException, secrets: Iterable[Secret]) -> str:
    """Return the innermost cause's words. Exceptions of the transport may hold what was sent."""
    innermost = error
    for one in causes(error):
        if isinstance(one, OSError) and not isinstance(one, _UNDER_WAY):
            innermost = one
    return detail_of(f"{type(innermost).__name__}: {innermost}"[:500], secrets)
