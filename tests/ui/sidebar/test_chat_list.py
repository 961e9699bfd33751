"""The list of chats in the sidebar."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QAbstractItemModel, QModelIndex, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtTest import QAbstractItemModelTester, QTest

from desktop_chat.domain.chat import Conversation
from desktop_chat.domain.ids import now_ms
from desktop_chat.ui.look.marks import Mark
from desktop_chat.ui.sidebar.chat_list import ChatList
from desktop_chat.ui.sidebar.chat_list_model import PAGE, ChatListModel

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance

HOUR_MS = 3_600_000


def _chats(count: int) -> tuple[Conversation, ...]:
    now = now_ms()
    return tuple(
        Conversation(id=f"c{at}", title=f"Chat number {at}", updated_ms=now - at * HOUR_MS)
        for at in range(count)
    )


@pytest.fixture
def model() -> ChatListModel:
    marks = {"c1": Mark.NEWS}
    return ChatListModel(lambda chat_id: marks.get(chat_id, Mark.NONE))


@pytest.fixture
def chats(qtbot: QtBot, appearance: Appearance, model: ChatListModel) -> ChatList:
    chats = ChatList(appearance, model)
    qtbot.addWidget(chats)
    chats.resize(256, 600)
    chats.show()
    return chats


def _titles(model: QAbstractItemModel) -> list[str]:
    return [str(model.index(row, 0).data()) for row in range(model.rowCount(QModelIndex()))]


def test_the_model_keeps_the_rules_of_models(model: ChatListModel) -> None:
    mode = QAbstractItemModelTester.FailureReportingMode.Fatal
    tester = QAbstractItemModelTester(model, mode)
    listed = _chats(60)
    for conversations in (listed, listed[1:], (), listed[:1], listed):
        model.set_conversations(conversations)
    model.set_words("number 5")
    assert model.chat_count == 15
    assert tester.model() is model


def test_ten_thousand_chats_are_told_of_as_the_list_is_scrolled(
    chats: ChatList, model: ChatListModel
) -> None:
    model.set_conversations(_chats(10_000))
    assert model.chat_count == 10_000
    assert model.rowCount() == PAGE
    chats.scrollToBottom()
    assert model.rowCount() == 2 * PAGE
    chats.show_chosen("c9000")
    assert model.row(chats.currentIndex()) == ("c9000", "Chat number 9000")
    assert model.rowCount() > 9000


def test_a_new_title_leaves_the_list_where_it_is(
    qtbot: QtBot, chats: ChatList, model: ChatListModel
) -> None:
    listed = _chats(100)
    model.set_conversations(listed)
    chats.verticalScrollBar().setValue(400)
    with qtbot.assertNotEmitted(model.modelReset), qtbot.waitSignal(model.dataChanged):
        model.set_conversations((listed[0], replace(listed[1], title="Other"), *listed[2:]))
    assert "Other" in _titles(model)
    assert chats.verticalScrollBar().value() == 400


def test_the_shown_chat_stays_chosen_when_the_order_changes(
    chats: ChatList, model: ChatListModel
) -> None:
    listed = _chats(50)
    model.set_conversations(listed)
    chats.show_chosen("c7")
    model.set_conversations((listed[7], *listed[:7], *listed[8:]))
    assert chats.chat_id(chats.currentIndex()) == "c7"
    assert chats.selectionModel().isSelected(chats.currentIndex())


def test_the_keyboard_stays_on_its_chat_when_the_order_changes(
    chats: ChatList, model: ChatListModel
) -> None:
    listed = _chats(50)
    model.set_conversations(listed)
    chats.show_chosen("c7")
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_Down)
    model.set_conversations((listed[8], *listed[:8], *listed[9:]))
    assert chats.chat_id(chats.currentIndex()) == "c8"


def test_marks_are_spoken_after_the_title(chats: ChatList, model: ChatListModel) -> None:
    model.set_conversations(_chats(3))
    index = model.index_of("c1")
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "Chat number 1, new answer"
    interface = QAccessible.queryAccessibleInterface(chats)
    assert interface.text(QAccessible.Text.Name) == "Chats"
    names = [
        interface.child(at).text(QAccessible.Text.Name) for at in range(interface.childCount())
    ]
    assert "Chat number 1, new answer" in names


def test_arrows_go_from_chat_to_chat_and_enter_opens(
    qtbot: QtBot, chats: ChatList, model: ChatListModel
) -> None:
    model.set_conversations(_chats(60))
    chats.show_chosen("c0")
    chats.setFocus()
    seen = []
    for _ in range(59):
        QTest.keyClick(chats, Qt.Key.Key_Down)
        seen.append(chats.chat_id(chats.currentIndex()))
    assert seen == [f"c{at}" for at in range(1, 60)]
    with qtbot.waitSignal(chats.keep_wished) as kept:
        QTest.keyClick(chats, Qt.Key.Key_Return)
    assert kept.args == ["c59"]


def test_a_press_on_a_head_does_nothing(
    qtbot: QtBot, chats: ChatList, model: ChatListModel
) -> None:
    model.set_conversations(_chats(3))
    with qtbot.assertNotEmitted(chats.open_wished):
        head = chats.visualRect(model.index(0, 0)).center()
        QTest.mouseClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=head)


def test_an_empty_title_renames_nothing(qtbot: QtBot, model: ChatListModel) -> None:
    model.set_conversations(_chats(1))
    with qtbot.assertNotEmitted(model.rename_wished):
        assert not model.setData(model.index_of("c0"), "  ")
    with qtbot.waitSignal(model.rename_wished) as wished:
        assert model.setData(model.index_of("c0"), " New ")
    assert wished.args == ["c0", "New"]
