"""Keys: saved, looked for and removed off the main thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult, Secret
from desktop_chat.domain.network_options import CERTIFICATE_SLOT, PROXY_SLOT
from desktop_chat.domain.providers import KeySource

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.runtime.network.network import Network
    from desktop_chat.runtime.network.vault import Vault
    from desktop_chat.storage.key_use import KeyUse

SLOW_MS: Final = 1000
DEADLINE_MS: Final = 15_000


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
    """What the window asks of the vault. A provider's keys are told apart by their slots."""

    changed = Signal(str)
    """Payload: the id of the provider whose key was saved, kept, removed or used."""

    def __init__(
        self,
        vault: Vault,
        network: Network,
        make_use: Callable[[], KeyUse],
        parent: QObject | None = None,
    ) -> None:
        """`make_use` gives what remembers uses; it is called at the first need."""
        super().__init__(parent)
        self._vault = vault
        self._network = network
        self._make_use = make_use
        self._known_use: KeyUse | None = None
        network.key_used.connect(self.note_use)

    @property
    def trouble(self) -> KeyResult | None:
        """How the keyring failed, where it is not asked again before `try_again`."""
        return self._vault.latched

    def backend_name(self) -> str:
        """Return the keyring's name; empty before its first use."""
        return self._vault.name

    def try_again(self) -> None:
        """Ask the keyring again at the next need, as the person has unlocked or started it."""
        self._vault.try_again()

    def session_only(self, provider_id: str, slot: str = KEY_SLOT) -> bool:
        """Whether a key is kept until the program ends, and no longer."""
        return self._vault.holds_for_session(provider_id, slot)

    def last_used_ms(self, provider_id: str, slot: str = KEY_SLOT) -> int:
        """Return when a service last took a key, in ms since 1970; 0: never."""
        return self._use.last_ms(provider_id, slot)

    @Slot(str, str)
    def note_use(self, provider_id: str, slot: str) -> None:
        """Remember that a service took a key just now."""
        self._use.note(provider_id, slot)
        self.changed.emit(provider_id)

    def keep_for_session(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> None:
        """Keep a key until the program ends, in memory alone."""
        self._vault.keep_for_session(provider_id, secret, slot)
        self._on_changed(provider_id)

    def forget_for_session(self, provider_id: str, slot: str) -> None:
        """Keep a secret in memory no longer; the keyring keeps its own."""
        self._vault.forget_for_session(provider_id, slot)

    def save(self, provider_id: str, secret: Secret, slot: str = KEY_SLOT) -> KeyJob:
        """Put a key, or another of a provider's secrets, into the keyring."""
        return self._job(provider_id, lambda: self._vault.write(provider_id, secret, slot))

    def remove(self, provider_id: str, slot: str = KEY_SLOT) -> KeyJob:
        """Take a key out of the keyring."""
        return self._job(provider_id, lambda: self._vault.delete(provider_id, slot))

    def remove_all(self, provider: Provider) -> KeyJob:
        """Take all secrets of a provider out of the keyring."""
        self._use.forget(provider.id)
        slots = _slots(provider)
        return self._job(provider.id, lambda: self._vault.delete(provider.id, *slots))

    def remove_at_end(self, provider: Provider) -> threading.Thread:
        """Do the same when no event loop runs any more; wait for the thread."""
        self._use.forget(provider.id)
        arguments = (provider.id, *_slots(provider))
        thread = threading.Thread(
            target=self._vault.delete, args=arguments, name="keyring", daemon=True
        )
        thread.start()
        return thread

    def status(self, provider_id: str, slot: str = KEY_SLOT) -> KeyJob:
        """Ask where a key is; the answer holds no key."""
        job = self._network.call("keyring", lambda: self._vault.status(provider_id, slot))
        return KeyJob(job, self)

    def unlock(self, provider_id: str, slot: str = KEY_SLOT) -> KeyJob:
        """Ask the keyring as for a request, at a person's wish; the answer holds no key."""
        job = self._network.call("keyring", lambda: self._vault.unlock(provider_id, slot))
        return KeyJob(job, self)

    @property
    def _use(self) -> KeyUse:
        if self._known_use is None:
            self._known_use = self._make_use()
        return self._known_use

    def _job(self, provider_id: str, function: Callable[[], KeyResult]) -> KeyJob:
        job = KeyJob(self._network.call("keyring", function), self)
        job.finished.connect(lambda _result: self._on_changed(provider_id))
        return job

    def _on_changed(self, provider_id: str) -> None:
        self._network.forget_refusals(provider_id)
        self.changed.emit(provider_id)


def holds_secrets(provider: Provider) -> bool:
    """Whether the keyring was given anything of a provider's."""
    way = provider.network
    stored = any(one.source is KeySource.KEYRING for one in provider.key_places)
    return stored or bool(way.password_for or way.certificate)


def _slots(provider: Provider) -> tuple[str, ...]:
    """Return the places in the keyring that may hold a secret of a provider."""
    stored = (one.slot for one in provider.key_places if one.source is KeySource.KEYRING)
    return tuple(dict.fromkeys((KEY_SLOT, *stored, PROXY_SLOT, CERTIFICATE_SLOT)))
