"""What a copy holds: the same text in every flavour that a receiver may want.

The flavours' code is imported with the first copy: the window comes first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QClipboard, QGuiApplication

from desktop_chat.transcript.answer import Answer
from desktop_chat.transcript.message import REASONING, TEXT
from desktop_chat.transcript.plain import plain_part
from desktop_chat.transcript.selection import EVERYTHING

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Code, Table
    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.document import Document
    from desktop_chat.transcript.message import Message
    from desktop_chat.transcript.selection import Point, Selection


def put(flavours: Flavours, mode: QClipboard.Mode = QClipboard.Mode.Clipboard) -> None:
    """Put a copy on the clipboard, or into the primary selection."""
    data = QMimeData()
    data.setText(flavours.plain)
    data.setHtml(flavours.html)
    data.setData("text/markdown", flavours.markdown.encode())
    if flavours.tsv:
        data.setData("text/tab-separated-values", flavours.tsv.encode())
    QGuiApplication.clipboard().setMimeData(data, mode)


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


def message_copy(message: Message) -> Flavours:
    """Return a whole message; its reasoning is no part of it."""
    from desktop_chat.markdown.flavours import message_flavours  # noqa: PLC0415

    if isinstance(message, Answer):
        return message_flavours(message.text)
    return _plain(message.text)


def code_copy(code: Code) -> Flavours:
    """Return a code block alone."""
    from desktop_chat.markdown.flavours import code_flavours  # noqa: PLC0415

    return code_flavours("\n".join(code.lines), code.language)


def table_copy(table: Table) -> Flavours:
    """Return a table alone."""
    from desktop_chat.markdown.flavours import table_flavours  # noqa: PLC0415

    return table_flavours(table)


def selection_copy(document: Document, selection: Selection) -> Flavours:
    """Return exactly what is selected, message after message."""
    first, last = selection.first, selection.last
    parts: list[Flavours] = []
    for number in range(first.message, last.message + 1):
        message = document.messages[number]
        start = first.place if number == first.message else None
        end = last.place if number == last.message else None
        if selection.in_reasoning:
            parts.append(_reasoning_part(message, first, last))
        else:
            begin = (start.block, start.offset) if start and start.part == TEXT else (0, 0)
            parts.append(_part(message, begin, (end.block, end.offset) if end else None))
    return _joined([part for part in parts if part.plain])


def _part(message: Message, start: tuple[int, int], end: tuple[int, int] | None) -> Flavours:
    if isinstance(message, Answer):
        return _answer_part(message, start, end)
    leaves = message.blocks[0].leaves
    return _plain(plain_part(leaves, start[1], end[1] if end else EVERYTHING))


def _answer_part(message: Answer, start: tuple[int, int], end: tuple[int, int] | None) -> Flavours:
    from desktop_chat.markdown.flavours import message_flavours, part_flavours  # noqa: PLC0415

    stream = message.stream
    if end is None and start == (0, 0):
        return message_flavours(message.text)
    if not stream.blocks:
        return _joined([])
    stop = end or (len(stream.blocks) - 1, EVERYTHING)
    return part_flavours(stream.blocks, stream.source, start, stop)


def _reasoning_part(message: Message, first: Point, last: Point) -> Flavours:
    fold = message.fold if isinstance(message, Answer) else None
    if fold is None:
        return _joined([])
    assert first.place.part == REASONING  # noqa: S101
    leaves = fold.blocks.blocks[0].leaves
    return _plain(plain_part(leaves, first.place.offset, last.place.offset))


def _plain(text: str) -> Flavours:
    import html  # noqa: PLC0415

    from desktop_chat.markdown.flavours import Flavours  # noqa: PLC0415

    lines = html.escape(text).replace("\n", "<br>")
    return Flavours(text, f'<p style="white-space: pre-wrap">{lines}</p>', text)


def _joined(parts: list[Flavours]) -> Flavours:
    from desktop_chat.markdown.flavours import Flavours  # noqa: PLC0415

    if len(parts) == 1:
        return parts[0]
    return Flavours(
        "\n\n".join(part.plain.strip("\n") for part in parts),
        "\n".join(part.html for part in parts),
        "\n\n".join(part.markdown.strip("\n") for part in parts),
    )
