"""Text that runs to the left stands at the right, its markers and bars with it; code never does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from tests.transcript.conversations import answer

if TYPE_CHECKING:
    from desktop_chat.transcript.view import TranscriptView

ARABIC = "مرحبا بالعالم"
HEBREW = "שלום עולם"


def ink(view: TranscriptView, text: str, role: str) -> list[int]:
    """Return the columns of pixels, as seen from the text's left, that show a colour."""
    view.set_items([answer("a", text, actions=())])
    QApplication.processEvents()
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    wanted = view.type.colour(role).rgb()
    ratio = image.devicePixelRatio()
    left = int(view.column_left * ratio)
    return [
        round((x - left) / ratio)
        for x in range(left - 4, left + int(view.document.geometry.width * ratio))
        for y in range(image.height())
        if image.pixel(x, y) == wanted
    ]


@pytest.mark.parametrize("text", [ARABIC, HEBREW])
@pytest.mark.parametrize("before", ["- ", "88888. ", "- [x] ", "> ", "> - "])
def test_what_stands_before_a_line_stands_where_the_line_begins(
    view: TranscriptView, before: str, text: str
) -> None:
    roles = {"- ": "ink_soft", "88888. ": "ink_soft", "- [x] ": "accent"}
    role = roles.get(before, "line")
    width = view.document.geometry.width
    assert max(ink(view, f"{before}word", role)) < 40
    assert min(ink(view, f"{before}{text}", role)) > width - 40


def test_items_of_one_list_each_follow_their_own_text(view: TranscriptView) -> None:
    places = ink(view, f"- word\n- {ARABIC}\n  - {HEBREW}\n  - deep", "ink_soft")
    width = view.document.geometry.width
    assert min(places) < 40
    assert max(places) > width - 40
    assert not [x for x in places if 60 < x < width - 60]


def test_code_runs_to_the_right_whatever_is_in_it(view: TranscriptView) -> None:
    places = ink(view, f"```\n{ARABIC}\n```", "ink")
    assert places
    assert max(places) < 250


def test_a_caret_and_a_click_find_each_other_in_a_mirrored_item(view: TranscriptView) -> None:
    view.set_items([answer("a", f"- {HEBREW}")])
    QApplication.processEvents()
    message = view.document.messages[0]
    message.build()
    message.settle(0, 500)
    _, column, _, _ = message.columns()[0]
    box = column.boxes[0]
    assert (box.left, box.inset) == (0, 24)
    for offset in range(len(HEBREW)):
        caret = box.caret(offset)
        assert box.offset_at(caret.x - 1, caret.top + 4) in (offset, offset + 1)


@pytest.mark.parametrize("words", [("one", "two", "three"), ("אחד", "שתיים", "שלוש")])
@pytest.mark.parametrize("wide", [False, True])
def test_a_table_is_read_from_the_side_where_its_headers_begin(
    view: TranscriptView, words: tuple[str, str, str], wide: bool
) -> None:
    cells = [word * (60 if wide else 1) for word in words]
    row = f"| {' | '.join(cells)} |"
    view.set_items([answer("a", f"{row}\n|---|---|---|\n{row}")])
    QApplication.processEvents()
    message = view.document.messages[0]
    _, column, _, _ = message.columns()[0]
    box = column.boxes[0]
    starts = [0, len(cells[0]) + 1, len(cells[0]) + len(cells[1]) + 2]
    places = [box.caret(start).x for start in starts]
    mirrored = words[0] != "one"
    assert places == sorted(places, reverse=mirrored)
    if mirrored:
        assert places[0] > box.width - 40
    else:
        assert places[0] < 40
    for start, cell in zip(starts, cells, strict=True):
        middle = start + len(cell) // 2
        caret = box.caret(middle)
        assert box.offset_at(caret.x, caret.top + 4) in (middle - 1, middle, middle + 1)
