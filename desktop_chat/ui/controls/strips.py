"""The strips above the composer: what concerns this chat alone, in one line with its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QLocale, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import ElidedLabel
from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.look.style import polish_again

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.controls.labels import PlainLabel

_FLASH_MS: Final = 350
_QUOTED: Final = 60
"""How much of a queued question its strip shows, in characters."""


class Strip(QFrame):
    """One line of text that may elide, and its buttons."""

    pressed = Signal(str)
    """str: the words of the button"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("look", "strip")
        self._label = self.make_label()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(12, 2, 4, 2)
        self._row.setSpacing(4)
        self._row.addWidget(self._label, 1)
        self._buttons: list[TextButton] = []
        self._flash = QTimer(self, singleShot=True, interval=_FLASH_MS)
        self._flash.timeout.connect(self._on_flash_over)
        self.hide()

    @property
    def text(self) -> str:
        """The words that are shown."""
        return self._label.text()

    def make_label(self) -> PlainLabel:
        """Return what shows the text: here, one line."""
        label = ElidedLabel(ink="soft")
        label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        return label

    def say(self, text: str, buttons: Sequence[str]) -> None:
        """Show a text with these buttons, the first as the one that is meant."""
        self._label.setText(text)
        self._label.setToolTip(plain_tooltip(text))
        self.setAccessibleName(text)
        if [one.accessibleName() for one in self._buttons] != list(buttons):
            self._replace_buttons(buttons)
        self.show()

    def button(self, words: str) -> TextButton:
        """Return the button of these words."""
        return next(one for one in self._buttons if one.accessibleName() == words)

    def flash(self) -> None:
        """Draw the eye once."""
        self._set_flashing(on=True)
        self._flash.start()

    @Slot()
    def _on_flash_over(self) -> None:
        self._set_flashing(on=False)

    def _replace_buttons(self, buttons: Sequence[str]) -> None:
        for old in self._buttons:
            self._row.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for place, words in enumerate(buttons):
            button = TextButton(words, "quiet" if place else "strong", self)
            button.setAccessibleName(words)
            button.clicked.connect(self._on_clicked)
            self._row.addWidget(button)
            self._buttons.append(button)

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, TextButton):
            self.pressed.emit(button.accessibleName())

    def _set_flashing(self, *, on: bool) -> None:
        self.setProperty("flash", on)
        polish_again(self)


class QueueStrip(Strip):
    """Tells of the one question that waits: for this answer's end, or for the network."""

    send_requested = Signal()
    edit_requested = Signal()
    cancel_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pressed.connect(self._on_pressed)

    def show_question(self, text: str, *, offline: bool) -> None:
        """Show the question that waits; an empty text: none does."""
        if not text:
            self.hide()
        elif offline:
            self.say("Sent when the network is back", ("Cancel",))
        else:
            line = " ".join(text.split())
            short = line if len(line) <= _QUOTED else line[: _QUOTED - 1].rstrip() + "…"
            self.say(f"Sent when this answer ends: “{short}”", ("Send now", "Edit"))

    @Slot(str)
    def _on_pressed(self, words: str) -> None:
        signals = {
            "Send now": self.send_requested,
            "Edit": self.edit_requested,
            "Cancel": self.cancel_requested,
        }
        signals[words].emit()


class KeyStrip(Strip):
    """Holds a pasted key back until the person said what it is for."""

    kept = Signal(str)
    """str: the key, for the keyring"""
    inserted = Signal(str)
    """str: what was pasted, meant as text after all"""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = ""
        self.pressed.connect(self._on_pressed)

    def hold(self, text: str, service: str) -> None:
        """Ask about a text that looks like a key; `service` is empty where several share it."""
        self._text = text
        self.say(
            f"This looks like {a_key(service)}. Keep it in the keyring instead of sending it?",
            ("Keep in keyring", "Send as text"),
        )

    def drop(self) -> None:
        """Forget what was pasted."""
        self._text = ""
        self.hide()

    @Slot(str)
    def _on_pressed(self, words: str) -> None:
        text = self._text
        self.drop()
        if words == "Send as text":
            self.inserted.emit(text)
        else:
            self.kept.emit(text.strip())


def moment(created_ms: int) -> str:
    """Return when something was, as short as it is clear: the time, with the day if not today."""
    when = QDateTime.fromMSecsSinceEpoch(created_ms)
    locale = QLocale()
    clock = locale.toString(when.time(), QLocale.FormatType.ShortFormat)
    if when.date() == QDateTime.currentDateTime().date():
        return clock
    return f"{locale.toString(when.date(), QLocale.FormatType.ShortFormat)}, {clock}"


def a_key(service: str) -> str:
    """Return "a Groq key", "an OpenAI key", or "an API key" where the service is not known."""
    if not service:
        return "an API key"
    article = "an" if service[0] in "AEIOUaeiox" else "a"
    return f"{article} {service} key"
