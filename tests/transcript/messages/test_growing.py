"""An answer that grew piece by piece is laid out like one that came whole."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import Geometry
from desktop_chat.transcript.text.typography import Typography
from tests.transcript.conversations import answer, message, question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.look import Look
    from desktop_chat.transcript.view import TranscriptView

PIECES = [
    "words of a line ",
    "\n",
    "\n\n",
    "# Heading\n",
    "- item\n",
    "- item\n\n",
    "  - nested\n",
    "1. first\n",
    "- [x] done\n",
    "> quote\n",
    "```python\n",
    "x = 1\n",
    "```\n",
    "| a | b |\n|---|---|\n",
    "| one | two |\n",
    "---\n",
    "[label]",
    "[label]: https://example.org/\n\n",
    "**bold** ",
    "`code` ",
    "中文字 ",
    "😀",
    "<b>",
    "    indented\n",
]
texts = st.lists(st.sampled_from(PIECES), max_size=40).map("".join)


def made(look: Look, text: str, *, streaming: bool) -> Answer:
    geometry = Geometry(Typography(look), 500, 0.8)
    message = Answer(answer("a", text, streaming=streaming), geometry, 0)
    message.build()
    return message


def described(message: Answer) -> list[tuple[object, ...]]:
    # A reading that was slow for once rests, and would leave the last of it to another frame.
    assert message.stream.blocks is not None
    message.settle(0, 1 << 30)
    column = message.column
    assert column is not None
    found: list[tuple[object, ...]] = []
    for at, box in enumerate(column.boxes):
        places = (box.block, box.number, box.start, box.length)
        sizes = (column.top_of(at), box.left, box.width, box.gap, box.height)
        found.append((type(box).__name__, *places, *sizes))
    return [*found, (message.height,)]


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(text=texts, cuts=st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_pieces_give_the_layout_of_the_whole(look: Look, text: str, cuts: list[int]) -> None:
    grown = made(look, "", streaming=True)
    at = number = 0
    while at < len(text):
        size = cuts[number % len(cuts)]
        grown.append(text[at : at + size])
        if number % 3 == 0:
            grown.settle(0, 400)
        at, number = at + size, number + 1
    grown.update(answer("a", text))
    assert described(grown) == described(made(look, text, streaming=False))


@pytest.mark.parametrize("width", [120, 300, 680])
def test_a_change_of_width_gives_the_layout_of_that_width(look: Look, width: int) -> None:
    text = "\n\n".join(PIECES) * 2
    message = made(look, text, streaming=False)
    message.settle(0, 1 << 30)
    geometry = Geometry(message._geometry.type, width, 0.8)
    message.set_geometry(geometry, 0)
    other = Answer(answer("a", text), geometry, 0)
    other.build()
    assert described(message) == described(other)


def test_words_that_a_costly_reading_put_off_are_shown_though_no_more_come(
    view: TranscriptView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_text("a", "First words, ")
    view.feed.flush()
    found = message(view, "a")
    assert isinstance(found, Answer)
    monkeypatch.setattr(found.stream, "_rest_until", perf_counter() + 0.1)
    view.append_text("a", "and the last\n\nones.")
    view.feed.flush()
    assert found.column is not None
    column = found.column
    qtbot.waitUntil(lambda: len(column.boxes) == 2, timeout=2000)


def test_offsets_lead_to_places_and_back(look: Look) -> None:
    message = made(look, "\n\n".join(PIECES), streaming=False)
    message.settle(0, 1 << 30)
    column = message.column
    assert column is not None
    for box in column.boxes:
        for offset in range(box.length + 1):
            caret = box.caret(offset)
            back = box.offset_at(caret.x + 0.1, caret.top + caret.height / 2)
            again = box.caret(back)
            assert (again.top, round(again.x)) == (caret.top, round(caret.x)), (box, offset)
