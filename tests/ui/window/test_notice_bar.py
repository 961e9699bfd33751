"""Notices about the whole program: they stay until they are solved or put away."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel

from desktop_chat.ui.controls.buttons import IconButton, TextButton
from desktop_chat.ui.window.notice_bar import NoticeBar

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance


@pytest.fixture
def bar(qtbot: QtBot, appearance: Appearance) -> NoticeBar:
    made = NoticeBar(appearance)
    qtbot.addWidget(made)
    return made


def press(bar: NoticeBar, words: str) -> None:
    buttons: list[QAbstractButton] = [
        *bar.findChildren(TextButton),
        *bar.findChildren(IconButton),
    ]
    next(one for one in buttons if one.accessibleName() == words and one.isVisible()).click()


def test_it_is_not_there_without_a_notice(bar: NoticeBar) -> None:
    assert not bar.isVisible()
    bar.show_notice("disk", "The disk is full.")
    assert bar.isVisible()
    bar.remove("disk")
    assert bar.isHidden()
    assert bar.keys == ()


def test_each_notice_stands_once(bar: NoticeBar) -> None:
    bar.show_notice("disk", "The disk is full.")
    bar.show_notice("keyring", "The keyring is locked.", ["Try again"])
    bar.show_notice("disk", "The disk is very full.")
    assert set(bar.keys) == {"disk", "keyring"}
    assert bar.text("disk") == "The disk is very full."


def test_its_buttons_tell_which_notice_they_belong_to(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice("keyring", "The keyring is locked.", ["Try again"])
    with qtbot.waitSignal(bar.button_pressed) as pressed:
        press(bar, "Try again")
    assert pressed.args == ["keyring", "Try again"]
    assert bar.isVisible()


def test_it_can_be_put_away(qtbot: QtBot, bar: NoticeBar) -> None:
    bar.show_notice("disk", "The disk is full.")
    with qtbot.waitSignal(bar.closed) as closed:
        press(bar, "Close notice")
    assert closed.args == ["disk"]
    assert bar.isHidden()


def test_markup_in_a_notice_is_shown_and_not_read(bar: NoticeBar) -> None:
    bar.show_notice("x", "<b>bold</b> & <img src='http://127.0.0.1:1/'>")
    assert all(one.textFormat() == Qt.TextFormat.PlainText for one in bar.findChildren(QLabel))
