"""What the actions do that concern the open chats and the shown one."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint

from desktop_chat.domain.chat import Role
from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.runtime.core import Core
    from desktop_chat.transcript.input.code_acts import FileOffer
    from desktop_chat.ui.chat.file_saving import FileSaving
    from desktop_chat.ui.tabs.tabs import Tabs
    from desktop_chat.ui.window.notice_bar import NoticeBar


class ChatCommands:
    """The handlers of these actions, by the names that the table of actions gives them."""

    def __init__(self, tabs: Tabs, core: Core, notices: NoticeBar) -> None:
        self._tabs = tabs
        self._core = core
        self._notices = notices
        self._saving: FileSaving | None = None

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
            "parameters": lambda: tabs.current.open_parameters(),  # noqa: PLW0108 - as below
            "regenerate": partial(self._answer, Action.REGENERATE),
            "regenerate_with": self._regenerate_with,
            "continue_answer": partial(self._answer, Action.CONTINUE),
            "save_chat": self.save_chat,
            "copy": self._copy,
            "copy_answer": self._copy_answer,
            "copy_code": self._copy_code,
            "find": lambda: tabs.current.open_find(),  # noqa: PLW0108 - of the tab shown then
            "find_next": lambda: tabs.current.finding.step(1),
            "find_previous": lambda: tabs.current.finding.step(-1),
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

    def save_chat(self) -> None:
        """Save the shown chat as a markdown file."""
        tab = self._tabs.current
        if tab.session.is_empty:
            return
        title = tab.session.title
        self._file_saving().ask(title, tab.transcript.whole_chat(title))

    def save_code(self, offer: FileOffer) -> None:
        """Save a code block as a file of its language."""
        stem, dot, ending = offer.name.partition(".")
        kinds = f"{offer.kind} (*.{ending})" if dot else offer.kind
        self._file_saving().ask(stem, lambda: offer.text, dot + ending, kinds)

    def _file_saving(self) -> FileSaving:
        if self._saving is None:
            from desktop_chat.ui.chat.file_saving import FileSaving  # noqa: PLC0415 - not at start

            self._saving = FileSaving(self._tabs.current.window())
            self._saving.failed.connect(partial(self._notices.show_notice, "save"))
        return self._saving

    def _choose_model(self) -> None:
        """Let the person choose a model for the shown chat."""
        self._tabs.current.open_picker()

    def _copy_code(self) -> None:
        """Copy the last code block."""
        self._tabs.current.transcript.copy_last_code()

    def _step_version(self, step: int) -> None:
        """Show another version of the message that the keyboard is in."""
        tab = self._tabs.current
        focused = tab.transcript.focused_item() if tab.transcript.hasFocus() else ""
        if focused:
            tab.session.show_version(focused, step)

    def _copy(self) -> None:
        """Copy what is selected in the transcript."""
        self._tabs.current.transcript.copy()

    def _copy_answer(self) -> None:
        """Copy the selection, or else the last answer."""
        tab = self._tabs.current
        if tab.transcript.has_selection():
            tab.transcript.copy()
            return
        answers = (one for one in reversed(tab.session.messages) if one.role is Role.ASSISTANT)
        if (answer := next(answers, None)) is not None:
            tab.transcript.copy_item(answer.id)

    def _regenerate_with(self) -> None:
        """Offer the models used last to answer again with."""
        from desktop_chat.ui.chat.message_menus import regenerate_menu  # noqa: PLC0415 - not at start

        tab = self._tabs.current
        messages = tab.session.messages
        if not messages or messages[-1].role is not Role.ASSISTANT or tab.session.busy:
            return
        menu = regenerate_menu(tab.message_actions, self._core, messages[-1].id, tab)
        chip = tab.composer.chip
        menu.popup(chip.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def _answer(self, action: Action) -> None:
        self._tabs.current.run_on_last_answer(action)
