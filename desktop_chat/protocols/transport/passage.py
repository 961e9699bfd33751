"""The way that a request takes, as a person would tell another program of it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.exchange import Hidden, Passage

if TYPE_CHECKING:
    from desktop_chat.protocols.transport.routes import Route

PROXY_VARIABLE: Final = "PROXY_PASSWORD"
KEY_VARIABLE: Final = "CLIENT_KEY_PASSPHRASE"
_TOLD_BY: Final = ("http_proxy", "https_proxy", "all_proxy")


def passage_of(route: Route) -> Passage:
    """Return a route without its secrets."""
    login: tuple[str | Hidden, ...] = ()
    if route.proxy_password is not None:
        login = (f"{route.proxy_user}:", Hidden(PROXY_VARIABLE))
    elif route.proxy_user:
        login = (f"{route.proxy_user}:",)
    return Passage(
        # Names are looked up by the proxy, and never here.
        proxy=route.proxy.replace("socks5://", "socks5h://"),
        past_proxies=not route.proxy and _is_told_of_proxies(),
        login=login,
        ca_file=route.ca_file,
        certificate=route.certificate,
        certificate_key=route.certificate_key,
        passphrase=(Hidden(KEY_VARIABLE),) if route.passphrase is not None else (),
    )


def _is_told_of_proxies() -> bool:
    return any(os.environ.get(name) or os.environ.get(name.upper()) for name in _TOLD_BY)
