"""Which of the window's beats count, and what is told of them."""

from __future__ import annotations

import pytest

from tests.benchmarks.heartbeat import Beat
from tests.benchmarks.stall import BARE_LATE_S, Stalls, judged, percentile, result


def beats(*late_ms: float) -> list[Beat]:
    """Return a beat for each tenth of a second, so many milliseconds late."""
    return [Beat((at + 1) / 10, late / 1000) for at, late in enumerate(late_ms)]


def test_where_the_machine_was_free_every_beat_counts() -> None:
    stalls = judged(beats(1, 2, 30), beats(0, 0.5, 1))
    assert stalls.longest == pytest.approx(30)
    assert stalls.void == 0


def test_a_beat_is_void_where_the_bare_one_was_late_at_the_same_time() -> None:
    stalls = judged(beats(1, 30, 2), [Beat(0.18, 0.02)])
    assert stalls.longest == pytest.approx(2)
    assert stalls.void == pytest.approx(1 / 3)


def test_a_bare_beat_that_was_late_before_or_after_voids_nothing() -> None:
    before, after = Beat(0.165, 0.02), Beat(0.26, 0.02)
    assert judged(beats(1, 30, 2), [before, after]).void == 0


def test_a_bare_beat_that_was_hardly_late_voids_nothing() -> None:
    assert judged(beats(1, 30, 2), [Beat(0.19, BARE_LATE_S)]).void == 0


def test_a_long_stall_is_void_by_any_late_beat_within_it() -> None:
    own = [Beat(0.1, 0.0), Beat(1.0, 0.8)]
    assert judged(own, [Beat(0.3, 0.01), Beat(0.95, 0.01)]).void == 0.5


def test_what_one_in_a_hundred_exceeds_is_near_the_end() -> None:
    assert percentile(range(200)) == 198
    assert percentile([7.0]) == 7


@pytest.mark.parametrize(
    ("value", "void", "ok"), [(16.0, 0.5, True), (17.0, 0.0, False), (17.0, 0.2, "noisy")]
)
def test_a_failure_is_told_only_where_enough_beats_count(
    value: float, void: float, ok: object
) -> None:
    told = result("some", Stalls(value, value, 0.1, void), value, 16.0)
    assert told.ok == ok
    assert told.floor == 0.1
