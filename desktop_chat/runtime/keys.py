"""Keys: saved, looked for and removed off the main thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.domain.network_options import CERTIFICATE_SLOT, PROXY_SLOT
from desktop_chat.storage.secrets import KEY_SLOT, KeyringSecrets, MemorySecrets

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.runtime.jobs import Job
    from desktop_chat.runtime.network import Network
    from desktop_chat.storage.secrets import SecretStore

SLOW_MS: Final = 1000
DEADLINE_MS: Final = 15_000


class Vault:
    """The keyring, and before it the keys that are kept for this session only.

    All methods block and may be called from any thread; callers use a daemon thread.
    """

    def __init__(self, keyring: SecretStore | None = None) -> None:
        self._keyring = keyring or KeyringSecrets()
        self._session = MemorySecrets()

    @property
    def name(self) -> str:
        """The keyring's name as the person knows it; empty before its first use."""
        return self._keyring.name

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
        return self._keyring.read(provider_id, slot)

    def write(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> KeyResult:
        """Put a key into the keyring; it is then no longer kept for the session only."""
        result = self._keyring.write(provider_id, slot, secret)
        if result.outcome is KeyOutcome.OK:
            self._session.delete(provider_id, slot)
        return result

    def delete(self, provider_id: str) -> KeyResult:
        """Take all secrets of a provider out of the session and the keyring; tell of the key."""
        slots = (KEY_SLOT, PROXY_SLOT, CERTIFICATE_SLOT)
        for slot in slots:
            self._session.delete(provider_id, slot)
        key, *_ = [self._keyring.delete(provider_id, slot) for slot in slots]
        return key

    def status(self, provider_id: str) -> KeyResult:
        """Say where a key is, without giving it."""
        result = self.read(provider_id)
        return KeyResult(result.outcome, None, result.backend, result.detail)


class KeyJob(QObject):
    """One question to the keyring, which may take long: a person may have to unlock it."""

    finished = Signal(object)
    """Payload: `KeyResult`; its outcome is `SLOW` where the deadline passed."""
    slow = Signal()
    """There is no answer after a second: the system may be asking for a password."""

    def __init__(self, job: Job, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._job = job
        job.setParent(self)
        job.done.connect(self._on_done)
        job.failed.connect(self._on_failed)
        self._late = self._timer(SLOW_MS, self.slow.emit)
        self._deadline = self._timer(DEADLINE_MS, self._on_deadline)

    def give_up(self) -> None:
        """Stop waiting; the question itself cannot be taken back."""
        if not self._job.ended:
            self._on_deadline()

    @Slot(object)
    def _on_done(self, result: object) -> None:
        self._end(result if isinstance(result, KeyResult) else KeyResult(KeyOutcome.REFUSED))

    @Slot(object)
    def _on_failed(self, _failure: object) -> None:
        self._end(KeyResult(KeyOutcome.REFUSED))

    @Slot()
    def _on_deadline(self) -> None:
        self._job.cancel()
        self._end(KeyResult(KeyOutcome.SLOW))

    def _end(self, result: KeyResult) -> None:
        self._late.stop()
        self._deadline.stop()
        self.finished.emit(result)
        self.deleteLater()

    def _timer(self, interval_ms: int, slot: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(slot)
        timer.start(interval_ms)
        return timer


class Keys(QObject):
    """What the window asks of the vault."""

    changed = Signal(str)
    """Payload: the id of the provider whose key was saved, kept or removed."""

    def __init__(self, vault: Vault, network: Network, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._vault = vault
        self._network = network

    def backend_name(self) -> str:
        """Return the keyring's name; empty before its first use."""
        return self._vault.name

    def session_only(self, provider_id: str) -> bool:
        """Whether a provider's key is kept until the program ends, and no longer."""
        return self._vault.holds_for_session(provider_id)

    def keep_for_session(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> None:
        """Keep a key until the program ends, in memory alone."""
        self._vault.keep_for_session(provider_id, secret, slot)
        self.changed.emit(provider_id)

    def forget_for_session(self, provider_id: str, slot: str) -> None:
        """Keep a secret in memory no longer; the keyring keeps its own."""
        self._vault.forget_for_session(provider_id, slot)

    def save(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> KeyJob:
        """Put a key, or another of a provider's secrets, into the keyring."""
        return self._job(provider_id, lambda: self._vault.write(provider_id, secret, slot))

    def remove(self, provider_id: str) -> KeyJob:
        """Take a key out of the keyring."""
        return self._job(provider_id, lambda: self._vault.delete(provider_id))

    def remove_at_end(self, provider_id: str) -> threading.Thread:
        """Take a key out of the keyring when no event loop runs any more; wait for the thread."""
        thread = threading.Thread(
            target=self._vault.delete, args=(provider_id,), name="keyring", daemon=True
        )
        thread.start()
        return thread

    def status(self, provider_id: str) -> KeyJob:
        """Ask where a provider's key is; the answer holds no key."""
        job = self._network.call("keyring", lambda: self._vault.status(provider_id))
        return KeyJob(job, self)

    def _job(self, provider_id: str, function: Callable[[], KeyResult]) -> KeyJob:
        job = KeyJob(self._network.call("keyring", function), self)
        job.finished.connect(lambda _result: self.changed.emit(provider_id))
        return job
