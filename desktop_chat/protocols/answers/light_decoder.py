"""The text of a light-chat answer, told from the marks that the service writes around it.

Everything is decided on the bytes alone, so that every cutting gives the same.
"""

from __future__ import annotations

import codecs
import json
import re
from enum import Enum, auto
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.protocols.answers.stray_tail import STRAY, StrayTail
from desktop_chat.protocols.framing.json_scan import ObjectScan
from desktop_chat.protocols.framing.sse import BOM, is_whole

if TYPE_CHECKING:
    from collections.abc import Callable

_STRAY_BYTES: Final = STRAY.encode()
_START: Final = b"start852"
_END: Final = b"end852"
_SPACE: Final = b" \t\r\n"
_AFTER_REAL_WORD: Final = b" \t\r\n\v\f.,;:!?)'\"`"
_HEADER_LIMIT: Final = 64 * 1024
_ERROR_LIMIT: Final = 4 * 1024
_PAGE_LIMIT: Final = 4 * 1024
_FIRST_KEY: Final = re.compile(rb'\s*\{\s*(?:"((?:[^"\\]|\\.){0,200})"\s*[:]|(\}))')
_LINE_END: Final = re.compile(rb"[\r\n]")
_ERROR_KEYS: Final = {
    "error", "message", "detail", "code", "status", "type", "msg", "success", "errors",
    "error_code", "error_message", "error_type", "error_msg", "request_id", "requestId",
    "statusCode", "status_code", "timestamp", "path", "data", "ok",
}  # fmt: skip
_TELLING_KEYS: Final = {"error", "message", "detail", "errors", "error_message", "msg", "error_msg"}


class LightBody(Enum):
    """What the body turned out to be."""

    TEXT = auto()
    ERROR = auto()
    """One JSON object that holds nothing but an error, in `LightDecoder.error`."""
    PAGE = auto()
    """A web page, its start in `LightDecoder.page`."""
    EVENTS = auto()
    """An event stream after all: its bytes come out of `LightDecoder.events`."""


class _Told(NamedTuple):
    """What the head is, and where what follows begins."""

    kind: LightBody
    rest: int


class LightDecoder:
    """Fed the body's bytes, gives its text: header data and stray words taken off."""

    def __init__(self, content_type: str = "") -> None:
        self._html = "html" in content_type
        self._head: bytearray | None = bytearray()
        self._scan = ObjectScan()
        self._look: Callable[[], _Told | None] = self._first_look
        self._object_end = -1
        self._searched = 0
        self._utf8 = codecs.getincrementaldecoder("utf-8")("replace")
        self._tail = StrayTail()
        self.kind = LightBody.TEXT
        self.metadata: object = None
        self.error: dict[str, object] | None = None
        self.page = bytearray()
        self.events = bytearray()
        """Bytes for a decoder of event streams; whoever reads them takes them away."""
        self.truncated = False
        """Whether the body ended in the middle of a character."""

    @property
    def raw_tail(self) -> str:
        """What was taken off the end of the text."""
        return self._tail.dropped

    @property
    def page_is_enough(self) -> bool:
        """Whether so much of a web page came that its title is in it, if it has one."""
        return len(self.page) >= _PAGE_LIMIT

    def feed(self, data: bytes) -> str:
        """Return the text that is certain by now."""
        if self._head is None:
            return self._pass(data)
        self._head += data
        told = self._look()
        return "" if told is None else self._leave_head(told)

    def end(self) -> str:
        """Return the rest of the text, at the end of the body."""
        text = ""
        if self._head is not None:
            text = self._leave_head(self._last_look())
        if self.kind is not LightBody.TEXT:
            return text
        pending, _ = self._utf8.getstate()
        self.truncated = bool(pending)
        text += self._tail.feed(self._utf8.decode(b"", final=True))
        return text + self._tail.end()

    def _leave_head(self, told: _Told) -> str:
        head, self._head = bytes(self._head or b""), None
        self.kind = told.kind
        return self._pass(head[told.rest :])

    def _pass(self, data: bytes) -> str:
        if self.kind is LightBody.TEXT:
            return self._tail.feed(self._utf8.decode(data))
        if self.kind is LightBody.EVENTS:
            self.events += data
        elif self.kind is LightBody.PAGE and len(self.page) < _PAGE_LIMIT:
            self.page += data[: _PAGE_LIMIT - len(self.page)]
        return ""

    # How the head is told. Each look returns None while more bytes are needed.

    def _bytes(self) -> bytearray:
        return self._head if self._head is not None else bytearray()

    def _begin(self) -> int:
        return len(BOM) if self._bytes().startswith(BOM) else 0

    def _as_text(self) -> _Told:
        return _Told(LightBody.TEXT, self._begin())

    def _first_look(self) -> _Told | None:
        head = bytes(self._bytes())
        if head != BOM and BOM.startswith(head):
            return None
        head = head[self._begin() :]
        for mark, look in ((_START, self._header_look), (b"data:", self._events_look)):
            if _could_begin(head, mark):
                return self._switch(look) if head.startswith(mark) else None
        word = head.lstrip(_SPACE)
        if len(head) - len(word) > _ERROR_LIMIT:
            return self._as_text()
        if not word:
            return None
        if word.startswith(b"{"):
            return self._switch(self._error_look)
        return self._page_look(word) if word.startswith(b"<") else self._as_text()

    def _switch(self, look: Callable[[], _Told | None]) -> _Told | None:
        self._look = look
        return look()

    def _page_look(self, word: bytes) -> _Told | None:
        word = word.lower()
        if self._html or word.startswith((b"<!doctype", b"<html")):
            return _Told(LightBody.PAGE, 0)
        undecided = any(mark.startswith(word) for mark in (b"<!doctype", b"<html"))
        return None if undecided else self._as_text()

    def _header_look(self) -> _Told | None:
        """Look for `start852{…}end852`."""
        head = self._bytes()
        start = self._begin() + len(_START)
        if self._object_end < 0:
            if bytes(head[start : start + 64]).lstrip(_SPACE)[:1] not in (b"", b"{"):
                return self._as_text()
            self._object_end = self._scan.end_in(head, start, start + _HEADER_LIMIT)
        if self._object_end >= 0:
            return self._header_end(start)
        return self._as_text() if len(head) - start >= _HEADER_LIMIT else None

    def _header_end(self, start: int) -> _Told | None:
        head, limit = self._bytes(), start + _HEADER_LIMIT
        between = bytes(head[self._object_end : limit])
        after = between.lstrip(_SPACE)
        if not after.startswith(_END):
            undecided = _END.startswith(after) and len(head) < limit
            return None if undecided else self._as_text()
        try:
            self.metadata = json.loads(bytes(head[start : self._object_end]))
        except (ValueError, RecursionError):
            return self._as_text()
        self._object_end += len(between) - len(after) + len(_END)
        return self._switch(self._word_look)

    def _word_look(self) -> _Told | None:
        """Drop the word that the header's write ends in, where something glued follows it."""
        rest = bytes(self._bytes()[self._object_end :])
        if _STRAY_BYTES.startswith(rest):
            return None
        glued = rest.startswith(_STRAY_BYTES) and rest[len(_STRAY_BYTES)] not in _AFTER_REAL_WORD
        # White space beyond ASCII begins with these bytes; its character must be whole to be told.
        if glued and (character := _first_character(rest[len(_STRAY_BYTES) :])) != "":
            if character is None:
                return None
            glued = not character.isspace()
        return _Told(LightBody.TEXT, self._object_end + (len(_STRAY_BYTES) if glued else 0))

    def _error_look(self) -> _Told | None:
        """Look whether the whole body is one JSON object that is an error."""
        head = self._bytes()
        start = head.index(b"{")
        if self._object_end < 0:
            first = _FIRST_KEY.match(head, self._begin())
            if first and _text(first[1]) not in _ERROR_KEYS:
                return self._as_text()
            self._object_end = self._scan.end_in(head, start, start + _ERROR_LIMIT)
            if self._object_end < 0:
                return self._as_text() if len(head) - start >= _ERROR_LIMIT else None
        if head[self._object_end :].strip(_SPACE):
            return self._as_text()
        return self._as_text() if len(head) - start > 2 * _ERROR_LIMIT else None

    def _events_look(self) -> _Told | None:
        """Look whether the first line is an event of an event stream."""
        head = self._bytes()
        found = _LINE_END.search(head, self._searched, _HEADER_LIMIT)
        self._searched = len(head)
        if found:
            value = bytes(head[self._begin() + len(b"data:") : found.start()])
            return _Told(LightBody.EVENTS, 0) if is_whole(value) else self._as_text()
        return self._as_text() if len(head) >= _HEADER_LIMIT else None

    def _last_look(self) -> _Told:
        """Tell what the head is when nothing more comes."""
        head = self._bytes()
        if self._look == self._word_look:
            return _Told(LightBody.TEXT, self._object_end)
        if self._look == self._error_look and self._object_end >= 0:
            self.error = _error_object(bytes(head[self._begin() :]))
            if self.error is not None:
                return _Told(LightBody.ERROR, len(head))
        if self._look == self._events_look and is_whole(bytes(head[self._begin() + 5 :])):
            return _Told(LightBody.EVENTS, 0)
        return self._as_text()


def _could_begin(data: bytes, mark: bytes) -> bool:
    return data.startswith(mark) or mark.startswith(data)


def _first_character(data: bytes) -> str | None:
    """Return the first character, None while it is not whole."""
    text = codecs.getincrementaldecoder("utf-8")("replace").decode(data[:4])
    return text[:1] or None


def _text(key: bytes | None) -> str:
    return (key or b"").decode("utf-8", "replace")


def _error_object(data: bytes) -> dict[str, object] | None:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict) or not value.keys() <= _ERROR_KEYS:
        return None
    return value if any(value.get(key) for key in _TELLING_KEYS) else None
