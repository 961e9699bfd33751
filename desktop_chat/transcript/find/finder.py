"""Finds words in the whole conversation, a few milliseconds at a time, from where one reads."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QObject, QPoint, QTimer, Signal

from desktop_chat.transcript.find import showing as find_showing
from desktop_chat.transcript.find.query import TOO_COSTLY, Pattern, Query, TooCostlyError
from desktop_chat.transcript.find.scan import MOST
from desktop_chat.transcript.find.table import FoundTable
from desktop_chat.transcript.find.work import look
from desktop_chat.transcript.input import hovering
from desktop_chat.transcript.messages.message import Place
from desktop_chat.transcript.text.grounds import MessageMarks

if TYPE_CHECKING:
    from collections.abc import Generator

    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.text.hits import Hit, Hits

SLICE: Final = 0.003
"""Seconds of looking between two turns of the event loop."""
TELL: Final = 0.06
"""Seconds between two tellings of a count that grows."""
AFTER_CHANGE_MS: Final = 200


class Found(NamedTuple):
    """The hit that is shown: its message and where it begins."""

    item_id: str
    place: Place


class Finder(QObject):
    """Looks for a query in one view's conversation and knows which hit is shown."""

    changed = Signal()
    """The count, the shown hit, the fault or the end."""
    found = Signal()
    """The first hit of a query is known and in view."""
    finished = Signal()
    """All of the conversation was looked through."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view)
        self._view = view
        self._pattern: Pattern | None = None
        self._table = FoundTable()
        self._work: Generator[None, None, None] | None = None
        self._now: Found | None = None
        self._wanted = False
        """Whether the first hit is to be shown as soon as it is known."""
        self._ahead = 0
        """The step to take once the hit that it leads to is known."""
        self._told = 0.0
        self._stale: set[str] = set()
        self.query = Query()
        self.fault = ""
        """Why it could not look, or not to the end, in words."""
        self._slice = QTimer(self)
        self._slice.setSingleShot(True)
        self._slice.timeout.connect(self._on_slice)
        self._changes = QTimer(self)
        self._changes.setSingleShot(True)
        self._changes.setInterval(AFTER_CHANGE_MS)
        self._changes.timeout.connect(self._on_changes)

    @property
    def active(self) -> bool:
        """Whether anything is looked for."""
        return self._pattern is not None

    @property
    def done(self) -> bool:
        """Whether all was looked through."""
        return self._work is None

    @property
    def count(self) -> int:
        """How many hits are known."""
        return self._table.total

    @property
    def revision(self) -> int:
        """A number that never was before, whenever other hits are known."""
        return self._table.revision

    @property
    def full(self) -> bool:
        """Whether there may be more hits than are counted."""
        return self.count >= MOST

    @property
    def number(self) -> int:
        """Which of them is shown, from 1; 0: none."""
        at = self._index()
        return at + 1 if at is not None else 0

    @property
    def now(self) -> tuple[str, Hit] | None:
        """The shown hit, and the message that it is in."""
        hits = self._table.of(self._now.item_id) if self._now is not None else None
        if self._now is None or hits is None:
            return None
        at = hits.first_from(self._now.place)
        return (self._now.item_id, hits[at]) if at < len(hits) else None

    def hits(self, item_id: str) -> Hits | None:
        """Return the hits in a message, as far as known."""
        return self._table.of(item_id)

    def any_between(self, first: int, end: int) -> bool:
        """Whether a hit is known in one of the messages from `first` on, before `end`."""
        known = len(self._table)
        return self._table.before(min(end, known)) > self._table.before(min(first, known))

    def marks(self, item_id: str) -> MessageMarks | None:
        """Return what is to be marked in a message."""
        hits = self._table.of(item_id)
        if hits is None:
            return None
        now = self.now
        return MessageMarks(hits, now[1] if now is not None and now[0] == item_id else None)

    def search(self, query: Query) -> None:
        """Look for something, from the shown hit or else from where the person reads."""
        origin = self._origin()
        self.query = query
        self._forget()
        self._pattern = Pattern(query) if query.term else None
        self.fault = self._pattern.fault if self._pattern is not None else ""
        if self._pattern is not None and not self.fault:
            self._wanted = True
            self._begin(origin)
        self._tell()

    def clear(self) -> None:
        """Look for nothing any more."""
        self.query, self.fault = Query(), ""
        self._pattern = None
        self._forget()
        self._tell()

    def step(self, by: int) -> None:
        """Show the next (1) or previous (-1) hit; after the last comes the first."""
        total = self.count
        if not total:
            self._ahead = by if self._wanted else 0
            return
        at = self._index()
        if at is not None and not self.done and not 0 <= at + by < total:
            self._ahead = by
            return
        if at is None:
            self._show_from(self._origin(), by)
            return
        self._show_number((at + by) % total)

    def restart(self) -> None:
        """Look again: the conversation is another one. The shown hit stays where it is there."""
        if self._pattern is not None and not self._pattern.fault:
            now, wanted = self._now, self._wanted
            self._forget()
            known = now is not None and self._view.document.has(now.item_id)
            self._now, self._wanted = now if known else None, wanted
            self._begin(self._origin())
            self._tell()

    def message_changed(self, item_id: str) -> None:
        """Take note that the text of a message is another, or that the message is new."""
        if self._pattern is not None and not self._pattern.fault:
            self._stale.add(item_id)
            if not self._changes.isActive():
                self._changes.start()

    def message_removed(self) -> None:
        """Take note that a message is gone."""
        if self._work is not None:
            self.restart()
        elif self._pattern is not None:
            self._table.arrange(self._view.document.messages.ids)
            self._tell()

    def wake(self) -> None:
        """Go on: the conversation can be seen again."""
        if self._work is not None:
            self._slice.start(0)
        if self._stale:
            self._changes.start()

    def _on_slice(self) -> None:
        if self._work is None or not self._view.isVisible():
            return
        until = perf_counter() + SLICE
        ended = False
        try:
            while perf_counter() < until:
                next(self._work)
        except StopIteration:
            ended = True
        except TooCostlyError:
            self.fault = TOO_COSTLY
            ended = True
        self._after_slice(ended=ended)

    def _on_changes(self) -> None:
        if self._work is not None or not self._view.isVisible():
            if self._work is not None:
                self._changes.start()
            return
        document = self._view.document
        stale = [document.number(one) for one in self._stale if document.has(one)]
        self._stale.clear()
        if len(self._table) != len(document.messages):
            self._table.arrange(document.messages.ids)
        self._look(sorted(stale))

    def _after_slice(self, *, ended: bool) -> None:
        if self._wanted and self._now is None and self.count:
            self._show_first(ended=ended)
        if ended:
            self._work = None
            self._wanted = False
        if self._ahead and self._now is not None:
            by, self._ahead = self._ahead, 0
            self.step(by)
        if ended:
            self._tell()
            self.finished.emit()
            return
        if perf_counter() - self._told > TELL:
            self._tell()
        self._slice.start(0)

    def _begin(self, origin: tuple[int, Place]) -> None:
        ids = self._view.document.messages.ids
        self._table = FoundTable(ids)
        self._first = origin
        first = min(origin[0], len(ids))
        self._look([*range(first, len(ids)), *range(first)])

    def _look(self, numbers: list[int]) -> None:
        if numbers and self._pattern is not None:
            self._work = look(self._view.document, self._pattern, self._table, numbers)
            self._on_slice()

    def _forget(self) -> None:
        self._slice.stop()
        self._changes.stop()
        self._stale.clear()
        self._work = self._now = None
        self._wanted = False
        self._ahead = 0
        self._table = FoundTable()

    def _tell(self) -> None:
        self._told = perf_counter()
        self._view.viewport().update()
        self._view.verticalScrollBar().update()
        self.changed.emit()

    def _origin(self) -> tuple[int, Place]:
        """Return from where to look: the shown hit, the selection, or the top of the view."""
        view = self._view
        now = self._now
        if now is not None and view.document.has(now.item_id):
            number = view.document.number(now.item_id)
            if find_showing.in_view(view, number, now.place):
                return number, now.place
        if view.selection is not None and not view.selection.is_empty:
            first = view.selection.first
            if find_showing.in_view(view, first.message, first.place):
                return first.message, first.place
        if not view.scroller.scroll:
            return 0, Place(0, 0, 0)
        whole_line = find_showing.NEAR + view.type.body.line
        point = hovering.point_at(view, QPoint(view.column_left, whole_line))
        if point is None:
            return max(view.document.at(view.scroller.scroll), 0), Place(0, 0, 0)
        return point.message, point.place

    def _index(self) -> int | None:
        document = self._view.document
        if self._now is None or not document.has(self._now.item_id):
            return None
        number = document.number(self._now.item_id)
        hits = self._table.of(self._now.item_id)
        if hits is None or number >= len(self._table):
            return None
        inside = min(hits.first_from(self._now.place), len(hits) - 1)
        return self._table.before(number) + inside

    def _show_first(self, *, ended: bool) -> None:
        """Show the first hit from where the person reads, once no nearer one can be found."""
        number, place = self._first
        hits = self._table.of(self._view.document.messages.ids[number])
        at = hits.first_from(place) if hits is not None else 0
        before = self._table.before(number)
        inside = len(hits) if hits is not None else 0
        if at < inside or self.count > before + inside:
            self._show_number(before + at)
        elif before or ended:
            self._show_number(0)
        else:
            return
        self.found.emit()

    def _show_from(self, origin: tuple[int, Place], by: int) -> None:
        number, place = origin
        hits = self._table.of(self._view.document.messages.ids[number])
        at = self._table.before(number) + (hits.first_from(place) if hits is not None else 0)
        self._show_number((at if by > 0 else at - 1) % self.count)

    def _show_number(self, at: int) -> None:
        number = self._table.message_of(at)
        item_id = self._view.document.messages.ids[number]
        hit = self._table.hit(number, item_id, at)
        self._now = Found(item_id, Place(*hit.begin))
        find_showing.show(self._view, number, hit)
        self._tell()
