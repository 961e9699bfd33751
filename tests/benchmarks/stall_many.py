"""Twenty answers at once, in the tabs of the real window: none slower than the service sends."""

from __future__ import annotations

import json
import sys
import tempfile
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.answers import TOKEN
from tests.benchmarks.stall import child, line, result, told, watched, write_service
from tests.display import real_display

if TYPE_CHECKING:
    import subprocess

    from tests.benchmarks.registry import Result

STREAMS: Final = 20
PACE: Final = 200
SECONDS: Final = 20.0
BOUND_MS: Final = 16.0
SLOWER_S: Final = 0.3
"""A tab that nobody sees is told of what came every 160 ms; then the message is finished."""
BEHIND: Final = 1.02
"""A service that is held up takes longer than by its own pace."""


def stall_20_p99_ms() -> Result:
    """Return what one beat in a hundred exceeds, with twenty answers of 200 tokens a second."""
    with (
        tempfile.TemporaryDirectory() as profile,
        child("token_server", str(PACE), str(SECONDS)) as server,
        real_display() as display,
    ):
        write_service(profile, int(line(server)))
        found, bare = watched(display, profile, "ends", STREAMS)
        sent = sends(server)
    stalls = told(found, bare, STREAMS * PACE * SECONDS * TOKEN)
    slowest = max(delays(found, sent))
    longest = max(took for took, _ in sent.values()) / SECONDS
    print(
        f"the slowest answer ended {slowest * 1e3:.0f} ms after the service had sent it, "
        f"which took {longest:.3f} of its time",
        file=sys.stderr,
    )
    made = result("stall_20_p99_ms", stalls, stalls.p99, BOUND_MS)
    if slowest > SLOWER_S or longest > BEHIND:
        return replace(made, unit=f"ms, and an answer {slowest:.2f} s late", ok=False)
    return made


def sends(server: subprocess.Popen[str]) -> dict[int, tuple[float, float]]:
    """Return how long the service took for each answer, and when it had sent it."""
    ends = [json.loads(line(server)) for _ in range(STREAMS)]
    return {number: (took, at) for number, took, at in ends}


def delays(found: dict[str, Any], sent: dict[int, tuple[float, float]]) -> list[float]:
    """Return how long after its last token each answer ended in its tab, in seconds."""
    return [at - sent[int(number)][1] for number, at in found["ends"].items()]
