"""Selecting by keyboard: by character, word, paragraph, line and page, over everything."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_chat.markdown.blocks import visible_text
from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.look import neutral_look
from desktop_chat.transcript.messages.document import Document
from desktop_chat.transcript.messages.keeping import place_in
from desktop_chat.transcript.messages.message import TEXT, Geometry, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.messages.walking import Unit, step
from desktop_chat.transcript.text.typography import Typography
from tests.markdown.test_stream import LINES
from tests.transcript.conversations import PARAGRAPH, answer, long_chat, message, question

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

    from desktop_chat.transcript.view import TranscriptView

Key = Qt.Key
SHIFT = Qt.KeyboardModifier.ShiftModifier
BOTH = SHIFT | Qt.KeyboardModifier.ControlModifier
START = Point(0, Place(TEXT, 0, 0))


@pytest.fixture(scope="module")
def geometry(qapp: QApplication) -> Geometry:
    return Geometry(Typography(neutral_look()), 680, 0.8)


def select(view: TranscriptView, start: int, end: int, item_id: str = "a") -> None:
    number = view.document.number(item_id)
    first, last = (Point(number, Place(TEXT, 0, at)) for at in (start, end))
    view.select(Selection(first, last))


def words(view: TranscriptView) -> str:
    flavours = copying.selected(view)
    return flavours.plain if flavours is not None else ""


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([*LINES, "👩‍👩‍👧 e\u0301 ไทย 你好"]), min_size=1, max_size=8))
def test_steps_go_through_everything_and_back(geometry: Geometry, lines: list[str]) -> None:
    document = Document(geometry)
    document.reset([question("q", "Why?"), answer("a", "\n".join(lines)), question("r", "So.")])
    end = Point(2, Place(TEXT, 0, 3))
    for unit in (Unit.CHARACTER, Unit.WORD, Unit.PARAGRAPH):
        for way, first, last in ((1, START, end), (-1, end, START)):
            path = [first]
            while (place := step(document, path[-1], unit, way)) != path[-1]:
                path.append(place)
            assert path[-1] == last
            assert all((other > one) is (way > 0) for one, other in pairwise(path))


def test_what_looks_like_one_character_is_one_step(geometry: Geometry) -> None:
    document = Document(geometry)
    document.reset([question("q", "a👩‍👩‍👧e\u0301b")])
    places = [START]
    for _ in range(4):
        places.append(step(document, places[-1], Unit.CHARACTER, 1))
    assert [one.place.offset for one in places] == [0, 1, 6, 8, 9]


@pytest.mark.parametrize(
    ("key", "held", "text"),
    [
        (Key.Key_Right, SHIFT, "qui"),
        (Key.Key_Right, BOTH, "quick "),
        (Key.Key_Left, SHIFT, "q"),
        (Key.Key_Left, BOTH, ""),
        (Key.Key_End, SHIFT, "quick brown fox"),
        (Key.Key_Home, SHIFT, "The "),
        (Key.Key_End, BOTH, "quick brown fox\n\nSecond one\n\nlast words"),
        (Key.Key_Home, BOTH, "Why?\n\nThe"),
        (Key.Key_Down, BOTH, "quick brown fox"),
        (Key.Key_Up, BOTH, "The "),
    ],
)
def test_keys_move_the_end(
    view: TranscriptView, key: Qt.Key, held: Qt.KeyboardModifier, text: str
) -> None:
    view.set_items(
        [question("q", "Why?"), answer("a", "The quick brown fox\n\nSecond one\n\nlast words")]
    )
    select(view, 4, 6)
    QTest.keyClick(view, key, held)
    assert words(view).strip() == text.strip()


def test_up_and_down_keep_to_their_column_through_short_lines(view: TranscriptView) -> None:
    view.set_items([answer("a", "The quick brown fox\n\nab\n\nThe quick brown fox")])
    select(view, 0, 15)
    for _ in range(2):
        QTest.keyClick(view, Key.Key_Down, SHIFT)
    assert words(view) == "The quick brown fox\n\nab\n\nThe quick brown"


def test_a_page_goes_on_where_nothing_was_laid_out(view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(0)
    select(view, 0, 1, "q0")
    heads = []
    for _ in range(6):
        QTest.keyClick(view, Key.Key_PageDown, SHIFT)
        assert view.selection is not None
        heads.append(view.selection.head)
    assert all(other > one for one, other in pairwise(heads))
    assert heads[-1].message > 4
    assert view.scroller.scroll > 2000


def test_without_a_selection_it_begins_where_one_reads(view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(3000)
    QTest.keyClick(view, Key.Key_Right, BOTH)
    assert view.selection is not None
    top = view.document.top(view.selection.anchor.message)
    assert top <= 3000 < top + view.document.messages[view.selection.anchor.message].height
    assert words(view)


def test_steps_stay_in_the_reasoning_that_they_began_in(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "The answer.", reasoning="One.\nTwo.")])
    fold = next(one for one in message(view, "a").buttons(0, 999) if "Thought" in one.name)
    view.pressed.emit(fold.target)
    view.select(Selection(Point(1, Place(0, 0, 0)), Point(1, Place(0, 0, 1))))
    for _ in range(20):
        QTest.keyClick(view, Key.Key_Right, SHIFT)
    QTest.keyClick(view, Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "One.\nTwo."


@pytest.mark.parametrize(
    ("before", "chosen", "later"),
    [
        ("See [the text][r] and more words.\n\nNext.\n\n", "more words", "[r]: http://a.example\n"),
        ("A note[^n] and more words.\n\nNext.\n\n", "more words", "[^n]: Note.\n"),
        ("A **bo", "A", "ld** end of it\n\nnew"),
        ("Some words `and co", "and", "de` end"),
        ("- one\n- two words\n", "two words", "\n- three\n\n  more\n"),
        ("| a | b |\n|---|---|\n| one | two |\n", "one", "| " + "long " * 30 + "| c |\n"),
        ("| a | b |\n", "b", "|---|---|\n| 1 | 2 |\n"),
        ("Title words\nof two lines\n", "two lines", "---\n\nmore"),
        ("```\nx = 1\n``", "x = 1", "`\n\nafter"),
        ("5 * 3 and *more", "more", "* words"),
    ],
)
@pytest.mark.parametrize("ends", [False, True])
def test_a_selection_stays_on_its_words_while_the_text_is_read_anew(
    view: TranscriptView, before: str, chosen: str, later: str, ends: bool
) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_text("a", before)
    view.feed.flush()
    found = [
        (number, text.index(chosen)) for number, text in enumerate(texts(view)) if chosen in text
    ]
    block, at = found[0]
    first, last = (Point(1, Place(TEXT, block, at + more)) for more in (0, len(chosen)))
    view.select(Selection(first, last))
    for one in later if not ends else [later]:
        view.append_text("a", one)
        view.feed.flush()
    assert words(view) == chosen
    view.update_item(answer("a", before + later + ("\n\n" + PARAGRAPH if ends else "")))
    assert words(view) == chosen


def texts(view: TranscriptView) -> list[str]:
    return [visible_text(block) for block in message(view, "a").blocks]


@given(st.text("ab ", max_size=12), st.text("ab ", max_size=12), st.data())
def test_a_place_is_always_one_in_the_new_text(old: str, new: str, data: st.DataObject) -> None:
    places = [place_in(old, new, at) for at in range(len(old) + 1)]
    assert all(0 <= one <= len(new) for one in places)
    assert places == sorted(places)
    at = data.draw(st.integers(0, len(old)))
    assert place_in(old, old, at) == at
    assert place_in(old, "xx" + old, at) in (at, at + 2)
