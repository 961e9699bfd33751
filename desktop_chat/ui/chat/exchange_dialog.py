"""What went over the wire for an answer: the request, the answer as it came, and a command."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialog, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop_chat.domain.exchange import shown
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import PlainLabel, WrappedLabel
from desktop_chat.ui.controls.pages import Pages
from desktop_chat.ui.controls.popover import fit
from desktop_chat.ui.words.curl_text import curl_command, set_first
from desktop_chat.ui.words.numbers import number

if TYPE_CHECKING:
    from desktop_chat.domain.exchange import Exchange
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = (760, 600)
_GONE_SIZE: Final = (520, 220)
MOST_SHOWN: Final = 96 * 1024
"""Characters: more would hold the window up. A copy takes all of it."""
LONGEST_LINE: Final = 1000
"""Characters: a request is one line of JSON, which no field of text takes lightly."""
_GONE: Final = (
    "It is gone: what was sent and received is kept only while the program runs, and of very many "
    "answers the oldest is let go. Regenerate the answer to see what goes over the wire now."
)


class ExchangeDialog(QDialog):
    """Three pages to read and to copy from. Keys are in none of them."""

    def __init__(
        self, appearance: Appearance, exchange: Exchange | None, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._texts: list[str] = []
        self.setWindowTitle("Request and response")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        width, height = _SIZE if exchange is not None else _GONE_SIZE
        fit(self, appearance.scaled(width), appearance.scaled(height))
        self.setMinimumSize(420, 200)
        self.pages = Pages("Request and response")
        self.copy_button = TextButton("Copy", "primary")
        self.close_button = TextButton("Close")
        foot = QHBoxLayout()
        foot.addWidget(self.copy_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(24, 24, 24, 24)
        column.setSpacing(16)
        column.addWidget(PlainLabel("Request and response", size="h2"))
        if exchange is None:
            column.addWidget(WrappedLabel(_GONE, "soft"))
            column.addStretch(1)
            self.copy_button.hide()
        else:
            self._fill(exchange)
            column.addWidget(self.pages, 1)
        column.addLayout(foot)
        self.copy_button.clicked.connect(self._on_copy)
        self.close_button.clicked.connect(self.close)
        self.pages.currentChanged.connect(self._on_page_changed)
        self._on_page_changed(0)

    def _fill(self, exchange: Exchange) -> None:
        self._add("Request", request_text(exchange), _request_note(exchange))
        self._add("Response", answer_text(exchange), _cut(exchange.answer_cut))
        if exchange.request_cut:
            self._add("curl", "", "The request is too long to be kept whole, and to be repeated.")
        else:
            self._add("curl", curl_command(exchange), set_first(exchange))

    def _add(self, name: str, text: str, note: str) -> None:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(8)
        field = QPlainTextEdit()
        field.setReadOnly(True)
        field.setAccessibleName(name)
        field.setFont(self._appearance.code_font())
        field.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth)
        field.setTabChangesFocus(True)
        field.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        field.setPlainText(readable(text))
        if len(text) > MOST_SHOWN:
            rest = len(text) - MOST_SHOWN
            hidden = f"{number(rest)} characters more are not shown; Copy takes them along."
            note = f"{hidden} {note}".strip()
        if note:
            column.addWidget(WrappedLabel(note, "soft", "small"))
        column.addWidget(field, 1)
        self._texts.append(text)
        self.pages.addTab(page, name)

    def _on_page_changed(self, page: int) -> None:
        if self._texts:
            self.copy_button.set_words("Copy as curl" if page == len(self._texts) - 1 else "Copy")
            self.copy_button.setEnabled(bool(self._texts[page]))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._texts[self.pages.currentIndex()])


def request_text(exchange: Exchange) -> str:
    """Return a request as it was sent, secrets as dots."""
    lines = [f"{exchange.method} {shown(exchange.url)}"]
    lines += [f"{name}: {shown(words)}" for name, words in exchange.headers]
    return "\n".join((*lines, "", shown(exchange.body)))


def answer_text(exchange: Exchange) -> str:
    """Return an answer as it came."""
    if not exchange.status:
        return "No answer came."
    lines = [f"Status {exchange.status}"]
    lines += [f"{name}: {value}" for name, value in exchange.answer_headers]
    return "\n".join((*lines, "", exchange.answer))


def readable(text: str) -> str:
    """Return the start of a text, its longest lines broken where the field would stumble."""
    lines = []
    for line in text[:MOST_SHOWN].replace("\r\n", "\n").split("\n"):
        pieces = range(0, max(1, len(line)), LONGEST_LINE)
        lines += [line[at : at + LONGEST_LINE] for at in pieces]
    return "\n".join(lines)


def _request_note(exchange: Exchange) -> str:
    way = f"Sent through the proxy {exchange.passage.proxy}." if exchange.passage.proxy else ""
    return f"{way} {_cut(exchange.request_cut)}".strip()


def _cut(left_out: int) -> str:
    return f"{number(left_out)} bytes more were not kept." if left_out else ""
