"""How much memory the window takes for itself, beside a bare one of the same toolkit."""

from __future__ import annotations

import contextlib
import os
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
        smaps = Path(f"/proc/{process.pid}/smaps").read_text("utf-8")
        process.terminate()
    return alone(smaps, shared_by_others())


def alone(smaps: str, shared: set[str]) -> int:
    """Return the bytes that a process would share with no other, were no other of Qt there.

    Another program of the same environment maps the same libraries, and then the kernel calls
    them shared; only those in `shared` are.
    """
    total, own = 0, False
    for line in smaps.splitlines():
        name, _, rest = line.partition(":")
        if "-" in name:
            file = rest.rpartition(" ")[2]
            own = ".so" in file and file not in shared
        elif name.startswith("Private_") or (own and name.startswith("Shared_")):
            total += int(rest.split()[0])
    return total * 1024


def shared_by_others() -> set[str]:
    """Return the libraries of all running programs that are not of Qt."""
    found: set[str] = set()
    for maps in Path("/proc").glob("[0-9]*/maps"):
        with contextlib.suppress(OSError):
            text = maps.read_text("utf-8")
            if "PySide6" not in text:
                found.update(line.rpartition(" ")[2] for line in text.splitlines())
    return found
