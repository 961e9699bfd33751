"""What is told of a request before its first word."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.stream import Phase

if TYPE_CHECKING:
    from collections.abc import Callable

SEEN_S: Final = 0.016
"""What is over within a frame nobody could see, and telling it would hold the first word up."""


class PhaseTeller:
    """Tells of a phase once it lasts. Used in the network's loop alone."""

    def __init__(self, tell: Callable[[Phase], None]) -> None:
        self._tell = tell
        self._told = Phase.CONNECTING
        self._later: asyncio.TimerHandle | None = None

    def report(self, phase: Phase) -> None:
        """Take a phase that began."""
        self.end()
        if phase is not self._told:
            self._later = asyncio.get_running_loop().call_later(SEEN_S, self._show, phase)

    def end(self) -> None:
        """Tell nothing more: the answer begins, or it is over."""
        if self._later is not None:
            self._later.cancel()
            self._later = None

    def _show(self, phase: Phase) -> None:
        self._told = phase
        self._tell(phase)
