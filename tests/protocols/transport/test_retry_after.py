"""How long a service asks to be left alone."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.protocols.transport.retry_after import LONGEST_PAUSE_S, pause_asked

NOW = datetime(2026, 5, 4, 12, 0, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": " 1.5 "}, 1.5),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "-5"}, 0.0),
        ({"retry-after": "315360000"}, LONGEST_PAUSE_S),
        ({"retry-after": "Mon, 04 May 2026 12:00:20 GMT"}, 20.0),
        ({"retry-after": "Mon, 04 May 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Mon, 04 May 2036 12:00:00 GMT"}, LONGEST_PAUSE_S),
        ({"retry-after": "Mon, 04 May 2026 12:00:20 -0000"}, 20.0),
        ({"retry-after": "soon"}, 0.0),
        ({"retry-after": "nan"}, 0.0),
        ({"retry-after": "inf"}, 0.0),
        ({"retry-after-ms": "2500"}, 2.5),
        ({"retry-after-ms": "2500", "retry-after": "9"}, 2.5),
        ({"retry-after-ms": "x", "retry-after": "9"}, 9.0),
    ],
)
def test_every_form_of_pause_is_read(headers: dict[str, str], seconds: float) -> None:
    assert pause_asked(headers, NOW) == seconds


@given(st.text(max_size=40))
def test_no_value_breaks_the_reading(value: str) -> None:
    assert 0.0 <= pause_asked({"retry-after": value, "retry-after-ms": value}) <= LONGEST_PAUSE_S
