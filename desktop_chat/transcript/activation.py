"""What pressing a target does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import Code
from desktop_chat.transcript import clipboard
from desktop_chat.transcript.answer import Answer
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.transcript.view import TranscriptView

OPENED: Final = ("http", "https", "mailto")


def activate(view: TranscriptView, target: Target) -> None:
    """Do what a target stands for; what concerns more than the transcript is only told."""
    match target.kind:
        case Kind.LINK:
            if target.href.partition(":")[0].lower() in OPENED:
                view.link_activated.emit(target.href)
        case Kind.ACTION if target.action is Action.COPY:
            view.copy_item(target.item_id)
            view.confirm(target)
        case Kind.ACTION:
            view.action_requested.emit(target.item_id, target.action)
        case Kind.COPY_CODE:
            _copy_code(view, target)
        case Kind.COPY_DETAILS:
            _copy_details(view, target)
        case Kind.REASONING | Kind.DETAILS:
            _toggle(view, target)


def code_of(view: TranscriptView, target: Target) -> Code | None:
    """Return the code block that a target belongs to."""
    message = _answer(view, target)
    blocks = message.blocks if message is not None else []
    if target.block >= len(blocks) or target.leaf >= len(blocks[target.block].leaves):
        return None
    found = blocks[target.block].leaves[target.leaf]
    return found if isinstance(found, Code) else None


def _copy_code(view: TranscriptView, target: Target) -> None:
    code = code_of(view, target)
    if code is not None:
        clipboard.put(clipboard.code_copy(code))
        view.confirm(target)


def _copy_details(view: TranscriptView, target: Target) -> None:
    message = _answer(view, target)
    if message is not None and message.item.notice is not None:
        clipboard.put_text(message.item.notice.details)
        view.confirm(target)


def _toggle(view: TranscriptView, target: Target) -> None:
    message = _answer(view, target)
    if message is None:
        return
    message.build()
    places = [one.rect for one in message.buttons(0, message.height) if one.target == target]
    y = places[0].top() if places else 0
    with view.scroller.holding(target.item_id, y):
        if target.kind is Kind.REASONING:
            message.toggle_reasoning()
        else:
            message.toggle_details()
        view.document.measured(view.document.number(target.item_id))
    view.refresh()


def _answer(view: TranscriptView, target: Target) -> Answer | None:
    if not view.document.has(target.item_id):
        return None
    message = view.document.messages[view.document.number(target.item_id)]
    return message if isinstance(message, Answer) else None
