"""The strip of tabs under mouse, keyboard and screen reader."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QPainter, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.ui.look.marks import Mark, RingClock
from desktop_chat.ui.tabs import band as tab_band
from desktop_chat.ui.tabs.list import TabList
from desktop_chat.ui.tabs.painting import TabFace, TabSight, paint_ring
from desktop_chat.ui.tabs.row import TabRow

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance

TITLES = ("Regex for dates", "Why setMarkdown gets slower", "SSE 的字节边界", "A & B")


@pytest.fixture
def row(qtbot: QtBot, appearance: Appearance) -> TabRow:
    row = TabRow(appearance, RingClock())
    qtbot.addWidget(row)
    row.resize(1000, 40)
    row.show()
    for index, title in enumerate(TITLES):
        row.strip.insert_face(index, TabFace(title, title))
    row.strip.choose(0)
    return row


def _middle(row: TabRow, index: int) -> QPoint:
    return row.strip.tabRect(index).center()


def _keys(row: TabRow) -> list[str]:
    return [face.key for face in row.strip.faces]


def test_tabs_are_told_to_a_screen_reader_with_their_marks(row: TabRow) -> None:
    row.strip.set_face(1, TabFace(TITLES[1], TITLES[1], mark=Mark.ANSWERING))
    bar = QAccessible.queryAccessibleInterface(row.strip)
    assert bar.text(QAccessible.Text.Name) == "Open chats"
    names = [bar.child(at).text(QAccessible.Text.Name) for at in range(4)]
    assert names == [TITLES[0], f"{TITLES[1]}, answering", TITLES[2], "A & B"]
    assert bar.role() == QAccessible.Role.PageTabList
    assert bar.child(0).role() == QAccessible.Role.PageTab
    actions = bar.child(2).actionInterface()
    actions.doAction(actions.actionNames()[0])
    assert row.strip.currentIndex() == 2
    assert bar.child(2).state().selected


def test_a_press_chooses_a_tab(qtbot: QtBot, row: TabRow) -> None:
    with qtbot.waitSignal(row.strip.chosen) as chosen:
        QTest.mouseClick(row.strip, Qt.MouseButton.LeftButton, pos=_middle(row, 2))
    assert chosen.args == [2]
    assert row.strip.currentIndex() == 2


def test_the_cross_and_the_middle_button_close_a_tab(qtbot: QtBot, row: TabRow) -> None:
    with qtbot.waitSignal(row.strip.close_wished) as closed:
        cross = row.strip.close_rect(1).center()
        QTest.mouseClick(row.strip, Qt.MouseButton.LeftButton, pos=cross)
    assert closed.args == [1]
    with qtbot.waitSignal(row.strip.close_wished) as closed:
        QTest.mouseClick(row.strip, Qt.MouseButton.MiddleButton, pos=_middle(row, 2))
    assert closed.args == [2]
    assert row.strip.currentIndex() == 0


def test_the_next_cross_comes_under_the_mouse_and_stays_until_it_leaves(
    qtbot: QtBot, row: TabRow
) -> None:
    cross = row.strip.close_rect(1).center()
    new_button = row.new_button.x()
    QTest.mouseMove(row.strip, cross)
    row.strip.remove_face(1, 0)
    assert row.strip.close_rect(1).contains(cross)
    assert row.new_button.x() == new_button
    QApplication.sendEvent(row.strip, QEvent(QEvent.Type.Leave))
    assert row.new_button.x() < new_button


def test_a_double_click_keeps_a_tab_and_beside_the_tabs_makes_one(
    qtbot: QtBot, row: TabRow
) -> None:
    with qtbot.waitSignal(row.strip.keep_wished) as kept:
        QTest.mouseDClick(row.strip, Qt.MouseButton.LeftButton, pos=_middle(row, 2))
    assert kept.args == [2]
    with qtbot.waitSignal(row.new_wished):
        QTest.mouseDClick(row, Qt.MouseButton.LeftButton, pos=QPoint(row.width() - 40, 20))


def test_dragging_moves_a_tab_past_its_neighbours(qtbot: QtBot, row: TabRow) -> None:
    start = _middle(row, 0)
    end = _middle(row, 1) + QPoint(30, 0)
    QTest.mousePress(row.strip, Qt.MouseButton.LeftButton, pos=start)
    with qtbot.waitSignal(row.strip.tabMoved) as moved:
        for part in range(1, 11):
            QTest.mouseMove(row.strip, start + (end - start) * part / 10)
    QTest.mouseRelease(row.strip, Qt.MouseButton.LeftButton, pos=end)
    assert moved.args == [0, 1]
    assert _keys(row) == [TITLES[1], TITLES[0], *TITLES[2:]]
    assert row.strip.currentIndex() == 1


def test_titles_are_in_the_order_of_the_tabs_after_a_move(row: TabRow) -> None:
    row.strip.move_tab(3, 0)
    assert _keys(row) == [TITLES[3], *TITLES[:3]]
    assert row.strip.accessibleTabName(0) == "A & B"


def test_too_many_tabs_scroll_and_the_chosen_one_is_in_view(row: TabRow) -> None:
    for number in range(4, 30):
        row.strip.insert_face(number, TabFace(str(number), f"Chat number {number}"))
    row.strip.choose(29)
    last = row.strip.tabRect(29).translated(row.strip.pos())
    assert row.list_button.isVisible()
    assert row.new_button.geometry().right() < row.width()
    assert last.right() < row.new_button.x()
    _wheel(row, 5000)
    assert row.strip.x() == 0
    row.strip.choose(15)
    shown = row.strip.tabRect(15).translated(row.strip.pos())
    assert 0 <= shown.left() < shown.right() <= row.new_button.x()


def _wheel(row: TabRow, delta: int) -> None:
    event = QWheelEvent(
        QPointF(100, 20),
        QPointF(100, 20),
        QPoint(),
        QPoint(0, delta),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(row, event)


def test_the_list_of_tabs_goes_away_when_all_fit_again(row: TabRow) -> None:
    for number in range(4, 12):
        row.strip.insert_face(4, TabFace(str(number), f"Chat number {number}"))
    assert row.list_button.isVisible()
    for _ in range(4, 12):
        row.strip.remove_face(4, 0)
    assert not row.list_button.isVisible()


def test_rings_turn_only_while_something_answers_and_is_seen(
    qtbot: QtBot, row: TabRow, appearance: Appearance
) -> None:
    clock = row.strip._clock
    assert not clock.running
    row.strip.set_face(1, TabFace(TITLES[1], TITLES[1], mark=Mark.ANSWERING))
    assert clock.running == appearance.animate
    row.hide()
    assert not clock.running
    row.show()
    row.strip.set_face(1, TabFace(TITLES[1], TITLES[1]))
    assert not clock.running


def test_a_ring_that_turns_has_no_tab_painted(row: TabRow, monkeypatch: pytest.MonkeyPatch) -> None:
    row.strip.set_face(0, TabFace(TITLES[0], TITLES[0], mark=Mark.ANSWERING))
    row.strip.set_face(1, TabFace(TITLES[1], TITLES[1], mark=Mark.ANSWERING))
    QApplication.processEvents()
    whole = row.strip.grab().toImage()
    painted: list[str] = []

    def ring(painter: QPainter, sight: TabSight, appearance: Appearance, angle: int) -> None:
        painted.append(sight.face.key)
        paint_ring(painter, sight, appearance, angle)

    monkeypatch.setattr(tab_band, "paint_tab", lambda *_: painted.append("a whole tab"))
    monkeypatch.setattr(tab_band, "paint_ring", ring)
    row.strip._clock.ticked.emit()
    QApplication.processEvents()
    assert painted == [TITLES[0], TITLES[1]]
    alone = whole.copy()
    painter = QPainter(alone)
    ring(painter, row.strip.sight(0), row.strip._appearance, row.strip._clock.angle)
    painter.end()
    assert alone == whole


def test_letters_typed_on_the_strip_go_where_messages_are_written(
    qtbot: QtBot, row: TabRow
) -> None:
    with qtbot.waitSignal(row.strip.typed) as typed:
        QTest.keyClick(row.strip, Qt.Key.Key_H, Qt.KeyboardModifier.NoModifier)
    assert typed.args == ["h"]
    QTest.keyClick(row.strip, Qt.Key.Key_Right)
    assert row.strip.currentIndex() == 1


def test_a_hovered_tab_shows_its_cross(qtbot: QtBot, row: TabRow) -> None:
    QApplication.sendEvent(row.strip, QEnterEvent(QPointF(), QPointF(), QPointF()))
    before = row.strip.grab().toImage()
    QTest.mouseMove(row.strip, row.strip.close_rect(2).center())
    assert row.strip.grab().toImage() != before


def test_the_list_of_all_tabs_is_searched(qtbot: QtBot, row: TabRow) -> None:
    for number in range(4, 12):
        row.strip.insert_face(number, TabFace(str(number), f"Chat number {number}", mark=Mark.NEWS))
    row.list_button.click()
    popup = QApplication.activePopupWidget()
    assert isinstance(popup, TabList)
    assert len(popup.titles()) == 12
    QTest.keyClicks(popup.search, "NUMBER 1")
    assert popup.titles() == ["Chat number 10", "Chat number 11"]
    QTest.keyClick(popup.search, Qt.Key.Key_Down)
    with qtbot.waitSignal(row.strip.chosen):
        QTest.keyClick(popup.search, Qt.Key.Key_Return)
    assert row.strip.currentIndex() == 11
    assert QApplication.activePopupWidget() is None


def test_buttons_and_crosses_grow_with_the_type(row: TabRow, appearance: Appearance) -> None:
    small_cross, small_button = row.strip.close_rect(0), row.new_button.iconSize()
    appearance.set_zoom(200)
    try:
        assert row.strip.close_rect(0).width() == 2 * small_cross.width()
        assert row.strip.tabRect(0).contains(row.strip.close_rect(0))
        assert row.new_button.iconSize() == small_button * 2
        picture = row.new_button.icon().pixmap(row.new_button.iconSize())
        assert picture.width() >= row.new_button.iconSize().width()
        middle = row.new_button.geometry().center().y()
        assert abs(middle - row.height() / 2) <= 1
    finally:
        appearance.set_zoom(100)
