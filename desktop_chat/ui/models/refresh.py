"""Reads every service's list of models anew."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.runtime.preferences import with_models

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.jobs import Job


class ModelRefresh(QObject):
    """One round over all services; each one's list is kept as it comes."""

    trouble = Signal(str, bool)
    """Payload: provider id, and whether its list could not be loaded."""
    running = Signal(bool)

    def __init__(self, core: Core, parent: QObject) -> None:
        super().__init__(parent)
        self._core = core
        self._waiting: set[str] = set()
        self._jobs: list[Job] = []

    def start(self) -> None:
        """Ask every service but the demo."""
        self.running.emit(True)  # noqa: FBT003 - a signal's payload
        asked = [one for one in self._core.preferences.providers() if not one.is_demo]
        self._waiting = {one.id for one in asked}
        for provider in asked:
            self._ask(provider)
        if not asked:
            self._end("")

    def _ask(self, provider: Provider) -> None:
        job = self._core.network.list_models(provider, parent=self)
        job.done.connect(lambda models: self._on_done(provider.id, models))
        job.failed.connect(lambda _failure: self._on_failed(provider.id))
        self._jobs.append(job)

    def _on_done(self, provider_id: str, models: object) -> None:
        provider = self._core.preferences.provider(provider_id)
        if provider is not None and isinstance(models, tuple) and models:
            names = tuple(one.id for one in models)
            self._core.preferences.save_provider(with_models(provider, names))
        self.trouble.emit(provider_id, False)  # noqa: FBT003 - a signal's payload
        self._end(provider_id)

    def _on_failed(self, provider_id: str) -> None:
        self.trouble.emit(provider_id, True)  # noqa: FBT003 - a signal's payload
        self._end(provider_id)

    def _end(self, provider_id: str) -> None:
        self._waiting.discard(provider_id)
        if not self._waiting:
            self._jobs.clear()
            self.running.emit(False)  # noqa: FBT003 - a signal's payload
