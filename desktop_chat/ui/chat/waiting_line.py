"""The one line that a person watches while nothing has come yet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

from desktop_chat.domain.stream import Phase

QUIET_MS: Final = 300
"""Before this the accent bar stands alone: what answers at once should not flash words."""
_SECONDS_FROM: Final = 3
_LONG_FROM: Final = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """How a reply in flight stands at one moment."""

    phase: Phase | None
    service: str
    asked_ms: int
    """How long ago it was asked."""
    phase_ms: int
    """How long it has been in this phase."""
    retry_in_s: float = 0.0


def waiting_line(waiting: Waiting) -> str:
    """Return the line; empty while there is nothing to say."""
    if waiting.phase is Phase.RETRYING:
        left = max(1, math.ceil(waiting.retry_in_s))
        return f"{waiting.service} is busy. Trying again in {left} s."
    if waiting.asked_ms < QUIET_MS or waiting.phase is None:
        return ""
    seconds = waiting.phase_ms // 1000
    lines = {
        Phase.CONNECTING: f"Connecting to {waiting.service}…",
        Phase.WAITING: "Waiting for the first word…" + _passed(seconds),
        Phase.QUEUED: f"In the queue at {waiting.service}…" + _passed(seconds),
    }
    if waiting.phase is Phase.WAITING and seconds >= _LONG_FROM:
        return f"Still waiting, {seconds} s. Some models think this long."
    return lines.get(waiting.phase, "")


def next_change_ms(waiting: Waiting) -> int:
    """Return after how many milliseconds the line may read otherwise."""
    if waiting.phase is Phase.RETRYING:
        return max(1, round(waiting.retry_in_s * 1000) % 1000)
    if waiting.asked_ms < QUIET_MS:
        return QUIET_MS - waiting.asked_ms
    return 1000 - waiting.phase_ms % 1000


def _passed(seconds: int) -> str:
    return f" {seconds} s" if seconds >= _SECONDS_FROM else ""
