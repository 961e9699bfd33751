"""Servers that a test starts in processes of their own, and what they tell of themselves."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable
    from types import TracebackType

ROOT: Final = Path(__file__).resolve().parents[1]
END_S: Final = 3.0


class Part:
    """A server that runs. The other side is a program that calls `serve_until_told`."""

    def __init__(self, program: str, *arguments: str) -> None:
        """`program` is a file's path below the tests' folder."""
        self._process = subprocess.Popen(
            [sys.executable, str(ROOT / "tests" / program), *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        self.port = int(self._line())

    @property
    def host(self) -> str:
        """Where it listens, as `host:port`."""
        return f"127.0.0.1:{self.port}"

    def report(self) -> dict[str, Any]:
        """Return what it has seen so far."""
        assert self._process.stdin is not None
        self._process.stdin.write(b"?\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._line())
        return told

    def close(self) -> None:
        """End it: it ends by itself when nobody can ask it any more."""
        with contextlib.suppress(BrokenPipeError, ValueError):
            self._process.stdin.close()  # type: ignore[union-attr]  # it is a pipe
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process.stdout.close()  # type: ignore[union-attr]  # as above

    def __enter__(self) -> Part:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _line(self) -> bytes:
        assert self._process.stdout is not None
        return self._process.stdout.readline()


async def serve_until_told(port: int, report: Callable[[], Awaitable[object]]) -> None:
    """Print the port; then a report for each line that comes, until the input is closed."""
    print(port, flush=True)  # noqa: T201 - it is the other side's to read
    loop = asyncio.get_running_loop()
    lines: asyncio.Queue[str] = asyncio.Queue()

    def read() -> None:
        for line in sys.stdin:
            loop.call_soon_threadsafe(lines.put_nowait, line)
        loop.call_soon_threadsafe(lines.put_nowait, "")

    threading.Thread(target=read, daemon=True).start()
    while await lines.get():
        print(json.dumps(await report()), flush=True)  # noqa: T201 - as above
