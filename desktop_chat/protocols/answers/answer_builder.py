"""The events of one answer, gathered while its body is read; protocols add their own reading."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, ClassVar, Final

from desktop_chat.domain.stream import (
    FinishReason,
    KeepAlive,
    Opaque,
    ReasoningDelta,
    RefusalDelta,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.domain.text import clean
from desktop_chat.protocols.answers.citations import Citations
from desktop_chat.protocols.answers.kept_text import KeptText, TextBudget

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Usage
    from desktop_chat.domain.stream import StreamEvent


_CALL_BYTES: Final = 1000
"""What a tool call takes of an answer's limit beside its words: a flood of them has an end."""


class AnswerBuilder(ABC):
    """Gathers what an answer says: cleaned, counted against its limit, each report once."""

    ends_by_done: ClassVar = True
    """Whether `[DONE]` is an end of the protocol's own, and not a gateway's word."""

    def __init__(self, limit: int) -> None:
        self.budget = TextBudget(limit)
        self.finish: FinishReason | None = None
        self.bad_end = ""
        """A sentence where the service said that its answer ended badly."""
        self.done = False
        """Whether the last word of the protocol came."""
        self.chunks = 0
        """Chunks of a shape that the protocol knows: what makes the body an answer at all."""
        self._text = KeptText(self.budget)
        self._reasoning = KeptText(self.budget)
        self._refusal = KeptText(self.budget)
        self._arguments: dict[int, KeptText] = {}
        self._citations = Citations()
        self._usage: Usage | None = None
        self._has_words = False
        self._has_reasoning = False
        self._alive = False
        self._events: list[StreamEvent] = []

    @abstractmethod
    def add_chunk(self, name: str, chunk: dict[str, object], *, with_content: bool) -> None:
        """Take in one JSON object of the event `name`.

        `with_content` is False where it reports an error: then its counts alone are read.
        """

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor a tool call has come; reasoning alone is no answer."""
        return not self._has_words

    @property
    def has_begun(self) -> bool:
        """Whether the person has seen anything of it, reasoning included."""
        return self._has_words or self._has_reasoning

    def raw_text(self, text: str) -> None:
        """Take in text that came bare."""
        self.chunks += 1
        self.show_text(self._text.feed(text))

    def keep_alive(self) -> None:
        """Note that the service is there."""
        self._alive = True

    def flush(self) -> None:
        """Bring out what was held, at the end."""
        self.show_text(self._text.flush())
        self.show_reasoning(self._reasoning.flush())
        self.show_refusal(self._refusal.flush())
        for index, arguments in self._arguments.items():
            if held := arguments.flush():
                self._events.append(ToolCallDelta(index, arguments=held))

    def take_events(self) -> list[StreamEvent]:
        """Return the events since the last call; a sign of life only where nothing else came."""
        events, self._events = self._events, []
        if self._alive and not events:
            events.append(KeepAlive())
        self._alive = False
        return events

    def add_text(self, text: str) -> None:
        """Take in a piece of the answer's text, as the service wrote it."""
        self.show_text(self._text.feed(text))

    def add_reasoning(self, text: str) -> None:
        """Take in a piece of the reasoning."""
        self.show_reasoning(self._reasoning.feed(text))

    def add_refusal(self, text: str) -> None:
        """Take in a piece of a refusal."""
        self.show_refusal(self._refusal.feed(text))

    def add_tool_call(self, piece: ToolCallDelta) -> None:
        """Take in a piece of a tool call."""
        if piece.index not in self._arguments:
            self.budget.charge(_CALL_BYTES)
            self._arguments[piece.index] = KeptText(self.budget)
        self._has_words = True
        call_id = self.budget.take(clean(piece.call_id))
        name = self.budget.take(clean(piece.name))
        arguments = self._arguments[piece.index].feed(piece.arguments)
        self._events.append(ToolCallDelta(piece.index, call_id, name, arguments))

    def cite(self, url: object, title: object) -> None:
        """Name a source, once."""
        if found := self._citations.found(url, title):
            self._events.append(found)

    def report_usage(self, usage: Usage | None) -> None:
        """Report token counts where they are news."""
        if usage is not None and usage != self._usage:
            self._usage = usage
            self._events.append(UsageReported(usage))

    def keep_opaque(self, data: str) -> None:
        """Keep JSON that means something to the service alone, as far as the limit lets it."""
        if self.budget.take(data) == data:
            self._events.append(Opaque(data))

    def show_text(self, text: str) -> None:
        """Give out clean text."""
        if text:
            self._has_words = True
            self._events.append(TextDelta(text))

    def correct_text(self, text: str) -> None:
        """Give out the whole text in the place of the pieces before; it counts as new text."""
        text = clean(text)
        if self.budget.take(text) == text:
            self._events.append(TextCorrected(text))

    def show_reasoning(self, text: str) -> None:
        """Give out clean reasoning."""
        if text:
            self._has_reasoning = True
            self._events.append(ReasoningDelta(text))

    def show_refusal(self, text: str) -> None:
        """Give out a clean refusal."""
        if text:
            self._has_words = True
            self._events.append(RefusalDelta(text))
