"""The desktop's Secret Service: which program answers, and what it holds while it is locked."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Final

from desktop_chat.domain.keys import KeyOutcome

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


def seen(service: str, username: str) -> KeyOutcome:
    """Say whether an entry is there. The library's own way unlocks first, and that asks people."""
    # It comes with the keyring library on Linux, and nowhere else.
    import secretstorage  # noqa: PLC0415

    with closing(secretstorage.dbus_init()) as connection:
        try:
            collection = secretstorage.Collection(connection)
            if collection.is_locked():
                return KeyOutcome.LOCKED
            found = collection.search_items({"service": service, "username": username})
            item = next(iter(found), None)
        except secretstorage.ItemNotFoundException:
            return KeyOutcome.MISSING  # there is no collection yet
        if item is None:
            return KeyOutcome.MISSING
        return KeyOutcome.LOCKED if item.is_locked() else KeyOutcome.OK


def _process_name() -> str:
    # SecretStorage brings jeepney along; elsewhere than on Linux there is neither.
    from jeepney.bus_messages import message_bus  # type: ignore[import-untyped] # noqa: PLC0415
    from jeepney.io.blocking import open_dbus_connection  # type: ignore[import-untyped] # noqa: PLC0415

    with open_dbus_connection("SESSION") as connection:
        question = message_bus.GetConnectionUnixProcessID("org.freedesktop.secrets")
        (process,) = connection.send_and_get_reply(question, timeout=_TIMEOUT_S).body
    return Path(f"/proc/{int(process)}/comm").read_text("utf-8").strip()
