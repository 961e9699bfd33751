"""What the mouse does: pressing targets, selecting across messages, scrolling sideways."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QPoint, Qt, QTimer
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.input import holding, hovering, selecting
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.messages import walking
from desktop_chat.transcript.messages.message import Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.targets import Kind, Target
from desktop_chat.transcript.text.words import line_around, word_at

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent

    from desktop_chat.transcript.stage import Stage

EDGE_SPEED: Final = 0.35
"""Pixels that the text scrolls per frame and pixel that the pointer is past the edge."""
FRAME_MS: Final = 16
HELD: Final = frozenset({Kind.SIDEWAYS, Kind.IMAGE})
"""What is taken hold of rather than pressed."""


class Pointer(QObject):
    """The mouse over one transcript."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view)
        self._view = view
        self._pressed: Target | None = None
        self._held: holding.Hold | None = None
        self._pressed_at = QPoint()
        self._last = QPoint()
        self._clicks = 0
        self._click_timer = QTimer(self)
        self._click_timer.setSingleShot(True)
        self._span: Selection | None = None
        """The word or paragraph that a drag began with."""
        self._edge = QTimer(self)
        self._edge.setInterval(FRAME_MS)
        self._edge.timeout.connect(self._on_edge)
        self.selecting = False

    def press(self, event: QMouseEvent) -> None:
        """Begin a click or a selection."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        self._pressed = hovering.target_at(self._view, at)
        self._count_clicks(at)
        self._pressed_at = self._last = at
        free = self._pressed is None and self._clicks == 1 and not shift
        if free or (self._pressed is not None and self._pressed.kind in HELD):
            self._held = holding.take_hold(self._view, at)
            if self._held is not None:
                return
        if self._pressed is not None and self._pressed.kind is not Kind.LINK:
            return
        point = hovering.point_at(self._view, at)
        if point is None:
            return
        self.selecting = True
        held = self._view.selection
        if shift and held is not None:
            self._span = None
            self._view.select(Selection(held.anchor, point))
            return
        self._span = self._spanned(point) if self._clicks > 1 else None
        self._view.select(self._span or Selection(point, point))

    def move(self, event: QMouseEvent) -> None:
        """Extend a selection, or tell what is under the pointer."""
        at = event.position().toPoint()
        if self._held is not None:
            self._carry(self._held, at)
        elif self.selecting:
            self._follow(at)
        elif not event.buttons():
            hovering.hover(self._view, at)

    def release(self, event: QMouseEvent) -> None:
        """End a click or a selection."""
        if event.button() is not Qt.MouseButton.LeftButton:
            return
        at = event.position().toPoint()
        if self._held is not None:
            self._held.release()
            self._held = None
        self._edge.stop()
        was_selecting, self.selecting = self.selecting, False
        pressed, self._pressed = self._pressed, None
        selection = self._view.selection
        if (
            pressed is not None
            and pressed == hovering.target_at(self._view, at)
            and self._clicks <= 1
        ):
            self._view.pressed.emit(pressed)
        elif was_selecting and selection is not None and not selection.is_empty:
            copying.publish_selection(self._view)
        hovering.hover(self._view, at)

    def paste(self, event: QMouseEvent) -> str:
        """Return what the middle button brings along, where the system has a primary selection."""
        if event.button() is not Qt.MouseButton.MiddleButton:
            return ""
        return clipboard.primary_text()

    def edit(self, event: QMouseEvent) -> None:
        """Ask for the editing of a question whose bubble was double-clicked beside its text."""
        if event.button() is Qt.MouseButton.LeftButton:
            item_id = hovering.margin_at(self._view, event.position().toPoint())
            if item_id:
                self._view.select(None)
                self._view.pressed.emit(Target(Kind.ACTION, item_id, Action.EDIT))

    def _carry(self, held: holding.Hold, at: QPoint) -> None:
        # A drag has its own loop, in which nothing is held here any more.
        self._held = None
        if held.move(at):
            self._held = held

    def _follow(self, at: QPoint) -> None:
        """Let the selection follow the pointer, and the view where it is past an edge."""
        self._last = at
        if (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._pressed = None
        if self._pressed is None:
            self._extend()
        outside = not 0 <= at.y() < self._view.viewport().height()
        if outside and not self._edge.isActive():
            self._edge.start()
        elif not outside:
            self._edge.stop()

    def _count_clicks(self, at: QPoint) -> None:
        if self._pressed is not None and self._pressed.kind is not Kind.LINK:
            # A button does its work at each click.
            self._clicks = 0
            return
        near = (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance()
        again = self._click_timer.isActive() and near
        self._clicks = self._clicks % 3 + 1 if again else 1
        self._click_timer.start(QApplication.doubleClickInterval())

    def _spanned(self, point: Point) -> Selection:
        """Return the word, or at the third click the paragraph, around a place."""
        text, start = selecting.text_around(self._view.document, point)
        ends = (word_at if self._clicks == 2 else line_around)(text, point.place.offset - start)
        drawn = walking.drawn_around(self._view.document, point) if self._clicks == 2 else None
        begin, end = drawn or (start + ends[0], start + ends[1])
        place = point.place
        first = Place(place.part, place.block, begin)
        last = Place(place.part, place.block, end)
        return Selection(Point(point.message, first), Point(point.message, last))

    def _extend(self) -> None:
        point = hovering.point_at(self._view, self._last)
        if point is None or self._view.selection is None:
            return
        if self._span is None:
            self._view.select(Selection(self._view.selection.anchor, point))
            return
        here = self._spanned(point)
        if here.first < self._span.first:
            self._view.select(Selection(self._span.last, here.first))
        else:
            self._view.select(Selection(self._span.first, max(here.last, self._span.last)))

    def _on_edge(self) -> None:
        height = self._view.viewport().height()
        y = self._last.y()
        past = y if y < 0 else y - height + 1
        if not self.selecting or past == 0:
            self._edge.stop()
            return
        step = round(past * EDGE_SPEED) or (1 if past > 0 else -1)
        self._view.scroll_by(step)
        self._extend()
