"""How wide the tabs are: each by its title, less where there is no room, never too small."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

WIDEST: Final = 240
NARROWEST: Final = 120
NARROWEST_IN_SMALL_WINDOW: Final = 96
GAP: Final = 4


class TabWidths:
    """Each tab's width, and those that are held while the mouse closes one after another."""

    def __init__(self) -> None:
        self.widths: list[int] = []
        self._held: dict[str, int] = {}
        self._held_total = 0

    @property
    def tabs_width(self) -> int:
        """The width of all tabs together."""
        return sum(self.widths)

    @property
    def total_width(self) -> int:
        """The tabs' width, and what is held free while the mouse closes tabs."""
        return max(self.tabs_width, self._held_total)

    def set(self, keys: Sequence[str], widths: Sequence[int]) -> None:
        """Take new widths, but for tabs whose width is held."""
        pairs = zip(keys, widths, strict=True)
        self.widths = [self._held.get(key, width) for key, width in pairs]

    def hold(self, keys: Sequence[str], closing: int) -> None:
        """Keep every × where it is while a tab is closed: the next one takes its width."""
        held = dict(zip(keys, self.widths, strict=True))
        if closing + 1 < len(keys):
            held[keys[closing + 1]] = self.widths[closing]
        self._held_total = self.total_width
        self._held = held

    def release(self) -> bool:
        """Hold nothing any longer; whether anything was held."""
        held, self._held = self._held, {}
        self._held_total = 0
        return bool(held)


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
