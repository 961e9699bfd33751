"""What pressing a target does."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from desktop_chat.markdown.blocks import Code
from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.input import code_acts
from desktop_chat.transcript.items import Action, Side
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.spoken import assistive
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.stage import Stage

CONFIRM_MS: Final = 1500


class Activation(QObject):
    """Does what pressed targets stand for; what concerns more than the transcript is only told."""

    action_requested = Signal(str, object)
    """(item id, `Action`)"""
    link_activated = Signal(str, str)
    """(address, what was read)"""
    save_requested = Signal(object)
    """Payload: a `FileOffer`."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view)
        self._view = view
        self._confirm_timer = QTimer(self)
        self._confirm_timer.setSingleShot(True)
        self._confirm_timer.setInterval(CONFIRM_MS)
        self._confirm_timer.timeout.connect(self._on_confirmed)
        view.pressed.connect(self._on_pressed)
        view.copied.connect(self._on_copied)

    def _on_pressed(self, target: Target) -> None:
        match target.kind:
            case Kind.LINK:
                self.link_activated.emit(target.href, target.words)
            case Kind.ACTION | Kind.MESSAGE:
                self._act(target)
            case Kind.COPY_CODE | Kind.WRAP_CODE | Kind.SAVE_CODE | Kind.FOLD_CODE | Kind.SIDEWAYS:
                self._act_on_code(target)
            case Kind.LOAD_IMAGE:
                self._view.pictures().press(target.item_id, target.href)
            case Kind.IMAGE:
                self._open_menu(target)
            case Kind.COPY_DETAILS | Kind.COPY_CALL:
                self._copy_beside(target)
            case Kind.REASONING | Kind.DETAILS | Kind.SHOW_AGAIN | Kind.CALL | Kind.SOURCES:
                self._change(target)

    def _on_confirmed(self) -> None:
        self._view.confirmed = None
        self._view.viewport().update()

    def _on_copied(self, target: Target | None) -> None:
        """Show for a moment, where a button does, and say that a copy was made."""
        self._view.confirmed = target
        assistive.announce(self._view, "Copied")
        self._confirm_timer.start()
        self._view.viewport().update()

    def _act(self, target: Target) -> None:
        match target.action:
            case Action.COPY:
                copying.copy_message(self._view, target.item_id, target)
            case Action.COPY_AS:
                self._open_menu(target)
            case None:
                self._edit(target)
            case _:
                self.action_requested.emit(target.item_id, target.action)

    def _edit(self, target: Target) -> None:
        """Edit what the person asked, where that may be."""
        document = self._view.document
        if document.has(target.item_id):
            item = document.messages[document.number(target.item_id)].item
            if item.side is Side.PERSON and Action.EDIT in item.actions:
                self.action_requested.emit(item.id, Action.EDIT)

    def _act_on_code(self, target: Target) -> None:
        if target.kind is Kind.COPY_CODE:
            self._copy_code(target)
        elif target.kind in (Kind.WRAP_CODE, Kind.FOLD_CODE):
            code_acts.act(self._view, target)
        elif target.kind is Kind.SAVE_CODE:
            offer = code_acts.offer(self._view, target)
            if offer is not None:
                self.save_requested.emit(offer)

    def _open_menu(self, target: Target) -> None:
        from desktop_chat.transcript.input import menu  # noqa: PLC0415 - with the first menu

        opened = menu.open_copy_as if target.action is Action.COPY_AS else menu.open_under
        opened(self._view, target)

    def _copy_code(self, target: Target) -> None:
        code = _code_of(self._view.document, target)
        if code is not None:
            clipboard.put(clipboard.code_copy(code))
            self._view.copied.emit(target)

    def _copy_beside(self, target: Target) -> None:
        """Copy what stands beside the text: a notice's details, or what a tool was given."""
        message = _message(self._view.document, target)
        item = message.item if message is not None else None
        if item is not None and target.kind is Kind.COPY_CALL:
            clipboard.put_text(item.calls[target.leaf].arguments)
        elif item is not None and item.notice is not None:
            clipboard.put_text(item.notice.details)
        else:
            return
        self._view.copied.emit(target)

    def _change(self, target: Target) -> None:
        """Show a message another way."""
        if target.kind is Kind.SHOW_AGAIN:
            self._show_again(target)
        else:
            self._toggle(target)

    def _toggle(self, target: Target) -> None:
        view, message = self._view, _message(self._view.document, target)
        if message is None:
            return
        message.build()
        places = [one.rect for one in message.buttons(0, message.height) if one.target == target]
        y = places[0].top() if places else 0
        with view.scroller.holding(target.item_id, y):
            if target.kind is Kind.DETAILS:
                message.show_details(shown=not message.details_open)
            elif isinstance(message, Answer) and target.kind is Kind.REASONING:
                message.toggle_reasoning()
            elif isinstance(message, Answer):
                message.toggle_call(target.leaf)
            view.document.measured(view.document.number(target.item_id))
        view.refresh()

    def _show_again(self, target: Target) -> None:
        document = self._view.document
        if document.has(target.item_id):
            with self._view.changing():
                document.show_again(document.number(target.item_id))


def _code_of(document: Document, target: Target) -> Code | None:
    """Return the code block that a target belongs to."""
    message = _message(document, target)
    blocks = message.blocks if isinstance(message, Answer) else []
    if target.block >= len(blocks) or target.leaf >= len(blocks[target.block].leaves):
        return None
    found = blocks[target.block].leaves[target.leaf]
    return found if isinstance(found, Code) else None


def _message(document: Document, target: Target) -> Message | None:
    if not document.has(target.item_id):
        return None
    return document.messages[document.number(target.item_id)]
