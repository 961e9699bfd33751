"""What each action of the window does."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QMenu

from desktop_chat.domain.chat import Role
from desktop_chat.transcript.items import Action
from desktop_chat.ui.zoom import Zoom

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.main_window import MainWindow


class WindowCommands:
    """The handlers of the actions, by the names that the table of actions gives them."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._zoom = Zoom(window.appearance)

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return a handler for each action that the window has."""
        window, tabs = self._window, self._window.tabs
        table: dict[str, Callable[[], object]] = {
            "new_chat": tabs.open_new,
            "new_temporary_chat": partial(tabs.open_new, temporary=True),
            "search_chats": self.search_chats,
            "undo": window.changes.undo,
            "close_tab": tabs.close_current,
            "reopen_tab": tabs.reopen,
            "next_tab": partial(tabs.step, 1),
            "previous_tab": partial(tabs.step, -1),
            "move_tab_right": partial(tabs.move, 1),
            "move_tab_left": partial(tabs.move, -1),
            "last_tab": tabs.choose_last,
            "choose_model": self.choose_model,
            "stop": self.escape,
            "regenerate": partial(self._answer, Action.REGENERATE),
            "regenerate_with": self.regenerate_with,
            "continue_answer": partial(self._answer, Action.CONTINUE),
            "edit_question": self.edit_or_rename,
            "copy": self.copy,
            "copy_answer": self.copy_answer,
            "copy_code": self.copy_code,
            "previous_message": lambda: tabs.current.transcript.step_message(-1),
            "next_message": lambda: tabs.current.transcript.step_message(1),
            "previous_code": lambda: tabs.current.transcript.step_code(-1),
            "next_code": lambda: tabs.current.transcript.step_code(1),
            "previous_version": partial(self.step_version, -1),
            "next_version": partial(self.step_version, 1),
            "next_pane": partial(self.step_pane, 1),
            "previous_pane": partial(self.step_pane, -1),
            "toggle_sidebar": window.frame.toggle_sidebar,
            "settings": window.dialogs.open_settings,
            "services": window.dialogs.open_services,
            "zoom_in": partial(self._zoom.step, 1),
            "zoom_out": partial(self._zoom.step, -1),
            "zoom_reset": self._zoom.reset,
            "shortcuts": window.dialogs.open_shortcuts,
            "menu": window.open_menu,
            "full_screen": self.toggle_full_screen,
            "quit": window.close,
        }
        for number in range(1, 9):
            table[f"tab_{number}"] = partial(tabs.choose, number - 1)
        return table

    def escape(self) -> None:
        """Take one step back: drawer, then what the tab has, then to where messages are written."""
        if self._window.frame.drawer_open:
            self._window.frame.close_drawer()
        elif self._window.tabs.current.escape():
            return
        self._window.tabs.current.focus_message()

    def choose_model(self) -> None:
        """Let the person choose a model for the shown chat."""
        self._window.tabs.current.open_picker()

    def copy_code(self) -> None:
        """Copy the last code block."""
        self._window.tabs.current.transcript.copy_last_code()

    def search_chats(self) -> None:
        """Go to the field over the list of chats."""
        if not self._window.frame.sidebar_shown:
            self._window.frame.toggle_sidebar()
        self._window.sidebar.focus_search()

    def edit_or_rename(self) -> None:
        """Rename in the list of chats; anywhere else edit a question."""
        chats = self._window.sidebar.list
        tab = self._window.tabs.current
        focused = tab.transcript.focused_item()
        if chats.hasFocus():
            chats.rename_current()
        elif tab.transcript.hasFocus() and focused:
            tab.message_actions.run(focused, Action.EDIT)
        else:
            tab.edit_last_question()

    def step_version(self, step: int) -> None:
        """Show another version of the focused message, or else of the last answer."""
        tab = self._window.tabs.current
        messages = tab.session.messages
        focused = tab.transcript.focused_item() if tab.transcript.hasFocus() else ""
        if focused or messages:
            tab.session.show_version(focused or messages[-1].id, step)

    def copy(self) -> None:
        """Copy what is selected in the transcript."""
        self._window.tabs.current.transcript.copy()

    def copy_answer(self) -> None:
        """Copy the selection, or else the last answer."""
        tab = self._window.tabs.current
        if tab.transcript.has_selection():
            tab.transcript.copy()
            return
        answers = [one.id for one in tab.session.messages if one.role is Role.ASSISTANT]
        if answers:
            tab.transcript.copy_item(answers[-1])

    def regenerate_with(self) -> None:
        """Offer the models used last to answer again with."""
        tab = self._window.tabs.current
        messages = tab.session.messages
        if not messages or messages[-1].role is not Role.ASSISTANT or tab.session.busy:
            return
        menu = QMenu(self._window)
        preferences = self._window.core.preferences
        for choice in self._window.core.library.recent_choices():
            provider = preferences.provider(choice.provider_id)
            if provider is None:
                continue
            words = f"{choice.model} · {provider.name}".replace("&", "&&")
            again = partial(tab.session.regenerate, messages[-1].id, choice)
            menu.addAction(words).triggered.connect(
                lambda _checked=False, again=again: tab.feed.ask(again)
            )
        chip = tab.composer.chip
        menu.popup(chip.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def step_pane(self, by: int) -> None:
        """Move the focus to the next pane: sidebar, tabs, transcript, composer."""
        tab = self._window.tabs.current
        panes: list[QWidget] = [self._window.strip, tab.transcript, tab.composer.editor]
        if self._window.frame.sidebar_shown:
            panes.insert(0, self._window.sidebar.pane)
        panes = [pane for pane in panes if pane.isVisible()]
        here = QApplication.focusWidget()
        at = next((i for i, pane in enumerate(panes) if pane is here), -1)
        if at < 0:
            at = len(panes) - 1
        panes[(at + by) % len(panes)].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def toggle_full_screen(self) -> None:
        """Fill the screen, or come back."""
        if self._window.isFullScreen():
            self._window.showNormal()
        else:
            self._window.showFullScreen()

    def _answer(self, action: Action) -> None:
        self._window.tabs.current.run_on_last_answer(action)
