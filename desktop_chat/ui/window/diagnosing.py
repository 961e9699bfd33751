"""Copies the diagnostics, with what the window knows of itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication

from desktop_chat.runtime.diagnostics import collect

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from desktop_chat.runtime.core import Core

COPIED: Final = "Diagnostics copied. They hold no words of chats and no keys."


def copy_diagnostics(core: Core, window: QWidget, tell: Callable[[str], object]) -> None:
    """Put the diagnostics on the clipboard once they are gathered, and say so."""

    def copied(text: object) -> None:
        QGuiApplication.clipboard().setText(str(text))
        tell(COPIED)

    collect(core, _window(window), window).done.connect(copied)


def _window(window: QWidget) -> list[str]:
    screen = window.screen()
    return [
        f"Display: {QGuiApplication.platformName()}",
        f"Screen: {screen.size().width()} × {screen.size().height()}, "
        f"scale {screen.devicePixelRatio():g}, {screen.logicalDotsPerInch():.0f} dpi",
        f"Colours of the system: {QGuiApplication.styleHints().colorScheme().name}",
    ]
