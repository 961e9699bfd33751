"""A steady pace of so many tokens a second, kept by the clock and not by counting naps."""

from __future__ import annotations

import asyncio
import math
import time
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

_LEAST_BURST: Final = 3
_BURST_S: Final = 0.05
"""How much lateness is made up for at once: more would be seen as a jump."""
_UNPACED: Final = 256


class Pace:
    """Says how many tokens may go. A late wake-up catches up, by a few; a long one is forgiven."""

    def __init__(
        self,
        tokens_per_second: float,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._clock = clock
        self._sleep = sleep
        paced = 0 < tokens_per_second < math.inf
        self._step_s = 1 / tokens_per_second if paced else 0.0
        self._burst = max(_LEAST_BURST, int(tokens_per_second * _BURST_S)) if paced else _UNPACED
        self._due = clock()

    async def allowance(self) -> int:
        """Wait until a token is due; return how many are, at least one."""
        if not self._step_s:
            await self._sleep(0)
            return self._burst
        await self._sleep(max(0.0, self._due - self._clock()))
        late_s = self._clock() - self._due
        due = 1 + max(0, int(late_s / self._step_s))
        count = min(due, self._burst)
        self._due += due * self._step_s if due > self._burst else count * self._step_s
        return count
