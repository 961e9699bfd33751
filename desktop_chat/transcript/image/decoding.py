"""Makes pictures of bytes that somebody else wrote, beside the window's thread."""

from __future__ import annotations

import atexit
import binascii
import re
import threading
from base64 import b64decode
from collections import deque
from typing import TYPE_CHECKING, Final, NamedTuple
from weakref import WeakSet

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QObject, QSize, Signal
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from desktop_chat.domain.pictures import PICTURE_BYTES

if TYPE_CHECKING:
    from collections.abc import Hashable

ALLOCATION_MB: Final = 64
MOST_POINTS: Final = ALLOCATION_MB * 1024 * 1024 // 4
LONGEST_SIDE: Final = 16_384
END_S: Final = 1.0
_MAGIC: Final = (
    (b"\x89PNG\r\n\x1a\n", b"png"),
    (b"\xff\xd8\xff", b"jpeg"),
    (b"GIF87a", b"gif"),
    (b"GIF89a", b"gif"),
    (b"BM", b"bmp"),
)
_DATA: Final = re.compile(r"data:image/(?:png|jpe?g|gif|webp)(?:;[\w=-]+)*;base64,", re.IGNORECASE)

OTHER_KIND: Final = "This is no PNG, JPEG, GIF, WebP or BMP image, so it is not shown."
OTHER_DATA: Final = "Only PNG, JPEG, GIF and WebP images may stand in an answer itself."
TOO_MUCH: Final = "This image is larger than 5 MB, so it is not shown."
DAMAGED: Final = "This image is damaged and cannot be shown."


class Decoded(NamedTuple):
    """A picture at the size that it is shown in, or the reason why there is none."""

    image: QImage | None
    natural: QSize
    """Its own size."""
    sentence: str = ""
    data: bytes = b""


def format_of(data: bytes) -> bytes:
    """Return the kind of an image by its first bytes; nothing for kinds that are not shown."""
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return b"webp"
    return next((kind for magic, kind in _MAGIC if data.startswith(magic)), b"")


def is_data(address: str) -> bool:
    """Whether an address holds its image itself."""
    return address[:5].lower() == "data:"


def data_of(address: str) -> bytes | None:
    """Return the bytes that a `data:` address holds; None where it is of another kind."""
    head = _DATA.match(address, 0, 200)
    if head is None:
        return None
    try:
        return b64decode(address[head.end() :].replace("%2B", "+").replace("%2F", "/"))
    except (ValueError, binascii.Error):
        return b""


def decode(data: bytes, width: int) -> Decoded:
    """Return an image, made smaller where it is wider. Nothing is decoded that is too large."""
    nothing = QSize()
    if len(data) > PICTURE_BYTES:
        return Decoded(None, nothing, TOO_MUCH)
    kind = format_of(data)
    if not kind:
        return Decoded(None, nothing, OTHER_KIND)
    QImageReader.setAllocationLimit(ALLOCATION_MB)
    buffer = QBuffer()
    buffer.setData(QByteArray(data))
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(kind))
    reader.setAutoDetectImageFormat(False)
    reader.setAutoTransform(True)
    size = reader.size()
    if not size.isValid() or size.isEmpty():
        return Decoded(None, nothing, DAMAGED)
    points = size.width() * size.height()
    if points > MOST_POINTS or max(size.width(), size.height()) > LONGEST_SIDE:
        words = f"This image is {size.width():,} × {size.height():,} points, too many to show."
        return Decoded(None, nothing, words)
    turned = bool(
        reader.transformation().value & QImageIOHandler.Transformation.TransformationRotate90.value
    )
    natural = size.transposed() if turned else size
    if natural.width() > width > 0:
        shown = QSize(width, max(1, natural.height() * width // natural.width()))
        reader.setScaledSize(shown.transposed() if turned else shown)
    image = reader.read()
    return Decoded(None, nothing, DAMAGED) if image.isNull() else Decoded(image, natural, "", data)


class Decoder(QObject):
    """Decodes one image after another on a daemon thread, which ends when there is none left."""

    decoded = Signal(object, object)
    """(what it was asked under, `Decoded`)"""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._waiting: deque[tuple[Hashable, bytes | str, int]] = deque()
        self._thread: threading.Thread | None = None
        _alive.add(self)

    def decode(self, key: Hashable, source: bytes | str, width: int) -> None:
        """Decode bytes, or a `data:` address, for a width."""
        with self._lock:
            self._waiting.append((key, source, width))
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="images", daemon=True)
                self._thread.start()

    def finish(self) -> None:
        """Give up what waits, and wait for the end of what is under way."""
        with self._lock:
            self._waiting.clear()
            thread = self._thread
        if thread is not None:
            thread.join(END_S)

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._thread = None
                    return
                key, source, width = self._waiting.popleft()
            result = _decoded(source, width)
            try:
                self.decoded.emit(key, result)
            except RuntimeError:  # the view is gone
                return


def _decoded(source: bytes | str, width: int) -> Decoded:
    data = data_of(source) if isinstance(source, str) else source
    if data is None:
        return Decoded(None, QSize(), OTHER_DATA)
    found = decode(data, width)
    if isinstance(source, str) and format_of(data) == b"bmp":
        return Decoded(None, QSize(), OTHER_DATA)
    return found


_alive: WeakSet[Decoder] = WeakSet()


@atexit.register
def _end() -> None:
    """End the threads: one that is inside Qt when the interpreter goes aborts the process."""
    for decoder in list(_alive):
        decoder.finish()
