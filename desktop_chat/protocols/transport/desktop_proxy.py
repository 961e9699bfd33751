"""The proxy that the desktop's own settings name, on Linux: its portal is asked.

GNOME, KDE and others keep proxies in settings of their own, and set no variable for programs.
"""

from __future__ import annotations

import os
import sys
import time
from typing import Final

_PLACE: Final = "/org/freedesktop/portal/desktop"
_NAME: Final = "org.freedesktop.portal.Desktop"
_INTERFACE: Final = "org.freedesktop.portal.ProxyResolver"
_TIMEOUT_S: Final = 1.0
_KEPT_S: Final = 30.0
_DIRECT: Final = "direct:"

_answers: dict[str, tuple[float, str]] = {}


def desktop_proxy(scheme: str, host: str, port: int) -> str:
    """Return the proxy's address; empty where there is none, or no desktop that knows. Blocks.

    Only the origin is told, never a path.
    """
    bus = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not sys.platform.startswith("linux") or not bus:
        return ""
    origin = f"{scheme}://[{host}]:{port}" if ":" in host else f"{scheme}://{host}:{port}"
    asked_at, known = _answers.get(origin, (0.0, ""))
    now = time.monotonic()
    if not asked_at or now - asked_at > _KEPT_S:
        known = _ask(origin)
        _answers[origin] = (now, known)
    return known


def _ask(origin: str) -> str:
    try:
        # SecretStorage brings jeepney along; elsewhere than on Linux there is neither.
        from jeepney import (  # type: ignore[import-untyped] # noqa: PLC0415
            DBusAddress,
            new_method_call,
        )
        from jeepney.io.blocking import (  # type: ignore[import-untyped] # noqa: PLC0415
            open_dbus_connection,
        )

        question = new_method_call(DBusAddress(_PLACE, _NAME, _INTERFACE), "Lookup", "s", (origin,))
        with open_dbus_connection("SESSION") as connection:
            reply = connection.send_and_get_reply(question, timeout=_TIMEOUT_S)
        # An error's body is a sentence, and no list.
        (found,) = reply.body
        first = next(iter(found), "") if isinstance(found, list) else ""
    except Exception:  # noqa: BLE001 - a desktop without a portal refuses in many ways
        return ""
    return "" if str(first).startswith(_DIRECT) else str(first)
