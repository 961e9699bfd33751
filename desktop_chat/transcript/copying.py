"""Copies from a conversation, with all that has arrived of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QClipboard

from desktop_chat.markdown.blocks import Code
from desktop_chat.transcript import clipboard
from desktop_chat.transcript.answer import Answer

if TYPE_CHECKING:
    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.document import Document
    from desktop_chat.transcript.stage import Stage


def selected(view: Stage) -> Flavours | None:
    """Return what is selected, in every flavour."""
    view.feed.flush()
    if view.selection is None or not view.has_selection():
        return None
    return clipboard.selection_copy(view.document, view.selection)


def copy_selection(view: Stage) -> None:
    """Copy what is selected."""
    flavours = selected(view)
    if flavours is not None:
        clipboard.put(flavours)


def publish_selection(view: Stage) -> None:
    """Offer the selection to the middle mouse button, where the system knows that."""
    flavours = selected(view) if clipboard.has_primary() else None
    if flavours is not None:
        clipboard.put(flavours, QClipboard.Mode.Selection)


def copy_message(view: Stage, item_id: str) -> None:
    """Copy a whole message."""
    view.feed.flush()
    if view.document.has(item_id):
        message = view.document.messages[view.document.number(item_id)]
        clipboard.put(clipboard.message_copy(message))


def copy_last_code(view: Stage) -> None:
    """Copy the last code block of the conversation, where there is one."""
    view.feed.flush()
    code = last_code(view.document)
    if code is not None:
        clipboard.put(clipboard.code_copy(code))


def last_code(document: Document) -> Code | None:
    """Return the last code block of the conversation."""
    for message in reversed(document.messages):
        if isinstance(message, Answer):
            for block in reversed(message.blocks):
                for leaf in reversed(block.leaves):
                    if isinstance(leaf, Code):
                        return leaf
    return None
