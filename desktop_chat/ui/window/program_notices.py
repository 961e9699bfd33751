"""What concerns the whole program, in the bar under the tabs, until it is solved or put away."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.transcript.items import Action
from desktop_chat.ui.words.error_actions import actions
from desktop_chat.ui.words.error_text import sentence

if TYPE_CHECKING:
    from desktop_chat.domain.spending import Cap, CapState
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.window.notice_bar import NoticeBar


class ProgramNotices(QObject):
    """Turns failures of the program into notices, and their buttons into deeds."""

    usage_wished = Signal()

    def __init__(self, core: Core, bar: NoticeBar) -> None:
        super().__init__(bar)
        self._core = core
        self._bar = bar
        self._failures: dict[str, Failure] = {}
        self._warned: set[Cap] = set()
        core.noticed.connect(self.show)
        core.solved.connect(self._on_solved)
        core.spending_warned.connect(self._on_spending_warned)
        bar.button_pressed.connect(self._on_button_pressed)

    def show(self, failure: Failure) -> None:
        """Show a failure, once for its kind and the file that it speaks of."""
        key = f"{failure.kind.value} {failure.target}".rstrip()
        self._failures[key] = failure
        buttons = [one.value for one in actions(failure, has_text=False) if one in _OFFERED]
        self._bar.show_notice(key, sentence(failure), buttons)

    def _on_spending_warned(self, state: CapState) -> None:
        """Say that a limit to spending is near; a new limit or a new day takes it away."""
        from desktop_chat.ui.words.money_text import warning_sentence  # noqa: PLC0415 - not at start

        if not self._warned:
            self._core.spending.caps_changed.connect(self._on_caps_changed)
            self._core.spending.eased.connect(self._on_eased)
        self._warned.add(state.cap)
        provider = self._core.preferences.provider(state.cap.provider_id)
        text = warning_sentence(state, provider.name if provider is not None else "")
        self._bar.show_notice(_key_of(state.cap), text, (Action.USAGE.value,))

    def _on_caps_changed(self) -> None:
        for cap in self._warned:
            self._bar.remove(_key_of(cap))

    def _on_eased(self, cap: Cap) -> None:
        self._bar.remove(_key_of(cap))

    def _on_solved(self) -> None:
        full = ErrorKind.DISK_FULL
        for key in [key for key, one in self._failures.items() if one.kind is full]:
            del self._failures[key]
            self._bar.remove(key)

    def _on_button_pressed(self, key: str, label: str) -> None:
        if label == Action.USAGE.value:
            self.usage_wished.emit()
        failure = self._failures.get(key)
        if failure is not None and label == Action.OPEN_FOLDER.value and failure.target:
            from desktop_chat.ui.opening import open_folder  # noqa: PLC0415 - not at start

            open_folder(Path(failure.target).parent)


_OFFERED = frozenset({Action.OPEN_FOLDER, Action.USAGE})


def _key_of(cap: Cap) -> str:
    return f"spending {cap.period} {cap.provider_id}"
