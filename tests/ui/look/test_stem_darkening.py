"""Chinese is as heavy in dark colours as in light ones."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QImage, QPainter

from desktop_chat.ui.look import stem_darkening

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

CJK = "Noto Sans CJK SC"
TEXT = "量子纠缠的简单解释字节边界问题"


@pytest.fixture
def off(qapp: QApplication) -> bool:
    return stem_darkening.turn_off()


def weight(ink: Qt.GlobalColor, ground: Qt.GlobalColor) -> float:
    """Return how much ink the text leaves on its ground."""
    image = QImage(320, 32, QImage.Format.Format_RGB32)
    image.fill(ground)
    font = QFont(CJK)
    font.setPixelSize(15)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(ink)
    painter.drawText(4, 22, TEXT)
    painter.end()
    base = QColor(ground).lightness()
    return sum(
        abs(image.pixelColor(x, y).lightness() - base) for x in range(320) for y in range(32)
    )


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="FreeType draws on Linux alone")
def test_white_on_black_is_as_heavy_as_black_on_white(off: bool) -> None:
    if CJK not in QFontDatabase.families():
        pytest.skip(f"the font {CJK} is not installed")
    assert off
    black, white = Qt.GlobalColor.black, Qt.GlobalColor.white
    assert weight(white, black) / weight(black, white) == pytest.approx(1.0, abs=0.03)


def test_a_library_that_is_not_there_is_no_trouble(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing() -> bool:
        raise OSError("no such library")

    monkeypatch.setattr(stem_darkening, "_set_property", missing)
    assert stem_darkening.turn_off() is False


def test_other_systems_are_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert stem_darkening.turn_off() is False
