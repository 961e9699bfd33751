"""What a streamed answer costs the window's thread, from its text to its paint."""

from __future__ import annotations

from typing import Final

from tests.benchmarks.answers import mixed
from tests.benchmarks.plot import Point, draw
from tests.benchmarks.registry import Result
from tests.benchmarks.streaming import FRAME_TOKENS, growth, plain_text, set_markdown, stream

TOKENS: Final = 32_000
RIVAL_TOKENS: Final = 8_000
RIVAL_AT: Final = (1_000, 2_000, 4_000, 8_000, 16_000, 32_000)
PLOT_TOKENS: Final = 1_000
"""Over how many tokens the cost of one is taken."""
PLOT_ROUNDS: Final = 3
BOUND_US: Final = 100.0
FLAT_BOUND: Final = 1.2
RIVAL_BOUND: Final = 60.0


def stream_us_per_token() -> Result:
    """Return what a token costs; the floor is Qt's plain editor, which only appends."""
    text = mixed(TOKENS)
    value = sum(stream(text)) / TOKENS * 1e6
    floor = sum(plain_text(text)) / TOKENS * 1e6
    return Result(
        name="stream_us_per_token",
        value=round(value, 1),
        unit="µs of CPU a token",
        bound=BOUND_US,
        floor=round(floor, 1),
        ok=value <= BOUND_US,
    )


def stream_flatness() -> Result:
    """Return the cost of a token in the last quarter of a long answer over that in the first."""
    first, value = growth(stream(mixed(TOKENS)))
    return Result(
        name="stream_flatness",
        value=round(value, 3),
        unit="x the first quarter",
        bound=FLAT_BOUND,
        floor=round(first / TOKENS * 4 * 1e6, 1),
        ok=value <= FLAT_BOUND,
    )


def stream_vs_setmarkdown() -> Result:
    """Return how much cheaper a token is than showing the whole text anew, at the same length.

    Draws both by the length of the answer, too.
    """
    costs = stream(mixed(TOKENS))
    step = PLOT_TOKENS // FRAME_TOKENS
    ends = range(step, len(costs) + 1, step)
    own = [Point(at * FRAME_TOKENS, _mean(costs[at - step : at])) for at in ends]
    rivals = [Point(at, set_markdown(mixed(at), PLOT_ROUNDS)) for at in RIVAL_AT]
    draw(own, rivals)
    rival = set_markdown(mixed(RIVAL_TOKENS))
    at = RIVAL_TOKENS // FRAME_TOKENS
    value = rival / _mean(costs[at - step : at])
    return Result(
        name="stream_vs_setmarkdown",
        value=round(value, 1),
        unit="x cheaper",
        bound=RIVAL_BOUND,
        floor=round(rival * 1e3, 2),
        ok=value >= RIVAL_BOUND,
    )


def _mean(costs: list[float]) -> float:
    """Return the seconds that a token costs in some frames."""
    return sum(costs) / len(costs) / FRAME_TOKENS
