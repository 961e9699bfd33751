"""The services' lists of models, read anew in the background; the old one stands meanwhile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from desktop_chat.domain.errors import Failure
from desktop_chat.domain.ids import now_ms
from desktop_chat.domain.providers import KeySource
from desktop_chat.runtime.preferences import with_models

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.runtime.network.keys import Keys
    from desktop_chat.runtime.network.network import Network
    from desktop_chat.runtime.preferences import Preferences

OLD_MS: Final = 6 * 3600 * 1000
"""After so long a list is read anew without anybody asking for it."""
OLD_IN_USE_MS: Final = 5 * 60 * 1000
"""After so long it is read anew when somebody looks at it."""
_JUST_NOW_MS: Final = 60 * 1000
_QUIET: Final = (KeySource.NONE, KeySource.ENVIRONMENT)
"""Where keys come from without a keyring to be unlocked or a program to be run."""
_NO_LIST: Final = (404, 405, 501)


class ModelLists(QObject):
    """Asks each service for its list, once at a time; a failure leaves the list as it was."""

    changed = Signal()
    """It may be another service that is being asked, or that gave no list."""

    def __init__(
        self, network: Network, preferences: Preferences, keys: Keys, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._network = network
        self._preferences = preferences
        self._keys = keys
        self._jobs: dict[str, Job] = {}
        self._troubled: set[str] = set()
        keys.changed.connect(self._on_key_changed)

    @property
    def asked(self) -> frozenset[str]:
        """The ids of the providers whose lists are awaited."""
        return frozenset(self._jobs)

    @property
    def troubled(self) -> frozenset[str]:
        """The ids of the providers whose lists could not be read the last time."""
        return frozenset(self._troubled)

    def refresh(self) -> None:
        """Read every list anew, as somebody wishes."""
        self._ask(self._preferences.providers())

    def look_at(self) -> None:
        """Read anew what is not quite fresh: somebody looks at the lists."""
        self._ask(self._older_than(OLD_IN_USE_MS))

    def refresh_old(self) -> None:
        """Read anew what is old, of the services whose keys nobody has to be asked for."""
        old = self._older_than(OLD_MS)
        self._ask(one for one in old if all(place.source in _QUIET for place in one.key_places))

    def _older_than(self, age_ms: int) -> list[Provider]:
        now = now_ms()
        # A clock that was set back must not keep a list for years.
        return [
            one for one in self._preferences.providers() if not 0 <= now - one.listed_ms < age_ms
        ]

    def _ask(self, providers: Iterable[Provider]) -> None:
        for provider in providers:
            if provider.is_demo or provider.id in self._jobs:
                continue
            job = self._network.list_models(provider, parent=self)
            self._jobs[provider.id] = job
            job.done.connect(lambda models, asked=provider: self._on_done(asked, models))
            job.failed.connect(lambda failure, asked=provider: self._on_failed(asked, failure))
        self.changed.emit()

    @Slot(str)
    def _on_key_changed(self, provider_id: str) -> None:
        """Follow an answer: its service took a key, so nobody is asked for one now."""
        old = [one for one in self._older_than(OLD_MS) if one.id == provider_id]
        used = (self._keys.last_used_ms(provider_id, one.slot) for one in _places(old))
        if any(now_ms() - moment < _JUST_NOW_MS for moment in used):
            self._ask(old)

    def _on_done(self, asked: Provider, models: object) -> None:
        names = tuple(one.id for one in models) if isinstance(models, tuple) else ()
        self._keep(asked, names)
        self._end(asked.id, troubled=False)

    def _on_failed(self, asked: Provider, failure: object) -> None:
        unlisted = isinstance(failure, Failure) and failure.status in _NO_LIST
        if unlisted:
            self._keep(asked, ())
        self._end(asked.id, troubled=not unlisted)

    def _keep(self, asked: Provider, names: tuple[str, ...]) -> None:
        now = self._preferences.provider(asked.id)
        # A list of another address, or of a service that is gone, is nobody's.
        if now is not None and now.base_url == asked.base_url:
            self._preferences.save_provider(with_models(now, names))

    def _end(self, provider_id: str, *, troubled: bool) -> None:
        self._jobs.pop(provider_id).deleteLater()
        if troubled:
            self._troubled.add(provider_id)
        else:
            self._troubled.discard(provider_id)
        self.changed.emit()


def _places(providers: Iterable[Provider]) -> list[KeyPlace]:
    return [place for one in providers for place in one.key_places]
