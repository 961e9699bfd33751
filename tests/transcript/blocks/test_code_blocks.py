"""Code blocks: their header, wrapping, folding, line numbers and bars."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import (
    QAccessible,
    QAccessibleActionInterface,
    QGuiApplication,
    QWheelEvent,
)
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.code_line import CodeLine
from desktop_chat.transcript.blocks.code_long_line import LongCodeLine
from desktop_chat.transcript.blocks.code_text import EVEN
from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.find import showing as find_showing
from desktop_chat.transcript.input import code_acts, dragging
from desktop_chat.transcript.items import ReadingPosition
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point
from desktop_chat.transcript.targets import Button, Kind
from desktop_chat.transcript.text.hits import Hit
from tests.transcript.conftest import make_look
from tests.transcript.conversations import (
    PARAGRAPH,
    answer,
    height_on_screen,
    line_under_third,
    message,
    question,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.view import TranscriptView

WIDE_LINE = "call(" + "argument, " * 40 + ")"


def fence(lines: int, language: str = "python") -> str:
    """Return a code block of so many lines, each telling its number."""
    return f"```{language}\n" + "".join(f"line_{at} = {at}\n" for at in range(lines)) + "```"


def boxes(view: TranscriptView, item_id: str = "a") -> list[Box]:
    found = message(view, item_id)
    assert isinstance(found, Answer)
    found.build()
    assert found.column is not None
    return found.column.boxes


def code(view: TranscriptView, item_id: str = "a") -> CodeBox:
    return next(box for box in boxes(view, item_id) if isinstance(box, CodeBox))


def button(view: TranscriptView, name: str, item_id: str = "a") -> Button:
    found = message(view, item_id)
    return next(one for one in found.buttons(0, found.height) if one.name.startswith(name))


def on_screen(view: TranscriptView, one: Button, item_id: str = "a") -> QPoint:
    """Return the middle of a button in the viewport."""
    number = view.document.number(item_id)
    top = view.document.top(number) - view.scroller.scroll
    return one.rect.center() + QPoint(view.column_left, top)


def click(view: TranscriptView, at: QPoint) -> None:
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def show(view: TranscriptView, text: str) -> None:
    """Show an answer from its beginning."""
    view.set_items([question(), answer(text=text)])
    view.scroll_to(0)


def test_a_header_has_its_buttons_with_names_and_what_they_belong_to(view: TranscriptView) -> None:
    show(view, fence(3))
    found = message(view, "a").buttons(0, 9999)[:3]
    assert [one.name for one in found] == ["Wrap", "Save…", "Copy"]
    assert {one.description for one in found} == {"python code, 3 lines"}
    rights = [one.rect.right() for one in found]
    assert rights == sorted(rights)
    assert not found[0].rect.intersects(found[1].rect)
    assert not found[1].rect.intersects(found[2].rect)


def test_assistive_technology_meets_the_same_buttons(view: TranscriptView) -> None:
    wide = fence(213).replace("line_5 = 5", WIDE_LINE)
    show(view, wide)
    block = QAccessible.queryAccessibleInterface(view).child(1).child(0)
    nodes = [block.child(at) for at in range(block.childCount())]
    names = [node.text(QAccessible.Text.Name) for node in nodes[1:]]
    assert names == ["Wrap", "Save…", "Copy", "Show all 213 lines", "Scroll sideways"]
    told = {node.text(QAccessible.Text.Description) for node in nodes[1:]}
    assert told == {"python code, 213 lines"}
    wrap, unfold = nodes[1], nodes[4]
    assert wrap.state().checkable
    assert not wrap.state().checked
    assert unfold.state().collapsed
    for node in (unfold, wrap):
        node.actionInterface().doAction(QAccessibleActionInterface.pressAction())
    assert wrap.state().checked
    assert unfold.state().expanded
    assert unfold.text(QAccessible.Text.Name) == "Show less"
    assert nodes[0].text(QAccessible.Text.Name).endswith("line_212 = 212")


def test_wrapping_breaks_long_lines_and_is_remembered_for_the_block(
    view: TranscriptView,
) -> None:
    show(view, f"```\n{WIDE_LINE}\nend\n```\n\n" + fence(2))
    box = code(view)
    assert box.scroll.rest
    one_row = box.height
    click(view, on_screen(view, button(view, "Wrap")))
    view.viewport().repaint()
    assert not code(view).scroll.needed
    assert box.height > one_row
    assert not next(one for one in boxes(view)[1:] if isinstance(one, CodeBox)).wraps

    height = box.height
    found = message(view, "a")
    found.empty()
    assert code(view).wraps
    view.set_look(make_look("dark"))
    assert code(view).wraps
    assert code(view).height == height
    click(view, on_screen(view, button(view, "Wrap")))
    assert code(view).height == one_row


def test_wrapping_by_setting_may_be_undone_for_a_block(view: TranscriptView) -> None:
    view.set_look(make_look("light", wrap_code=True))
    show(view, f"```\n{WIDE_LINE}\n```")
    assert code(view).wraps
    click(view, on_screen(view, button(view, "Wrap")))
    assert not code(view).wraps


def test_places_in_wrapped_lines_lead_to_the_screen_and_back(view: TranscriptView) -> None:
    view.set_look(make_look("light", wrap_code=True, line_numbers=True))
    text = f"{WIDE_LINE}\n\n\tx = '中文' * 20  # {'word ' * 30}\n{'字' * 90}"
    show(view, f"```\n{text}\n```")
    box = code(view)
    box.settle(0, 9999)
    for offset in range(0, box.length + 1, 3):
        caret = box.caret(offset)
        back = box.caret(box.offset_at(caret.x + 0.1, caret.top + 1))
        assert (back.top, round(back.x)) == (caret.top, round(caret.x)), offset


@pytest.mark.parametrize("line", ["0123456789" * 900, "中文，字" * 900, "x😀" * 800, "y" * 30_000])
def test_very_long_lines_are_laid_out_in_pieces_that_join(view: TranscriptView, line: str) -> None:
    show(view, f"```\n{line}\nend\n```")
    text = code(view)._text
    pieces, whole = LongCodeLine(line, (), view.type), CodeLine(line, (), view.type, 0)
    shown = text._line(0)
    assert isinstance(shown, LongCodeLine)
    for offset in [*range(0, min(len(line), 9999), 83), 250, 500, len(line)]:
        x = pieces.caret(offset)[0]
        assert abs(x - whole.caret(offset)[0]) < 1
        assert abs(pieces.caret(pieces.offset(x + 0.2, 0))[0] - x) < 1
    image = view.grab()
    assert not image.isNull()
    assert 0 < len(shown._pieces) <= 4


def test_line_numbers_take_room_and_are_no_part_of_the_text(view: TranscriptView) -> None:
    show(view, fence(3))
    plain = code(view).caret(0).x
    view.set_look(make_look("light", line_numbers=True))
    assert code(view).caret(0).x > plain
    view.select_all()
    view.copy()
    copied = QGuiApplication.clipboard().text()
    assert copied.splitlines()[-3:] == ["line_0 = 0", "line_1 = 1", "line_2 = 2"]


def test_an_old_long_block_comes_folded_and_unfolds(view: TranscriptView) -> None:
    show(view, fence(213) + "\n\nEnd.")
    box = code(view)
    folded = box.height
    assert box.folded
    assert button(view, "Show").name == "Show all 213 lines"
    view.scroll_to(view.scroller.maximum)
    at = on_screen(view, button(view, "Show"))
    click(view, at)
    assert box.height == folded + 173 * view.type.code.line
    assert button(view, "Show").name == "Show less"
    found = message(view, "a")
    found.empty()
    assert not code(view).folded


def test_a_block_that_is_read_slice_by_slice_comes_folded_too(
    view: TranscriptView, qtbot: QtBot
) -> None:
    show(view, fence(12_000) + "\n\nEnd.")
    assert code(view).folded
    view.viewport().repaint()
    qtbot.waitUntil(lambda: len(boxes(view)) == 2, timeout=5000)
    assert code(view).folded
    assert button(view, "Show").name == "Show all 12,000 lines"


@pytest.mark.parametrize(("lines", "folds"), [(47, False), (48, True)])
def test_a_handful_is_never_folded_away(view: TranscriptView, lines: int, folds: bool) -> None:
    show(view, fence(lines))
    assert code(view).folded is folds
    assert any(one.name.startswith("Show") for one in message(view, "a").buttons(0, 9999)) is folds


def test_show_less_leaves_what_stands_below_where_it_is(view: TranscriptView) -> None:
    show(view, PARAGRAPH * 20 + "\n\n" + fence(300) + "\n\n" + (PARAGRAPH + "\n\n") * 20)
    view.pressed.emit(button(view, "Show all").target)
    one = button(view, "Show less")
    top = view.document.top(1)
    view.scroll_to(top + one.rect.top() - 400)
    before = on_screen(view, button(view, "Show less")).y()
    click(view, on_screen(view, button(view, "Show less")))
    assert code(view).folded
    assert on_screen(view, button(view, "Show all")).y() == before


def test_unfolding_and_wrapping_leave_the_line_that_is_read(view: TranscriptView) -> None:
    wide = fence(100).replace("line_5 = 5", WIDE_LINE)
    show(view, PARAGRAPH + "\n\n" + wide + "\n\n" + (PARAGRAPH + "\n\n") * 30)
    view.scroll_to(600)
    item_id, line, y = line_under_third(view)
    view.pressed.emit(button(view, "Show all").target)
    assert height_on_screen(view, item_id, line) == y
    view.pressed.emit(button(view, "Wrap").target)
    assert 0 < on_screen(view, button(view, "Wrap")).y() < view.type.card_header
    view.pressed.emit(button(view, "Wrap").target)
    assert height_on_screen(view, item_id, line) == y


def test_a_block_that_was_watched_arriving_is_not_folded_when_it_ends(
    view: TranscriptView,
) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_text("a", fence(100).removesuffix("```"))
    view.feed.flush()
    view.viewport().repaint()
    before = code(view).caret(code(view).length).top
    view.append_text("a", "```\n\nThat is all.")
    view.feed.flush()
    assert not code(view).folded
    assert code(view).caret(code(view).length).top == before
    view.update_item(answer("a", fence(100) + "\n\nThat is all."))
    message(view, "a").empty()
    assert not code(view).folded


def test_a_block_that_came_below_the_view_is_folded_when_it_ends(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.anchor("q")
    view.append_text("a", (PARAGRAPH + "\n\n") * 20 + fence(100).removesuffix("```"))
    view.feed.flush()
    view.viewport().repaint()
    assert not code(view).folded
    view.append_text("a", "```\n")
    view.feed.flush()
    assert code(view).folded


def test_folding_hides_nothing_from_copies_and_selections(view: TranscriptView) -> None:
    show(view, fence(100))
    view.select_all()
    view.copy()
    assert "line_99 = 99" in QGuiApplication.clipboard().text()
    click(view, on_screen(view, button(view, "Copy")))
    assert QGuiApplication.clipboard().text().count("\n") == 99
    assert code(view).folded


def test_a_hit_in_folded_lines_unfolds_them_and_is_not_under_the_header(
    view: TranscriptView,
) -> None:
    show(view, PARAGRAPH + "\n\n" + fence(300))
    box = code(view)
    offset = box.length - 200
    find_showing.show(view, 1, Hit(TEXT, 1, offset, offset + 4))
    assert not box.folded
    found = message(view, "a").caret(Place(TEXT, 1, offset))
    y = view.document.top(1) + found.top() - view.scroller.scroll
    assert view.type.card_header <= y < view.viewport().height()


def test_a_place_is_shown_below_the_header_and_sideways(view: TranscriptView) -> None:
    show(view, "```\n" + f"{WIDE_LINE}\n" * 45 + "```")
    box = code(view)
    view.scroll_to(view.scroller.maximum)
    place = Place(TEXT, 0, len(WIDE_LINE) * 2)
    code_acts.show(view, Point(1, place))
    rect = message(view, "a").caret(place)
    assert 0 <= rect.left() <= box.width
    y = view.document.top(1) + rect.top() - view.scroller.scroll
    assert y >= view.type.card_header


def test_the_header_stays_in_view_with_its_buttons(view: TranscriptView) -> None:
    show(view, fence(45) + "\n\n" + (PARAGRAPH + "\n\n") * 30)
    first = on_screen(view, button(view, "Copy")).y()
    view.scroll_to(first + 300)
    at = on_screen(view, button(view, "Copy"))
    assert 0 < at.y() < view.type.card_header
    click(view, at)
    assert QGuiApplication.clipboard().text().startswith("line_0 = 0\n")
    scroll = view.scroller.scroll
    view.setFocus()
    for name in ("Wrap", "Save…", "Copy"):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        if view.focused is not None and view.focused.kind is Kind.ACTION:
            QTest.keyClick(view, Qt.Key.Key_Tab)
        assert view.focused == button(view, name).target
        assert view.scroller.scroll == scroll
    view.scroll_to(view.scroller.maximum)
    assert code(view).header_top == 0


def test_a_header_never_leaves_its_block(view: TranscriptView) -> None:
    show(view, fence(45) + "\n\n" + (PARAGRAPH + "\n\n") * 30)
    box = code(view)
    found = code_acts.find(view, "a", 0, 0)
    assert found is not None
    end = view.document.top(1) + found.top + box.height
    view.scroll_to(end - 10)
    assert box.header_top + view.type.card_header <= box.height


def wheel(view: TranscriptView, at: QPoint, *, modifiers: Qt.KeyboardModifier) -> None:
    where = QPointF(at)
    event = QWheelEvent(
        where,
        QPointF(view.viewport().mapToGlobal(at)),
        QPoint(),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(event)


def test_shift_and_the_wheel_scroll_wide_code_sideways(view: TranscriptView) -> None:
    show(view, f"```\n{WIDE_LINE}\n```")
    at = on_screen(view, button(view, "Copy")) + QPoint(-100, 40)
    wheel(view, at, modifiers=Qt.KeyboardModifier.ShiftModifier)
    assert code(view).scroll.x > 0
    assert code(view).scroll.shown


@pytest.mark.parametrize(
    "text", [f"```\n{WIDE_LINE}\n```", "|" + "a long head |" * 20 + "\n|" + "---|" * 20]
)
def test_bars_are_dragged_and_clicked_and_moved_by_keys(view: TranscriptView, text: str) -> None:
    show(view, text)
    box = boxes(view)[0]
    assert isinstance(box, CodeBox | TableBox)
    bar = button(view, "Scroll sideways")
    at = on_screen(view, bar)
    left, mouse = Qt.MouseButton.LeftButton, view.viewport()
    QTest.mousePress(mouse, left, pos=at)
    middle = box.scroll.x
    assert middle > 0
    QTest.mouseMove(mouse, at + QPoint(2000, 0))
    QTest.mouseRelease(mouse, left, pos=at + QPoint(2000, 0))
    assert box.scroll.rest == 0
    assert not view.has_selection()
    QTest.mouseMove(mouse, at)
    assert box.scroll.rest == 0
    view.setFocus()
    view.focused = bar.target
    QTest.keyClick(view, Qt.Key.Key_Left)
    assert box.scroll.rest > 0
    QTest.keyClick(view, Qt.Key.Key_Right)
    assert box.scroll.rest == 0


def test_a_bar_is_shown_while_one_points_at_its_block(view: TranscriptView) -> None:
    show(view, f"```\n{WIDE_LINE}\n```\n\nWords.")
    at = on_screen(view, button(view, "Copy")) + QPoint(-100, 40)
    QTest.mouseMove(view.viewport(), at)
    assert code(view).scroll.shown
    QTest.mouseMove(view.viewport(), at + QPoint(0, 300))
    assert not code(view).scroll.shown


def test_wide_code_and_tables_grow_where_there_is_room(view: TranscriptView) -> None:
    table = "|" + "a long head |" * 12 + "\n|" + "---|" * 12
    text = f"```\n{WIDE_LINE}\n```\n\n{table}\n\n- ```\n  {WIDE_LINE}\n  ```\n\n" + fence(3)
    show(view, text)
    assert all(box.width == 680 and box.left == 0 for box in boxes(view)[:2])
    view.resize(1632, 700)
    QApplication.processEvents()
    wide = [(box.width, box.left) for box in boxes(view)]
    assert wide[0] == wide[1] == (960, -140)
    assert wide[2] == (680 - 24, 24)
    assert wide[3] == (680, 0)
    view.resize(900, 700)
    QApplication.processEvents()
    assert all(box.width == 680 and box.left == 0 for box in boxes(view)[:2])


@pytest.mark.parametrize(
    "line", ["x = 1  # 长注释，「引用」（全角）。", "テスト！ｗｉｄｅ", "", "ab"]
)
def test_a_line_that_is_not_measured_is_as_wide_as_it_was_taken_for(
    view: TranscriptView, line: str
) -> None:
    show(view, f"```\n{line * 8}\n```")
    box = code(view)
    assert EVEN.fullmatch(line)
    laid_out = box._text._line(0)
    assert isinstance(laid_out, CodeLine)
    assert box._text.widest == pytest.approx(laid_out.width, rel=0.01)


def test_another_size_or_theme_reads_no_text_again(view: TranscriptView) -> None:
    show(view, PARAGRAPH + fence(9) + " $x$")
    found = message(view, "a")
    assert isinstance(found, Answer)
    read = found.stream
    for look in (make_look("light", base=20), make_look("dark", base=20)):
        view.set_look(look)
        assert found.stream is read
    view.set_look(make_look("dark", dollar_maths=True))
    assert found.stream is not read


def test_a_block_too_long_for_colours_says_so_while_it_arrives_too(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.anchor("q")
    view.append_text("a", "```python\nx = 1\n")
    view.feed.flush()
    assert code(view).runs[0]
    for _ in range(5):
        view.append_text("a", "y = 2\n" * 1000)
        view.feed.flush()
    assert code(view).plain
    assert not any(code(view).runs)


def test_a_place_deep_in_a_block_that_comes_folded_is_found_again(view: TranscriptView) -> None:
    items = [question(), answer(text=PARAGRAPH + "\n\n" + fence(400) + "\n\nEnd.")]
    view.set_items(items, ReadingPosition("a", 1, 0))
    line = len("\n".join(code(view).code.lines[:300])) + 1
    assert code(view).folded
    place = ReadingPosition("a", 1, line, y=view.viewport().height() // 3)
    view.set_items(items, place)
    assert view.reading_position() == place
    assert not code(view).folded


def test_dragging_a_header_takes_the_block_along_as_a_file(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    taken: list[code_acts.FileOffer] = []
    monkeypatch.setattr(
        "desktop_chat.transcript.input.dragging.drag", lambda _view, offer: taken.append(offer)
    )
    show(view, "```python\ndef grow(self):\n    pass\n```")
    at = on_screen(view, button(view, "Copy")) - QPoint(300, 0)
    left, mouse = Qt.MouseButton.LeftButton, view.viewport()
    QTest.mousePress(mouse, left, pos=at)
    QTest.mouseMove(mouse, at + QPoint(2, 0))
    assert not taken
    QTest.mouseMove(mouse, at + QPoint(60, 40))
    QTest.mouseRelease(mouse, left, pos=at + QPoint(60, 40))
    assert taken == [("grow.py", "def grow(self):\n    pass\n", "Python")]
    assert not view.has_selection()


def test_what_is_dragged_is_a_text_and_a_file(view: TranscriptView, qtbot: QtBot) -> None:
    data = dragging.file_data(code_acts.FileOffer("grow.py", "字\n", "Python"))
    assert data.text() == "字\n"
    (url,) = data.urls()
    assert url.fileName() == "grow.py"
    assert Path(url.toLocalFile()).read_bytes() == "字\n".encode()


def test_save_offers_the_block_as_a_file(view: TranscriptView, qtbot: QtBot) -> None:
    show(view, "```js\nfunction draw() {}\n```")
    with qtbot.waitSignal(view.save_requested) as told:
        click(view, on_screen(view, button(view, "Save")))
    assert told.args == [("draw.js", "function draw() {}\n", "JavaScript")]
