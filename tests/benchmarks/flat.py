"""One block that grows very long: a token at its end must cost what one at its start does."""

from __future__ import annotations

import sys
from typing import Final

from tests.benchmarks.answers import CHINESE, LATIN, fence, nested_list, paragraph, table, word
from tests.benchmarks.registry import Result
from tests.benchmarks.streaming import growth, stream

BOUND: Final = 1.5
PARAGRAPH_BOUND: Final = 2.0
LONGEST_MS: Final = 16.0
"""What one call on the window's thread may take, however long a paragraph gets."""


def flat_fence() -> Result:
    """Return the growth of a block of code."""
    return flat("flat_fence", fence(5_000), BOUND)


def flat_list() -> Result:
    """Return the growth of a nested list."""
    return flat("flat_list", nested_list(2_000), BOUND)


def flat_table() -> Result:
    """Return the growth of a table."""
    return flat("flat_table", table(1_000), BOUND)


def flat_paragraph() -> Result:
    """Return the growth of a paragraph; much longer ones must not hold up the window either."""
    giants = {
        "50,000 Latin characters": paragraph(50_000, LATIN),
        "50,000 Chinese characters": paragraph(50_000, CHINESE),
        "a word of 200,000": word(200_000),
    }
    longest = {name: max(stream(text)) * 1e3 for name, text in giants.items()}
    for name, took in longest.items():
        print(f"longest call, {name}: {took:.1f} ms", file=sys.stderr)
    smooth = max(longest.values()) <= LONGEST_MS
    return flat("flat_paragraph", paragraph(10_000), PARAGRAPH_BOUND, smooth=smooth)


def flat(name: str, text: str, bound: float, *, smooth: bool = True) -> Result:
    """Return the cost of the last quarter of an answer over that of the first."""
    costs = stream(text)
    first, value = growth(costs)
    print(f"{name}: longest call {max(costs) * 1e3:.1f} ms", file=sys.stderr)
    return Result(
        name=name,
        value=round(value, 3),
        unit="x the first quarter",
        bound=bound,
        floor=round(first / len(text) * 16 * 1e6, 1),
        ok=value <= bound and smooth,
    )
