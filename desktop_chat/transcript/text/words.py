"""Where words begin and end, in any script."""

from __future__ import annotations

from PySide6.QtCore import QTextBoundaryFinder

from desktop_chat.transcript.text.utf16 import Units


def word_at(text: str, offset: int) -> tuple[int, int]:
    """Return the ends of the word at an offset, or of the one character where there is no word."""
    line_start = text.rfind("\n", 0, offset) + 1
    line_end = text.find("\n", offset)
    line = text[line_start : line_end if line_end >= 0 else len(text)]
    units = Units(line)
    finder = QTextBoundaryFinder(QTextBoundaryFinder.BoundaryType.Word, line)
    at = units.to_units(min(offset - line_start, max(len(line) - 1, 0)))
    finder.setPosition(at)
    start = at if finder.isAtBoundary() else max(finder.toPreviousBoundary(), 0)
    finder.setPosition(at)
    end = finder.toNextBoundary()
    end = len(line) if end < 0 else units.to_offset(end)
    return line_start + units.to_offset(start), line_start + end


def line_around(text: str, offset: int) -> tuple[int, int]:
    """Return the ends of the line at an offset."""
    end = text.find("\n", offset)
    return text.rfind("\n", 0, offset) + 1, end if end >= 0 else len(text)
