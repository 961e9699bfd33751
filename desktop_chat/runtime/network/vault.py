"""The keyring, kept from asking people again and again, and the keys of this session before it."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult
from desktop_chat.storage.secrets import KeyringSecrets, MemorySecrets

if TYPE_CHECKING:
    from desktop_chat.domain.keys import Secret
    from desktop_chat.storage.secrets import SecretStore

_log = logging.getLogger(__name__)
_TROUBLE: Final = (KeyOutcome.LOCKED, KeyOutcome.NONE, KeyOutcome.REFUSED)


class Vault:
    """The keyring, and before it the keys that are kept for this session only.

    All methods but those that say otherwise block, and may be called from any thread; callers use
    a daemon thread. After the first failure the keyring is not asked for keys again, as each
    question may open a window on somebody's screen, until it shows to be well or a person says so
    by `try_again`.
    """

    def __init__(self, keyring: SecretStore | None = None) -> None:
        self._keyring = keyring or KeyringSecrets()
        self._session = MemorySecrets()
        self._asking = threading.Lock()
        self._latched: KeyResult | None = None

    @property
    def name(self) -> str:
        """The keyring's name as the person knows it; empty before its first use."""
        return self._keyring.name

    @property
    def latched(self) -> KeyResult | None:
        """How the keyring failed, where it is not asked again by itself. Does not block."""
        return self._latched

    def try_again(self) -> None:
        """Ask the keyring again at the next need. Does not block."""
        self._latched = None

    def give_up(self) -> None:
        """Note that the keyring did not answer in time. Does not block."""
        self._latched = KeyResult(KeyOutcome.SLOW, backend=self._keyring.name)

    def holds_for_session(self, provider_id: str, slot: str = KEY_SLOT) -> bool:
        """Whether a key is kept until the program ends. Does not block."""
        return self._session.read(provider_id, slot).outcome is KeyOutcome.OK

    def keep_for_session(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> None:
        """Keep a key in memory until the program ends. Does not block."""
        self._session.write(provider_id, slot, secret)

    def forget_for_session(self, provider_id: str, slot: str) -> None:
        """Keep a secret in memory no longer; the keyring keeps its own. Does not block."""
        self._session.delete(provider_id, slot)

    def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Return a provider's key, or another of its secrets."""
        kept = self._session.read(provider_id, slot)
        if kept.outcome is KeyOutcome.OK:
            return kept
        latched = self._latched
        if latched is not None and self._asking.locked():
            return latched  # whoever asked first still waits, and nobody would be asked twice
        with self._asking:
            # While it was waited for, the keyring may have refused somebody else.
            latched = self._latched
            if latched is not None and not self._is_well(provider_id, slot):
                return latched
            return self._noted(self._keyring.read(provider_id, slot))

    def write(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> KeyResult:
        """Put a key into the keyring; it is then no longer kept for the session only."""
        result = self._keyring.write(provider_id, slot, secret)
        if result.outcome is KeyOutcome.OK:
            self._session.delete(provider_id, slot)
            self._latched = None
        return result

    def delete(self, provider_id: str, *slots: str) -> KeyResult:
        """Take keys out of the session and the keyring; the first key, where no slot is named."""
        results = [self._delete(provider_id, slot) for slot in slots or (KEY_SLOT,)]
        gone = (KeyOutcome.OK, KeyOutcome.MISSING)
        return next((one for one in results if one.outcome not in gone), results[0])

    def status(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Say where a key is, without giving it, and if possible without asking anybody."""
        result = self._session.read(provider_id, slot)
        if result.outcome is not KeyOutcome.OK:
            seen = self._keyring.peek(provider_id, slot)
            if seen is not None and seen.outcome not in _TROUBLE:
                self._latched = None
            result = seen or self.read(provider_id, slot)
        return replace(result, secret=None)

    def unlock(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Have the keyring asked for a key at once, which lets the system ask for a password."""
        self.try_again()
        return replace(self.read(provider_id, slot), secret=None)

    def _delete(self, provider_id: str, slot: str) -> KeyResult:
        self._session.delete(provider_id, slot)
        return self._keyring.delete(provider_id, slot)

    def _is_well(self, provider_id: str, slot: str) -> bool:
        """Whether the keyring shows, without asking anybody, that it was unlocked meanwhile."""
        seen = self._keyring.peek(provider_id, slot)
        return seen is not None and seen.outcome not in _TROUBLE

    def _noted(self, result: KeyResult) -> KeyResult:
        if result.outcome in _TROUBLE and result != self._latched:
            _log.warning("the keyring gave no secret: %s", result.outcome)
        self._latched = result if result.outcome in _TROUBLE else None
        return result
