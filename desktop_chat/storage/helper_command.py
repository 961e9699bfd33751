"""A program of the person's own that prints a key, such as a password manager's."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final

from desktop_chat.domain.keys import KeyFormatError, Secret, clean_key, held_values
from desktop_chat.domain.redaction import redact_all

if TYPE_CHECKING:
    from collections.abc import Sequence

HELPER_S: Final = 30.0
"""How long it may take: a password manager may have to be unlocked first."""
_KEPT: Final = 64 * 1024
_PIECE: Final = 4096
_WORDS: Final = 300


class HelperError(Exception):
    """The program gave no key; the message says what it did, and holds no key."""


class HelperCommand:
    """One run of the program. No shell reads its words, and it knows of no other key."""

    def __init__(self, argv: Sequence[str], limit_s: float = HELPER_S) -> None:
        self._argv = list(argv)
        self._limit_s = limit_s
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._stopped = False

    def run(self) -> Secret:
        """Return the first line that it prints. Blocks. Raises `HelperError`."""
        if not self._argv or not self._argv[0]:
            raise HelperError("there is no command")
        process = self._start()
        output, errors = _Pipe(process.stdout), _Pipe(process.stderr)
        try:
            process.wait(self._limit_s)
        except subprocess.TimeoutExpired:
            _kill(process)
            raise HelperError(f"it did not end within {self._limit_s:g} s") from None
        line = output.text().partition("\n")[0].strip()
        # Known from now on, so that nothing that is said of it shows the key.
        found = Secret(line)
        if process.returncode:
            words = _one_line(errors.text()) or "it said nothing"
            raise HelperError(f"it ended with status {process.returncode}: {words}")
        try:
            return clean_key(found.reveal())
        except KeyFormatError as problem:
            raise HelperError(_first_line_is(line, problem)) from None

    def stop(self) -> None:
        """End it, from another thread."""
        with self._lock:
            self._stopped = True
            process = self._process
        if process is not None and process.poll() is None:
            _kill(process)

    def _start(self) -> subprocess.Popen[bytes]:
        program = str(Path(self._argv[0]).expanduser()) if self._argv[0][:1] == "~" else None
        with self._lock:
            if self._stopped:
                raise HelperError("it was stopped")
            try:
                self._process = subprocess.Popen(  # noqa: S603 - the person's own words
                    [program or self._argv[0], *self._argv[1:]],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.PIPE,
                    stderr=subprocess.PIPE,
                    env=_environment(),
                    # A group of its own, so that what it starts ends with it.
                    start_new_session=True,
                    creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
                )
            except (OSError, ValueError) as error:
                why = error.strerror if isinstance(error, OSError) and error.strerror else "no"
                name = redact_all(self._argv[0])[:_WORDS]
                raise HelperError(f"{name} cannot be started: {why}") from None
            return self._process


class _Pipe:
    """Reads a pipe to its end on a thread, so that a talkative program is never held up."""

    def __init__(self, pipe: IO[bytes] | None) -> None:
        self._pipe = pipe
        self._data = bytearray()
        self._thread = threading.Thread(target=self._read, name="helper", daemon=True)
        self._thread.start()

    def text(self) -> str:
        """Return what came, at its end; as much of it as anybody needs."""
        self._thread.join(1.0)
        return bytes(self._data).decode("utf-8", "replace")

    def _read(self) -> None:
        if self._pipe is None:
            return
        with self._pipe:
            while piece := os.read(self._pipe.fileno(), _PIECE):
                self._data += piece[: max(0, _KEPT - len(self._data))]


def _kill(process: subprocess.Popen[bytes]) -> None:
    """End the program, with whatever it started."""
    with contextlib.suppress(OSError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, signal.SIGKILL)
        else:
            process.kill()
    process.wait()


def _environment() -> dict[str, str]:
    """Return the environment without anything that this program holds as a key."""
    held = held_values()
    return {
        name: value for name, value in os.environ.items() if not any(one in value for one in held)
    }


def _one_line(text: str) -> str:
    line = " ".join("".join(one if one.isprintable() else " " for one in text).split())
    shown = redact_all(line)
    return shown if len(shown) <= _WORDS else shown[: _WORDS - 1] + "…"


def _first_line_is(line: str, problem: KeyFormatError) -> str:
    return f"its first line is no key. {problem}" if line else "it printed nothing"
