"""The program's own icons: small SVGs of one stroke, tinted when they are drawn."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desktop_chat.domain.resources import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QColor

SIZE: Final = 16
"""The grid that the icons are drawn on, in pixels."""


@cache
def _source(name: str) -> bytes:
    return resource(f"icons/{name}.svg").read_bytes()


def pixmap(name: str, colour: QColor, size: int = SIZE, ratio: float = 1.0) -> QPixmap:
    """Return an icon in one colour, `size` pixels wide on a screen of that pixel ratio."""
    tinted = _source(name).replace(b"currentColor", colour.name().encode())
    picture = QPixmap(QSize(size, size) * ratio)
    picture.fill(Qt.GlobalColor.transparent)
    painter = QPainter(picture)
    QSvgRenderer(QByteArray(tinted)).render(painter)
    painter.end()
    picture.setDevicePixelRatio(ratio)
    return picture


def icon(name: str, colour: QColor, disabled: QColor | None = None, size: int = SIZE) -> QIcon:
    """Return an icon in one colour, sharp on every screen that there is."""
    result = QIcon()
    for ratio in sorted({screen.devicePixelRatio() for screen in QGuiApplication.screens()}):
        result.addPixmap(pixmap(name, colour, size, ratio))
        if disabled is not None:
            result.addPixmap(pixmap(name, disabled, size, ratio), QIcon.Mode.Disabled)
    return result


def application_icon() -> QIcon:
    """Return the program's icon for windows and the task bar."""
    return QIcon(str(resource("app-icon.svg")))
