"""How long a model thinks, told from when its words arrive, seen or not."""

from __future__ import annotations

import time
from typing import Final

SECOND_MS: Final = 1000
MINUTE: Final = 60


class ThinkingClock:
    """Runs while reasoning arrives; text stops it, and more reasoning lets it run on."""

    __slots__ = ("_since", "_sum_ms")

    def __init__(self) -> None:
        self._since: float | None = None
        self._sum_ms = 0

    @property
    def running(self) -> bool:
        """Whether the model thinks now."""
        return self._since is not None

    @property
    def milliseconds(self) -> int:
        """How long it has thought."""
        if self._since is None:
            return self._sum_ms
        return self._sum_ms + round((time.monotonic() - self._since) * SECOND_MS)

    @property
    def next_change_ms(self) -> int:
        """How long until `duration` says another second."""
        return SECOND_MS - (self.milliseconds + SECOND_MS // 2) % SECOND_MS

    def start(self) -> None:
        """Take note that reasoning arrives."""
        if self._since is None:
            self._since = time.monotonic()

    def stop(self) -> None:
        """Take note that something else arrives, or nothing more."""
        self._sum_ms = self.milliseconds
        self._since = None


def duration(milliseconds: int) -> str:
    """Return a time as a person says it."""
    seconds = max((milliseconds + SECOND_MS // 2) // SECOND_MS, 1)
    if seconds < MINUTE:
        return f"{seconds} s"
    return f"{seconds // MINUTE} min {seconds % MINUTE} s"
