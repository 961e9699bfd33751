"""What the actions do that go from one part of the window to another."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.sidebar.sidebar import Sidebar
    from desktop_chat.ui.tabs.strip import TabStrip
    from desktop_chat.ui.tabs.tabs import Tabs
    from desktop_chat.ui.window.frame import WindowFrame


class WindowCommands:
    """The handlers of these actions, by the names that the table of actions gives them."""

    def __init__(self, frame: WindowFrame, sidebar: Sidebar, strip: TabStrip, tabs: Tabs) -> None:
        self._frame = frame
        self._sidebar = sidebar
        self._strip = strip
        self._tabs = tabs

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return a handler for each of these actions."""
        return {
            "search_chats": self._search_chats,
            "stop": self._escape,
            "edit_question": self._edit_or_rename,
            "next_pane": partial(self._step_pane, 1),
            "previous_pane": partial(self._step_pane, -1),
            "toggle_sidebar": self._frame.toggle_sidebar,
        }

    def _escape(self) -> None:
        """Take one step back: drawer, then what the tab has, then to where messages are written."""
        if self._frame.drawer_open:
            self._frame.close_drawer()
        elif self._tabs.current.escape():
            return
        self._tabs.current.focus_message()

    def _search_chats(self) -> None:
        """Go to the field over the list of chats."""
        if not self._frame.sidebar_shown:
            self._frame.toggle_sidebar()
        self._sidebar.focus_search()

    def _edit_or_rename(self) -> None:
        """Rename in the list of chats; anywhere else edit a question."""
        chats = self._sidebar.list
        tab = self._tabs.current
        focused = tab.transcript.focused_item()
        if chats.hasFocus():
            chats.rename_current()
        elif tab.transcript.hasFocus() and focused:
            tab.message_actions.run(focused, Action.EDIT)
        else:
            tab.edit_last_question()

    def _step_pane(self, by: int) -> None:
        """Move the focus to the next pane: sidebar, tabs, transcript, composer."""
        tab = self._tabs.current
        panes: list[QWidget] = [self._strip, tab.transcript, tab.composer.editor]
        if self._frame.sidebar_shown:
            panes.insert(0, self._sidebar.pane)
        panes = [pane for pane in panes if pane.isVisible()]
        here = QApplication.focusWidget()
        at = next((i for i, pane in enumerate(panes) if pane is here), -1)
        if at < 0:
            at = len(panes) - 1
        panes[(at + by) % len(panes)].setFocus(Qt.FocusReason.ShortcutFocusReason)
