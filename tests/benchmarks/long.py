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
WAIT_MS: Final = 100.0
QUIET: Final = 0.9
"""Some of a wait is no thread's CPU time on a quiet machine, either: the display has its share."""


def open_10k_ms() -> Result:
    """Return the time from the wish to see the chat to its first paint; the floor is a file's."""
    return waited("open_10k_ms", "open", "ms to the first paint")


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
    return waited("find_10k_ms", "find", "ms to the only match")


def waited(name: str, mode: str, unit: str) -> Result:
    """Return the shortest of some waits, as a person's clock tells them.

    Where that is too long though the window's thread needed less CPU time than it may wait, the
    machine had other things to do.
    """
    with profile() as (display, folder):
        waits = [told(display, mode, folder) for _ in range(OPENINGS)]
        floor = told(display, "read", folder)
    wall, cpu = min(one for one, _ in waits), min(one for _, one in waits)
    print(f"{name}: {wall:.1f} ms, {cpu:.1f} of them CPU time", file=sys.stderr)
    return Result(
        name=name,
        value=round(wall, 1),
        unit=unit,
        bound=WAIT_MS,
        floor=round(floor, 1),
        ok=wall <= WAIT_MS or ("noisy" if cpu <= WAIT_MS * QUIET else False),
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
