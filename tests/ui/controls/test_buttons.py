"""Buttons under the keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog, QVBoxLayout

from desktop_chat.ui.controls.buttons import IconButton, TextButton

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance

PRESSING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space)


@pytest.mark.parametrize("key", PRESSING, ids=["return", "enter", "space"])
@pytest.mark.parametrize("kind", ["text", "icon"])
def test_a_focused_button_is_pressed_by_the_keyboard(
    qtbot: QtBot, appearance: Appearance, key: Qt.Key, kind: str
) -> None:
    dialog = QDialog()
    qtbot.addWidget(dialog)
    button = TextButton("Test") if kind == "text" else IconButton(appearance, "close", "Close")
    QVBoxLayout(dialog).addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    dialog.show()
    QTest.keyClick(button, key)
    assert pressed == [True]
    assert dialog.isVisible()


def test_a_key_that_is_held_presses_once(qtbot: QtBot) -> None:
    button = TextButton("Test")
    qtbot.addWidget(button)
    pressed: list[bool] = []
    button.clicked.connect(lambda: pressed.append(True))
    for again in (False, True, True):
        none = Qt.KeyboardModifier.NoModifier
        event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_Return, none, "\r", again)
        QApplication.sendEvent(button, event)
    assert pressed == [True]
