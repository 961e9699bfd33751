"""A stored chat of 10,000 messages in the program's own window."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from tests.benchmarks.long_chat import write_chat
from tests.benchmarks.memory import alone, shared_by_others
from tests.benchmarks.registry import Result
from tests.display import real_display

if TYPE_CHECKING:
    from collections.abc import Iterator

OPENINGS: Final = 3
MIB: Final = 2**20


def open_10k_ms() -> Result:
    """Return the time from the wish to see the chat to its first paint; the floor is a file's."""
    with profile() as (display, folder):
        took = [told(display, "open", folder) for _ in range(OPENINGS)]
        floor = told(display, "read", folder)
    return Result(
        name="open_10k_ms",
        value=round(min(took), 1),
        unit="ms to the first paint",
        bound=100.0,
        floor=round(floor, 1),
        ok=min(took) <= 100.0,
    )


def memory_10k_mb() -> Result:
    """Return what the shown chat takes beyond an empty one."""
    with profile() as (display, folder):
        empty, held = unshared(display, "empty", folder), unshared(display, "held", folder)
    value = (held - empty) / MIB
    return Result(
        name="memory_10k_mb",
        value=round(value, 1),
        unit="MiB above an empty chat",
        bound=40.0,
        floor=round(empty / MIB, 1),
        ok=value <= 40.0,
    )


def scroll_10k_p99_ms() -> Result:
    """Return what one step in a hundred exceeds, of the worst way of scrolling."""
    with profile() as (display, folder):
        ways = told(display, "scroll", folder)
    worst = 0.0
    for way, took in ways.items():
        took.sort()
        p99 = took[int(len(took) * 0.99)]
        worst = max(worst, p99)
        print(
            f"{way}: median {took[len(took) // 2]:.1f} ms, p99 {p99:.1f}, max {took[-1]:.1f}",
            file=sys.stderr,
        )
    return Result(
        name="scroll_10k_p99_ms",
        value=round(worst, 2),
        unit="ms, worst way",
        bound=16.0,
        floor=round(min(took[len(took) // 2] for took in ways.values()), 2),
        ok=worst <= 16.0,
    )


def find_10k_ms() -> Result:
    """Return the time to the first match, which is the only one, and in the last message."""
    with profile() as (display, folder):
        took = [told(display, "find", folder) for _ in range(OPENINGS)]
        floor = told(display, "read", folder)
    return Result(
        name="find_10k_ms",
        value=round(min(took), 1),
        unit="ms to the only match",
        bound=100.0,
        floor=round(floor, 1),
        ok=min(took) <= 100.0,
    )


@contextmanager
def profile() -> Iterator[tuple[str, str]]:
    """Write the chat into a profile, and give a display and the profile's folder."""
    with tempfile.TemporaryDirectory() as folder, real_display() as display:
        write_chat(folder)
        yield display, folder


def told(display: str, mode: str, folder: str) -> Any:
    """Run the window in a mode and return what it tells."""
    with started(display, mode, folder) as process:
        return json.loads(_line(process))


def unshared(display: str, mode: str, folder: str) -> int:
    """Return the bytes that no other process shares with a window that holds a chat."""
    with started(display, mode, folder) as process:
        _line(process)
        smaps = Path(f"/proc/{process.pid}/smaps").read_text("utf-8")
    return alone(smaps, shared_by_others())


@contextmanager
def started(display: str, mode: str, folder: str) -> Iterator[subprocess.Popen[str]]:
    """Run the window in a process of its own."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.long_window", mode, folder],
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.terminate()


def _line(process: subprocess.Popen[str]) -> str:
    line = process.stdout.readline() if process.stdout is not None else ""
    if not line:
        raise RuntimeError(f"the window ended with {process.wait()}")
    return line
