"""Texts that take long to read: in slices while nobody waits, and at once for whoever does."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from PySide6.QtCore import QByteArray, QMimeData, QTimer
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

SLICE_S: Final = 0.004
PAUSE_MS: Final = 8
PLAIN: Final = "text/plain"
HTML: Final = "text/html"
MARKDOWN: Final = "text/markdown"

_T = TypeVar("_T")


class Slowly(Generic[_T]):
    """Reads parts, first to last; `ahead`: also while nobody has asked for them yet."""

    def __init__(self, parts: Sequence[Callable[[], _T]], *, ahead: bool) -> None:
        self._waiting = list(reversed(parts))
        self._read: list[_T] = []
        self._timer = QTimer()
        self._timer.setInterval(PAUSE_MS)
        self._timer.timeout.connect(self._on_pause)
        if ahead:
            self._timer.start()

    @property
    def ready(self) -> bool:
        """Whether everything is read."""
        return not self._waiting

    def all(self) -> list[_T]:
        """Return every part; what is not read yet is read now."""
        self._timer.stop()
        while self._waiting:
            self._take()
        return self._read

    def _take(self) -> None:
        self._read.append(self._waiting.pop()())

    def _on_pause(self) -> None:
        end = time.perf_counter() + SLICE_S
        while self._waiting and time.perf_counter() < end:
            self._take()
        if not self._waiting:
            self._timer.stop()


class SlowCopy(QMimeData):
    """What lies on the clipboard before it is written: each flavour, once one of them is wanted."""

    def __init__(self, formats: Sequence[str], write: Callable[[], Mapping[str, str]]) -> None:
        super().__init__()
        self._formats = formats
        self._write: Callable[[], Mapping[str, str]] | None = write
        self._written: Mapping[str, str] = {}

    @override
    def formats(self) -> list[str]:
        return list(self._formats)

    @override
    def hasFormat(self, mimetype: str) -> bool:
        return mimetype in self._formats

    @override
    def retrieveData(self, mimetype: str, preferredType: object) -> object:
        if mimetype not in self._formats:
            return None
        if self._write is not None:
            # Let go, and all parts with it.
            self._written, self._write = self._write(), None
        text = self._written[mimetype]
        return text if mimetype in {PLAIN, HTML} else QByteArray(text.encode())
