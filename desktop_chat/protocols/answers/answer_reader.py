"""The body of an answer: an event stream, or JSON in its place, to stream events."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, Protocol

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import Finished, FinishReason, KeepAlive, Limits
from desktop_chat.protocols.answers.stream_errors import error_in
from desktop_chat.protocols.framing.json_scan import ElementScan
from desktop_chat.protocols.framing.json_values import json_values
from desktop_chat.protocols.framing.sniff import BodyKind, BodySniffer
from desktop_chat.protocols.framing.sse import SseDecoder, SseEvent
from desktop_chat.protocols.transport.error_bodies import failure_in_stream
from desktop_chat.protocols.transport.redaction import message_of, page_title

if TYPE_CHECKING:
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.stream import StreamEvent
    from desktop_chat.protocols.answers.answer_builder import AnswerBuilder

_PAGE_BYTES: Final = 4096


class Decoder(Protocol):
    """Makes events of bytes."""

    comments: int
    """Signs of life so far."""
    stray: bytearray
    """The beginning of what is no event."""

    def feed(self, chunk: bytes) -> list[SseEvent]:
        """Return the events that this chunk ends; raises `ChatError` (`LIMIT`)."""

    def end(self) -> list[SseEvent]:
        """Return the last event if only its end is missing."""


class AnswerReader:
    """Reads one answer's bytes, whatever the content type says that they are.

    `answer` knows what the protocol means by the JSON objects that come.
    """

    patience = 1

    def __init__(
        self,
        answer: AnswerBuilder,
        place: Failure,
        limits: Limits | None = None,
        secrets: tuple[Secret, ...] = (),
        decoder: Decoder | None = None,
    ) -> None:
        """Without a `decoder`, what makes events of bytes reads an event stream."""
        limits = limits or Limits()
        self._place = place
        self._secrets = secrets
        self._limits = limits
        self._sniffer = BodySniffer()
        self._decoder = decoder or SseDecoder(limits.event_bytes, lenient=True)
        self._whole = bytearray()
        self._elements: ElementScan | None = None
        self._document_bytes = 0
        self._answer = answer
        self._failure: Failure | None = None
        self._done = False
        self._cut = False
        self.bad_events = 0
        """Events that could not be read and were left out."""

    @property
    def complete(self) -> bool:
        """Whether the protocol's own end, or `[DONE]`, came."""
        done = self._answer.done or (self._done and self._answer.ends_by_done)
        return self._failure is None and (done or self._answer.finish is not None)

    @property
    def ended(self) -> bool:
        """Whether its last word, an error or a limit ended the answer, or it is none at all."""
        page = self._sniffer.kind is BodyKind.PAGE and len(self._whole) >= _PAGE_BYTES
        return page or self._is_over()

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Return what these bytes bring."""
        for kind, piece in self._sniffer.feed(data):
            self._take(kind, piece)
        return self._events()

    def end(self) -> list[StreamEvent]:
        """Return what was held back, at the end of the body."""
        for kind, piece in self._sniffer.end():
            self._take(kind, piece)
        if self._sniffer.kind is BodyKind.JSON and not self._is_over():
            self._read_whole()
        self._decode(None)
        self._answer.flush()
        self._check_budget()
        return [event for event in self._events() if not isinstance(event, KeepAlive)]

    def outcome(self, *, broken: bool) -> Finished:
        """Return how the answer ended, or raise `ChatError`."""
        if self._failure is not None:
            raise ChatError(self._failure)
        if self._sniffer.kind is BodyKind.PAGE or self._is_foreign():
            raise ChatError(self._foreign())
        if not self.complete:
            empty = not (broken or self._cut or self._answer.chunks or self._answer.has_begun)
            kind = ErrorKind.EMPTY if empty else ErrorKind.BROKEN_STREAM
            raise ChatError(replace(self._place, kind=kind))
        reason = self._answer.finish or FinishReason.UNKNOWN
        said_why = reason in (FinishReason.LENGTH, FinishReason.SAFETY)
        if self._answer.is_empty and not said_why:
            raise ChatError(replace(self._place, kind=ErrorKind.EMPTY))
        return Finished(reason)

    def _is_done(self) -> bool:
        return self._done or self._answer.done

    def _is_over(self) -> bool:
        return self._is_done() or self._failure is not None

    def _take(self, kind: BodyKind, data: bytes) -> None:
        if kind is BodyKind.EVENTS:
            self._decode(data)
        elif kind is BodyKind.JSON:
            self._take_document(data)
        elif len(self._whole) < _PAGE_BYTES:
            self._whole += data[: _PAGE_BYTES - len(self._whole)]

    def _take_document(self, data: bytes) -> None:
        self._document_bytes += len(data)
        if self._document_bytes > self._limits.answer_bytes:
            self._fail_limit(self._limits.answer_bytes)
        if self._elements is None and not self._whole and ElementScan.fits(data):
            self._elements = ElementScan()
        if self._elements is None:
            self._whole += data
            return
        # A list is a stream in other clothes: what is whole of it is shown at once.
        for element in self._elements.feed(data):
            if not self._is_over():
                self._read_data("message", element.decode("utf-8", "replace"))

    def _decode(self, data: bytes | None) -> None:
        """Read the events in `data`; None: the stream's end."""
        if self._is_over():
            return
        comments = self._decoder.comments
        try:
            events = self._decoder.end() if data is None else self._decoder.feed(data)
        except ChatError as error:
            self._failure = replace(self._place, kind=error.failure.kind, limit=error.failure.limit)
            return
        if self._decoder.comments > comments:
            self._answer.keep_alive()
        for event in events:
            if not self._is_over():
                self._read_event(event)

    def _read_event(self, event: SseEvent) -> None:
        data = event.data.strip()
        if data == "[DONE]" or (event.name == "done" and not data.startswith('{"')):
            self._done = True
        elif event.name == "output":
            # Raw text as events: what some hosts stream instead of JSON.
            self._answer.raw_text(event.data)
            self._check_budget()
        elif not data or data.startswith(":"):
            self._answer.keep_alive()
        else:
            self._read_data(event.name, data)

    def _read_data(self, name: str, data: str) -> None:
        try:
            values = list(json_values(data))
        except (ValueError, RecursionError):
            if name == "error":
                self._fail({"message": data})
            else:
                self.bad_events += 1
            return
        for value in values:
            if isinstance(value, dict) and not self._is_over():
                self._read_chunk(name, value)
            elif isinstance(value, str) and name == "error":
                self._fail({"message": value})

    def _read_chunk(self, name: str, chunk: dict[str, object]) -> None:
        error = error_in(name, chunk)
        self._answer.add_chunk(name, chunk, with_content=error is None)
        if error is not None:
            self._fail(error)
        elif self._answer.bad_end:
            self._fail({"message": self._answer.bad_end})
        self._check_budget()

    def _read_whole(self) -> None:
        """Read a body that was JSON all along: one object, or several."""
        if self._elements is not None:
            self._cut = not self._elements.closed
            return
        text = self._whole.decode("utf-8", "replace").removeprefix("\ufeff").strip()
        try:
            values = list(json_values(text))
        except (ValueError, RecursionError):
            self._cut = True
            return
        for value in values:
            if isinstance(value, dict) and not self._is_over():
                self._read_chunk("message", value)

    def _fail(self, error: object) -> None:
        self._answer.flush()
        self._failure = failure_in_stream(
            error, self._place, self._secrets, after_text=self._answer.has_begun
        )

    def _check_budget(self) -> None:
        if self._answer.budget.spent:
            self._fail_limit(self._answer.budget.limit)

    def _fail_limit(self, limit: int) -> None:
        if self._failure is None:
            self._failure = replace(
                self._place, kind=ErrorKind.LIMIT, limit=f"{limit / 2**20:g} MB"
            )

    def _is_foreign(self) -> bool:
        return (
            not self._answer.chunks
            and self._answer.is_empty
            and bool(self._decoder.stray.strip() and not self._is_done())
        )

    def _foreign(self) -> Failure:
        """Return the failure for a body that is something else altogether."""
        text = bytes(self._whole or self._decoder.stray).decode("utf-8", "replace")
        message = message_of(page_title(text), self._secrets)
        return replace(self._place, kind=ErrorKind.WRONG_CONTENT, message=message)

    def _events(self) -> list[StreamEvent]:
        return self._answer.take_events()
