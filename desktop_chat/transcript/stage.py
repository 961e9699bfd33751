"""The stage of a transcript: the document in a scroll area, its look, its place and its paint."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QWidget
from typing_extensions import override

from desktop_chat.transcript import painting
from desktop_chat.transcript.blocks.box import Canvas
from desktop_chat.transcript.look import neutral_look
from desktop_chat.transcript.messages.colourist import Colourist
from desktop_chat.transcript.messages.document import Document
from desktop_chat.transcript.messages.keeping import Kept
from desktop_chat.transcript.messages.message import Geometry
from desktop_chat.transcript.messages.pinned import Pinned
from desktop_chat.transcript.reading.feed import Feed
from desktop_chat.transcript.reading.news import News
from desktop_chat.transcript.reading.scroller import Scroller
from desktop_chat.transcript.text.typography import Typography

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtCore import QRect
    from PySide6.QtGui import QFocusEvent, QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from desktop_chat.transcript.blocks.sideways import Sideways
    from desktop_chat.transcript.image.pictures import Picture, Pictures
    from desktop_chat.transcript.look import Look
    from desktop_chat.transcript.messages.selection import Selection
    from desktop_chat.transcript.targets import Target
    from desktop_chat.transcript.text.grounds import MessageMarks

NARROW: Final = 640
"""Below this width the margins are small and bubbles wide."""
MIDDLE: Final = 728
PINNED_LINES: Final = 3
RESTING_MS: Final = 50
"""So long the handle of the scroll bar is held still before it counts as having arrived."""
"""How high is what is kept at an edge of the view, in lines of text."""
ROOMY: Final = 1200
"""From this width on, wide code and tables may grow beyond the column."""
WIDE: Final = 960
BESIDE_WIDE: Final = 96


class Stage(QAbstractScrollArea):
    """Shows a document, and keeps what is read where it is while the document changes."""

    pressed = Signal(object)
    """The `Target` that was pressed, by mouse, keyboard or assistive technology."""
    copied = Signal(object)
    """Something was copied: the `Target` that shows it, or None."""
    quote_requested = Signal(str)
    """Markdown to be quoted in the message that is being written."""
    find_requested = Signal()
    """The selected words are to be found."""

    image_requested = Signal(object)
    """A `Picture` that the person wants to be fetched from its `source`."""
    image_cancelled = Signal(object)
    save_requested = Signal(object)
    """A `FileOffer` that the person wants to be a file."""
    wrapped = Signal(str, object)
    """The long lines of a code block are broken now, or not: message id, `CodeWrap`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        # To wrap Qt's own viewport, PySide looks through every kind of widget first: 9 ms.
        self.setViewport(QWidget())
        self.type = Typography(neutral_look())
        self._pictures: Pictures | None = None
        self.document = Document(self._geometry())
        self.scroller = Scroller(self.document)
        self.selection: Selection | None = None
        self.hovered: Target | None = None
        self.hovered_message = -1
        self.focused: Target | None = None
        self.confirmed: Target | None = None
        """The Copy that was just pressed."""
        self._bar: Sideways | None = None
        """The bar that is shown for a while."""
        self._pinned = Pinned()
        self.feed = Feed(self.scroller, self, self.keeping)
        self.feed.grown.connect(self._on_grown)
        self.feed.ticked.connect(self.viewport().update)
        self.news = News(self.scroller, self)
        self.news.end_wished.connect(self.follow_end)
        self.news.scroll_wished.connect(self.scroll_to)
        self._colourist = Colourist(self)
        self._colourist.coloured.connect(self.viewport().update)
        self._marks: Callable[[str], MessageMarks | None] | None = None
        """What was found in a message, once anything was looked for."""
        self._syncing = False
        self._faded = False
        self._prepared = -1
        """For which scroll value the surroundings of the view are laid out."""
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.timeout.connect(self._on_idle)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setMouseTracking(True)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)

    @property
    def column_left(self) -> int:
        """Where the reading column begins, in the viewport."""
        return (self.width() - self.document.geometry.width) // 2

    def pictures(self) -> Pictures:
        """Return the conversation's images; made when the first is met."""
        if self._pictures is None:
            from desktop_chat.transcript.image.pictures import Pictures  # noqa: PLC0415 - few have any

            self._pictures = Pictures(self)
            self._pictures.changed.connect(self._on_picture_changed)
            self._pictures.requested.connect(self.image_requested)
            self._pictures.cancelled.connect(self.image_cancelled)
        return self._pictures

    def has_selection(self) -> bool:
        """Whether any text is selected."""
        return self.selection is not None and not self.selection.is_empty

    def select(self, selection: Selection | None) -> None:
        """Select what lies between two places, or nothing."""
        if selection != self.selection:
            self.selection = selection
            self.viewport().update()

    def set_look(self, look: Look) -> None:
        """Take other colours, fonts or widths."""
        with self.changing():
            self.type = Typography(look)
            self.document.set_geometry(self._geometry())
        self.news.set_type(self.type)
        if look.formulas is not None:
            unique = Qt.ConnectionType.UniqueConnection
            look.formulas.ready.connect(self._on_formulas, unique)

    def follow_end(self) -> None:
        """Go to the end and follow it."""
        self.feed.flush()
        self.scroller.follow()
        self.refresh()

    def scroll_to(self, value: int) -> None:
        """Scroll as the person wishes."""
        self.scroller.move_to(value)
        self.refresh()

    def scroll_by(self, pixels: int) -> None:
        """Scroll as the person wishes, from here."""
        self.scroll_to(self.scroller.scroll + pixels)

    def show_bar(self, bar: Sideways | None) -> None:
        """Show the bar of what is pointed at or scrolled sideways, and no other."""
        if bar is not self._bar:
            if self._bar is not None:
                self._bar.shown = False
            if bar is not None:
                bar.shown = True
            self._bar = bar
            self.viewport().update()

    @contextmanager
    def changing(self) -> Iterator[None]:
        """Change the document inside: the line that is read stays where it is."""
        with self.scroller.steady():
            yield
        self.refresh()

    @contextmanager
    def keeping(self) -> Iterator[None]:
        """Change texts inside: what was selected stays selected, wherever it stands then."""
        held = self.selection
        kept = Kept(self.document, held) if held is not None else None
        yield
        if kept is not None and self.selection is held:
            self.select(kept.moved())

    def refresh(self, changed_from: int = 0) -> None:
        """Show what the document is now; above a height it looks as before."""
        self._sync_bar()
        self.news.look()
        top = self.scroller.scroll
        if top != self._prepared:
            # What is around a place that a hand only passes is not worth its time.
            self._idle.start(RESTING_MS if self.verticalScrollBar().isSliderDown() else 0)
        self._colourist.look(self.document, top, top + self.scroller.view)
        self._pinned.look(self.document, top, top + self.scroller.view)
        self.feed.watch()
        first = max(changed_from - top, 0)
        if first < self.scroller.view:
            self.viewport().update(0, first, self.width(), self.scroller.view - first)

    def shows_actions(self, number: int) -> bool:
        """Whether a message's actions are drawn: on the last answer, and where one looks."""
        last = number == len(self.document.messages) - 1
        if last or number == self.hovered_message:
            return True
        item_id = self.document.messages[number].item.id
        return self.focused is not None and self.focused.item_id == item_id and self.hasFocus()

    def _on_picture_changed(self, picture: Picture) -> None:
        if not self.document.has(picture.item_id):
            return
        number = self.document.number(picture.item_id)
        with self.changing():
            self.document.messages[number].fit_pictures(picture.address)
            self.document.measured(number)
        self.viewport().update()

    @Slot(int, int)
    def _on_grown(self, changed_from: int, moved: int) -> None:
        """Show what grew. What stands above it and only moved is not painted again."""
        viewport = self.viewport()
        unchanged = changed_from - self.scroller.scroll
        faded = self._faded or self._fades()
        if not moved or unchanged <= 0 or faded or viewport.children():
            self.refresh(0 if moved else changed_from)
            return
        viewport.scroll(0, -moved, viewport.rect())
        held = self._pinned.holds
        self.refresh(changed_from)
        if held or self._pinned.holds:
            edge = PINNED_LINES * self.type.body.line + abs(moved)
            viewport.update(0, 0, viewport.width(), edge)
            viewport.update(0, viewport.height() - edge, viewport.width(), edge)

    def _on_idle(self) -> None:
        if self.isVisible():
            before = self.scroller.scroll
            self.scroller.prepare()
            self._prepared = self.scroller.scroll
            self._sync_bar()
            self._pinned.look(self.document, self._prepared, self._prepared + self.scroller.view)
            if self._prepared != before:
                self.viewport().update()

    def _remeasure(self, number: int) -> None:
        """Take the height of a message that became plain text while it was painted."""
        if number < len(self.document.messages):
            with self.changing():
                self.document.measured(number)

    @Slot()
    def _on_formulas(self) -> None:
        with self.scroller.steady():
            renewed = self.document.renew()
        if renewed:
            self.refresh()

    def _geometry(self) -> Geometry:
        margin = 16 if self.width() < NARROW else 24
        width = max(min(self.type.look.column, self.width() - 2 * margin), 120)
        bubble = 0.88 if self.width() < NARROW else 0.82 if self.width() < MIDDLE else 0.78
        return Geometry(self.type, width, bubble, self.pictures, self._wide(width))

    def _wide(self, column: int) -> int:
        """Return how wide code and tables may grow."""
        if self.width() < self.type.px(ROOMY):
            return column
        return max(column, min(self.width() - BESIDE_WIDE, self.type.px(WIDE)))

    def _canvas(self, painter: QPainter, area: QRect) -> Canvas:
        painter.fillRect(area, self.type.colour("surface"))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(self.column_left, -self.scroller.scroll)
        return Canvas(
            painter,
            self.type,
            area.top() + self.scroller.scroll,
            area.bottom() + 1 + self.scroller.scroll,
            "selection" if self.hasFocus() else "selection_idle",
            self.hovered,
            self.focused if self.hasFocus() else None,
            self.confirmed,
            bar=not self.has_selection(),
        )

    def _sync_bar(self) -> None:
        bar = self.verticalScrollBar()
        if bar.isSliderDown():
            return
        self._syncing = True
        bar.setPageStep(self.scroller.view)
        bar.setSingleStep(self.type.body.line)
        bar.setRange(0, self.scroller.maximum)
        bar.setValue(self.scroller.scroll)
        self._syncing = False

    def _fades(self) -> bool:
        """Whether there is more below the view."""
        return self.document.content_bottom() > self.scroller.bottom

    def _fade(self, painter: QPainter) -> None:
        """Let the last line fade out where there is more below it."""
        self._faded = self._fades()
        if self._faded:
            painter.resetTransform()
            surface = self.type.colour("surface")
            painting.fade_out(painter, surface, self.width(), self.scroller.view)

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        bar = self.verticalScrollBar()
        if self._syncing:
            return
        if bar.isSliderDown() and bar.value() == bar.maximum():
            self.follow_end()
        else:
            self.scroll_to(bar.value())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        with self.changing():
            self.scroller.view = self.viewport().height()
            geometry = self._geometry()
            if geometry != self.document.geometry:
                self.document.set_geometry(geometry)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        self.scroller.seen = True
        self.feed.flush()
        self.scroller.settle()
        self.refresh()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        self.scroller.seen = False
        self.feed.watch()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.scroller.seen:
            self.scroller.seen = True
            self.scroller.settle()
        painter = QPainter(self.viewport())
        acts = self.shows_actions
        failed = None
        for area in event.region():  # type: ignore[attr-defined]  # it is iterable all the same
            painter.resetTransform()
            painter.setClipRect(area)
            canvas = self._canvas(painter, area)
            failed = painting.paint(canvas, self.document, self.selection, acts, self._marks)
            if failed is not None:
                break
            self._fade(painter)
        painter.end()
        if failed is not None:
            QTimer.singleShot(0, self, lambda: self._remeasure(failed))

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.viewport().update()
