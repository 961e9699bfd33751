"""Blank lines, and what is noted of a list item's token about those around it."""

from __future__ import annotations

LOOSE = "loose"
"""Says of an item's token that blank lines stand between its pieces."""
ENDS_EMPTY = "ends_empty"
"""Says of an item's token that blank lines follow it."""


def is_blank(line: str) -> bool:
    """Return whether markdown takes a line for blank; Python takes more kinds of blanks."""
    return not line.strip(" \t")
