"""An answer while it grows: events go in, a message comes out."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import Message, MessageState, Part, PartKind, Usage
from desktop_chat.domain.stream import (
    CitationFound,
    Finished,
    FinishReason,
    ModelNamed,
    Opaque,
    RawTail,
    ReasoningDelta,
    RefusalDelta,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.stream import StreamEvent


@dataclass(slots=True)
class _ToolCall:
    call_id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class GrowingAnswer:
    """Gathers what arrives for one message. Pieces are kept in lists and joined once."""

    def __init__(self, message: Message) -> None:
        self._message = message
        self._pieces: dict[PartKind, list[str]] = {}
        self._calls: dict[int, _ToolCall] = {}
        self._citations: list[CitationFound] = []
        self._opaque: list[str] = []
        self._usage: Usage | None = None
        self._raw_tail = ""
        self._reason: FinishReason | None = None
        self._thinking_since = 0.0
        self._reasoning_ms = 0
        self._asked_at = 0.0
        self._first_ms = 0

    @property
    def message_id(self) -> str:
        """The id of the message that grows."""
        return self._message.id

    @property
    def has_text(self) -> bool:
        """Whether anything came that a person can read, reasoning included."""
        return bool(self._pieces)

    @property
    def reason(self) -> FinishReason | None:
        """Why the service ended it; None while it has not."""
        return self._reason

    def asked(self) -> None:
        """Note that the service is asked now; asked again, the time begins anew."""
        self._asked_at = time.monotonic()

    def take(self, event: StreamEvent) -> None:
        """Add an event."""
        match event:
            case TextDelta(text):
                self._add(PartKind.TEXT, text)
            case RefusalDelta(text):
                self._add(PartKind.REFUSAL, text)
            case ReasoningDelta(text):
                self._add(PartKind.REASONING, text)
            case TextCorrected(text):
                self._pieces[PartKind.TEXT] = [text]
            case ToolCallDelta():
                self._add_call(event)
            case _:
                self._note(event)

    def message(self, state: MessageState, failure: Failure | None = None) -> Message:
        """Return the message as it stands, in a state."""
        self._end_thinking()
        return replace(
            self._message,
            state=state,
            parts=tuple(self._parts()),
            usage=self._usage,
            finish_reason=self._reason.value if self._reason else "",
            failure=failure,
            raw_tail=self._raw_tail,
            reasoning_ms=self._reasoning_ms,
            first_ms=self._first_ms,
            took_ms=self._since_asked() if self._first_ms else 0,
        )

    def _parts(self) -> list[Part]:
        kinds = (PartKind.REASONING, PartKind.TEXT, PartKind.REFUSAL)
        parts = [Part(kind, "".join(self._pieces[kind])) for kind in kinds if kind in self._pieces]
        parts += [Part(PartKind.REASONING, data=data) for data in self._opaque]
        for _, call in sorted(self._calls.items()):
            data = json.dumps({"id": call.call_id, "name": call.name})
            parts.append(Part(PartKind.TOOL_CALL, "".join(call.arguments), data))
        for citation in self._citations:
            data = json.dumps({"url": citation.url})
            parts.append(Part(PartKind.CITATION, citation.title, data))
        return parts

    def _add(self, kind: PartKind, text: str) -> None:
        if kind is not PartKind.REASONING:
            self._end_thinking()
        elif not self._thinking_since:
            self._thinking_since = time.monotonic()
        if text:
            self._first_ms = self._first_ms or self._since_asked()
            self._pieces.setdefault(kind, []).append(text)

    def _note(self, event: StreamEvent) -> None:
        match event:
            case CitationFound():
                if event not in self._citations:
                    self._citations.append(event)
            case Opaque(data):
                self._opaque.append(data)
            case UsageReported(usage):
                self._usage = usage
            case ModelNamed(model):
                self._message = replace(self._message, model=model)
            case RawTail(text):
                self._raw_tail = text
            case Finished(reason):
                self._reason = reason
            case _:
                pass

    def _add_call(self, delta: ToolCallDelta) -> None:
        call = self._calls.setdefault(delta.index, _ToolCall())
        call.call_id = call.call_id or delta.call_id
        call.name = call.name or delta.name
        call.arguments.append(delta.arguments)

    def _since_asked(self) -> int:
        """Return the time since the service was asked, in ms: 1 at least, as 0 is "not known"."""
        if not self._asked_at:
            return 0
        return max(1, round((time.monotonic() - self._asked_at) * 1000))

    def _end_thinking(self) -> None:
        if self._thinking_since:
            self._reasoning_ms += int((time.monotonic() - self._thinking_since) * 1000)
            self._thinking_since = 0.0
