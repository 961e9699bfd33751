"""Finding in a chat, as a person does it: the bar, its keys and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.reading.position import State
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.find.bar import ELSEWHERE, NOTHING, FindBar

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import MakeChats

TEXT = "\n\n".join(f"Part {number} of the answer, with a word." for number in range(80))


@pytest.fixture
def tab(
    qtbot: QtBot,
    appearance: Appearance,
    make_chats: MakeChats,
    start_core: Callable[[], Core],
) -> ChatTab:
    (chat_id,) = make_chats("A word of a question", answer=TEXT)
    core = start_core()
    tab = ChatTab(appearance, core, core.library.session(chat_id))
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitActive(tab):
        tab.show()
        tab.activateWindow()
    tab.focus_message()
    return tab


def find(qtbot: QtBot, tab: ChatTab, words: str) -> FindBar:
    """Open the bar, write words and wait until all was looked through."""
    tab.open_find()
    QTest.keyClicks(tab.finding.bar.field, words)
    qtbot.waitUntil(lambda: tab.transcript.finder.done)
    return tab.finding.bar


def test_what_is_typed_is_found_at_once_and_counted(qtbot: QtBot, tab: ChatTab) -> None:
    tab.transcript.scroll_to(0)
    bar = find(qtbot, tab, "word")
    assert QApplication.focusWidget() is bar.field
    assert bar.field.count == "1 of 81"
    assert bar.field.accessibleDescription() == "1 of 81"
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    QTest.keyClick(bar.field, Qt.Key.Key_Return)
    assert bar.field.count == "3 of 81"
    QTest.keyClick(bar.field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert bar.field.count == "2 of 81"
    bar.next.click()
    bar.previous.click()
    bar.previous.click()
    bar.previous.click()
    assert bar.field.count == "81 of 81"
    assert tab.transcript.scroller.reading.state is State.FREE


def test_everything_in_the_bar_has_its_name(qtbot: QtBot, tab: ChatTab) -> None:
    bar = find(qtbot, tab, "word")
    names = {one.accessibleName() for one in bar.findChildren(QWidget) if one.accessibleName()}
    ways = {"Match case", "Whole word", "Regular expression"}
    assert names == {"Find in chat", "Next", "Previous", "Close"} | ways


def test_ways_to_look_are_chosen_by_buttons(qtbot: QtBot, tab: ChatTab) -> None:
    bar = find(qtbot, tab, "WOR")
    assert bar.field.count.endswith("of 81")
    bar.whole_word.click()
    qtbot.waitUntil(lambda: bar.words.label.text() == NOTHING)
    bar.whole_word.click()
    qtbot.waitUntil(lambda: bar.field.count.endswith("of 81"))
    bar.match_case.click()
    qtbot.waitUntil(lambda: bar.words.label.text() == NOTHING)
    bar.match_case.click()
    bar.field.setText(r"part \d\d")
    bar.regular.click()
    qtbot.waitUntil(lambda: bar.field.count.endswith("of 70"))
    assert bar.words.isHidden()


def test_a_pattern_that_cannot_be_read_is_told_under_the_bar(qtbot: QtBot, tab: ChatTab) -> None:
    bar = find(qtbot, tab, "")
    bar.regular.click()
    QTest.keyClicks(bar.field, "(word")
    assert "missing closing parenthesis" in bar.words.label.text()
    assert bar.words.elsewhere.isHidden()
    assert not bar.next.isEnabled()
    QTest.keyClicks(bar.field, ")")
    assert bar.words.isHidden()


def test_what_is_not_there_may_be_looked_for_in_all_chats(qtbot: QtBot, tab: ChatTab) -> None:
    bar = find(qtbot, tab, "nowhere")
    assert [bar.words.label.text(), bar.words.elsewhere.text()] == [NOTHING, ELSEWHERE]
    assert bar.words.isVisible()
    assert bar.field.count == ""
    with qtbot.waitSignal(tab.search_wished) as wished:
        bar.words.elsewhere.click()
    assert wished.args == ["nowhere"]


def test_closing_leaves_the_hit_selected_and_the_focus_where_it_was(
    qtbot: QtBot, tab: ChatTab
) -> None:
    bar = find(qtbot, tab, "part 40")
    QTest.keyClick(bar.field, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert tab.composer.editor.hasFocus()
    assert tab.transcript.chosen_words() == "Part 40"
    assert tab.transcript.finder.count == 0


def test_closing_takes_the_focus_nowhere_else_on_its_way_back(qtbot: QtBot, tab: ChatTab) -> None:
    button = QPushButton("before", tab)
    button.show()
    tab.focus_message()
    before = QApplication.focusWidget()
    tab.open_find()
    visited: list[object] = []
    application = QApplication.instance()
    assert isinstance(application, QApplication)
    application.focusChanged.connect(lambda _old, new: visited.append(new))
    QTest.keyClick(tab.finding.bar.field, Qt.Key.Key_Escape)
    assert visited == [before]


def test_esc_anywhere_closes_the_bar_before_it_drops_the_selection(
    qtbot: QtBot, tab: ChatTab
) -> None:
    find(qtbot, tab, "part 40")
    tab.transcript.setFocus()
    assert tab.escape()
    assert not tab.finding.active
    assert tab.transcript.hasFocus()
    assert tab.transcript.has_selection()
    assert tab.escape()
    assert not tab.transcript.has_selection()


def test_selected_words_are_the_first_to_be_found(qtbot: QtBot, tab: ChatTab) -> None:
    find(qtbot, tab, "part 7 of")
    tab.finding.close()
    tab.open_find()
    bar = tab.finding.bar
    assert bar.field.text() == "Part 7 of"
    assert bar.field.selectedText() == "Part 7 of"
    qtbot.waitUntil(lambda: bar.field.count == "1 of 1")


def test_the_next_hit_is_found_again_after_the_bar_was_closed(qtbot: QtBot, tab: ChatTab) -> None:
    tab.transcript.scroll_to(0)
    find(qtbot, tab, "word")
    tab.finding.close()
    tab.transcript.clear_selection()
    tab.finding.step(1)
    assert tab.finding.active
    qtbot.waitUntil(lambda: tab.finding.bar.field.count == "2 of 81")


def test_the_text_stays_where_it_is_when_the_bar_comes_and_goes(qtbot: QtBot, tab: ChatTab) -> None:
    view = tab.transcript
    view.scroll_to(900)

    def height() -> int:
        top = view.viewport().mapTo(tab, QPoint(0, 0)).y()
        return top + view.document.top(1) - view.scroller.scroll

    before = height()
    tab.open_find()
    assert view.viewport().mapTo(tab, QPoint(0, 0)).y() > 0
    assert height() == before
    tab.finding.close()
    assert height() == before


def test_in_an_empty_chat_nothing_is_found(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.load()
    tab.show()
    bar = find(qtbot, tab, "word")
    assert bar.words.label.text() == NOTHING


def test_an_arriving_answer_is_counted(qtbot: QtBot, tab: ChatTab) -> None:
    bar = find(qtbot, tab, "word")
    view = tab.transcript
    view.add_item(Item(id="new", side=Side.MODEL, text="", streaming=True))
    view.append_text("new", "Word after word")
    qtbot.waitUntil(lambda: bar.field.count.endswith("of 83"))
