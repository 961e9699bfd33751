"""The transcript's widget: messages in, a person's wishes out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QShowEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget
from typing_extensions import override

from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.find import showing as find_showing
from desktop_chat.transcript.find.tick_bar import TickBar
from desktop_chat.transcript.input import focus, hovering, keyboard, selecting
from desktop_chat.transcript.input.activation import Activation
from desktop_chat.transcript.input.pointer import Pointer
from desktop_chat.transcript.items import Side
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.question import Question
from desktop_chat.transcript.reading.position import State
from desktop_chat.transcript.spoken import assistive
from desktop_chat.transcript.spoken.telling import Telling
from desktop_chat.transcript.stage import Stage
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.find.finder import Finder
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.items import Action, Item, ReadingPosition
    from desktop_chat.transcript.messages.guard import Guard
    from desktop_chat.transcript.messages.outline import Outline


class TranscriptView(Stage):
    """Shows one conversation. Holds no truth: what it shows is given, what is wished is told."""

    action_requested = Signal(str, object)
    """(item id, `Action`): everything but Copy, which is done here."""
    link_activated = Signal(str, str)
    """An address that was pressed, of any kind; and the words that stood for it."""
    typed = Signal(str)
    """Printable text typed here, for the composer."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._finder: Finder | None = None
        bar = TickBar(self, lambda: self._finder)
        bar.sliderReleased.connect(self._sync_bar)
        self.setVerticalScrollBar(bar)
        self._pointer = Pointer(self)
        activation = Activation(self)
        activation.action_requested.connect(self.action_requested)
        activation.link_activated.connect(self.link_activated)
        activation.save_requested.connect(self.save_requested)
        self._telling = Telling(self)
        self.feed.ended.connect(self._show_state)
        # Before the name, which may make the view's interface.
        assistive.install()
        self.setAccessibleName("Conversation")

    @property
    def finder(self) -> Finder:
        """What finds words in the conversation; made when first wanted."""
        if self._finder is None:
            from desktop_chat.transcript.find.finder import Finder  # noqa: PLC0415 - not at start

            self._finder = Finder(self)
            self._marks = self._finder.marks
        return self._finder

    def set_items(
        self, items: Sequence[Item] | Outline, position: ReadingPosition | None = None
    ) -> None:
        """Show other messages, from a place that was read before or from the end."""
        self.feed.clear()
        held, self.focused, self.hovered = self.focused, None, None
        at = self.document.number(held.item_id) if held and self.document.has(held.item_id) else -1
        before = self.document.messages
        self.document.reset(items)
        chosen = self.selection.last.message + 1 if self.selection is not None else 0
        if before.ids[:chosen] != self.document.messages.ids[:chosen]:
            self.clear_selection()
        if self._pictures is not None:
            self._pictures.forget(self.document.has)
        self.scroller.restore(self.scroller.place_of_version(before) or position)
        if held is not None:
            focus.keep(self, at, held)
        self.refresh()
        if self._finder is not None:
            self._finder.restart()

    def add_item(self, item: Item) -> None:
        """Add a message at the end."""
        self.feed.flush()
        if item.side is Side.PERSON and not self.hasFocus():
            # What was just asked is read now: the keyboard begins there, not where it once was.
            focus.put(self, None)
        with self.changing():
            self.document.add(item)
        assistive.tell_added(self)
        self._changed(item.id)

    def update_item(self, item: Item) -> None:
        """Show another state of a message. While it arrives, text comes by `append_text` alone."""
        if not self.scroller.seen and not item.streaming and self._arrives(item.id):
            # It has all of its text, which nobody reads: it is laid out when somebody does.
            self.feed.end(item)
            return
        self.feed.flush()
        self._show_state(item)

    def set_aloud(self, *, aloud: bool) -> None:
        """Let assistive technology say the words of an answer as they arrive, or its end alone."""
        self._telling.aloud = aloud

    def remove_item(self, item_id: str) -> None:
        """Take a message away."""
        if self.document.has(item_id):
            self.clear_selection()
            with self.changing():
                self.document.remove(self.document.number(item_id))
            if self._finder is not None:
                self._finder.message_removed()

    def append_text(self, item_id: str, text: str) -> None:
        """Let an answer grow; shown with the next frame."""
        self.feed.text(item_id, text)
        self._changed(item_id)

    def append_reasoning(self, item_id: str, text: str) -> None:
        """Let the reasoning of an answer grow; shown with the next frame."""
        self.feed.reasoning(item_id, text)
        self._changed(item_id)

    def set_status(self, item_id: str, text: str) -> None:
        """Say on the first line of an answer without text what it waits for."""
        if self.document.has(item_id):
            number = self.document.number(item_id)
            message = self.document.messages[number]
            if isinstance(message, Answer) and message.item.status != text:
                with self.changing():
                    message.set_status(text)
                    self.document.measured(number)

    def reserve(self, item_id: str, height: int) -> None:
        """Let a question take at least so much height, for an editor that lies over it."""
        if not self.document.has(item_id):
            return
        number = self.document.number(item_id)
        message = self.document.messages[number]
        if isinstance(message, Question):
            with self.scroller.holding(item_id, 0):
                message.reserve(height)
                self.document.measured(number)
            self.refresh()

    def anchor(self, item_id: str) -> None:
        """Put a question at the top of the view and keep it there while its answer grows."""
        self.feed.flush()
        self.scroller.anchor(item_id)
        self.refresh()

    def jump_to_end(self) -> None:
        """Go to the end, as the pill does."""
        self.news.jump()

    def reading_position(self) -> ReadingPosition:
        """Return where the person reads, for `set_items` at another time."""
        return self.scroller.position()

    def set_guard(self, guard: Guard) -> None:
        """Have it noted which message is being drawn, and know those that were not drawn well."""
        self.document.guard = guard

    def clear_selection(self) -> None:
        """Select nothing."""
        self.select(None)

    def select_all(self) -> None:
        """Select the whole conversation."""
        selecting.select_all(self)

    def copy(self) -> None:
        """Copy the selection."""
        copying.copy_selection(self)

    def copy_item(self, item_id: str) -> None:
        """Copy a whole message."""
        copying.copy_message(self, item_id)

    def copy_last_code(self) -> None:
        """Copy the last code block of the conversation, where there is one."""
        copying.copy_last_code(self)

    def chosen_words(self) -> str:
        """Return the selected words, where they are few and on one line."""
        return find_showing.chosen_words(self)

    def select_hit(self) -> None:
        """Select what was found and is shown."""
        now = self.finder.now
        if now is not None:
            find_showing.select(self, self.document.number(now[0]), now[1])

    def moved_down(self, pixels: int) -> None:
        """Keep what is read where it is on the screen: the view's top edge went down by so much."""
        if self.scroller.reading.state is State.FREE and self.scroller.scroll:
            self.scroll_by(pixels)

    def step_message(self, step: int) -> None:
        """Go to the next (1) or previous (-1) message."""
        focus.step_message(self, step)

    def step_code(self, step: int) -> None:
        """Go to the next (1) or previous (-1) code block."""
        focus.step_code(self, step)

    def below(self, item_id: str, action: Action) -> QPoint:
        """Return the place on the screen under the button of an action, for a menu."""
        from desktop_chat.transcript.input import under  # noqa: PLC0415 - with the first menu

        target = Target(Kind.ACTION, item_id, action=action)
        return self.viewport().mapToGlobal(under.below(self, target))

    def whole_chat(self, title: str) -> Callable[[], str]:
        """Return what gives the conversation as it is now as markdown, under a title."""
        from desktop_chat.transcript.copying.whole_chat import whole_chat  # noqa: PLC0415 - seldom wanted

        self.feed.flush()
        return whole_chat(self.document, title)

    def focused_item(self) -> str:
        """Return the message that the keyboard is in, or nothing."""
        return self.focused.item_id if self.focused is not None else ""

    def _arrives(self, item_id: str) -> bool:
        """Whether a message is an answer in flight that was laid out."""
        if not self.document.has(item_id):
            return False
        message = self.document.messages.known(self.document.number(item_id))
        return message is not None and message.built and message.item.streaming

    def _show_state(self, item: Item) -> None:
        if not self.document.has(item.id):
            return
        number = self.document.number(item.id)
        with self.keeping(), self.changing():
            was_streaming = self.document.messages[number].item.streaming
            self.document.update(number, item)
        if was_streaming and not item.streaming:
            self.news.ended(item)
            self._telling.ended(item)
        self._changed(item.id)
        self.refresh()

    @override
    def _on_picture_changed(self, picture: Picture) -> None:
        super()._on_picture_changed(picture)
        focus.follow_picture(self, picture)

    def _changed(self, item_id: str) -> None:
        """Tell of another text those who follow the texts."""
        self._telling.changed(item_id)
        if self._finder is not None:
            self._finder.message_changed(item_id)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._finder is not None:
            self._finder.wake()
        self._telling.wake()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        self.news.stop()
        hovering.wheel(self, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.news.stop()
        if keyboard.handle(self, event):
            return
        text = keyboard.typed_text(event)
        if text:
            self.typed.emit(text)
        else:
            event.ignore()

    @override
    def focusNextPrevChild(self, next: bool) -> bool:
        return focus.step_target(self, 1 if next else -1) or super().focusNextPrevChild(next)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # After Qt's own word, which is of the whole view.
        QTimer.singleShot(0, self, partial(assistive.tell_focus, self))

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.news.stop()
        focus.put(self, None)
        self._pointer.press(event)
        if text := self._pointer.paste(event):
            self.typed.emit(text)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._pointer.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._pointer.release(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._pointer.press(event)
        self._pointer.edit(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        from desktop_chat.transcript.input import menu  # noqa: PLC0415 - with the first menu

        menu.open_context(self, event)

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), hovering.tooltip(self, event.pos()), self)
            return True
        if event.type() == QEvent.Type.Leave:
            hovering.leave(self)
        return super().viewportEvent(event)
