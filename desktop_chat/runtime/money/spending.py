"""Money: what messages are about to cost, what answers did cost, and the limits to both."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.parameters import NOTHING_SET
from desktop_chat.domain.settings import SPENDING_CAPS
from desktop_chat.domain.spending import Cap, CapState, Period, Sums, Use, caps_from, caps_text
from desktop_chat.domain.token_counts import estimated, final_usage
from desktop_chat.runtime.money.price_book import PriceBook
from desktop_chat.storage.commands import DropUse, RecordUse
from desktop_chat.storage.conversations import ConversationStore

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.history import MessagePath
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.spending import Grouping
    from desktop_chat.domain.stream import ChatRequest
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.runtime.network.network import Network
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.runtime.storing.store import Store
    from desktop_chat.storage.paths import Profile


class Spending(QObject):
    """Keeps the ledger. Lives on the main thread.

    Each answer is entered when it is asked, with an estimate, and corrected when it ends: what a
    crash cuts off, or another process of the same profile has on its way, counts too. Answers of
    temporary chats are written to no file; they count while the program runs.
    """

    recorded = Signal()
    """The ledger has changed."""
    caps_changed = Signal()
    warned = Signal(object)
    """Payload: the `CapState` of a limit that is near, once for its period."""
    eased = Signal(object)
    """Payload: a `Cap` that was warned of, and whose time has begun anew since."""
    noticed = Signal(object)
    """Payload: a `Failure`: prices or limits that cannot be read."""

    def __init__(
        self,
        store: Store,
        preferences: Preferences,
        network: Network,
        profile: Profile,
        parent: QObject | None,
    ) -> None:
        super().__init__(parent)
        self._store = store
        self._network = network
        self._preferences = preferences
        self.prices = PriceBook(profile, self.noticed.emit)
        self._unwritten: dict[str, Use] = {}
        """Entries that are not known to be on the disk."""
        self._temporary: dict[str, Use] = {}
        self._asked: dict[str, tuple[Provider, Use]] = {}
        """Answers that are on their way: who was asked, and what was entered."""
        self._told: set[tuple[Cap, int]] = set()
        self._unpriced: set[tuple[str, str]] = set()

    # Limits

    def caps(self) -> tuple[Cap, ...]:
        """Return the limits that the person set."""
        caps, damaged = caps_from(self._preferences.value(SPENDING_CAPS))
        if damaged:
            self.noticed.emit(Failure(kind=ErrorKind.CAPS_DAMAGED))
        return caps

    def set_caps(self, caps: tuple[Cap, ...]) -> None:
        """Set all limits anew."""
        self._preferences.set_value(SPENDING_CAPS, caps_text(caps))
        self._told.clear()
        self.caps_changed.emit()

    def states(self, estimate: int | None = None) -> list[CapState]:
        """Return how each limit stands."""
        caps = self.caps()
        return self._states(caps, estimate) if caps else []

    def spent_now(self) -> dict[Period, int]:
        """Return what was spent in the running day and month, in millionths of a dollar."""
        now = local_now()
        spent = self._spent({period: period.began(now) for period in Period})
        return {period: sum(one[period] for one in spent.values()) for period in Period}

    def judge(
        self,
        provider: Provider,
        model: str,
        path: MessagePath,
        text: str,
        parameters: Parameters = NOTHING_SET,
    ) -> CapState | None:
        """Return the limit that a message must stop at; None: it may go, perhaps with a warning.

        `text` is asked below a path.
        """
        caps = tuple(one for one in self.caps() if one.holds_for(provider))
        if not caps:
            return None
        price = self.prices.find(provider, model)
        if price is None and (provider.is_local or provider.is_demo):
            return None  # nobody sends a bill
        estimate = None if price is None else price.cost(estimated(path, text, parameters))
        if estimate == 0:
            return None
        states = self._states(caps, estimate)
        stopping = [state for state in states if state.stops]
        if stopping:
            return max(stopping, key=lambda state: state.total - state.cap.micros)
        self._warn(states)
        if price is None:
            self._tell_unpriced(provider, model)
        return None

    # The ledger

    def begin(
        self, message: Message, request: ChatRequest, path: MessagePath, *, temporary: bool
    ) -> None:
        """Enter an answer that is about to be asked, with what it may cost."""
        provider = request.provider
        use = Use(
            message_id=message.id,
            conversation_id=message.conversation_id,
            created_ms=message.created_ms,
            provider_id=provider.id,
            provider_name=provider.name,
            model=message.model,
            usage=estimated(path, "", request.parameters),
            about=True,
        )
        self._asked[message.id] = (provider, use)
        self._enter(self._priced(use, provider), temporary=temporary)

    def end(self, message: Message, *, sent: bool, temporary: bool) -> None:
        """Correct the entry of an answer that ended; `sent`: the service had the whole request."""
        if message.id not in self._asked:
            return
        provider, begun = self._asked.pop(message.id)
        left = message.state in (MessageState.STOPPED, MessageState.INTERRUPTED)
        if message.usage is None and not message.parts and not (sent and left):
            self._drop(message.id)
            return
        usage, about = final_usage(message, begun.usage)
        use = replace(begun, model=message.model, usage=usage, about=about)
        use = self._priced(use, provider)
        self._enter(use, temporary=temporary)
        if use.cost:  # else no limit is nearer than it was
            self._warn([one for one in self.states() if one.cap.holds_for(provider)])

    def use(self, message_id: str) -> Use | None:
        """Return an answer's entry; None where it has none."""
        known = self._unwritten.get(message_id) or self._temporary.get(message_id)
        return known or self._store.ask_ledger(lambda ledger: ledger.use(message_id), None)

    def chat_cost(self, conversation_id: str) -> Sums:
        """Return what a chat comes to, other versions of its answers included."""
        temporary = [
            one for one in self._temporary.values() if one.conversation_id == conversation_id
        ]
        if temporary:
            costs = [one.cost for one in temporary]
            return Sums(
                answers=len(costs),
                cost=sum(cost or 0 for cost in costs),
                unpriced=costs.count(None),
                about=sum(one.about for one in temporary),
            )
        return self._store.ask_ledger(lambda ledger: ledger.chat_cost(conversation_id), Sums())

    def add_up(self, grouping: Grouping, parent: QObject) -> Job:
        """Add the whole ledger up, beside the main thread; `done` gives what `Ledger.sums` does."""
        return self._network.call("usage", partial(_sums, self._store.path, grouping), parent)

    # Private

    def _states(self, caps: tuple[Cap, ...], estimate: int | None) -> list[CapState]:
        now = local_now()
        began = {period: period.began(now) for period in Period}
        spent = self._spent(began)
        return [
            CapState(
                cap,
                sum(
                    amounts[cap.period]
                    for provider_id, amounts in spent.items()
                    if cap.provider_id in ("", provider_id)
                ),
                estimate,
            )
            for cap in caps
        ]

    def _spent(self, began: dict[Period, int]) -> dict[str, dict[Period, int]]:
        """Return what was spent in each running period, by provider."""
        day, month = began[Period.DAY], began[Period.MONTH]
        unwritten = tuple(self._unwritten)
        nothing: dict[str, tuple[int, int]] = {}
        stored = self._store.ask_ledger(lambda ledger: ledger.spent(day, month, unwritten), nothing)
        spent = {
            provider_id: {Period.DAY: of_day, Period.MONTH: of_month}
            for provider_id, (of_day, of_month) in stored.items()
        }
        for use in (*self._unwritten.values(), *self._temporary.values()):
            amounts = spent.setdefault(use.provider_id, dict.fromkeys(Period, 0))
            for period in Period:
                if use.created_ms >= began[period]:
                    amounts[period] += use.cost or 0
        return spent

    def _warn(self, states: list[CapState]) -> None:
        """Tell of limits that are near, and of those that no longer are, as a new day began."""
        now = local_now()
        for state in states:
            told = (state.cap, state.cap.period.began(now))
            over = {one for one in self._told if one[0] == state.cap and one != told}
            if state.warns and told not in self._told:
                self._told.add(told)
                self.warned.emit(state)
            elif over and not state.warns:
                self._told -= over
                self.eased.emit(state.cap)

    def _tell_unpriced(self, provider: Provider, model: str) -> None:
        """Say once of a model that no limit holds for it."""
        if (provider.id, model) not in self._unpriced:
            self._unpriced.add((provider.id, model))
            unknown = ErrorKind.PRICE_UNKNOWN
            self.noticed.emit(Failure(kind=unknown, service=provider.name, model=model))

    def _priced(self, use: Use, provider: Provider) -> Use:
        price = self.prices.find(provider, use.model)
        if price is None:
            return replace(use, cost=None, price_date="")
        return replace(use, cost=price.cost(use.usage), price_date=price.date)

    def _enter(self, use: Use, *, temporary: bool) -> None:
        if temporary:
            self._temporary[use.message_id] = use
            self.recorded.emit()
            return
        self._unwritten[use.message_id] = use
        self._store.post(RecordUse(use), then=lambda: self._on_written(use))

    def _drop(self, message_id: str) -> None:
        if self._temporary.pop(message_id, None) is None:
            self._unwritten.pop(message_id, None)
            self._store.post(DropUse(message_id), then=self.recorded.emit)

    def _on_written(self, use: Use) -> None:
        if self._unwritten.get(use.message_id) is use:
            del self._unwritten[use.message_id]
            self.recorded.emit()


def _sums(path: Path | None, grouping: Grouping) -> list[Sums]:
    """Return what the ledger of a file comes to."""
    if path is None:
        return []  # nothing is on the disk, and nothing will be
    store = ConversationStore(path, "", read_only=True)
    try:
        return store.ledger().sums(grouping)
    finally:
        store.close()


def local_now() -> dt.datetime:
    """Return the time by the person's own clock."""
    return dt.datetime.now().astimezone()
