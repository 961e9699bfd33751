"""The offer to undo: eight seconds of attention, one at a time."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desktop_chat.ui.controls import toast as toast_module
from desktop_chat.ui.controls.toast import Toast

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    made.resize(800, 600)
    # As in the real window, something else has the keyboard.
    field = QLineEdit(made)
    made.show()
    field.setFocus()
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


@pytest.fixture
def toast(window: QWidget, appearance: Appearance) -> Toast:
    return Toast(appearance, window)


def point_at(toast: Toast, *, at: bool) -> None:
    where = QPointF(2, 2)
    event = QEnterEvent(where, where, where) if at else QEvent(QEvent.Type.Leave)
    QApplication.sendEvent(toast, event)


def test_undo_calls_back_once(qtbot: QtBot, toast: Toast) -> None:
    calls: list[str] = []
    toast.offer("Chat deleted.", lambda: calls.append("undone"))
    states = [toast.active]
    assert toast.text == "Chat deleted."
    toast.button.click()
    states.append(toast.active)
    assert calls == ["undone"]
    assert states == [True, False]
    assert toast.isHidden()
    assert not toast.undo()


def test_the_button_may_have_other_words(toast: Toast) -> None:
    toast.offer("Closed. The answer so far is saved.", lambda: None, "Reopen")
    assert toast.button.accessibleName() == "Reopen"


def test_it_ends_by_itself(qtbot: QtBot, toast: Toast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toast_module, "SHOWN_MS", 30)
    with qtbot.waitSignal(toast.expired):
        toast.offer("Chat deleted.", lambda: None)
    assert toast.isHidden()
    assert not toast.active


def test_its_time_stands_still_while_it_is_pointed_at(toast: Toast) -> None:
    toast.offer("Chat deleted.", lambda: None)
    paused = [toast.paused]
    for at in (True, False):
        point_at(toast, at=at)
        paused.append(toast.paused)
    assert paused == [False, True, False]


def test_its_time_stands_still_while_its_button_has_the_keyboard(
    qtbot: QtBot, toast: Toast
) -> None:
    toast.offer("Chat deleted.", lambda: None)
    toast.button.setFocus()
    qtbot.waitUntil(lambda: toast.paused)
    toast.button.clearFocus()
    qtbot.waitUntil(lambda: not toast.paused)


def test_its_time_stands_still_while_another_window_is_in_front(
    qtbot: QtBot, toast: Toast, window: QWidget
) -> None:
    toast.offer("Chat deleted.", lambda: None)
    other = QWidget()
    qtbot.addWidget(other)
    other.show()
    other.activateWindow()
    qtbot.waitUntil(lambda: toast.paused)
    window.activateWindow()
    qtbot.waitUntil(lambda: not toast.paused)


def test_a_new_offer_ends_the_old_one(qtbot: QtBot, toast: Toast) -> None:
    calls: list[str] = []
    toast.offer("One.", lambda: calls.append("one"))
    with qtbot.waitSignal(toast.expired):
        toast.offer("Two.", lambda: calls.append("two"))
    toast.undo()
    assert calls == ["two"]


def test_it_stands_twelve_pixels_above_its_floor_and_follows_it(
    qtbot: QtBot, toast: Toast, window: QWidget
) -> None:
    floor = QWidget(window)
    floor.setGeometry(100, 500, 600, 100)
    floor.show()
    toast.set_floor(floor)
    toast.offer("Chat deleted.", lambda: None)
    assert toast.geometry().bottom() + 1 == 488
    assert abs(toast.geometry().center().x() - 400) <= 1
    floor.move(QPoint(100, 300))
    assert toast.geometry().bottom() + 1 == 288


def test_it_outlives_its_floor(toast: Toast, window: QWidget) -> None:
    floor = QWidget(window)
    toast.set_floor(floor)
    floor.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    toast.offer("Chat deleted.", lambda: None)
    assert toast.isVisible()
