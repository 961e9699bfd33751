"""The table of actions, and what it promises on each platform."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QStringListModel, Qt
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QListView, QMenu, QWidget

from desktop_chat.transcript.view import TranscriptView
from desktop_chat.ui.actions import ACTIONS, BY_NAME, MENU, SECTIONS, fill_menu, make_actions
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.settings.shortcuts_sheet import ShortcutsSheet, shortcuts

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance

PLATFORMS = ("linux", "win32", "darwin")
CLAIMED_BY_SYSTEMS = {
    "linux": ["Ctrl+Space", "Ctrl+.", "Ctrl+;", "Ctrl+E", "Ctrl+U", "Ctrl+F4"]
    + [f"Ctrl+Shift+{key}" for key in "BEFKMU"]
    + [f"Ctrl+Alt+{chr(key)}" for key in range(ord("A"), ord("Z") + 1)],
    "win32": ["Ctrl+Space", "Ctrl+.", "Ctrl+;", "Ctrl+E", "Ctrl+U"]
    + [f"Ctrl+Shift+{key}" for key in "BEFKMU"]
    + [f"Ctrl+Alt+{chr(key)}" for key in range(ord("A"), ord("Z") + 1)],
    "darwin": [f"Ctrl+Shift+{key}" for key in "ALMYQ"] + ["Ctrl+H", "Ctrl+M", "Ctrl+`"],
}


@pytest.mark.parametrize("platform", PLATFORMS)
def test_every_sequence_belongs_to_one_action(platform: str) -> None:
    sequences = [
        QKeySequence(keys).toString() for action in ACTIONS for keys in action.sequences(platform)
    ]
    assert len(sequences) == len(set(sequences))
    assert len(sequences) > 40


@pytest.mark.parametrize("platform", PLATFORMS)
def test_no_sequence_is_one_that_systems_and_input_methods_claim(platform: str) -> None:
    forbidden = {QKeySequence(keys).toString() for keys in CLAIMED_BY_SYSTEMS[platform]}
    used = {
        QKeySequence(keys).toString() for action in ACTIONS for keys in action.sequences(platform)
    }
    assert not used & forbidden


def test_windows_alone_closes_a_tab_by_ctrl_f4() -> None:
    assert "Ctrl+F4" in BY_NAME["close_tab"].sequences("win32")
    assert "Ctrl+F4" not in BY_NAME["close_tab"].sequences("linux")


def test_the_next_tab_on_macos_is_on_its_control_key() -> None:
    assert BY_NAME["next_tab"].sequences("darwin")[0] == "Meta+Tab"


def _is_claimed(widget: QWidget, keys: str) -> bool:
    combination = QKeySequence(keys)[0]  # type: ignore[index]  # the stubs forget it
    event = QKeyEvent(
        QEvent.Type.ShortcutOverride, combination.key(), combination.keyboardModifiers()
    )
    event.ignore()
    QApplication.sendEvent(widget, event)
    return event.isAccepted()


@pytest.mark.parametrize("kind", ["composer", "line edit", "list", "transcript"])
def test_no_pane_claims_the_window_s_sequences(
    kind: str, qtbot: QtBot, appearance: Appearance
) -> None:
    composer = Composer(appearance)
    chats = QListView()
    chats.setModel(QStringListModel(["one", "two"], chats))
    widgets: dict[str, tuple[QWidget, QWidget]] = {
        "composer": (composer, composer.editor),
        "line edit": (line := QLineEdit("some text"), line),
        "list": (chats, chats),
        "transcript": (transcript := TranscriptView(), transcript),
    }
    for one, _ in widgets.values():
        qtbot.addWidget(one)
    owner, target = widgets[kind]
    owner.show()
    target.setFocus()
    claimed = [
        keys
        for action in ACTIONS
        if not action.yields
        for keys in action.sequences("linux")
        if _is_claimed(target, keys)
    ]
    assert claimed == []


def test_undo_and_copy_pass_through_a_composer_that_has_no_use_for_them(
    qtbot: QtBot, appearance: Appearance
) -> None:
    composer = Composer(appearance)
    qtbot.addWidget(composer)
    composer.show()
    assert not _is_claimed(composer.editor, "Ctrl+Z")
    assert not _is_claimed(composer.editor, "Ctrl+C")
    QTest.keyClicks(composer.editor, "words")
    composer.editor.selectAll()
    assert _is_claimed(composer.editor, "Ctrl+Z")
    assert _is_claimed(composer.editor, "Ctrl+C")


def test_each_entry_of_the_menu_is_a_row_of_the_table() -> None:
    assert {name for name in MENU if name is not None} <= set(BY_NAME)
    assert {action.section for action in ACTIONS} <= set(SECTIONS)


def test_an_action_runs_its_handler_by_any_of_its_keys(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    ran: list[str] = []
    made = make_actions(
        window, {"new_chat": lambda: ran.append("new"), "quit": lambda: ran.append("quit")}
    )
    assert [one.toString() for one in made["new_chat"].shortcuts()] == ["Ctrl+T", "Ctrl+N"]
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    QTest.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert ran == ["new"]
    with pytest.raises(KeyError):
        make_actions(window, {"no such action": window.close})


def test_a_menu_leaves_out_what_the_window_cannot_do(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    made = make_actions(window, {"settings": window.show})
    menu = QMenu(window)
    fill_menu(menu, made)
    assert [one.text() for one in menu.actions() if not one.isSeparator()] == ["Settings"]


def test_the_sheet_lists_every_action_that_has_keys(qtbot: QtBot) -> None:
    sheet = ShortcutsSheet()
    qtbot.addWidget(sheet)
    listed = {words for section in SECTIONS for words, _ in shortcuts(section)}
    wanted = {one.text for one in ACTIONS if one.sequences() and not one.name.startswith("tab_")}
    assert wanted <= listed
    assert {"Send", "Go to tab 1 to 8"} <= listed
