"""Finding in one chat: joins the bar to what finds in the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desktop_chat.transcript.spoken import assistive
from desktop_chat.ui.find.bar import NOTHING, FindBar

if TYPE_CHECKING:
    from PySide6.QtWidgets import QVBoxLayout

    from desktop_chat.transcript.find.query import Query
    from desktop_chat.transcript.view import TranscriptView
    from desktop_chat.ui.look.appearance import Appearance

_ANNOUNCE_MS: Final = 700


class Finding(QObject):
    """Opens and closes the bar over one transcript, and shows in it what was found."""

    left = Signal()
    """The focus has nowhere to go back to."""
    elsewhere_wished = Signal(str)

    def __init__(
        self,
        appearance: Appearance,
        transcript: TranscriptView,
        tab: QWidget,
        column: QVBoxLayout,
    ) -> None:
        super().__init__(tab)
        self._transcript = transcript
        self._column = column
        self._before: QWidget | None = None
        """What had the focus."""
        self._finder = transcript.finder
        self.bar = FindBar(appearance, tab)
        self.bar.hide()
        column.insertWidget(0, self.bar)
        self._announcement = QTimer(self)
        self._announcement.setSingleShot(True)
        self._announcement.setInterval(_ANNOUNCE_MS)
        self._announcement.timeout.connect(self._on_announcement)
        self.bar.query_changed.connect(self._on_query_changed)
        self.bar.step_wished.connect(self.step)
        self.bar.closed.connect(self.close)
        self.bar.elsewhere_wished.connect(self.elsewhere_wished)
        self._finder.changed.connect(self._on_found_changed)

    @property
    def active(self) -> bool:
        """Whether the bar is open."""
        return not self.bar.isHidden()

    def open(self) -> None:
        """Open the bar with the selected words, or with those of the last time."""
        words = self._transcript.chosen_words()
        was_active = self.active
        if not was_active:
            self._before = QApplication.focusWidget()
            self._show(shown=True)
        field = self.bar.field
        if words and words != field.text():
            field.setText(words)
        elif not was_active:
            self._on_query_changed(self.bar.query)
        field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        field.selectAll()

    def step(self, by: int) -> None:
        """Show the next (1) or previous (-1) hit; without anything to find, ask what."""
        if not self.active:
            self.open()
            if not self.bar.field.text():
                return
        self._finder.step(by)
        self._announcement.start()

    def close(self) -> bool:
        """Close the bar: the hit stays selected. Whether it was open."""
        if not self.active:
            return False
        focused = self.bar.isAncestorOf(QApplication.focusWidget() or self._transcript)
        self._announcement.stop()
        if focused:
            # Before the field is hidden: else the focus visits whatever comes next.
            self._give_focus_back()
        self.bar.say("")
        self._show(shown=False)
        self._transcript.select_hit()
        self._finder.clear()
        if QApplication.focusWidget() is None:
            self._give_focus_back()
        return True

    def _on_query_changed(self, query: Query) -> None:
        self._finder.search(query)
        self._announcement.start()

    def _on_found_changed(self) -> None:
        finder, bar = self._finder, self.bar
        bar.show_count(finder.number, finder.count, more=not finder.done or finder.full)
        nothing = bool(finder.query.term) and finder.done and not finder.count
        fault = finder.fault
        if fault or nothing:
            bar.say(fault or NOTHING, elsewhere=not fault, fault=bool(fault))
        else:
            bar.say("")

    def _on_announcement(self) -> None:
        """Say what was found, once the person pauses."""
        words = self.bar.words.label.text() or self.bar.field.count
        if words and self.active:
            assistive.announce(self._transcript, words)

    def _show(self, *, shown: bool) -> None:
        """Show or hide the bar; the text stays where it stands on the screen."""
        before = self._transcript.mapTo(self.bar.window(), self._transcript.rect().topLeft()).y()
        self.bar.setVisible(shown)
        self._column.activate()
        after = self._transcript.mapTo(self.bar.window(), self._transcript.rect().topLeft()).y()
        self._transcript.moved_down(after - before)

    def _give_focus_back(self) -> None:
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.left.emit()
