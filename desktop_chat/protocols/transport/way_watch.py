"""Watches a request on its way, by the transport's own trace: which layer it has come to."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.checkup import Layer

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Ended = Callable[[Layer, str, float, int], None]

_REFUSED_BY_PROXY: Final = 407


class WayWatch:
    """Called with each event of the trace; says of each layer when it begins and was passed."""

    def __init__(
        self, ended: Ended, *, proxied: bool, tls: bool, began: Callable[[Layer], None]
    ) -> None:
        """Have `ended` called with each layer, what it saw, its seconds and its status."""
        self._ended = ended
        self._began = began
        self._proxied = proxied
        self._tls = tls
        self._since: dict[Layer, float] = {}
        self._asking_proxy = False
        self._forwarded = proxied and not tls
        self.current = Layer.TCP
        """The layer that is being passed."""
        self.has_head = False
        """Whether the last request was answered by a status and headers."""

    def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Take an event of the trace."""
        _, _, name = event.partition(".")
        step, _, stage = name.rpartition(".")
        handlers: dict[tuple[str, str], Callable[[Mapping[str, Any]], None]] = {
            ("connect_tcp", "started"): lambda _info: self._begin(Layer.TCP),
            ("connect_tcp", "complete"): self._on_connected,
            ("setup_socks5_connection", "complete"): self._on_passed_on,
            ("start_tls", "started"): lambda _info: self._on_tls_started(),
            ("start_tls", "complete"): self._on_tls_complete,
            ("send_request_headers", "started"): self._on_sending,
            ("receive_response_headers", "complete"): self._on_head,
        }
        if (handler := handlers.get((step, stage))) is not None:
            handler(info)

    def _begin(self, layer: Layer) -> None:
        self.current = layer
        self._since[layer] = time.monotonic()
        self._began(layer)

    def _end(self, layer: Layer, seen: str, status: int = 0) -> None:
        since = self._since.pop(layer, None)
        if since is not None:
            self._ended(layer, seen, time.monotonic() - since, status)

    def _on_connected(self, info: Mapping[str, Any]) -> None:
        self._end(Layer.TCP, _peer(info.get("return_value")))
        if self._proxied:
            self._begin(Layer.PROXY)

    def _on_passed_on(self, _info: Mapping[str, Any]) -> None:
        self._end(Layer.PROXY, "passes the connection on")

    def _on_tls_started(self) -> None:
        # A proxy may be spoken to through TLS itself, before it passes anything on.
        if Layer.PROXY not in self._since:
            self._begin(Layer.TLS)

    def _on_tls_complete(self, info: Mapping[str, Any]) -> None:
        self._end(Layer.TLS, _certificate(info.get("return_value")))

    def _on_sending(self, info: Mapping[str, Any]) -> None:
        self._asking_proxy = getattr(info.get("request"), "method", b"") == b"CONNECT"
        if not self._asking_proxy:
            self.has_head = False
            self._begin(Layer.HTTP)

    def _on_head(self, info: Mapping[str, Any]) -> None:
        version, status = _status(info.get("return_value"))
        if self._asking_proxy:
            if 200 <= status < 300:
                self._on_passed_on(info)
            return
        self.has_head = True
        if self._forwarded and status != _REFUSED_BY_PROXY:
            self._end(Layer.PROXY, "passes requests on")
        self._end(Layer.HTTP, f"{version} {status}".strip(), status)


def _peer(stream: object) -> str:
    try:
        address = stream.get_extra_info("server_addr")  # type: ignore[attr-defined]
        return f"{address[0]} port {address[1]}"
    except (AttributeError, LookupError, TypeError):
        return ""


def _certificate(stream: object) -> str:
    """Return the version of TLS, and who says for how long that the service is who it is."""
    try:
        tls = stream.get_extra_info("ssl_object")  # type: ignore[attr-defined]
        found = tls.getpeercert() or {}
        issuer = {name: value for one in found.get("issuer", ()) for name, value in one}
        by = issuer.get("organizationName") or issuer.get("commonName") or ""
        until = found.get("notAfter", "")
        words = (tls.version() or "TLS", by and f"certified by {by}", until and f"until {until}")
        return ", ".join(one for one in words if one)
    except (AttributeError, LookupError, TypeError, ValueError):
        return "TLS"


def _status(head: object) -> tuple[str, int]:
    if isinstance(head, tuple) and len(head) > 1 and isinstance(head[1], int):
        version = head[0].decode("ascii", "replace") if isinstance(head[0], bytes) else ""
        return version, head[1]
    return "", 0
