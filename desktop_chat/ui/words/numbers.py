"""Counts as the person's own language writes them."""

from __future__ import annotations

from PySide6.QtCore import QLocale


def number(count: int) -> str:
    """Return a count with that language's marks between thousands."""
    return QLocale().toString(count)
