"""How wide the tabs are: each by its title, less where there is no room, never too small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST: Final = 240
NARROWEST: Final = 120
NARROWEST_IN_SMALL_WINDOW: Final = 96
GAP: Final = 4


def fit_widths(
    natural: Sequence[int], room: int, narrowest: int = NARROWEST, widest: int = WIDEST
) -> list[int]:
    """Return each tab's width, `GAP` to its neighbour included.

    Tabs wider than their fellows give way first; once all are `narrowest` the strip scrolls.
    """
    widths = [min(max(one, narrowest), widest) + GAP for one in natural]
    spare = sum(widths) - room
    if spare <= 0 or not widths:
        return widths
    limit = _common_limit(widths, room)
    limit = max(limit, narrowest + GAP)
    return [min(one, limit) for one in widths]


def _common_limit(widths: Sequence[int], room: int) -> int:
    """Return the greatest width that, set as everybody's limit, makes them fit."""
    left = room
    ordered = sorted(widths)
    for index, width in enumerate(ordered):
        share = left // (len(ordered) - index)
        if width > share:
            return share
        left -= width
    return ordered[-1]
