"""Every action of the window in one table, from which menus, shortcuts and the sheet follow."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from PySide6.QtWidgets import QMenu, QWidget


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowAction:
    """One thing that a person can ask of the window.

    `mac` holds macOS's own sequences in Qt's words, where "Ctrl" is ⌘ and "Meta" is ⌃.
    """

    name: str
    text: str
    section: str
    keys: tuple[str, ...] = ()
    mac: tuple[str, ...] = ()
    windows: tuple[str, ...] = ()
    """Further sequences that Windows alone has."""
    yields: bool = False
    """A text field that can use the keys itself takes them first."""
    reading: bool = False
    """Only where the conversation has the keyboard; elsewhere the keys are left to the text."""

    def sequences(self, platform: str = sys.platform) -> tuple[str, ...]:
        """Return the key sequences on a platform (`sys.platform`'s words), the shown one first."""
        if platform == "darwin":
            return self.mac
        return self.keys + (self.windows if platform == "win32" else ())


def _same(name: str, text: str, section: str, *keys: str) -> WindowAction:
    """Make an action whose sequences are the same everywhere (⌘ in place of Ctrl)."""
    return WindowAction(name=name, text=text, section=section, keys=keys, mac=keys)


CHATS: Final = "Chats"
TABS: Final = "Tabs"
ASKING: Final = "Asking"
READING: Final = "Reading"
WINDOW: Final = "Window"
SECTIONS: Final = (CHATS, TABS, ASKING, READING, WINDOW)

ACTIONS: Final[tuple[WindowAction, ...]] = (
    _same("new_chat", "New chat", CHATS, "Ctrl+T", "Ctrl+N"),
    _same("new_temporary_chat", "New temporary chat", CHATS, "Ctrl+Shift+N"),
    _same("search_chats", "Search all chats", CHATS, "Ctrl+K"),
    _same("save_chat", "Save chat as…", CHATS, "Ctrl+S"),
    WindowAction(
        name="undo",
        text="Undo the last delete",
        section=CHATS,
        keys=("Ctrl+Z",),
        mac=("Ctrl+Z",),
        yields=True,
    ),
    WindowAction(
        name="close_tab",
        text="Close tab",
        section=TABS,
        keys=("Ctrl+W",),
        mac=("Ctrl+W",),
        windows=("Ctrl+F4",),
    ),
    _same("reopen_tab", "Reopen closed tab", TABS, "Ctrl+Shift+T"),
    WindowAction(
        name="next_tab",
        text="Next tab",
        section=TABS,
        keys=("Ctrl+Tab", "Ctrl+PgDown"),
        mac=("Meta+Tab", "Ctrl+Shift+]"),
    ),
    WindowAction(
        name="previous_tab",
        text="Previous tab",
        section=TABS,
        keys=("Ctrl+Shift+Tab", "Ctrl+PgUp"),
        mac=("Meta+Shift+Tab", "Ctrl+Shift+["),
    ),
    WindowAction(
        name="move_tab_right",
        text="Move tab right",
        section=TABS,
        keys=("Ctrl+Shift+PgDown",),
        mac=("Meta+Shift+PgDown",),
    ),
    WindowAction(
        name="move_tab_left",
        text="Move tab left",
        section=TABS,
        keys=("Ctrl+Shift+PgUp",),
        mac=("Meta+Shift+PgUp",),
    ),
    *(
        WindowAction(
            name=f"tab_{number}",
            text=f"Go to tab {number}",
            section=TABS,
            keys=(f"Ctrl+{number}", f"Alt+{number}"),
            mac=(f"Ctrl+{number}",),
        )
        for number in range(1, 9)
    ),
    WindowAction(
        name="last_tab",
        text="Go to the last tab",
        section=TABS,
        keys=("Ctrl+9", "Alt+9"),
        mac=("Ctrl+9",),
    ),
    _same("choose_model", "Choose model", ASKING, "Ctrl+L"),
    _same("parameters", "Parameters", ASKING, "Ctrl+I"),
    WindowAction(
        name="stop", text="Stop", section=ASKING, keys=("Esc",), mac=("Esc", "Ctrl+."), yields=True
    ),
    _same("regenerate", "Regenerate", ASKING, "Ctrl+R"),
    _same("regenerate_with", "Regenerate with another model", ASKING, "Ctrl+Shift+R"),
    _same("continue_answer", "Continue", ASKING, "Ctrl+Shift+Return"),
    _same("edit_question", "Edit question", ASKING, "F2"),
    WindowAction(
        name="copy", text="Copy", section=READING, keys=("Ctrl+C",), mac=("Ctrl+C",), yields=True
    ),
    _same("copy_answer", "Copy last answer", READING, "Ctrl+Shift+C"),
    _same("copy_code", "Copy last code", READING, "Ctrl+Shift+X"),
    _same("find", "Find in chat", READING, "Ctrl+F"),
    WindowAction(
        name="find_next",
        text="Find next",
        section=READING,
        keys=("F3", "Ctrl+G"),
        mac=("Ctrl+G",),
    ),
    WindowAction(
        name="find_previous",
        text="Find previous",
        section=READING,
        keys=("Shift+F3", "Ctrl+Shift+G"),
        mac=("Ctrl+Shift+G",),
    ),
    WindowAction(
        name="previous_message",
        text="Previous message",
        section=READING,
        keys=("Alt+Up",),
        mac=("Ctrl+Alt+Up",),
    ),
    WindowAction(
        name="next_message",
        text="Next message",
        section=READING,
        keys=("Alt+Down",),
        mac=("Ctrl+Alt+Down",),
    ),
    WindowAction(
        name="previous_code",
        text="Previous code block",
        section=READING,
        keys=("Alt+PgUp",),
        mac=("Ctrl+Alt+PgUp",),
    ),
    WindowAction(
        name="next_code",
        text="Next code block",
        section=READING,
        keys=("Alt+PgDown",),
        mac=("Ctrl+Alt+PgDown",),
    ),
    WindowAction(
        name="previous_version",
        text="Previous version",
        section=READING,
        keys=("Alt+Left",),
        mac=("Ctrl+Alt+Left",),
        reading=True,
    ),
    WindowAction(
        name="next_version",
        text="Next version",
        section=READING,
        keys=("Alt+Right",),
        mac=("Ctrl+Alt+Right",),
        reading=True,
    ),
    _same("next_pane", "Next pane", WINDOW, "F6"),
    _same("previous_pane", "Previous pane", WINDOW, "Shift+F6"),
    _same("toggle_sidebar", "Sidebar", WINDOW, "Ctrl+B"),
    _same("settings", "Settings", WINDOW, "Ctrl+,"),
    _same("services", "Services", WINDOW),
    _same("usage", "Usage and limits", WINDOW),
    _same("assistants", "Assistants", WINDOW),
    _same("prompts", "Prompts", WINDOW),
    _same("copy_diagnostics", "Copy diagnostics", WINDOW),
    _same("zoom_in", "Zoom in", WINDOW, "Ctrl++", "Ctrl+="),
    _same("zoom_out", "Zoom out", WINDOW, "Ctrl+-"),
    _same("zoom_reset", "Actual size", WINDOW, "Ctrl+0"),
    WindowAction(
        name="shortcuts",
        text="Keyboard shortcuts",
        section=WINDOW,
        keys=("F1", "Ctrl+/"),
        mac=("Ctrl+/", "Ctrl+?"),
    ),
    WindowAction(name="menu", text="Menu", section=WINDOW, keys=("F10",)),
    WindowAction(
        name="full_screen",
        text="Full screen",
        section=WINDOW,
        keys=("F11",),
        mac=("Meta+Ctrl+F",),
    ),
    _same("quit", "Quit", WINDOW, "Ctrl+Q"),
)

BY_NAME: Final = {action.name: action for action in ACTIONS}

KEYS_IN_PLACE: Final[tuple[tuple[str, str, str], ...]] = (
    (ASKING, "Send", "Return"),
    (ASKING, "New line", "Shift+Return"),
    (ASKING, "Your earlier questions", "Up"),
    (READING, "Jump to the end", "End"),
    (CHATS, "Open the chosen chat", "Return"),
    (CHATS, "Rename the chosen chat", "F2"),
    (CHATS, "Delete the chosen chat", "Del"),
)
"""Keys that a pane handles itself, for the sheet: section, words, sequence."""

MENU: Final[tuple[str | None, ...]] = (
    "new_chat",
    "new_temporary_chat",
    "reopen_tab",
    "save_chat",
    None,
    "edit_question",
    "regenerate",
    "continue_answer",
    "parameters",
    "copy_answer",
    "copy_code",
    "find",
    None,
    "toggle_sidebar",
    "zoom_in",
    "zoom_out",
    "zoom_reset",
    "full_screen",
    None,
    "services",
    "usage",
    "assistants",
    "prompts",
    "settings",
    "shortcuts",
    "copy_diagnostics",
    None,
    "quit",
)
"""The window's menu, from top to bottom; None stands for a line."""


def make_actions(
    window: QWidget, handlers: Mapping[str, Callable[[], object]]
) -> dict[str, QAction]:
    """Add an action for each row that has a handler to the window, and return them by name.

    Raises `KeyError` where a handler names no row.
    """
    made: dict[str, QAction] = {}
    for name, handler in handlers.items():
        row = BY_NAME[name]
        action = QAction(row.text, window)
        action.setObjectName(name)
        action.setShortcuts([QKeySequence(keys) for keys in row.sequences()])
        if row.reading:
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.setMenuRole(_ROLES.get(name, QAction.MenuRole.NoRole))
        action.triggered.connect(lambda _checked=False, run=handler: run())
        window.addAction(action)
        made[name] = action
    return made


def give_reading(made: Mapping[str, QAction], pane: QWidget) -> None:
    """Let the keys of what is done to a focused message work in a pane that shows messages."""
    pane.addActions([action for name, action in made.items() if BY_NAME[name].reading])


def fill_menu(menu: QMenu, made: Mapping[str, QAction], names: Iterable[str | None] = MENU) -> None:
    """Put actions into a menu in the order of `names`, leaving out those that were not made."""
    for name in names:
        if name is None:
            menu.addSeparator()
        elif name in made:
            menu.addAction(made[name])


def shown_keys(keys: str) -> str:
    """Return a key sequence in the words of this platform."""
    shown = QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)
    return shown.replace("Return", "Enter")


_ROLES: Final = {
    "settings": QAction.MenuRole.PreferencesRole,
    "quit": QAction.MenuRole.QuitRole,
}
