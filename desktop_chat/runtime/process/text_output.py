"""Text to a terminal, a pipe or a file, without ever waiting for whoever reads it."""

from __future__ import annotations

import contextlib
import errno
import io
import queue
import threading
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal, Slot

if TYPE_CHECKING:
    from typing import TextIO

_SEEN: Final = {
    **{code: chr(0x2400 + code) for code in range(0x20) if chr(code) not in "\n\t"},
    **dict.fromkeys(range(0x80, 0xA0), "\ufffd"),
    0x0D: None,
    0x7F: "␡",
}
"""Control characters as a terminal shows them: a model's words must not steer it."""
_NOBODY_READS: Final = (errno.EPIPE, errno.EIO, errno.ESHUTDOWN)


class TextOutput(QObject):
    """Writes what it is given at once, on a daemon thread.

    A reader that stopped reading blocks that thread alone, so the rest can still be stopped. It
    goes around Python's own buffers: their locks would be waited for when the program ends.
    """

    closed = Signal()
    """Nothing can be written any more; `trouble` says why, None where the reader went away."""
    drained = Signal()
    """After `finish`: all is written, or lost because nobody reads."""
    _told = Signal(bool)
    """From the writing thread to this one; payload: whether it is the end."""

    def __init__(self, stream: TextIO | None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._raw = _raw(stream)
        self._encoding = (stream.encoding if stream is not None else "") or "utf-8"
        self._terminal = stream is not None and stream.isatty()
        self._queue: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._gone = False
        self._ends_line = True
        self.trouble: OSError | None = None
        # Delivered by the event loop alone: whoever waits has connected by then.
        self._told.connect(self._on_told, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._serve, name="output", daemon=True)
        self._thread.start()

    @property
    def gone(self) -> bool:
        """Whether nothing can be written any more."""
        return self._gone

    def write(self, text: str) -> None:
        """Write a text as soon as the reader takes it."""
        if text:
            self._ends_line = text.endswith("\n")
            self._queue.put(text.translate(_SEEN) if self._terminal else text)

    def end_line(self) -> None:
        """End the last line on a terminal; elsewhere the text stays as it is."""
        if self._terminal and not self._ends_line:
            self.write("\n")

    def finish(self) -> None:
        """Have `drained` emitted when all is written."""
        self._queue.put(None)

    @Slot(bool)
    def _on_told(self, end: bool) -> None:  # noqa: FBT001 - a signal's payload
        if end:
            self.drained.emit()
        else:
            self.closed.emit()

    def _serve(self) -> None:
        going = True
        while going:
            text, going = self._next()
            if not self._gone and text:
                self._write(text.encode(self._encoding, "replace"))
        self._tell(end=True)

    def _next(self) -> tuple[str, bool]:
        """Return all that waits, as one piece; False at the end."""
        pieces: list[str] = []
        piece = self._queue.get()
        while piece is not None:
            pieces.append(piece)
            try:
                piece = self._queue.get_nowait()
            except queue.Empty:
                return "".join(pieces), True
        return "".join(pieces), False

    def _write(self, data: bytes) -> None:
        rest = memoryview(data)
        try:
            while rest:
                if self._raw is None:
                    raise BrokenPipeError
                rest = rest[self._raw.write(rest) or 0 :]
        except (OSError, ValueError) as error:
            self._gone = True
            if isinstance(error, OSError) and error.errno not in (None, *_NOBODY_READS):
                self.trouble = error
            self._tell(end=False)

    def _tell(self, *, end: bool) -> None:
        with contextlib.suppress(RuntimeError):  # the program has ended meanwhile
            self._told.emit(end)


def _raw(stream: TextIO | None) -> io.RawIOBase | None:
    """Return the file below Python's buffers; None where the stream was closed from the start."""
    buffer = getattr(stream, "buffer", None)
    raw = getattr(buffer, "raw", buffer)
    return raw if isinstance(raw, io.RawIOBase) else None
