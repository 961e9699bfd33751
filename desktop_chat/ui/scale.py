"""Sizes of rows, tabs and columns, which grow with the size of type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop_chat.ui.appearance import Appearance

ORDINARY: Final = 15
"""The base size of type that all figures are given for."""


def scaled(appearance: Appearance, pixels: int) -> int:
    """Return a size for the type in force. Small type leaves hands their room."""
    return pixels * max(ORDINARY, appearance.base) // ORDINARY


def unscaled(appearance: Appearance, pixels: int) -> int:
    """Return what a size would be at the ordinary size of type."""
    return pixels * ORDINARY // max(ORDINARY, appearance.base)
