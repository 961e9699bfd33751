"""What the actions do that concern the open chats and the shown one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QMenu

from desktop_chat.domain.chat import Role
from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.tabs import Tabs


class ChatCommands:
    """The handlers of these actions, by the names that the table of actions gives them."""

    def __init__(self, tabs: Tabs, core: Core) -> None:
        self._tabs = tabs
        self._core = core

    def handlers(self) -> dict[str, Callable[[], object]]:
        """Return a handler for each of these actions."""
        tabs = self._tabs
        table: dict[str, Callable[[], object]] = {
            "new_chat": tabs.open_new,
            "new_temporary_chat": partial(tabs.open_new, temporary=True),
            "close_tab": tabs.close_current,
            "reopen_tab": tabs.reopen,
            "next_tab": partial(tabs.step, 1),
            "previous_tab": partial(tabs.step, -1),
            "move_tab_right": partial(tabs.move, 1),
            "move_tab_left": partial(tabs.move, -1),
            "last_tab": tabs.choose_last,
            "choose_model": self._choose_model,
            "regenerate": partial(self._answer, Action.REGENERATE),
            "regenerate_with": self._regenerate_with,
            "continue_answer": partial(self._answer, Action.CONTINUE),
            "copy": self._copy,
            "copy_answer": self._copy_answer,
            "copy_code": self._copy_code,
            "previous_message": lambda: tabs.current.transcript.step_message(-1),
            "next_message": lambda: tabs.current.transcript.step_message(1),
            "previous_code": lambda: tabs.current.transcript.step_code(-1),
            "next_code": lambda: tabs.current.transcript.step_code(1),
            "previous_version": partial(self._step_version, -1),
            "next_version": partial(self._step_version, 1),
        }
        for number in range(1, 9):
            table[f"tab_{number}"] = partial(tabs.choose, number - 1)
        return table

    def _choose_model(self) -> None:
        """Let the person choose a model for the shown chat."""
        self._tabs.current.open_picker()

    def _copy_code(self) -> None:
        """Copy the last code block."""
        self._tabs.current.transcript.copy_last_code()

    def _step_version(self, step: int) -> None:
        """Show another version of the focused message, or else of the last answer."""
        tab = self._tabs.current
        messages = tab.session.messages
        focused = tab.transcript.focused_item() if tab.transcript.hasFocus() else ""
        if focused or messages:
            tab.session.show_version(focused or messages[-1].id, step)

    def _copy(self) -> None:
        """Copy what is selected in the transcript."""
        self._tabs.current.transcript.copy()

    def _copy_answer(self) -> None:
        """Copy the selection, or else the last answer."""
        tab = self._tabs.current
        if tab.transcript.has_selection():
            tab.transcript.copy()
            return
        answers = [one.id for one in tab.session.messages if one.role is Role.ASSISTANT]
        if answers:
            tab.transcript.copy_item(answers[-1])

    def _regenerate_with(self) -> None:
        """Offer the models used last to answer again with."""
        tab = self._tabs.current
        messages = tab.session.messages
        if not messages or messages[-1].role is not Role.ASSISTANT or tab.session.busy:
            return
        menu = QMenu(tab)
        preferences = self._core.preferences
        for choice in self._core.library.recent_choices():
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

    def _answer(self, action: Action) -> None:
        self._tabs.current.run_on_last_answer(action)
