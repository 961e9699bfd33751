"""A real X display with a window manager, for programs that are started to be looked at."""

from __future__ import annotations

import os
import subprocess
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREEN: Final = "1280x900x24"
DEADLINE_S: Final = 20.0


class DisplayError(RuntimeError):
    """The display did not come up."""


@contextmanager
def real_display() -> Iterator[str]:
    """Run a display of its own on a free number, and give its `DISPLAY`."""
    reading, writing = os.pipe()
    screen = ["-screen", "0", SCREEN, "-nolisten", "tcp", "-displayfd", str(writing)]
    server = subprocess.Popen(["Xvfb", *screen], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with ending(server), os.fdopen(reading) as numbers, tempfile.TemporaryDirectory() as folder:
        # Xvfb closes the pipe without a word where it fails.
        name = f":{numbers.readline().strip()}"
        if name == ":":
            raise DisplayError(f"Xvfb ended with {server.wait(DEADLINE_S)}")
        managed = Path(folder) / "managed"
        manager = subprocess.Popen(
            ["openbox", "--startup", f"touch {managed}"],
            env={**os.environ, "DISPLAY": name},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with ending(manager):
            _wait_for(managed, manager)
            yield name


@contextmanager
def ending(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process that was started, whatever happens meanwhile."""
    try:
        yield
    finally:
        process.terminate()
        process.wait(DEADLINE_S)


def _wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            raise DisplayError("openbox did not come up")
        time.sleep(0.01)
