"""The system's clipboard: one copy in every flavour that a receiver may want.

The flavours' code is imported with the first copy: the window comes first.
"""

from __future__ import annotations

import atexit
from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop_chat.markdown.blocks import is_right_to_left
from desktop_chat.transcript.messages.answer import Answer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.markdown.blocks import Code, Table
    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.messages.message import Message


def put(flavours: Flavours) -> None:
    """Put a copy on the clipboard."""
    QGuiApplication.clipboard().setMimeData(mime(flavours))


def put_slow(data: QMimeData, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
    """Put a copy that is read later on the clipboard, or into the primary selection."""
    _let_go_at_exit()
    QGuiApplication.clipboard().setMimeData(data, mode)


@cache
def _let_go_at_exit() -> None:
    """Qt's clipboard outlives Python, which a copy that is read later needs: then it crashed."""
    atexit.register(_let_go)


def _let_go() -> None:
    if QGuiApplication.instance() is None:
        return
    board = QGuiApplication.clipboard()
    data = board.mimeData()
    # Qt's own are no subclass in Python.
    if type(data) is not QMimeData and data is not None:
        kept = QMimeData()
        for kind in data.formats():
            kept.setData(kind, data.data(kind))
        board.setMimeData(kept)
    if board.supportsSelection() and board.ownsSelection():
        board.clear(QClipboard.Mode.Selection)


def mime(flavours: Flavours) -> QMimeData:
    """Return a copy as Qt hands it to other programs, by the clipboard or by dragging."""
    data = QMimeData()
    data.setText(flavours.plain)
    data.setHtml(html_document(flavours.html))
    data.setData("text/markdown", flavours.markdown.encode())
    if flavours.tsv:
        data.setData("text/tab-separated-values", flavours.tsv.encode())
    return data


def html_document(fragment: str) -> str:
    """Return HTML that says how it is encoded: on X11 some receivers guess, and guess wrong."""
    return f'<meta http-equiv="content-type" content="text/html; charset=utf-8">{fragment}'


def put_text(text: str, kind: str = "") -> None:
    """Put plain text alone on the clipboard, and again under the name of what it is."""
    data = QMimeData()
    data.setText(text)
    if kind:
        data.setData(kind, text.encode())
    QGuiApplication.clipboard().setMimeData(data)


def has_primary() -> bool:
    """Whether the system has a primary selection, as X11 does."""
    return QGuiApplication.clipboard().supportsSelection()


def primary_text() -> str:
    """Return the text of the primary selection, whoever made it."""
    return QGuiApplication.clipboard().text(QClipboard.Mode.Selection) if has_primary() else ""


def message_copy(message: Message) -> Flavours:
    """Return a whole message; its reasoning is no part of it."""
    from desktop_chat.markdown.flavours import message_flavours  # noqa: PLC0415

    if isinstance(message, Answer):
        return message_flavours(message.text, dollar_maths=message.dollar_maths)
    return plain(message.text)


def code_copy(code: Code) -> Flavours:
    """Return a code block alone."""
    from desktop_chat.markdown.flavours import code_flavours  # noqa: PLC0415

    return code_flavours("\n".join(code.lines), code.language)


def table_copy(table: Table) -> Flavours:
    """Return a table alone."""
    from desktop_chat.markdown.flavours import table_flavours  # noqa: PLC0415

    return table_flavours(table)


def plain(text: str) -> Flavours:
    """Return text that is not markdown."""
    import html  # noqa: PLC0415

    from desktop_chat.markdown.flavours import Flavours  # noqa: PLC0415

    lines = html.escape(text).replace("\n", "<br>")
    turn = ' dir="rtl"' if is_right_to_left(text) else ""
    return Flavours(text, f'<p{turn} style="white-space:pre-wrap">{lines}</p>', text)


def joined(parts: Sequence[Flavours]) -> Flavours:
    """Return several copies as one, one after the other."""
    from desktop_chat.markdown.flavours import Flavours  # noqa: PLC0415

    if len(parts) == 1:
        return parts[0]
    return Flavours(
        "\n\n".join(part.plain.strip("\n") for part in parts),
        "\n".join(part.html for part in parts),
        "\n\n".join(part.markdown.strip("\n") for part in parts),
    )
