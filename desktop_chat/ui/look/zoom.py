"""Zooming all type in steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtGui import QWheelEvent

    from desktop_chat.ui.look.appearance import Appearance

STEPS: Final = (80, 90, 100, 110, 125, 150, 175, 200)
"""In percent."""
ACTUAL: Final = 100
NOTCH: Final = 120
"""A wheel's smallest turn, in Qt's eighths of a degree."""


class Zoom:
    """Goes from step to step; every size of type follows."""

    def __init__(self, appearance: Appearance) -> None:
        self._appearance = appearance
        self._turned = 0

    def step(self, by: int) -> None:
        """Go to a larger (1) or smaller (-1) step, as far as there is one."""
        now = self._appearance.zoom
        wanted = [one for one in STEPS if (one > now if by > 0 else one < now)]
        if wanted:
            self._appearance.set_zoom(min(wanted) if by > 0 else max(wanted))

    def wheel(self, event: QWheelEvent) -> None:
        """Go a step for each notch of the wheel; a touchpad's small turns add up to notches."""
        self._turned += event.angleDelta().y()
        steps = int(self._turned / NOTCH)
        self._turned -= steps * NOTCH
        for _ in range(abs(steps)):
            self.step(1 if steps > 0 else -1)
        event.accept()

    def reset(self) -> None:
        """Go back to the actual size."""
        self._appearance.set_zoom(ACTUAL)
