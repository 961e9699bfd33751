"""Connecting a provider: clean the key, list the models, keep the key, remember the provider."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.keys import KeyFormatError, KeyOutcome, KeyResult, Secret, clean_key
from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.runtime.preferences import default_model, with_models

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.runtime.network.keys import KeyJob


class Connection(QObject):
    """One attempt to connect a provider, which is also the test of one.

    Ends by `connected`; the other signals tell where it waits for the person, who may then go on
    by `save_anyway`, `keep_for_session` or `try_again`, or drop it by `cancel`.
    """

    failed_key = Signal(str)
    """What was pasted cannot be a key; the sentence says why."""
    failed = Signal(object)
    """Payload: `Failure`. The service did not list its models."""
    keyring_failed = Signal(object)
    """Payload: `KeyResult`. The service knows the key, and the keyring did not take it."""
    keyring_slow = Signal()
    connected = Signal(object)
    """Payload: `Provider`, with its models."""

    def __init__(
        self, core: Core, provider: Provider, key_text: str, parent: QObject | None = None
    ) -> None:
        super().__init__(parent or core)
        self._core = core
        self._provider = provider
        self._key_text = key_text
        self._secret: Secret | None = None
        self._models: Job | None = None
        self._saving: KeyJob | None = None
        self._dropped = False
        QTimer.singleShot(0, self, self.begin)

    @Slot()
    def begin(self) -> None:
        """Start, or start again after the person changed nothing but the world around."""
        if self._dropped:
            return
        if self._provider.key_source is KeySource.KEYRING and self._key_text:
            try:
                self._secret = clean_key(self._key_text)
            except KeyFormatError as problem:
                self.failed_key.emit(str(problem))
                return
        # A person's own act: a keyring that refused before is asked again.
        self._core.keys.try_again()
        self._models = self._core.network.check(self._provider, self._secret, self)
        self._models.done.connect(self._on_models)
        self._models.failed.connect(self._on_failed)

    def allow_cleartext(self) -> None:
        """Let the key go to the service unencrypted, as the person said, and start again."""
        self._core.preferences.allow_cleartext(self._provider.origin)
        self.begin()

    def save_anyway(self) -> None:
        """Keep the provider although it did not list its models."""
        self._on_models(())

    def try_again(self) -> None:
        """Offer the key to the keyring once more."""
        if self._secret is not None:
            provider = self._provider
            self._saving = self._core.keys.save(provider.id, self._secret, provider.key_slot)
            self._saving.slow.connect(self.keyring_slow)
            self._saving.finished.connect(self._on_saved)

    def keep_for_session(self) -> None:
        """Keep the key until the program ends, instead of in the keyring."""
        if self._saving is not None:
            self._saving.finished.disconnect(self._on_saved)
            self._saving = None
        if self._secret is not None:
            provider = self._provider
            self._core.keys.keep_for_session(provider.id, self._secret, provider.key_slot)
        self._finish()

    def cancel(self) -> None:
        """Drop the attempt; nothing was changed."""
        self._dropped = True
        if self._models is not None:
            self._models.cancel()
        self._saving = None
        self._secret = None
        self.deleteLater()

    @Slot(object)
    def _on_models(self, models: object) -> None:
        if isinstance(models, tuple) and models:
            self._provider = with_models(self._provider, tuple(one.id for one in models))
        if self._secret is None:
            self._finish()
        else:
            self.try_again()

    @Slot(object)
    def _on_failed(self, failure: Failure) -> None:
        provider = self._provider
        none_sent = not (self._secret or provider.key_places or provider.headers)
        if none_sent and failure.kind is ErrorKind.BAD_KEY:
            # It was taken to need none.
            words = failure.detail or failure.message
            failure = replace(failure, kind=ErrorKind.NO_KEY, message="", detail=words)
        self.failed.emit(failure)

    @Slot(object)
    def _on_saved(self, result: object) -> None:
        if self._saving is None or not isinstance(result, KeyResult):
            return
        self._saving = None
        if result.outcome is KeyOutcome.OK:
            self._finish()
        else:
            self.keyring_failed.emit(result)

    def _finish(self) -> None:
        provider = self._provider
        if self._secret is not None:
            provider = replace(provider, key_origin=provider.origin)
        preferences = self._core.preferences
        known = preferences.provider(provider.id) is not None
        preferences.save_provider(provider)
        if not known:
            preferences.set_choice(ModelChoice(provider.id, default_model(provider)))
        self._secret = None
        self.connected.emit(provider)


def connect_provider(
    core: Core, provider: Provider, key_text: str, parent: QObject | None = None
) -> Connection:
    """Begin to connect a provider. An empty `key_text` means the key that is stored, or none."""
    return Connection(core, provider, key_text, parent)
