"""Bodies that come compressed though plain bytes were asked for, opened with a bound."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

_GZIP: Final = b"\x1f\x8b"
_PIECE: Final = 64 * 1024
_FREE_BYTES: Final = 32 * 1024 * 1024
_LARGEST_RATIO: Final = 200
"""Beyond `_FREE_BYTES`, more than this many bytes out of one is a bomb: text gives 5 to 50."""


class Inflater:
    """Opens gzip and deflate bodies piece by piece; what is plain, whatever its label, passes."""

    def __init__(self, encoding: str) -> None:
        self._labelled = encoding.strip().lower()
        self._start: bytes | None = b""
        self._unzip: zlib._Decompress | None = None
        self._taken = 0
        self._given = 0

    def feed(self, data: bytes) -> Iterator[bytes]:
        """Yield the plain bytes of `data`, in pieces of a bounded size.

        Raises `ChatError`: `LIMIT` for a bomb, `BROKEN_STREAM` for damaged data.
        """
        if self._start is not None:
            self._start += data
            if len(self._start) < len(_GZIP) and _GZIP.startswith(self._start):
                return
            data, self._start = self._start, None
            self._unzip = self._opened(data)
        yield from self._plain(data)

    def end(self) -> Iterator[bytes]:
        """Yield what was held back, at the end of the body."""
        if self._start:
            data, self._start = self._start, None
            yield data
        if self._unzip is not None and not self._unzip.eof:
            raise ChatError(Failure(kind=ErrorKind.BROKEN_STREAM, detail="compressed data cut off"))

    def _opened(self, start: bytes) -> zlib._Decompress | None:
        if start.startswith(_GZIP):
            return zlib.decompressobj(wbits=31)
        if self._labelled == "deflate":
            # Most send zlib's format under this name, some the bare one.
            zlib_header = (
                len(start) > 1 and start[0] & 15 == 8 and not int.from_bytes(start[:2]) % 31
            )
            return zlib.decompressobj(wbits=15 if zlib_header else -15)
        return None

    def _plain(self, data: bytes) -> Iterator[bytes]:
        while data:
            if self._unzip is None:
                yield data
                return
            self._taken += len(data)
            try:
                piece = self._unzip.decompress(data, _PIECE)
            except zlib.error:
                raise ChatError(
                    Failure(kind=ErrorKind.BROKEN_STREAM, detail="damaged compressed data")
                ) from None
            data = self._unzip.unconsumed_tail
            self._taken -= len(data)
            self._count(len(piece))
            if piece:
                yield piece
            if self._unzip.eof:
                # gzip may go on with another member.
                data = self._unzip.unused_data
                self._unzip = self._opened(data) if data else self._unzip
                if data and not data.startswith(_GZIP):
                    return

    def _count(self, given: int) -> None:
        self._given += given
        if self._given > _FREE_BYTES and self._given > _LARGEST_RATIO * self._taken:
            raise ChatError(Failure(kind=ErrorKind.LIMIT, limit=f"{_FREE_BYTES // 2**20} MB"))
