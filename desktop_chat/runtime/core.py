"""The core: builds what moves, once, for the window and the command line alike."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.settings import FIND_SERVERS
from desktop_chat.runtime.chats.answering import Services
from desktop_chat.runtime.chats.library import Library
from desktop_chat.runtime.jobs.mailbox import Mailbox
from desktop_chat.runtime.network.keys import Keys, holds_secrets
from desktop_chat.runtime.network.network import Network
from desktop_chat.runtime.network.vault import Vault
from desktop_chat.runtime.preferences import Preferences
from desktop_chat.runtime.process.collector import GarbageSchedule
from desktop_chat.runtime.storing.store import Store
from desktop_chat.storage.drawing import DrawingRecord

if TYPE_CHECKING:
    import threading

    from desktop_chat.domain.discovery import LocalServer
    from desktop_chat.domain.keys import KeyResult
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import Limits
    from desktop_chat.runtime.money.spending import Spending
    from desktop_chat.runtime.services.discovery import Discovery
    from desktop_chat.runtime.services.model_lists import ModelLists
    from desktop_chat.storage.key_use import KeyUse
    from desktop_chat.storage.paths import Profile
    from desktop_chat.storage.secrets import SecretStore

SWITCH_INTERVAL_S: Final = 0.0005
"""Two busy Python threads made the window's heartbeat late by 84 ms at p99; with this, 6.5 ms."""
CLOSE_S: Final = 0.9
"""How long the end of the program may take, whatever hangs."""


class Written(QObject):
    """Tells that files are written; trouble with them was `noticed` before."""

    done = Signal()


class Core(QObject):
    """Preferences, keys, network and library of one profile. QtCore alone: it needs no screen."""

    noticed = Signal(object)
    """Payload: a `Failure` of the whole program, such as a damaged file or a full disk."""
    solved = Signal()
    """Writing to the disk succeeds again."""
    spending_warned = Signal(object)
    """Payload: the `CapState` of a limit to spending that is near."""

    offers_changed = Signal()
    """Other model servers of this computer can be offered than before."""

    def __init__(
        self,
        profile: Profile,
        *,
        window: bool,
        keyring: SecretStore | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__()
        sys.setswitchinterval(SWITCH_INTERVAL_S)
        self.garbage = GarbageSchedule(self)
        self.garbage.start()
        self._mailbox = Mailbox(self)
        self._store = Store(profile, self._mailbox, self)
        self._store.trouble.connect(self.noticed)
        self._store.well.connect(self.solved)
        self._store.start()
        self._window = window
        self._ending = False
        self._last_removal: threading.Thread | None = None
        self.drawing = DrawingRecord(profile, self._store.thread_.post_write)
        """Which message the window draws, for the next start."""
        vault = Vault(keyring)
        self.preferences = Preferences(profile, self._store.thread_, self)
        self.network = Network(
            self._mailbox, vault, self, settings=self.preferences.network, limits=limits
        )
        self.keys = Keys(vault, self.network, self._key_use, self)
        self._profile = profile
        self._spending: Spending | None = None
        self._discovery: Discovery | None = None
        self._model_lists: ModelLists | None = None
        services = Services(
            self.network,
            self._store,
            self.preferences,
            self.garbage,
            self.keys,
            lambda: self.spending,
        )
        self.library = Library(services, profile, window=window, parent=self)
        self.preferences.provider_removed.connect(self._on_provider_removed)
        self.preferences.damaged.connect(self.noticed)

    @property
    def spending(self) -> Spending:
        """What answers cost, and the limits to it; made when it is first wanted."""
        if self._spending is None:
            from desktop_chat.runtime.money.spending import Spending  # noqa: PLC0415 - not at start

            self._spending = Spending(
                self._store, self.preferences, self.network, self._profile, self
            )
            self._spending.warned.connect(self.spending_warned)
            self._spending.noticed.connect(self.noticed)
        return self._spending

    @property
    def discovery(self) -> Discovery:
        """Which model servers run on this computer; made when it is first wanted."""
        if self._discovery is None:
            from desktop_chat.runtime.services.discovery import Discovery  # noqa: PLC0415 - not at start

            self._discovery = Discovery(self.network, self.preferences, self)
            self._discovery.changed.connect(self.offers_changed)
        return self._discovery

    @property
    def offers(self) -> tuple[LocalServer, ...]:
        """The model servers that were found and are not set up."""
        return self._discovery.offers if self._discovery is not None else ()

    @property
    def model_lists(self) -> ModelLists:
        """What keeps the services' lists of models fresh; made when it is first wanted."""
        if self._model_lists is None:
            from desktop_chat.runtime.services.model_lists import ModelLists  # noqa: PLC0415 - not at start

            self._model_lists = ModelLists(self.network, self.preferences, self.keys, self)
        return self._model_lists

    def start(self) -> None:
        """Say what was found damaged. Connect `noticed` before."""
        failures = [*self.preferences.failures, self._store.open_failure]
        for failure in failures:
            if failure is not None:
                self.noticed.emit(failure)
        if not self._window:
            self.garbage.settle()

    @property
    def profile(self) -> Profile:
        """Where everything is kept."""
        return self._profile

    def when_written(self) -> Written:
        """Say when all settings and providers that were changed so far are in their files."""
        written = Written(self)
        self._store.when_written(written.done.emit)
        return written

    def settle(self) -> None:
        """Do what start-up could leave for later: call it when the window shows."""
        self.garbage.settle()
        self.network.warm_up()
        paid = any(not (one.is_demo or one.is_local) for one in self.preferences.providers())
        self.network.call("first question", lambda: _prepare(paid=paid), self)
        if self._window:
            self.preferences.watch()
            if self.preferences.value(FIND_SERVERS):
                self.discovery.look()
            self.model_lists.refresh_old()

    def close(self) -> bool:
        """Save everything, end every thread; whether all of it was done in time.

        The order counts: signals queued after the event loop ended are never delivered, so
        sessions save what they have first, then the network stops, then the store closes.
        """
        end = time.monotonic() + CLOSE_S
        self._ending = True
        self.library.close()
        self.preferences.finish_removal()
        stopped = self.network.stop()
        stored = self._store.close(max(0.1, end - time.monotonic()))
        self.library.release()
        self.drawing.close()
        self.garbage.stop()
        if self._last_removal is not None:
            self._last_removal.join(max(0.0, end - time.monotonic()))
        return stopped and stored

    def _key_use(self) -> KeyUse:
        from desktop_chat.storage.key_use import KeyUse  # noqa: PLC0415 - not at start

        return KeyUse(self._profile, self._store.thread_.post_write)

    @Slot(object)
    def _on_provider_removed(self, provider: Provider) -> None:
        if self._ending:
            self._last_removal = self.keys.remove_at_end(provider)
        else:
            job = self.keys.remove_all(provider)
            job.finished.connect(lambda result: self._on_secrets_removed(provider, result))

    def _on_secrets_removed(self, provider: Provider, result: KeyResult) -> None:
        """Bring a provider back whose key stays: its id is the only way to it."""
        if holds_secrets(provider) and not result.is_gone:
            self.preferences.save_provider(provider)
            failure = Failure(
                kind=ErrorKind.NOT_REMOVED, service=provider.name, detail=result.detail
            )
            self.noticed.emit(failure)


def _prepare(*, paid: bool) -> None:
    """Import what the first question takes of the main thread: there it would hold the window up.

    `paid`: the table of prices is read as well.
    """
    from desktop_chat.storage.prices import shipped_prices  # noqa: PLC0415

    if paid:
        shipped_prices()
