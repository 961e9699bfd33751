"""All messages one under the other: which is where, built near the view and let go beyond."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.transcript.items import Side
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.guard import Guard, Unguarded
from desktop_chat.transcript.messages.outline import GivenItems, MessageList, Outline
from desktop_chat.transcript.messages.question import Question
from desktop_chat.transcript.text.heights import Heights

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.message import Geometry, Message

FIRST_LEAD: Final = 16
"""As far below the top as an anchored question stands: a first one needs no scrolling."""
AFTER_QUESTION: Final = 20
AFTER_ANSWER: Final = 16
"""Added to the row of actions that an answer keeps free."""
BESIDE_TEXT: Final = 100
"""What a message takes besides its text, about."""
END: Final = 24
"""The space below the last message."""
MOST_STRIKES: Final = 2
_log = logging.getLogger(__name__)


class Document:
    """The messages of one conversation, as a stack of heights."""

    def __init__(self, geometry: Geometry) -> None:
        self.geometry = geometry
        self.messages = MessageList(GivenItems(()), self._make)
        self.guard: Guard = Unguarded()
        self._numbers: dict[str, int] = {}
        self._heights = Heights()
        self._built: set[int] = set()

    @property
    def height(self) -> int:
        """The height of everything, as far as known."""
        return self._heights.total + END

    def reset(self, items: Sequence[Item] | Outline) -> None:
        """Show other messages; those that stay keep their layout and what was unfolded."""
        outline = items if isinstance(items, Outline) else GivenItems(items)
        known = {message.item.id: message for _, message in self.messages.made()}
        self.messages = MessageList(outline, self._make)
        staying: list[int] = []
        for number, item_id in enumerate(self.messages.ids) if known else ():
            message = known.get(item_id)
            if message is not None and message.item.side is self.messages.side(number):
                self.messages[number] = message
                staying.append(number)
        for number in staying:
            self._settle_in(number, outline.item(number))
        self._index()

    def add(self, item: Item) -> None:
        """Add a message at the end."""
        message = self._message(item, self._lead(len(self.messages)))
        self._numbers[item.id] = len(self.messages)
        self.messages.append(message)
        self._heights.append(message.height)

    def remove(self, number: int) -> None:
        """Take a message away."""
        del self.messages[number]
        for at in range(number, min(number + 1, len(self.messages))):
            self.messages[at].set_geometry(self.geometry, self._lead(at))
        self._index()

    def number(self, item_id: str) -> int:
        """Return the number of a message; raises `KeyError`."""
        return self._numbers[item_id]

    def has(self, item_id: str) -> bool:
        """Whether a message is shown."""
        return item_id in self._numbers

    def top(self, number: int) -> int:
        """Return where a message begins."""
        return self._heights.before(number)

    def height_of(self, number: int) -> int:
        """Return how high a message is, as far as known, without making it."""
        return self._heights[number]

    def at(self, y: int) -> int:
        """Return the number of the message at a height; -1 where there is none at all."""
        return self._heights.find(y)

    def set_geometry(self, geometry: Geometry) -> None:
        """Lay everything out to other surroundings."""
        self.geometry = geometry
        for number, message in list(self.messages.made()):
            if message.built:
                self.attempt(number, lambda one: one.set_geometry(geometry, one.lead))
            else:
                message.set_geometry(geometry, message.lead)
        self._heights = Heights(self.messages.heights(self._estimates))

    def measured(self, number: int) -> None:
        """Take the height of a message that changed."""
        self._heights.set(number, self.messages[number].height)
        if self.messages[number].built:
            self._built.add(number)

    def settle(self, top: int, bottom: int) -> bool:
        """Make what stands between two heights exact; whether a height changed."""
        if not self.messages:
            return False
        changed = False
        number = max(self.at(top), 0)
        y = self.top(number)
        while number < len(self.messages) and y < bottom:
            before = self._heights[number]
            height = self.lay_out(number, top - y, bottom - y)
            changed = changed or height != before
            y += height
            number += 1
        return changed

    def lay_out(self, number: int, top: int, bottom: int) -> int:
        """Make what stands between two heights of a message exact; return its height."""

        def lay_out(message: Message) -> None:
            message.build()
            message.settle(top, bottom)

        while not self.attempt(number, lay_out):
            pass
        self.measured(number)
        return self.messages[number].height

    def attempt(self, number: int, act: Callable[[Message], object]) -> bool:
        """Read, lay out or paint a message. Whether it went well: else it is plain text now.

        Here alone it is caught what a message does to the code that draws it, and here it is
        noted for the next start, should the program not come back from it.
        """
        message = self.messages[number]
        self.guard.enter(message.item.id)
        try:
            act(message)
        except Exception:
            if message.strikes >= MOST_STRIKES:
                raise
            _log.exception("a message cannot be drawn and stands as plain text")
            plain = self._plain(_item_of(message), message.lead, message.strikes + 1)
            self.messages[number] = plain
            return False
        finally:
            self.guard.leave()
        return True

    def show_again(self, number: int) -> None:
        """Show a message as it should be that stands there as plain text."""
        message = self.messages[number]
        self.guard.forgive(message.item.id)
        self.messages[number] = self._message(_item_of(message), message.lead)
        self.measured(number)

    def renew(self) -> bool:
        """Forget layouts that wait for formulas; whether there were any."""
        columns = [one for at in self._built for one in self.messages[at].columns()]
        renewed = [column.renew() for _, column, _, _ in columns]
        return any(renewed)

    def keep(self, top: int, bottom: int) -> None:
        """Let go of what stands outside of two heights."""
        if not self._built:
            return
        first, last = self.at(top), self.at(bottom)
        for number in list(self._built):
            message = self.messages[number]
            if first <= number <= last:
                y = self.top(number)
                message.keep(top - y, bottom - y)
            else:
                message.empty()
                if not message.built:
                    self._built.discard(number)

    def unread(self) -> list[int]:
        """Return the numbers of the messages that are still to be read to their ends."""
        found = [(number, self.messages[number]) for number in self._built]
        return [number for number, one in found if isinstance(one, Answer) and one.unread]

    def read_more(self, number: int) -> int:
        """Read on in a message; return from which height in it on it looks different."""
        top = 0

        def read(answer: Answer) -> None:
            nonlocal top
            top = answer.read_more()

        self._attempt_answer(number, read)
        return top

    def grow(self, number: int, text: str) -> int:
        """Let a text grow; return from which height in the message on it looks different."""
        top = 0

        def grow(message: Message) -> None:
            nonlocal top
            top = message.append(text)

        self.attempt(number, grow)
        self.measured(number)
        return top

    def think(self, number: int, text: str) -> None:
        """Let the reasoning of an answer grow."""
        self._attempt_answer(number, lambda answer: answer.append_reasoning(text))

    def update(self, number: int, item: Item) -> None:
        """Show another state of a message."""
        while not self.attempt(number, lambda one: one.update(item)):
            pass
        self.measured(number)

    def visible(self, top: int, bottom: int) -> list[tuple[int, int]]:
        """Return the number and the top of each message between two heights."""
        found: list[tuple[int, int]] = []
        if not self.messages:
            return found
        number = max(self.at(top), 0)
        y = self.top(number)
        while number < len(self.messages) and y < bottom:
            found.append((number, y))
            y += self._heights[number]
            number += 1
        return found

    def content_bottom(self) -> int:
        """Return where the last line of the conversation ends."""
        if not self.messages:
            return 0
        return self.top(len(self.messages) - 1) + self.messages[-1].content_bottom

    def _make(self, number: int, item: Item) -> Message:
        message = self._message(item, self._lead(number))
        # What stands below it must not move before it is looked at.
        message.height = self._heights[number]
        return message

    def _estimates(self, sizes: Sequence[int]) -> list[int]:
        """Return about how high messages are, of which nothing but their sizes is known."""
        type_, width = self.geometry.type, max(self.geometry.width, 1)
        line, part = type_.body.line, type_.body.advance / width
        return [BESIDE_TEXT + line * (int(size * part) + 1) for size in sizes]

    def _lead(self, number: int) -> int:
        if number == 0:
            return FIRST_LEAD
        above = self.messages.side(number - 1)
        return AFTER_QUESTION if above is Side.PERSON else AFTER_ANSWER

    def _index(self) -> None:
        self._numbers = {item_id: number for number, item_id in enumerate(self.messages.ids)}
        self._heights = Heights(self.messages.heights(self._estimates))
        self._built = {number for number, one in self.messages.made() if one.built}

    def _attempt_answer(self, number: int, act: Callable[[Answer], None]) -> None:
        def act_on_answer(message: Message) -> None:
            if isinstance(message, Answer):
                act(message)

        self.attempt(number, act_on_answer)
        self.measured(number)

    def _message(self, item: Item, lead: int) -> Message:
        strikes = self.guard.strikes
        if strikes and item.id in strikes:
            return self._plain(item, lead, strikes[item.id])
        if item.side is Side.PERSON:
            return Question(item, self.geometry, lead)
        return Answer(item, self.geometry, lead)

    def _plain(self, item: Item, lead: int, strikes: int) -> Message:
        from desktop_chat.transcript.messages.plain_message import PlainMessage  # noqa: PLC0415 - rare

        return PlainMessage(item, self.geometry, lead, strikes)

    def _settle_in(self, number: int, item: Item) -> None:
        """Give a message that stays its new state, and the space above that it has now."""
        lead = self._lead(number)

        def settle_in(message: Message) -> None:
            if message.lead != lead:
                message.set_geometry(self.geometry, lead)
            message.update(item)

        while not self.attempt(number, settle_in):
            pass


def _item_of(message: Message) -> Item:
    """Return a message's item with all that has arrived of it."""
    thoughts = message.reasoning if isinstance(message, Answer) else message.item.reasoning
    return replace(message.item, text=message.text, reasoning=thoughts)
