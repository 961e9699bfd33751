"""Copies from a conversation, with all that has arrived of it."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtGui import QClipboard

from desktop_chat.markdown.blocks import Code, Table
from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.text.languages import is_formula

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Target


class Kind(Enum):
    """One flavour by itself, as a menu names it."""

    MARKDOWN = "Markdown"
    PLAIN = "Plain text"
    HTML = "HTML"
    CSV = "CSV"
    TSV = "Cells (TSV)"


def selected(view: Stage) -> Flavours | None:
    """Return what is selected, in every flavour."""
    from desktop_chat.transcript.copying import gathering  # noqa: PLC0415 - with the first copy

    view.feed.flush()
    if view.selection is None or not view.has_selection():
        return None
    return gathering.gather(view.document, view.selection)


def message(view: Stage, item_id: str) -> Flavours | None:
    """Return a whole message, in every flavour."""
    view.feed.flush()
    if not view.document.has(item_id):
        return None
    return clipboard.message_copy(view.document.messages[view.document.number(item_id)])


def is_table(view: Stage) -> bool:
    """Whether what is selected is a part of one table."""
    held = view.selection
    if held is None or not view.has_selection():
        return False
    first, last = held.first, held.last
    if first[:1] + first.place[:2] != last[:1] + last.place[:2] or first.place.part != TEXT:
        return False
    blocks = view.document.messages[first.message].blocks
    leaves = blocks[first.place.block].leaves if first.place.block < len(blocks) else []
    return len(leaves) == 1 and isinstance(leaves[0], Table)


def copy(view: Stage, read: Callable[[], Flavours | None], shown_by: Target | None = None) -> None:
    """Copy in every flavour, and say that it happened."""
    flavours = read()
    if flavours is not None:
        clipboard.put(flavours)
        view.copied.emit(shown_by)


def copy_as(
    view: Stage,
    read: Callable[[], Flavours | None],
    kind: Kind,
    shown_by: Target | None = None,
) -> None:
    """Copy one flavour as text, and say that it happened."""
    flavours = read()
    if flavours is None:
        return
    match kind:
        case Kind.MARKDOWN:
            clipboard.put_text(flavours.markdown)
        case Kind.PLAIN:
            clipboard.put_text(flavours.plain)
        case Kind.HTML:
            clipboard.put_text(flavours.html)
        case Kind.CSV:
            clipboard.put_text(flavours.csv, "text/csv")
        case Kind.TSV:
            clipboard.put_text(flavours.tsv, "text/tab-separated-values")
    view.copied.emit(shown_by)


def copy_chat(view: Stage, shown_by: Target | None = None) -> None:
    """Copy the whole conversation as markdown."""
    from desktop_chat.transcript.copying.whole_chat import chat_copy  # noqa: PLC0415 - rarely wanted

    view.feed.flush()
    clipboard.put_slow(chat_copy(view.document))
    view.copied.emit(shown_by)


def copy_selection(view: Stage) -> None:
    """Copy what is selected."""
    from desktop_chat.transcript.copying import gathering  # noqa: PLC0415 - with the first copy

    view.feed.flush()
    held = view.selection
    if held is None or not view.has_selection() or gathering.is_small(view.document, held):
        copy(view, lambda: selected(view))
        return
    clipboard.put_slow(gathering.slow_copy(view.document, held, ahead=True))
    view.copied.emit(None)


def publish_selection(view: Stage) -> None:
    """Offer the selection to the middle mouse button, where the system knows that."""
    from desktop_chat.transcript.copying import gathering  # noqa: PLC0415 - with the first copy

    view.feed.flush()
    if view.selection is None or not view.has_selection() or not clipboard.has_primary():
        return
    # Hardly ever asked for.
    found = gathering.slow_copy(view.document, view.selection, ahead=False)
    clipboard.put_slow(found, QClipboard.Mode.Selection)


def copy_message(view: Stage, item_id: str, shown_by: Target | None = None) -> None:
    """Copy a whole message."""
    copy(view, lambda: message(view, item_id), shown_by)


def copy_last_code(view: Stage) -> None:
    """Copy the last code block of the conversation, where there is one."""
    view.feed.flush()
    code = last_code(view.document)
    if code is not None:
        clipboard.put(clipboard.code_copy(code))
        view.copied.emit(None)


def last_code(document: Document) -> Code | None:
    """Return the last code block of the conversation."""
    for message in reversed(document.messages):
        if isinstance(message, Answer):
            for block in reversed(message.blocks):
                for leaf in reversed(block.leaves):
                    if isinstance(leaf, Code) and not is_formula(leaf):
                        return leaf
    return None
