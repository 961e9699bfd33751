"""Which program answers as the desktop's Secret Service: people know it by its own name."""

from __future__ import annotations

from pathlib import Path
from typing import Final

_PROGRAMS: Final = {
    "gnome-keyring-d": "GNOME Keyring",
    "kwalletd5": "KWallet",
    "kwalletd6": "KWallet",
    "ksecretd": "KWallet",
    "keepassxc": "KeePassXC",
    "oo7-daemon": "oo7",
}
"""By the names that the kernel gives the processes, cut to fifteen characters as it cuts them."""
_TIMEOUT_S: Final = 1.0


def program_name() -> str:
    """Return the name of the program behind the Secret Service, empty where it is not known."""
    try:
        return _PROGRAMS.get(_process_name(), "")
    except Exception:  # noqa: BLE001 - only a label hangs on it, and D-Bus can refuse in many ways
        return ""


def _process_name() -> str:
    # SecretStorage brings jeepney along; elsewhere than on Linux there is neither.
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped] # noqa: PLC0415
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped] # noqa: PLC0415

    with open_dbus_connection("SESSION") as connection:
        question = message_bus.GetConnectionUnixProcessID("org.freedesktop.secrets")
        (process,) = connection.send_and_get_reply(question, timeout=_TIMEOUT_S).body
    return Path(f"/proc/{int(process)}/comm").read_text("utf-8").strip()
