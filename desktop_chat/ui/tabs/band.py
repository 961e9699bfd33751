"""The tabs: a `QTabBar` for what they mean, painted and moved by hand for how they look."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter
from PySide6.QtWidgets import QTabBar, QWidget
from typing_extensions import override

from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.look.marks import Mark, is_region
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.tabs.drag import TabDrag
from desktop_chat.ui.tabs.painting import (
    CLOSE_ROOM,
    MARKED_LEFT,
    TabFace,
    TabSight,
    close_rect,
    paint_ring,
    paint_tab,
    ring_rect,
)
from desktop_chat.ui.tabs.widths import GAP, NARROWEST, WIDEST, TabWidths, fit_widths

if TYPE_CHECKING:
    from PySide6.QtGui import (
        QFocusEvent,
        QHideEvent,
        QPaintEvent,
        QShowEvent,
    )

    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.look.marks import RingClock

STRIP_HEIGHT: Final = 40
TAB_HEIGHT: Final = 32
AWAY: Final = QPoint(-1, -1)
"""Where the mouse is when it is not over the strip."""
_KEYBOARD: Final = (
    Qt.FocusReason.TabFocusReason,
    Qt.FocusReason.BacktabFocusReason,
    Qt.FocusReason.ShortcutFocusReason,
)


class TabBand(QTabBar):
    """The open chats as they look, and what is told of them; its owner inserts and removes tabs."""

    chosen = Signal(int)
    close_wished = Signal(int)
    keep_wished = Signal(int)
    """A preview tab is to become a lasting one."""
    resized = Signal()
    """The tabs need more or less room than before."""
    seek = Signal(QRect)
    """This part of the strip should come into view."""

    def __init__(
        self, appearance: Appearance, clock: RingClock, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._clock = clock
        self._faces: list[TabFace] = []
        self.widths = TabWidths()
        self._room = 0
        self._narrowest = NARROWEST
        self.hover = AWAY
        """Where the mouse is in the strip."""
        self.drag = TabDrag(self)
        self.drag.changed.connect(self.update)
        self._rings: list[TabSight] | None = None
        """The tabs whose rings turn, as they were painted last; None: that is to be looked up."""
        self._keyboard_focus = False
        self.setProperty("ownFocus", True)  # noqa: FBT003
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setExpanding(False)
        self.setUsesScrollButtons(False)
        self.setDrawBase(False)
        self.setElideMode(Qt.TextElideMode.ElideNone)
        self.setMouseTracking(True)
        clock.ticked.connect(self._on_ticked)
        appearance.changed.connect(self._on_appearance_changed)
        self.currentChanged.connect(self._on_current_changed)

    @property
    def faces(self) -> tuple[TabFace, ...]:
        """What the tabs show, from left to right."""
        return tuple(self._faces)

    @property
    def strip_height(self) -> int:
        """How high the strip is at the size of type in force."""
        return scaled(self._appearance, STRIP_HEIGHT)

    @property
    def animate(self) -> bool:
        """Whether tabs may slide."""
        return self._appearance.animate

    def index_of(self, key: str) -> int:
        """Return which tab has a key; -1 where none has."""
        for index, face in enumerate(self._faces):
            if face.key == key:
                return index
        return -1

    # Commands of the owner

    def insert_face(self, index: int, face: TabFace) -> None:
        """Add a tab."""
        self._faces.insert(index, face)
        self.widths.widths.insert(index, 0)
        with QSignalBlocker(self):
            self.insertTab(index, _escaped(face.title))
        self._show_face(index)
        self._fit()

    def remove_face(self, index: int, current: int) -> None:
        """Take a tab away; `current` is the chosen one among those that stay."""
        if self.hover != AWAY and self.isVisible():
            self.widths.hold([face.key for face in self._faces], index)
        self._faces.pop(index)
        self.widths.widths.pop(index)
        with QSignalBlocker(self):
            self.removeTab(index)
            self.setCurrentIndex(current)
        self._fit()

    def set_face(self, index: int, face: TabFace) -> None:
        """Show something else in a tab."""
        before = self._faces[index]
        if before == face:
            return
        self._faces[index] = face
        self._show_face(index)
        if (before.title, before.preview) != (face.title, face.preview):
            self._fit()
        self.update()
        self._run_clock()

    def choose(self, index: int) -> None:
        """Make a tab the chosen one, without a signal."""
        with QSignalBlocker(self):
            self.setCurrentIndex(index)
        self.update()
        self.seek.emit(self.tabRect(index))

    def set_room(self, room: int, narrowest: int) -> None:
        """Tell how wide the strip may be before it has to scroll."""
        if (room, narrowest) != (self._room, self._narrowest):
            self._room = room
            self._narrowest = narrowest
            self._fit()

    def move_tab(self, index: int, other: int) -> None:
        """Move a tab to another place; `tabMoved` tells the owner."""
        self._faces.insert(other, self._faces.pop(index))
        widths = self.widths.widths
        widths.insert(other, widths.pop(index))
        self.moveTab(index, other)
        self._fit()

    def close_rect(self, index: int) -> QRect:
        """Return where a tab's × stands."""
        return close_rect(self._tab_rect(index))

    # Slots

    def _on_current_changed(self, index: int) -> None:
        if index >= 0:
            self.chosen.emit(index)
            self.seek.emit(self.tabRect(index))

    def _on_ticked(self) -> None:
        if not self.isVisible():
            return
        if self.drag.active:
            # One that is dragged may lie over another.
            self.update()
            return
        if self._rings is None:
            faces = enumerate(self._faces)
            self._rings = [self.sight(at) for at, face in faces if face.mark is Mark.ANSWERING]
        for sight in self._rings:
            self.update(ring_rect(sight))

    def _on_appearance_changed(self) -> None:
        self._fit()
        self._run_clock()
        self.update()

    # Widths

    def _fit(self) -> None:
        upright = QFontMetrics(self._appearance.ui_font())
        beside = scaled(self._appearance, MARKED_LEFT + CLOSE_ROOM) + 4
        natural = [upright.horizontalAdvance(face.title) + beside for face in self._faces]
        room = self._room if self._room > 0 else 1 << 20
        narrowest, widest = (scaled(self._appearance, one) for one in (self._narrowest, WIDEST))
        widths = fit_widths(natural, room, narrowest, widest)
        self.widths.set([face.key for face in self._faces], widths)
        self.resize(self.widths.total_width, self.strip_height)
        if self._faces:
            # The bar keeps the sizes that it asked for; giving it a text makes it ask again.
            self.setTabText(0, self.tabText(0))
        self.resized.emit()
        self._run_clock()

    def _show_face(self, index: int) -> None:
        face = self._faces[index]
        if self.tabText(index) != _escaped(face.title):
            self.setTabText(index, _escaped(face.title))
        self.setTabToolTip(index, plain_tooltip(face.tooltip or face.title))
        self.setAccessibleTabName(index, face.title + face.mark.value)

    def _run_clock(self) -> None:
        answering = any(face.mark is Mark.ANSWERING for face in self._faces)
        self._clock.run(wanted=answering and self.isVisible() and self._appearance.animate)

    # Painting

    def _tab_rect(self, index: int) -> QRect:
        rect = self.tabRect(index)
        height = scaled(self._appearance, TAB_HEIGHT)
        top = (self.strip_height - height) // 2
        return QRect(rect.left(), top, rect.width() - GAP, height)

    def sight(self, index: int) -> TabSight:
        """Return a tab as it is to be painted now."""
        chosen = index == self.currentIndex()
        return TabSight(
            face=self._faces[index],
            rect=self._tab_rect(index).translated(self.drag.shift(self._faces[index].key), 0),
            chosen=chosen,
            hover=AWAY if self.drag.active else self.hover,
            ring=chosen and self._keyboard_focus and self.hasFocus(),
        )

    # Qt overrides

    @override
    def tabSizeHint(self, index: int) -> QSize:
        widths = self.widths.widths
        width = widths[index] if index < len(widths) else NARROWEST
        return QSize(width, self.strip_height)

    @override
    def minimumTabSizeHint(self, index: int) -> QSize:
        return self.tabSizeHint(index)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.widths.total_width, self.strip_height)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.strip_height)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        rings = self._rings or []
        if is_region(event.region(), [ring_rect(one) for one in rings]):
            # Many times a second: a whole tab takes ten times as long.
            for sight in rings:
                paint_ring(painter, sight, self._appearance, self._clock.angle)
            painter.end()
            return
        self._rings = None
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        chosen = self.currentIndex()
        # The chosen one last: where tabs are dragged, it lies over the others.
        for index in sorted(range(len(self._faces)), key=lambda index: index == chosen):
            sight = self.sight(index)
            if sight.rect.intersects(event.rect()):
                paint_tab(painter, sight, self._appearance, self._clock.angle, event.rect())
        painter.end()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        self._keyboard_focus = event.reason() in _KEYBOARD
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._run_clock()

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._run_clock()


def _escaped(title: str) -> str:
    """Return a title as a text that makes no mnemonic."""
    return title.replace("&", "&&")
