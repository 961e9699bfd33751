"""Whether and when a request that did not come through is sent again by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ErrorKind

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure

ATTEMPTS: Final = 2
LONGEST_S: Final = 60.0
FIRST_S: Final = 0.5


def retry_delay_s(failure: Failure, attempt: int) -> float | None:
    """Return the pause before the next attempt, in seconds; None where there is to be none.

    Only asked before the first token: what a service began to answer is never asked twice.
    """
    passing = failure.kind in (ErrorKind.RATE_LIMITED, ErrorKind.SERVER_TROUBLE)
    if not passing or not failure.may_retry or attempt >= ATTEMPTS:
        return None
    import random  # noqa: PLC0415 - it brings all of hashlib, and most programs never retry

    backoff: float = FIRST_S * 2.0**attempt * random.uniform(0.75, 1.25)  # noqa: S311 - jitter
    return min(LONGEST_S, max(failure.seconds, backoff))
