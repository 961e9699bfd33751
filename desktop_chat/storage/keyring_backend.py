"""Which of the keyring library's backends is used: only those that encrypt for this person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.storage.secret_service import program_name, seen

if TYPE_CHECKING:
    from collections.abc import Iterable

    from keyring.backend import KeyringBackend

    from desktop_chat.domain.keys import KeyOutcome

_DESKTOP_SERVICE: Final = "Secret Service"
_LABELS: Final = {
    "keyring.backends.SecretService.Keyring": _DESKTOP_SERVICE,
    "keyring.backends.libsecret.Keyring": _DESKTOP_SERVICE,
    "keyring.backends.kwallet.DBusKeyring": "KWallet",
    "keyring.backends.kwallet.DBusKeyringKWallet4": "KWallet",
    "keyring.backends.Windows.WinVaultKeyring": "Windows Credential Manager",
    "keyring.backends.macOS.Keyring": "macOS Keychain",
}
"""The backends that may hold a key, by class, with the names that the person knows."""

_CHAINER: Final = "keyring.backends.chainer.ChainerBackend"
_FAIL: Final = "keyring.backends.fail.Keyring"


@dataclass(frozen=True, slots=True)
class Refusal:
    """No backend may be used, and why."""

    reason: str


def chosen_backend() -> KeyringBackend | Refusal:
    """Return the backend that the system or the person chose, where it is one that we trust."""
    import keyring  # noqa: PLC0415 - slow to import, and many a session never needs it

    backend = keyring.get_keyring()
    name = _class_name(backend)
    if name == _CHAINER:
        return _first_allowed(getattr(backend, "backends", ()))
    if name == _FAIL:
        # The library asks the system once per process; the keyring may have started since then.
        return _found_now()
    if name in _LABELS:
        return backend
    return Refusal(f"{name} does not keep keys safe")


def label_of(backend: KeyringBackend) -> str:
    """Return a backend's name as the person knows it, after it was asked something."""
    label = _LABELS.get(_class_name(backend), type(backend).__name__)
    return program_name() or label if label == _DESKTOP_SERVICE else label


def seen_by(backend: KeyringBackend, service: str, username: str) -> KeyOutcome | None:
    """Say whether a backend holds an entry, without asking anybody to unlock it; None: unknown."""
    if _LABELS.get(_class_name(backend)) != _DESKTOP_SERVICE:
        return None
    try:
        return seen(service, username)
    except ImportError:
        return None  # another library speaks to the service here


def _first_allowed(backends: Iterable[KeyringBackend]) -> KeyringBackend | Refusal:
    allowed = (one for one in backends if _class_name(one) in _LABELS)
    return next(allowed, Refusal("none of the chained keyrings keeps keys safe"))


def _found_now() -> KeyringBackend | Refusal:
    from keyring.core import load_keyring  # noqa: PLC0415

    found: list[KeyringBackend] = []
    for name in _LABELS:
        try:
            found.append(load_keyring(name))
        except Exception:  # noqa: BLE001, S112 - not viable here, each in its own way
            continue
    if not found:
        return Refusal("no keyring is running")
    return max(found, key=lambda one: float(one.priority))


def _class_name(backend: KeyringBackend) -> str:
    return f"{type(backend).__module__}.{type(backend).__qualname__}"
