"""How long a service asks to be left alone, in each of the forms that services use."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

LONGEST_PAUSE_S: Final = 60.0
_IN_BODY: Final = re.compile(r'"retryDelay"\s*:\s*"(\d{1,9}(?:\.\d{1,9})?)s"')
"""Google says it in the body alone."""


def pause_asked(headers: Mapping[str, str], now: datetime | None = None) -> float:
    """Return the pause in seconds, `LONGEST_PAUSE_S` at most; 0.0 where none is asked for."""
    milliseconds = _number(headers.get("retry-after-ms", ""))
    if milliseconds is not None:
        return _capped(milliseconds / 1000)
    value = headers.get("retry-after", "").strip()
    seconds = _number(value)
    if seconds is not None:
        return _capped(seconds)
    return _capped(_until(value, now or datetime.now(UTC)))


def pause_in(body: str) -> float:
    """Return the pause that an error's body asks for, in seconds; 0.0 where it asks for none."""
    found = _IN_BODY.search(body)
    return _capped(float(found[1])) if found else 0.0


def _capped(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_PAUSE_S)


def _number(value: str) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def _until(value: str, now: datetime) -> float:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError, OverflowError):
        return 0.0
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - now).total_seconds()
