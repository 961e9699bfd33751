"""Writing a text to a file that a person chose, away from the window's thread."""

from __future__ import annotations

import contextlib
import os
import tempfile
import threading
from pathlib import Path

from PySide6.QtCore import QObject, Signal


class TextFile(QObject):
    """One text on its way into one file: all of it, or the file stays as it was."""

    ended = Signal(str, str)
    """The file, and why it could not be written, in the system's words; empty: it was."""

    def write(self, path: Path, text: str | bytes) -> None:
        """Begin to write; `ended` tells of it."""
        data = text.encode() if isinstance(text, str) else text
        threading.Thread(
            target=self._work, args=(path, data), name="write a file", daemon=True
        ).start()

    def _work(self, path: Path, data: bytes) -> None:
        reason = ""
        try:
            _replace(path, data)
        except OSError as problem:
            reason = problem.strerror or type(problem).__name__
        # The window may be gone by now.
        with contextlib.suppress(RuntimeError):
            self.ended.emit(str(path), reason)


def _replace(path: Path, data: bytes) -> None:
    if path.exists() and not path.is_file():
        path.write_bytes(data)
        return
    mode = path.stat().st_mode if path.exists() else 0o666 & ~_umask()
    made, name = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    beside = Path(name)
    try:
        with os.fdopen(made, "wb") as file:
            file.write(data)
        beside.chmod(mode)
        beside.replace(path.resolve())
    except OSError:
        beside.unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o022)
    os.umask(mask)
    return mask
