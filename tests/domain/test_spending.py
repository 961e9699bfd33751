"""Limits: how they are written down, and when they warn and stop."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.spending import Cap, CapState, Period, caps_from, caps_text

if TYPE_CHECKING:
    from collections.abc import Iterator

FIVE = Cap(period=Period.DAY, micros=5_000_000)
CAPS = st.builds(
    Cap,
    period=st.sampled_from(Period),
    micros=st.integers(0, 10**12),
    provider_id=st.sampled_from(["", "a", "b"]),
)


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@given(st.lists(CAPS, max_size=6, unique_by=lambda cap: (cap.period, cap.provider_id)))
def test_limits_are_read_back_as_they_were_written(caps: list[Cap]) -> None:
    assert caps_from(caps_text(tuple(caps))) == (tuple(caps), False)


@pytest.mark.parametrize("line", ["week\t\t5", "day\t\tfive", "day", "day\t\t-1"])
def test_a_line_that_cannot_be_read_is_told_and_the_others_hold(line: str) -> None:
    assert caps_from(f"{line}\nday\t\t5.00\n") == ((FIVE,), True)


@pytest.mark.parametrize(
    ("spent", "estimate", "warns", "stops"),
    [
        (0, 0, False, False),
        (3_999_999, 0, False, False),
        (3_900_000, 100_000, True, False),
        (4_000_000, None, True, False),
        (4_900_000, 100_000, True, False),
        (4_900_000, 100_001, True, True),
        (5_000_000, 0, True, True),
        (5_000_000, None, True, True),
    ],
)
def test_a_limit_warns_at_eighty_and_stops_at_a_hundred_percent(
    spent: int, estimate: int | None, *, warns: bool, stops: bool
) -> None:
    state = CapState(FIVE, spent, estimate)
    assert (state.warns, state.stops) == (warns, stops)


def test_a_limit_of_nothing_stops_everything() -> None:
    state = CapState(Cap(period=Period.MONTH, micros=0), 0, None)
    assert state.stops
    assert state.percent == 100


@pytest.mark.usefixtures("berlin")
def test_days_and_months_begin_by_the_persons_own_clock_over_a_change_of_summer_time() -> None:
    noon = dt.datetime(2026, 3, 29, 12, tzinfo=dt.UTC).astimezone()
    assert Period.DAY.began(noon) == 1_774_738_800_000  # 28 March, 23:00 UTC
    assert Period.MONTH.began(noon) == 1_772_319_600_000  # 28 February, 23:00 UTC
