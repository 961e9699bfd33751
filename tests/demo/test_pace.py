"""The pace: kept by the clock, late wake-ups made up for by a few, pauses forgiven."""

from __future__ import annotations

import asyncio
import time

import pytest

from desktop_chat.demo.pace import Pace


class Clock:
    """Time that passes only when somebody sleeps, and then a little more than was asked."""

    def __init__(self, lateness_s: float) -> None:
        self.now = 100.0
        self._lateness_s = lateness_s

    def monotonic(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if seconds > 0:
            self.now += seconds + self._lateness_s

    def pace(self, rate: float) -> Pace:
        return Pace(rate, self.monotonic, self.sleep)


@pytest.fixture
def clock(request: pytest.FixtureRequest) -> Clock:
    return Clock(getattr(request, "param", 0.0))


@pytest.mark.parametrize("clock", [0.0, 0.001, 0.01, 0.03], indirect=True)
@pytest.mark.parametrize("rate", [10, 60, 1000])
def test_late_wake_ups_do_not_slow_the_pace(clock: Clock, rate: int) -> None:
    async def count() -> int:
        steady = clock.pace(rate)
        sent = 0
        while clock.now < 110:
            sent += await steady.allowance()
        return sent

    assert asyncio.run(count()) == pytest.approx(rate * 10, rel=0.03, abs=3)


@pytest.mark.parametrize("clock", [0.005], indirect=True)
def test_tokens_never_come_in_more_than_a_few(clock: Clock) -> None:
    async def most() -> int:
        steady = clock.pace(60)
        found = []
        for _ in range(200):
            clock.now += 0.04
            found.append(await steady.allowance())
        return max(found)

    assert asyncio.run(most()) <= 3


def test_a_long_pause_is_not_made_up_for(clock: Clock) -> None:
    async def after_a_pause() -> list[int]:
        steady = clock.pace(60)
        await steady.allowance()
        clock.now += 30
        return [await steady.allowance() for _ in range(4)]

    assert asyncio.run(after_a_pause()) == [3, 1, 1, 1]


@pytest.mark.parametrize("rate", [0, -1, float("inf")])
def test_no_pace_means_as_fast_as_it_goes(rate: float) -> None:
    async def many() -> int:
        steady = Pace(rate)
        return sum([await steady.allowance() for _ in range(1000)])

    begun = time.monotonic()
    assert asyncio.run(many()) > 100_000
    assert time.monotonic() - begun < 5
