"""Keys: in the keyring of the operating system, or in memory until the program ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from desktop_chat.domain.keys import KEY_LENGTH_LIMIT, KEY_SLOT, MASK, KeyOutcome, KeyResult, Secret
from desktop_chat.storage.keyring_backend import Refusal, chosen_backend, label_of, seen_by

if TYPE_CHECKING:
    from collections.abc import Callable

    from keyring.backend import KeyringBackend

SERVICE: Final = "desktop-chat"
_DETAIL_LIMIT: Final = 300

_OUTCOMES: Final = {
    "KeyringLocked": KeyOutcome.LOCKED,
    "LockedException": KeyOutcome.LOCKED,
    "PromptDismissedException": KeyOutcome.LOCKED,
    "NoKeyringError": KeyOutcome.NONE,
    "SecretServiceNotAvailableException": KeyOutcome.NONE,
    # The bus itself is gone.
    "ConnectionError": KeyOutcome.NONE,
    "FileNotFoundError": KeyOutcome.NONE,
}
"""By class names, looked up along the base classes: the libraries behind share no root, and
importing each of them only to name its exceptions would cost more than the call."""


class SecretStore(Protocol):
    """Where keys are kept. Every call may block, and none raises."""

    @property
    def name(self) -> str:
        """The store's name as the person knows it, empty as long as it is not known."""

    def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Return the key, or why there is none."""

    def peek(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult | None:
        """Say whether a key is there, without the key and without asking anybody to unlock it.

        None where that cannot be known without asking.
        """

    def write(self, provider_id: str, slot: str, secret: Secret) -> KeyResult:
        """Keep a key, in place of an older one."""

    def delete(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Forget a key; `MISSING` where there was none."""


class MemorySecrets:
    """Keeps keys until the program ends, and nowhere else."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str], Secret] = {}

    @property
    def name(self) -> str:
        """What the person reads in place of a keyring's name."""
        return "this session only"

    def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Return the key, or `MISSING`."""
        secret = self._kept.get((provider_id, slot))
        return KeyResult(KeyOutcome.OK if secret else KeyOutcome.MISSING, secret, self.name)

    def peek(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult | None:
        """Say whether a key is kept."""
        return replace(self.read(provider_id, slot), secret=None)

    def write(self, provider_id: str, slot: str, secret: Secret) -> KeyResult:
        """Keep a key."""
        self._kept[provider_id, slot] = secret
        return KeyResult(KeyOutcome.OK, backend=self.name)

    def delete(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Forget a key."""
        gone = self._kept.pop((provider_id, slot), None)
        return KeyResult(KeyOutcome.OK if gone else KeyOutcome.MISSING, backend=self.name)


class KeyringSecrets:
    """Keeps keys in the operating system's keyring, each under its provider's own id.

    Blocks for as long as the system asks the person to unlock it: never called on the main
    thread. Reading never leads to deleting or writing, whatever it brought.
    """

    def __init__(self, choose: Callable[[], KeyringBackend | Refusal] = chosen_backend) -> None:
        self._choose = choose
        self._name = ""

    @property
    def name(self) -> str:
        """The keyring's name, empty before the first call."""
        return self._name

    def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Return the key, or why there is none."""

        def ask(backend: KeyringBackend) -> KeyResult:
            value = backend.get_password(SERVICE, _username(provider_id, slot))
            if not value:
                return _result(KeyOutcome.MISSING)
            return _result(KeyOutcome.OK, secret=Secret(value))

        return self._answer(ask)

    def peek(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult | None:
        """Say whether a key is there; only the desktop's Secret Service can, unasked."""

        def ask(backend: KeyringBackend) -> KeyResult:
            found = seen_by(backend, SERVICE, _username(provider_id, slot))
            return KeyResult(KeyOutcome.SLOW) if found is None else _result(found)

        result = self._answer(ask)
        return None if result.outcome is KeyOutcome.SLOW else result

    def write(self, provider_id: str, slot: str, secret: Secret) -> KeyResult:
        """Keep a key, and read it back: some keyrings take a value and drop it."""
        value = secret.reveal()
        if complaint := _complaint(value):
            return KeyResult(KeyOutcome.REFUSED, backend=self._name, detail=complaint)

        def ask(backend: KeyringBackend) -> KeyResult:
            username = _username(provider_id, slot)
            backend.set_password(SERVICE, username, value)
            if backend.get_password(SERVICE, username) != value:
                return _result(KeyOutcome.REFUSED, detail="it did not give the key back")
            return _result(KeyOutcome.OK)

        return self._answer(ask, hidden=value)

    def delete(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Forget a key; `MISSING` where the keyring works and holds none."""

        def ask(backend: KeyringBackend) -> KeyResult:
            username = _username(provider_id, slot)
            if backend.get_password(SERVICE, username) is None:
                return _result(KeyOutcome.MISSING)
            backend.delete_password(SERVICE, username)
            return _result(KeyOutcome.OK)

        return self._answer(ask)

    def _answer(self, ask: Callable[[KeyringBackend], KeyResult], hidden: str = "") -> KeyResult:
        try:
            backend = self._choose()
            if isinstance(backend, Refusal):
                self._name = ""
                return _result(KeyOutcome.NONE, detail=backend.reason)
            try:
                result = ask(backend)
            finally:
                # Only once it was asked is the keyring's program sure to run, and to have a name.
                self._name = label_of(backend)
            return replace(result, backend=self._name)
        except Exception as error:  # noqa: BLE001 - backends raise classes without a common root
            detail = f"{type(error).__name__}: {error}"
            if hidden:
                detail = detail.replace(hidden, MASK)
            return KeyResult(_outcome(error), None, self._name, detail[:_DETAIL_LIMIT])


def _result(outcome: KeyOutcome, *, secret: Secret | None = None, detail: str = "") -> KeyResult:
    return KeyResult(outcome, secret, detail=detail)


def _username(provider_id: str, slot: str) -> str:
    return f"{provider_id}/{slot}"


def _complaint(value: str) -> str:
    """Return why a value cannot be kept as a key, empty where it can.

    A line break in one entry has cost people the whole of their GNOME keyring.
    """
    if not value:
        return "the key is empty"
    if not value.isprintable():
        return "the key is more than one line, or holds invisible characters"
    if len(value.encode("utf-16-le", "surrogatepass")) > 2 * KEY_LENGTH_LIMIT:
        return f"the key is longer than {KEY_LENGTH_LIMIT} characters"
    return ""


def _outcome(error: Exception) -> KeyOutcome:
    names = [kind.__name__ for kind in type(error).__mro__]
    for name in names:
        if name in _OUTCOMES:
            return _OUTCOMES[name]
    words = str(error).lower()
    if "dismissed" in words or "locked" in words:
        return KeyOutcome.LOCKED
    if "InitError" in names or "serviceunknown" in words or "not provided" in words:
        return KeyOutcome.NONE
    return KeyOutcome.REFUSED
