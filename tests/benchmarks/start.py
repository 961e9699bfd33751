"""How long the window takes to be ready, beside a bare one of the same toolkit."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from typing import Final

from tests.benchmarks.registry import Result
from tests.display import real_display

PAIRS: Final = 12
BOUND: Final = 2.5
NOISE: Final = 0.4
DEADLINE_S: Final = 60


def start_ratio() -> Result:
    """Return the ratio of the best starts among alternating pairs, on a real display.

    The program starts as for a new person, with an empty chat. What it takes with a chat to
    restore, whose text must be read and laid out first, is printed beside.
    """
    with (
        real_display() as display,
        tempfile.TemporaryDirectory() as new,
        tempfile.TemporaryDirectory() as used,
    ):
        window(display, "program", "prepare", used)
        bare, own, restored = [], [], []
        for _ in range(PAIRS):
            bare.append(window(display, "bare", "start"))
            own.append(window(display, "program", "start", new))
            restored.append(window(display, "program", "start", used))
    print(f"start with a chat to restore: {min(restored) / min(bare):.2f} x", file=sys.stderr)
    value = min(own) / min(bare)
    spread = (sorted(bare)[PAIRS // 2] - min(bare)) / min(bare)
    return Result(
        name="start_ratio",
        value=round(value, 3),
        unit="x a bare window",
        bound=BOUND,
        floor=round(min(bare), 3),
        ok=value <= BOUND or ("noisy" if spread > NOISE else False),
    )


def window(display: str, *arguments: str) -> float:
    """Start a window and return the seconds from the start of its process until it told."""
    begun = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.windows", *arguments],
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    )
    return float(done.stdout.split()[-1]) - begun
