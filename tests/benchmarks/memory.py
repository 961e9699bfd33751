"""How much memory the window takes for itself, beside a bare one of the same toolkit."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

from tests.benchmarks.registry import Result
from tests.display import real_display

BOUND: Final = 2.2


def memory_ratio() -> Result:
    """Return the ratio of what one process alone holds: one tab, 10 s after a demo answer."""
    with real_display() as display, tempfile.TemporaryDirectory() as profile:
        bare = unshared(display, "bare", "answered")
        own = unshared(display, "program", "answered", profile)
    return Result(
        name="memory_ratio",
        value=round(own / bare, 3),
        unit="x a bare window",
        bound=BOUND,
        floor=round(bare / 2**20, 1),
        ok=own / bare <= BOUND,
    )


def unshared(display: str, *arguments: str) -> int:
    """Start a window, wait until it told, and return the bytes that no other process shares."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.windows", *arguments],
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        if process.stdout is None or not process.stdout.readline():
            raise RuntimeError(f"the window ended with {process.wait()}")
        rollup = Path(f"/proc/{process.pid}/smaps_rollup").read_text("ascii")
        process.terminate()
    return 1024 * sum(int(size) for size in re.findall(r"^Private_\w+: +(\d+) kB", rollup, re.M))
