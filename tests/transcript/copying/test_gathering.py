"""What is copied of a selection: what is seen selected, in any conversation, between any ends."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from desktop_chat.markdown.blocks import (
    Block,
    Code,
    ItemFrame,
    Leaf,
    ListStyle,
    Rule,
    leaf_text,
    visible_text,
)
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.plain_text import item_marker
from desktop_chat.transcript.copying.gathering import gather, parts
from desktop_chat.transcript.copying.slowly import Slowly
from desktop_chat.transcript.look import neutral_look
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.document import Document
from desktop_chat.transcript.messages.message import REASONING, TEXT, Geometry, Message, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.text.typography import Typography
from tests.markdown.test_stream import LINES
from tests.transcript.conversations import answer, long_chat, question

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.view import TranscriptView

TEXTS = st.lists(st.sampled_from(LINES), min_size=1, max_size=9).map("\n".join)


class Ends(NamedTuple):
    """Two places, as shares of what there is."""

    first: tuple[float, float, float]
    last: tuple[float, float, float]


SHARE = st.floats(0, 1)
ENDS = st.builds(Ends, st.tuples(SHARE, SHARE, SHARE), st.tuples(SHARE, SHARE, SHARE))


@pytest.fixture(scope="module")
def geometry(qapp: QApplication) -> Geometry:
    return Geometry(Typography(neutral_look()), 680, 0.8)


def shown(geometry: Geometry, items: Sequence[Item]) -> Document:
    document = Document(geometry)
    document.reset(items)
    for message in document.messages:
        message.build()
        if isinstance(message, Answer) and message.fold is not None:
            message.toggle_reasoning()
    return document


def point(document: Document, shares: tuple[float, float, float]) -> Point:
    number = round(shares[0] * (len(document.messages) - 1))
    blocks = document.messages[number].blocks
    if not blocks:
        return Point(number, Place(TEXT, 0, 0))
    block = round(shares[1] * (len(blocks) - 1))
    return Point(number, Place(TEXT, block, round(shares[2] * len(visible_text(blocks[block])))))


class Seen(NamedTuple):
    """A piece of text that is painted as selected."""

    message: Message
    block: Block
    leaf: Leaf
    words: str
    whole: bool


def seen(document: Document, selection: Selection) -> Iterator[Seen]:
    """Yield what a person sees selected, piece by piece."""
    for number, message in enumerate(document.messages):
        for part, column, _, _ in message.columns():
            for at, box in enumerate(column.boxes):
                found = selection.part_of(number, part, box.block)
                leaf = column.leaf(at)
                text = leaf_text(leaf)
                if found is None:
                    continue
                start, end = max(found.start - box.start, 0), max(found.end - box.start, 0)
                touched = found.start <= box.start < found.end if not text else text[start:end]
                if touched:
                    blocks = message.blocks if part == TEXT else message.fold.blocks.blocks  # type: ignore[attr-defined]
                    whole = start == 0 and end >= len(text)
                    yield Seen(message, blocks[box.block], leaf, text[start:end], whole)


def with_markers(pieces: Sequence[Seen], *, alone: bool) -> str:
    """Return the words of one message, with the markers of its items before them."""
    if alone and len(pieces) == 1:
        return words_of(pieces[0].words)
    told, before = "", None
    for piece in pieces:
        if not isinstance(piece.leaf, Rule):
            told += markers(piece, begins=piece.block is not before) + piece.words
        before = piece.block
    return words_of(told)


def markers(piece: Seen, *, begins: bool) -> str:
    """Return the markers of a piece; of its items, though they began further up, if it begins."""
    known: dict[ListStyle, str] = {}
    for leaf in piece.block.leaves:
        items = [frame for frame in leaf.frames if isinstance(frame, ItemFrame)]
        own = [item_marker(frame) if frame.marker else "" for frame in items]
        for frame, marker in zip(items, own, strict=True):
            known[frame.list] = marker or known.get(frame.list, "").split(" ")[0]
        if leaf is piece.leaf:
            return "".join([known[frame.list] for frame in items] if begins else own)
    return ""


def words_of(text: str) -> str:
    return "".join(text.split())


def chat(geometry: Geometry, turns: Sequence[tuple[str, str]]) -> Document:
    items: list[Item] = []
    for number, (asked, told) in enumerate(turns):
        items += [question(f"q{number}", asked), answer(f"a{number}", told, reasoning="Hm.\nSo.")]
    return shown(geometry, items)


@pytest.mark.parametrize(("dollars", "told"), [(True, "$a_1*b*c$"), (False, "$a_1bc$")])
def test_dollars_are_copied_as_they_are_seen(
    geometry: Geometry,
    dollars: bool,
    told: str,
) -> None:
    look = replace(neutral_look(), dollar_maths=dollars)
    items = [question("q"), answer("a", "$a_1*b*c$"), question("r")]
    document = shown(replace(geometry, type=Typography(look)), items)
    everything = Selection(Point(0, Place(TEXT, 0, 0)), Point(2, Place(TEXT, 0, 1)))
    assert told in gather(document, everything).plain


MANY = settings(max_examples=150, deadline=None)


@MANY
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=3), ENDS)
def test_the_plain_copy_is_what_is_seen_selected(
    geometry: Geometry, turns: list[tuple[str, str]], ends: Ends
) -> None:
    document = chat(geometry, turns)
    first, last = sorted((point(document, ends.first), point(document, ends.last)))
    selection = Selection(first, last)
    pieces = list(seen(document, selection))
    alone = first.message == last.message
    told = "".join(
        with_markers([one for one in pieces if one.message is message], alone=alone)
        for message in document.messages
    )
    assert words_of(gather(document, selection).plain) == told


@MANY
@given(TEXTS, ENDS)
def test_the_markdown_of_a_part_reads_as_what_was_selected(
    geometry: Geometry, text: str, ends: Ends
) -> None:
    document = chat(geometry, [("?", text)])
    first, last = sorted((point(document, ends.first), point(document, ends.last)))
    first, last = Point(1, first.place), Point(1, last.place)
    assume(first <= last)
    pieces = list(seen(document, Selection(first, last)))
    if len(pieces) == 1 and isinstance(pieces[0].leaf, Code):
        return
    again = parse(gather(document, Selection(first, last)).markdown)
    read = "".join(leaf_text(leaf) for block in again for leaf in block.leaves)
    words = "".join(one.words for one in pieces)
    # A reference stays one, though its note may not be among what is copied; a formula alone on
    # its line is a block, whose delimiters are none of its words.
    for sign, as_read in (("[^", "["), ("$$", "")):
        read, words = read.replace(sign, as_read), words.replace(sign, as_read)
    assert words_of(read) == words_of(words)


def selected(document: Document, first: Point, last: Point) -> str:
    return gather(document, Selection(first, last)).plain


def test_a_selection_that_ends_in_reasoning_holds_nothing_of_that_answer(
    geometry: Geometry,
) -> None:
    document = chat(geometry, [("Why?", "So it is.")])
    first, last = Point(0, Place(TEXT, 0, 0)), Point(1, Place(REASONING, 0, 3))
    assert selected(document, first, last) == "Why?"


def test_a_selection_from_reasoning_into_the_answer_holds_the_answer_alone(
    geometry: Geometry,
) -> None:
    document = chat(geometry, [("Why?", "So it is.")])
    first, last = Point(1, Place(REASONING, 0, 1)), Point(1, Place(TEXT, 0, 5))
    assert selected(document, first, last) == "So it"


def test_an_item_alone_in_its_message_keeps_its_marker_when_more_is_selected(
    geometry: Geometry,
) -> None:
    document = chat(geometry, [("Why?", "- one\n- two"), ("And?", "3. x\n4. y")])
    first, last = Point(1, Place(TEXT, 0, 4)), Point(3, Place(TEXT, 0, 1))
    assert selected(document, first, last) == "- two\n\nAnd?\n\n3. x"


def test_an_item_that_begins_with_code_keeps_its_number(geometry: Geometry) -> None:
    document = chat(geometry, [("Why?", "1. ```\n   x = 1\n   ```\n2. y")])
    first, last = Point(1, Place(TEXT, 0, 0)), Point(1, Place(TEXT, 0, 7))
    assert selected(document, first, last) == "1.\nx = 1\n2. y"


def test_a_large_copy_is_read_little_by_little(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(long_chat(200))
    view.select_all()
    assert view.selection is not None
    whole = gather(view.document, view.selection)
    reading = Slowly(parts(view.document, view.selection), ahead=True)
    assert not reading.ready
    qtbot.waitUntil(lambda: reading.ready, timeout=20_000)
    read = [part for part in reading.all() if part is not None]
    assert "\n\n".join(part.plain.strip("\n") for part in read) == whole.plain


def test_a_large_copy_is_whole_for_whoever_cannot_wait(view: TranscriptView) -> None:
    view.set_items(long_chat(200))
    view.select_all()
    assert view.selection is not None
    whole = gather(view.document, view.selection)
    view.copy()
    view.set_items([question()])
    data = QGuiApplication.clipboard().mimeData()
    assert QGuiApplication.clipboard().text() == whole.plain
    assert bytes(data.data("text/markdown").data()).decode() == whole.markdown
    assert data.html().endswith(whole.html)
