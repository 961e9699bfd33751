"""Sizes of rows, tabs and columns, which grow with the size of type."""

from __future__ import annotations

from typing import Final, Protocol

ORDINARY: Final = 15
"""The base size of type that all figures are given for."""


class Typed(Protocol):
    """What knows the size of type in force."""

    @property
    def base(self) -> int:
        """The size of running text."""


def scaled(appearance: Typed, pixels: int) -> int:
    """Return a size for the type in force. Small type leaves hands their room."""
    return pixels * max(ORDINARY, appearance.base) // ORDINARY


def unscaled(appearance: Typed, pixels: int) -> int:
    """Return what a size would be at the ordinary size of type."""
    return pixels * ORDINARY // max(ORDINARY, appearance.base)
