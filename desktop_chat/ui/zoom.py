"""Zooming all type in steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop_chat.ui.appearance import Appearance

STEPS: Final = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


class Zoom:
    """Remembers the step; every size of type follows it."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._at = STEPS.index(1.0)

    @property
    def factor(self) -> float:
        """What every size is multiplied by."""
        return STEPS[self._at]

    def step(self, by: int) -> None:
        """Go to a larger or smaller step, as far as there is one."""
        self._go(max(0, min(self._at + by, len(STEPS) - 1)))

    def reset(self) -> None:
        """Go back to the actual size."""
        self._go(STEPS.index(1.0))

    def _go(self, at: int) -> None:
        if at != self._at:
            self._at = at
            self._appearance.set_zoom(self.factor)
