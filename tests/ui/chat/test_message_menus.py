"""The menus under an answer, on a real core, and the saving of a chat as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_chat.transcript.items import Action
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.chat.file_saving import FileSaving

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

WAIT_MS = 20_000


@pytest.fixture
def tab(qtbot: QtBot, appearance: Appearance, core: Core) -> ChatTab:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitExposed(tab):
        tab.show()
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        tab.composing.send("long 10")
    return tab


def opened(qtbot: QtBot, tab: ChatTab, action: Action) -> QMenu:
    tab.transcript.action_requested.emit(tab.session.messages[-1].id, action)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    return shown


def test_regenerate_offers_the_models_used_last(qtbot: QtBot, tab: ChatTab) -> None:
    model = tab.session.messages[-1].model
    menu = opened(qtbot, tab, Action.REGENERATE_WITH)
    (again,) = [one for one in menu.actions() if one.text().startswith(model)]
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        again.trigger()
    menu.close()
    assert tab.session.versions(tab.session.messages[-1].id) == (2, 2)


def test_more_holds_only_what_can_be_done(qtbot: QtBot, tab: ChatTab) -> None:
    menu = opened(qtbot, tab, Action.MORE)
    words = [one.text() for one in menu.actions() if not one.isSeparator()]
    assert words == [
        "Continue",
        "Edit question",
        "Read details",
        "Request and response…",
        "Save chat as…",
    ]
    menu.actions()[1].trigger()
    menu.close()
    assert tab.editing


def test_saving_is_wished_from_the_menu(qtbot: QtBot, tab: ChatTab) -> None:
    menu = opened(qtbot, tab, Action.MORE)
    with qtbot.waitSignal(tab.message_actions.save_wished):
        menu.actions()[-1].trigger()
    menu.close()


def test_a_name_is_proposed_and_the_text_goes_where_the_person_says(
    qtbot: QtBot, tmp_path: Path, tab: QWidget
) -> None:
    saving = FileSaving(tab)
    saving.ask("What is 1/2: a question?", lambda: "# Text\n")
    dialog = saving.dialog
    assert dialog is not None
    assert dialog.selectedFiles()[0].endswith("/What is 1 2 a question.md")
    path = tmp_path / "chosen.md"
    dialog.fileSelected.emit(str(path))
    qtbot.waitUntil(path.exists)
    assert path.read_text("utf-8") == "# Text\n"
    dialog.close()
    qtbot.waitUntil(lambda: saving.dialog is None)


def test_a_place_that_takes_no_file_is_told_in_a_sentence(
    qtbot: QtBot, tmp_path: Path, tab: QWidget
) -> None:
    saving = FileSaving(tab)
    with qtbot.waitSignal(saving.failed) as told:
        saving.write(tmp_path / "gone" / "chat.md", "x")
    assert told.args[0].startswith("chat.md could not be saved in ")
    assert told.args[0].endswith("Choose another place.")
