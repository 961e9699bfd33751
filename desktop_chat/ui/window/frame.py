"""The window's two halves: the sidebar, beside the content or over it as a drawer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEasingCurve, QRect, QVariantAnimation, Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from desktop_chat.ui.look.scale import scaled, unscaled

if TYPE_CHECKING:
    from PySide6.QtGui import QMouseEvent, QPaintEvent, QResizeEvent

    from desktop_chat.ui.look.appearance import Appearance

FOLDS_BELOW: Final = 820
RETURNS_ABOVE: Final = 860
CHOSEN_FOLDS_BELOW: Final = 720
DRAWER: Final = 280
DRAWER_MS: Final = 160
_WIDTHS: Final = ((1600, 288), (1100, 256), (0, 232))


class Scrim(QWidget):
    """Lies over the content while the drawer is open; a press on it closes the drawer."""

    pressed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget) -> None:
        super().__init__(parent)
        self._appearance = appearance

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._appearance.colour("shadow"))
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.pressed.emit()


class WindowFrame(QWidget):
    """Places the sidebar by the window's width and by what the person chose."""

    sidebar_changed = Signal()

    def __init__(self, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._sidebar: QWidget | None = None
        self._content: QWidget | None = None
        self._chosen: bool | None = None
        self._docked = True
        self._drawer = False
        self._scrim = Scrim(appearance, self)
        self._scrim.hide()
        self._slide = QVariantAnimation(self)
        self._slide.setEasingCurve(QEasingCurve.Type.OutCubic)
        self._slide.valueChanged.connect(self._on_slid)
        self._slide.finished.connect(self._on_slide_finished)
        self._scrim.pressed.connect(self.close_drawer)
        appearance.changed.connect(self._arrange)

    @property
    def chosen(self) -> bool | None:
        """What the person chose; None: the width decides."""
        return self._chosen

    @property
    def sidebar_shown(self) -> bool:
        """Whether the sidebar can be seen."""
        return self._docked or self._drawer

    @property
    def drawer_open(self) -> bool:
        """Whether the sidebar lies over the content."""
        return self._drawer

    @property
    def _drawer_width(self) -> int:
        return min(scaled(self._appearance, DRAWER), self.width() - 48)

    def fill(self, sidebar: QWidget, content: QWidget, *, chosen: bool | None) -> None:
        """Take in the two halves."""
        self._sidebar, self._content = sidebar, content
        self._chosen = chosen
        sidebar.setParent(self)
        content.setParent(self)
        self._arrange()

    def toggle_sidebar(self) -> None:
        """Show the sidebar, or hide it."""
        if self._drawer:
            self.close_drawer()
        elif not self._docked and not self._fits():
            self._open_drawer()
        else:
            self._chosen = not self._docked
            self._arrange()
            self.sidebar_changed.emit()

    def close_drawer(self) -> None:
        """Put the drawer away, if it is open."""
        if self._drawer:
            self._drawer = False
            self._scrim.hide()
            self._run_slide(0, -self._drawer_width)
            self.sidebar_changed.emit()

    def _open_drawer(self) -> None:
        self._drawer = True
        self._arrange()
        self._scrim.show()
        self._scrim.raise_()
        if self._sidebar is not None:
            self._sidebar.show()
            self._sidebar.raise_()
        self._run_slide(-self._drawer_width, 0)
        self.sidebar_changed.emit()

    def _run_slide(self, start: int, end: int) -> None:
        self._slide.stop()
        self._slide.setStartValue(start)
        self._slide.setEndValue(end)
        self._slide.setDuration(DRAWER_MS if self._appearance.animate else 0)
        self._slide.start()

    def _on_slid(self, left: int) -> None:
        if self._sidebar is not None and not self._docked:
            self._sidebar.setGeometry(left, 0, self._drawer_width, self.height())

    def _on_slide_finished(self) -> None:
        if self._sidebar is not None and not self.sidebar_shown:
            self._sidebar.hide()

    def _fits(self) -> bool:
        """Whether there is room for the sidebar beside the content."""
        width = self._scaled_width()
        return width >= (CHOSEN_FOLDS_BELOW if self._chosen else FOLDS_BELOW)

    def _wants_dock(self) -> bool:
        if self._chosen is not None:
            return self._chosen and self._fits()
        limit = FOLDS_BELOW if self._docked else RETURNS_ABOVE
        return self._scaled_width() >= limit

    def _scaled_width(self) -> int:
        return unscaled(self._appearance, self.width())

    def _arrange(self) -> None:
        sidebar, content = self._sidebar, self._content
        if sidebar is None or content is None:
            return
        docked = self._wants_dock()
        if docked != self._docked:
            self._docked = docked
            self._drawer = False
            self._scrim.hide()
            self._slide.stop()
            self.sidebar_changed.emit()
        left = 0
        if docked:
            width = self._scaled_width()
            left = next(side for least, side in _WIDTHS if width >= least)
            left = scaled(self._appearance, left)
            sidebar.setGeometry(0, 0, left, self.height())
        elif self._drawer:
            sidebar.setGeometry(0, 0, self._drawer_width, self.height())
        sidebar.setVisible(self.sidebar_shown)
        content.setGeometry(QRect(left, 0, self.width() - left, self.height()))
        self._scrim.setGeometry(self.rect())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()
