"""Prompts: `/` in the composer lists them, Enter inserts, variables are asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_chat.domain.assistants import EXAMPLES, Prompt
from desktop_chat.ui.assistants.prompt_form import PromptForm, prompts_dialog
from desktop_chat.ui.assistants.prompt_list import found
from desktop_chat.ui.assistants.variables_dialog import VariablesDialog
from desktop_chat.ui.chat.chat_tab import ChatTab

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

PLAIN = Prompt(id="1", name="Summarise", text="Summarise this:\n\n")
ASKING = Prompt(id="2", name="Translate", text="Translate {{what}} into {{language}}.")


@pytest.fixture
def tab(qtbot: QtBot, appearance: Appearance, core: Core) -> ChatTab:
    for one in (PLAIN, ASKING):
        core.preferences.prompts.save(one)
    return shown(qtbot, appearance, core)


def shown(qtbot: QtBot, appearance: Appearance, core: Core) -> ChatTab:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitActive(tab):
        tab.show()
        tab.activateWindow()
    tab.focus_message()
    return tab


def type_keys(tab: ChatTab, *keys: str | Qt.Key) -> None:
    for key in keys:
        if isinstance(key, str):
            QTest.keyClicks(tab.composer.editor, key)
        else:
            QTest.keyClick(tab.composer.editor, key)


def names(tab: ChatTab) -> list[str]:
    rows = tab.prompting.list.list
    role = int(Qt.ItemDataRole.AccessibleTextRole)
    return [rows.item(row).data(role) for row in range(rows.count())]


def test_a_slash_at_the_beginning_lists_them(tab: ChatTab) -> None:
    type_keys(tab, "/")
    assert tab.prompting.shown
    assert names(tab) == ["Summarise", "Translate"]
    type_keys(tab, "tr")
    assert names(tab) == ["Translate"]
    type_keys(tab, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace, Qt.Key.Key_Backspace)
    assert not tab.prompting.shown


def test_a_slash_anywhere_else_is_a_slash(tab: ChatTab) -> None:
    type_keys(tab, "and/or")
    assert not tab.prompting.shown


def test_a_message_that_begins_with_a_path_is_sent_as_it_is(qtbot: QtBot, tab: ChatTab) -> None:
    type_keys(tab, "/usr/bin is full")
    assert not tab.prompting.shown
    with qtbot.waitSignal(tab.session.message_added):
        type_keys(tab, Qt.Key.Key_Return)
    assert tab.session.questions[0][0] == "/usr/bin is full"


def test_enter_inserts_and_sends_nothing_and_can_be_undone(tab: ChatTab) -> None:
    type_keys(tab, "/", Qt.Key.Key_Return)
    assert tab.composer.text() == PLAIN.text
    assert not tab.prompting.shown
    assert tab.session.is_empty
    tab.composer.editor.undo()
    assert tab.composer.text() == "/"


def test_arrows_go_through_the_list_and_round(tab: ChatTab) -> None:
    type_keys(tab, "/", Qt.Key.Key_Down)
    assert tab.prompting.list.current == ASKING
    type_keys(tab, Qt.Key.Key_Down)
    assert tab.prompting.list.current == PLAIN
    type_keys(tab, Qt.Key.Key_Up)
    assert tab.prompting.list.current == ASKING


def test_escape_closes_the_list_until_something_else_is_typed(tab: ChatTab) -> None:
    type_keys(tab, "/")
    assert tab.escape()
    assert not tab.prompting.shown
    assert tab.composer.text() == "/"
    type_keys(tab, "s")
    assert tab.prompting.shown


def test_variables_are_asked_for_before_anything_is_inserted(qtbot: QtBot, tab: ChatTab) -> None:
    type_keys(tab, "/tr", Qt.Key.Key_Return)
    dialog = tab.findChildren(VariablesDialog)[-1]
    assert list(dialog.fields) == ["what", "language"]
    assert tab.composer.text() == "/tr"
    QTest.keyClicks(dialog.fields["what"], "{{language}}")
    QTest.keyClick(dialog.fields["what"], Qt.Key.Key_Return)
    assert dialog.isVisible()
    QTest.keyClicks(dialog.fields["language"], "German")
    with qtbot.waitSignal(dialog.answered):
        QTest.keyClick(dialog.fields["language"], Qt.Key.Key_Return)
    assert tab.composer.text() == "Translate {{language}} into German."


def test_asking_in_vain_leaves_what_was_typed(tab: ChatTab) -> None:
    type_keys(tab, "/tr", Qt.Key.Key_Return)
    tab.findChildren(VariablesDialog)[-1].reject()
    assert tab.composer.text() == "/tr"


def test_a_click_inserts(tab: ChatTab) -> None:
    type_keys(tab, "/")
    rows = tab.prompting.list.list
    box = rows.visualItemRect(rows.item(0))
    QTest.mouseClick(rows.viewport(), Qt.MouseButton.LeftButton, pos=box.center())
    assert tab.composer.text() == PLAIN.text


def test_an_empty_library_offers_examples_and_its_own_form(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    tab = shown(qtbot, appearance, core)
    type_keys(tab, "/")
    assert tab.prompting.list.nothing.isVisible()
    tab.prompting.list.examples_button.click()
    assert names(tab) == [name for name, _ in EXAMPLES]
    with qtbot.waitSignal(tab.prompts_wished):
        tab.prompting.list.edit_button.click()
    assert not tab.prompting.shown


def test_the_best_fit_comes_first() -> None:
    other = Prompt(id="3", name="Long Term Plan", text="x")
    assert found((other, PLAIN, ASKING), "t") == [ASKING, other]
    assert found((PLAIN,), "zzz") == []
    assert found((PLAIN, ASKING), "") == [PLAIN, ASKING]


def test_a_prompt_is_written_in_its_dialog(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    tab = shown(qtbot, appearance, core)
    dialog = prompts_dialog(appearance, core.preferences.prompts, tab)
    dialog.open()
    dialog.new_button.click()
    form = dialog.form
    assert isinstance(form, PromptForm)
    form.name.setText("Why")
    form.text.setPlainText("Why is {{it}} so?\n")
    assert "it" in form.variables.text()
    dialog.close()
    (prompt,) = core.preferences.prompts.all()
    assert (prompt.name, prompt.text) == ("Why", "Why is {{it}} so?\n")


def test_enter_with_no_prompt_to_insert_goes_to_the_examples_and_sends_nothing(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    tab = shown(qtbot, appearance, core)
    type_keys(tab, "/", Qt.Key.Key_Return)
    button = tab.prompting.list.examples_button
    assert button.hasFocus()
    assert tab.session.is_empty
    QTest.keyClick(button, Qt.Key.Key_Return)
    assert names(tab) == [name for name, _ in EXAMPLES]
    assert tab.composer.editor.hasFocus()


def test_the_list_goes_when_the_keyboard_goes_elsewhere(qtbot: QtBot, tab: ChatTab) -> None:
    type_keys(tab, "/")
    tab.composer.parameters_button.setFocus(Qt.FocusReason.TabFocusReason)
    qtbot.waitUntil(lambda: not tab.prompting.shown)
