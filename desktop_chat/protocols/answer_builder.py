"""The events of one answer, collected from its chunks."""

from __future__ import annotations

from typing import TYPE_CHECKING, final

from desktop_chat.domain.stream import (
    FinishReason,
    KeepAlive,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    UsageReported,
)
from desktop_chat.protocols.chat_chunks import (
    CitationCollector,
    ToolCallAssembler,
    finish_of,
    reasoning_of,
    refusal_of,
    text_of,
    usage_of,
)
from desktop_chat.protocols.kept_text import KeptText, TextBudget
from desktop_chat.protocols.think import Piece, ThinkSplitter

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Usage
    from desktop_chat.domain.stream import StreamEvent


@final
class AnswerBuilder:
    """Collects the events of an answer from its chunks."""

    def __init__(self, limit: int) -> None:
        self.budget = TextBudget(limit)
        self.finish: FinishReason | None = None
        self.finish_text = ""
        self.chunks = 0
        """Chunks that held choices or counts: what makes the body an answer at all."""
        self._text = KeptText(self.budget)
        self._reasoning = KeptText(self.budget)
        self._refusal = KeptText(self.budget)
        self._think = ThinkSplitter()
        self._tools = ToolCallAssembler()
        self._citations = CitationCollector()
        self._usage: Usage | None = None
        self._choice: object = None
        self._streamed = False
        self._has_words = False
        self._has_reasoning = False
        self._alive = False
        self._events: list[StreamEvent] = []

    @property
    def is_empty(self) -> bool:
        """Whether neither text nor a tool call has come; reasoning alone is no answer."""
        return not self._has_words

    @property
    def has_begun(self) -> bool:
        """Whether the person has seen anything of it, reasoning included."""
        return self._has_words or self._has_reasoning

    def add_chunk(self, chunk: dict[str, object], *, with_content: bool) -> None:
        """Take in one chunk; `with_content` is False where it reports an error."""
        choices = chunk.get("choices")
        self.chunks += isinstance(choices, list)
        if with_content:
            delta: dict[str, object] = {}
            for choice in choices if isinstance(choices, list) else ():
                if isinstance(choice, dict) and self._is_ours(choice):
                    delta = self._add_choice(choice)
            self._events += self._citations.collect(chunk, delta)
        usage = usage_of(chunk)
        if usage is not None and usage != self._usage:
            self._usage = usage
            self._events.append(UsageReported(usage))

    def raw_text(self, text: str) -> None:
        """Take in text that came bare."""
        self.chunks += 1
        self._show([Piece(self._text.feed(text), reasoning=False)])

    def keep_alive(self) -> None:
        """Note that the service is there."""
        self._alive = True

    def flush(self) -> None:
        """Bring out what was held, at the end."""
        self._show(self._think.feed(self._text.flush()))
        self._show(self._think.flush())
        self._add_reasoning(self._reasoning.flush())
        self._add_refusal(self._refusal.flush())

    def take_events(self) -> list[StreamEvent]:
        """Return the events since the last call; a sign of life only where nothing else came."""
        events, self._events = self._events, []
        if self._alive and not events:
            events.append(KeepAlive())
        self._alive = False
        return events

    def _is_ours(self, choice: dict[str, object]) -> bool:
        """Whether a choice is the first one: others are further answers to the same question."""
        index = choice.get("index") or 0
        if self._choice is None:
            self._choice = index
        return index == self._choice

    def _add_choice(self, choice: dict[str, object]) -> dict[str, object]:
        delta = choice.get("delta")
        if not isinstance(delta, dict):
            delta = self._whole_message(choice)
        elif delta:
            self._streamed = True
        self._add_reasoning(self._reasoning.feed(reasoning_of(delta)))
        self._show(self._think.feed(self._text.feed(text_of(delta.get("content")))))
        self._add_refusal(self._refusal.feed(refusal_of(delta)))
        for piece in self._tools.pieces(delta):
            self._has_words = True
            self._events.append(piece)
        reason = finish_of(choice)
        if reason is not None:
            self.finish = reason
            self.finish_text = str(choice.get("finish_reason")).lower()
        return delta

    def _whole_message(self, choice: dict[str, object]) -> dict[str, object]:
        """Return the message of an answer that came at once; after deltas it is a repetition."""
        message = choice.get("message")
        if self._streamed:
            return {}
        if not isinstance(message, dict):
            return {"content": choice.get("text")}
        if self.finish is None:
            self.finish = FinishReason.UNKNOWN  # A message that is whole is its own end.
        return message

    def _show(self, pieces: list[Piece]) -> None:
        for text, reasoning in pieces:
            if text and reasoning:
                self._has_reasoning = True
                self._events.append(ReasoningDelta(text))
            elif text:
                self._has_words = True
                self._events.append(TextDelta(text))

    def _add_reasoning(self, text: str) -> None:
        if text:
            self._show(self._think.skip())
            self._show([Piece(text, reasoning=True)])

    def _add_refusal(self, text: str) -> None:
        if text:
            self._has_words = True
            self._events.append(RefusalDelta(text))
