"""A request that did not come through is sent again by itself only where that helps."""

from __future__ import annotations

import pytest

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.runtime.chats.retrying import ATTEMPTS, LONGEST_S, retry_delay_s

AGAIN = {ErrorKind.RATE_LIMITED, ErrorKind.SERVER_TROUBLE}


@pytest.mark.parametrize("kind", sorted(AGAIN))
def test_pauses_grow_and_end(kind: ErrorKind) -> None:
    pauses = [retry_delay_s(Failure(kind=kind), attempt) for attempt in range(ATTEMPTS + 1)]
    assert pauses[-1] is None
    assert pauses[0] is not None
    assert 0.3 < pauses[0] < 0.7
    assert pauses[1] is not None
    assert 0.7 < pauses[1] < 1.3


@pytest.mark.parametrize("kind", sorted(set(ErrorKind) - AGAIN))
def test_everything_else_is_left_to_the_person(kind: ErrorKind) -> None:
    assert retry_delay_s(Failure(kind=kind), 0) is None


def test_a_pause_is_at_least_what_the_service_asked_for() -> None:
    failure = Failure(kind=ErrorKind.RATE_LIMITED, seconds=12)
    assert retry_delay_s(failure, 0) == 12


def test_no_pause_is_endless() -> None:
    failure = Failure(kind=ErrorKind.RATE_LIMITED, seconds=86_400)
    delay = retry_delay_s(failure, 0)
    assert delay is None or delay <= LONGEST_S
