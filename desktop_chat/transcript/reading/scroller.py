"""Keeps the line that is read where it is, while heights around it change and become exact."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.transcript.items import ReadingPosition, Side
from desktop_chat.transcript.messages.message import TEXT, Line, Place
from desktop_chat.transcript.reading.position import TOP_MARGIN, Extent, Reading, State

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.outline import MessageList

ROUNDS: Final = 12
"""Exact heights bring other things into view; so many times it is looked again."""
KEPT_VIEWS: Final = 3
"""Layouts of what is further away than this are let go."""


class Mark(NamedTuple):
    """A line and where on the screen it stands."""

    item_id: str
    line: Line
    y: int


class Scroller:
    """The scroll value of a document in a view, and what moves it."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.reading = Reading()
        self.scroll = 0
        self.view = 0
        """The height of the view."""
        self.seen = False
        """Whether anybody can see it; else nothing is laid out."""
        self._held: Mark | None = None
        """The line that was read when it was seen last, or at another time before."""
        self._returning = False
        """Whether that was at another time before."""

    @property
    def extent(self) -> Extent:
        """The heights that the state machine decides upon."""
        document, question = self.document, self.reading.question_id
        top = bottom = 0
        if question and document.has(question):
            number = document.number(question)
            top = document.top(number) + document.messages[number].lead
            bottom = document.top(number) + document.messages[number].height
        line = document.geometry.type.body.line
        return Extent(self.view, document.height, top, bottom, 3 * line)

    @property
    def bottom(self) -> int:
        """Where the view ends in the document."""
        return self.scroll + self.view

    @property
    def maximum(self) -> int:
        """The largest scroll value."""
        return self.reading.maximum(self.extent)

    @contextmanager
    def steady(self, kept: Mark | None = None) -> Iterator[None]:
        """Change anything inside: afterwards the line that is read stands where it stood."""
        mark = kept or self._held or self._mark()
        yield
        self._restore(mark)
        if not self.seen:
            self._held = mark
        self._settle(0, 0, mark)

    def move_to(self, scroll: int) -> None:
        """Scroll, as the person wishes."""
        self._held = None
        self.scroll = max(0, min(scroll, self.maximum))
        self.reading.scrolled(self.scroll, self.extent)
        self.settle()

    def follow(self) -> None:
        """Go to the end and stay there."""
        self._held = None
        self.reading.follow()
        self._restore(None)
        self.settle()

    def anchor(self, item_id: str) -> None:
        """Put a question at the top of the view."""
        self._held = None
        self.reading.anchor(item_id)
        self._restore(None)
        self.settle()

    def show(self, top: int, bottom: int) -> None:
        """Scroll as little as brings two heights into view."""
        if top < self.scroll + TOP_MARGIN:
            self.move_to(top - TOP_MARGIN)
        elif bottom > self.scroll + self.view - TOP_MARGIN:
            self.move_to(min(bottom - self.view + TOP_MARGIN, top - TOP_MARGIN))

    def settle(self) -> None:
        """Make exact what is in view; let go of what is far."""
        self._settle(0, 0, self._held)

    def prepare(self) -> None:
        """Make exact what a person may scroll to next."""
        self._settle(self.view, self.view // 2, self._held)

    def _settle(self, above: int, below: int, mark: Mark | None) -> None:
        if not self.seen:
            return
        for _ in range(ROUNDS):
            held = mark or self._mark()
            top, bottom = self.scroll - above, self.scroll + self.view + below
            changed = self.document.settle(top, bottom)
            before = self.scroll
            self._restore(held)
            if not changed and self.scroll == before:
                break
        if self._held is not None and self._returning and not self._is_read(self._held):
            return
        if self._held is not None and self._returning:
            self._make_room(self._held)
        self._held, self._returning = None, False
        far = KEPT_VIEWS * self.view
        self.document.keep(self.scroll - far, self.scroll + self.view + far)

    def position(self) -> ReadingPosition:
        """Return where the person reads, fit for a file."""
        if self.reading.state is State.FOLLOWING or not self.document.messages:
            return ReadingPosition(following=True)
        item_id, line, y = self._held or self._line_read()
        if line.place is not None and line.place.part == TEXT:
            return ReadingPosition(item_id, line.place.block, line.place.offset, y=y)
        message = self.document.messages[self.document.number(item_id)]
        return ReadingPosition(item_id, -1, message.line_top(line), y=y)

    def restore(self, position: ReadingPosition | None) -> None:
        """Go where the person once read; without a position, to the end."""
        if not self.document.has(self.reading.question_id):
            self.reading.question_id = ""
        elif position is not None and self.reading.state is State.ANCHORED:
            self.settle()
            return
        known = position is not None and self.document.has(position.item_id)
        if position is None or position.following or not known:
            self.follow()
            return
        self.reading.free()
        text = position.block >= 0
        place = Place(TEXT, position.block, position.offset) if text else None
        line = Line(place, 0 if text else position.offset)
        self._held, self._returning = Mark(position.item_id, line, position.y), True
        number = self.document.number(position.item_id)
        self.document.lay_out(number, 0, 1)
        self.document.messages[number].reach(position.block, position.offset)
        self.document.measured(number)
        self._restore(self._held)
        self.settle()

    def place_of_version(self, before: MessageList) -> ReadingPosition | None:
        """Return the place that keeps still where another version is shown: its top.

        `before` are the messages that were shown; those above the version are the same.
        """
        ids = self.document.messages.ids
        pairs = enumerate(zip(before.ids, ids, strict=False))
        number = next((at for at, (old, new) in pairs if old != new), -1)
        gone = before.known(number) if number >= 0 else None
        if gone is None or gone.item.versions < 2:
            return None
        y = self.document.top(number) - self.scroll
        return ReadingPosition(ids[number], -1, y=y) if y < self.view else None

    @contextmanager
    def holding(self, item_id: str, y: int) -> Iterator[None]:
        """Change inside what the person pressed: that height in the message stays, not the end."""
        if self.reading.state is State.FOLLOWING:
            self.reading.free()
        with self.steady(self.mark_of(item_id, y)):
            yield
        if self.reading.state is State.FREE:
            self.reading.scrolled(self.scroll, self.extent)

    def mark_of(self, item_id: str, y: int) -> Mark:
        """Return a mark for a height in a message, so that it stays where it is."""
        top = self.document.top(self.document.number(item_id))
        return Mark(item_id, Line(None, y), top + y - self.scroll)

    def _mark(self) -> Mark | None:
        """Return the line that is to stay where it is."""
        if self.reading.state is not State.FREE or not self.document.messages:
            return None
        return self._line_read()

    def _line_read(self) -> Mark:
        """Return the line under the view's top third."""
        y = self.scroll + self.view // 3
        number, top = self._built_at(y)
        message = self.document.messages[number]
        y = max(top, min(y, top + message.height - 1))
        line, below = message.line_at(y - top)
        return Mark(message.item.id, line, y - below - self.scroll)

    def _built_at(self, y: int) -> tuple[int, int]:
        """Return the message at a height, or the next one in view that is laid out."""
        for number, top in self.document.visible(y, self.scroll + self.view):
            if self.document.messages[number].built:
                return number, top
        number = self.document.at(y)
        return number, self.document.top(number)

    def _restore(self, mark: Mark | None) -> None:
        self.scroll = self.reading.scroll(self.extent, self._wanted(mark))

    def _wanted(self, mark: Mark | None) -> int:
        """Return the scroll value at which a line stands where it stood."""
        if mark is None or not self.document.has(mark.item_id):
            return self.scroll
        number = self.document.number(mark.item_id)
        line_top = self.document.messages[number].line_top(mark.line)
        return self.document.top(number) + line_top - mark.y

    def _is_read(self, mark: Mark) -> bool:
        """Whether the text is read that a line stands in: a very long one is read bit by bit."""
        document = self.document
        return not document.has(mark.item_id) or (
            document.number(mark.item_id) not in document.unread()
        )

    def _make_room(self, mark: Mark) -> None:
        """Give the last question its space below again, where the line stood by way of it."""
        wanted = self._wanted(mark)
        if wanted <= self.maximum or self.reading.question_id:
            return
        messages = reversed(self.document.messages)
        questions = (one.item.id for one in messages if one.item.side is Side.PERSON)
        self.reading.question_id = next(questions, "")
        self._restore(mark)
        if self.scroll == self.reading.anchored_scroll(self.extent):
            self.reading.anchor(self.reading.question_id)
