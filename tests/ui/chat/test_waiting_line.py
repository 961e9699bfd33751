"""The line that is watched while nothing came."""

from __future__ import annotations

import pytest

from desktop_chat.domain.stream import Phase
from desktop_chat.ui.chat.waiting_line import Waiting, next_change_ms, waiting_line


def _waiting(
    phase: Phase | None, asked_ms: int, phase_ms: int | None = None, retry_in_s: float = 0.0
) -> Waiting:
    return Waiting(
        phase=phase,
        service="Groq",
        asked_ms=asked_ms,
        phase_ms=asked_ms if phase_ms is None else phase_ms,
        retry_in_s=retry_in_s,
    )


@pytest.mark.parametrize(
    ("phase", "asked_ms", "line"),
    [
        (Phase.CONNECTING, 299, ""),
        (Phase.WAITING, 100, ""),
        (None, 5000, ""),
        (Phase.CONNECTING, 300, "Connecting to Groq…"),
        (Phase.WAITING, 2999, "Waiting for the first word…"),
        (Phase.WAITING, 7400, "Waiting for the first word… 7 s"),
        (Phase.QUEUED, 12_000, "In the queue at Groq… 12 s"),
        (Phase.WAITING, 34_000, "Still waiting, 34 s. Some models think this long."),
        (Phase.THINKING, 6100, ""),
        (Phase.ANSWERING, 9000, ""),
    ],
)
def test_the_line_says_what_is_waited_for(phase: Phase, asked_ms: int, line: str) -> None:
    assert waiting_line(_waiting(phase, asked_ms)) == line


def test_a_pause_that_a_service_asked_for_counts_down() -> None:
    waiting = _waiting(Phase.RETRYING, 100, retry_in_s=3.2)
    assert waiting_line(waiting) == "Groq is busy. Trying again in 4 s."


def test_seconds_count_from_when_the_phase_began() -> None:
    waiting = _waiting(Phase.WAITING, asked_ms=9000, phase_ms=4000)
    assert waiting_line(waiting) == "Waiting for the first word… 4 s"


def test_the_line_is_looked_at_again_when_it_reads_otherwise() -> None:
    assert next_change_ms(_waiting(Phase.CONNECTING, 100)) == 200
    assert next_change_ms(_waiting(Phase.WAITING, 3400)) == 600
    assert next_change_ms(_waiting(Phase.RETRYING, 400, retry_in_s=2.25)) == 250
