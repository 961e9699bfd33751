"""What an answer costs the window's thread in a tab that nobody sees, beside one that is seen."""

from __future__ import annotations

import tempfile
from typing import Final

from tests.benchmarks.answers import TOKEN
from tests.benchmarks.registry import Result
from tests.benchmarks.stall import child, line, window, write_service
from tests.display import real_display

PACE: Final = 1000
SECONDS: Final = 5
BOUND: Final = 0.1


def hidden_tab_ratio() -> Result:
    """Return the CPU time of the window's thread for the same answer, hidden over visible.

    All is counted: taking in what the network brought, keeping it for the disk, and, where it is
    seen, laying it out and painting it.
    """
    with (
        tempfile.TemporaryDirectory() as profile,
        child("token_server", str(PACE), str(SECONDS)) as server,
        real_display() as display,
    ):
        write_service(profile, int(line(server)))
        visible = cost(display, profile, "visible")
        hidden = cost(display, profile, "hidden")
    return Result(
        name="hidden_tab_ratio",
        value=round(hidden / visible, 3),
        unit="x a visible tab",
        bound=BOUND,
        floor=round(visible * 1e6, 1),
        ok=hidden / visible <= BOUND,
    )


def cost(display: str, profile: str, mode: str) -> float:
    """Return the CPU seconds for one token."""
    found = window(display, profile, mode)
    seconds, characters = float(found["cpu"]), int(found["characters"])
    return seconds / characters * TOKEN
