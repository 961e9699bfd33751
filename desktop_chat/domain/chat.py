"""Conversations: trees of messages made of parts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from typing_extensions import override

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure


class Role(StrEnum):
    """Who speaks."""

    SYSTEM = "system"
    USER = "user"
    ASSISTANT = "assistant"
    TOOL = "tool"


class MessageState(StrEnum):
    """How far a message is; all but `STREAMING` are final, and a final message never changes."""

    STREAMING = "streaming"
    COMPLETE = "complete"
    STOPPED = "stopped"
    """The person stopped it."""
    INTERRUPTED = "interrupted"
    """The connection or the program ended before the answer did."""
    FAILED = "failed"
    """It ended by a failure; what had come before is kept."""


class PartKind(StrEnum):
    """The kinds of part that this version knows; others are kept as they are."""

    TEXT = "text"
    REASONING = "reasoning"
    REFUSAL = "refusal"
    TOOL_CALL = "tool_call"
    TOOL_RESULT = "tool_result"
    IMAGE = "image"
    FILE = "file"
    CITATION = "citation"


# Asked for each message of a long chat: an enum's member is found six times as slowly.
_TEXT: Final = str(PartKind.TEXT)
_REFUSAL: Final = str(PartKind.REFUSAL)


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A piece of a message. `kind` is text so that a newer version's kinds round-trip."""

    kind: str
    text: str = ""
    data: str = ""
    """A JSON object as text, kept to the letter; empty where the kind needs none."""

    @property
    def size(self) -> int:
        """About how many characters the text has; 0 where it has none."""
        return len(self.text)

    def field(self, name: str) -> str:
        """Return a text out of `data`, empty where there is none: a newer version may differ."""
        try:
            found = json.loads(self.data)
        except (ValueError, RecursionError):
            return ""
        value = found.get(name) if isinstance(found, dict) else None
        return value if isinstance(value, str) else ""

    @override
    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Part):
            return NotImplemented
        return (self.kind, self.text, self.data) == (other.kind, other.text, other.data)

    @override
    def __hash__(self) -> int:
        return hash((self.kind, self.text, self.data))


class PackedPart(Part):
    """A part as it lies in a file: one emoji makes a string take four bytes a character."""

    __slots__ = ("_packed",)

    _packed: bytes

    def __init__(self, kind: str, packed: bytes, data: str = "") -> None:
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "data", data)
        object.__setattr__(self, "_packed", packed)

    @property
    @override
    def text(self) -> str:
        """The text, unpacked at each call."""
        return self._packed.decode(errors="replace")

    @property
    @override
    def size(self) -> int:
        return len(self._packed)


@dataclass(frozen=True, slots=True)
class Usage:
    """Token counts as the service reported them."""

    input_tokens: int = 0
    output_tokens: int = 0
    """Those of the reasoning included."""
    reasoning_tokens: int = 0
    cached_tokens: int = 0
    """How many of the input tokens the service had read before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One node of a conversation's tree. Versions of an answer or a question are siblings."""

    id: str
    conversation_id: str
    parent_id: str | None
    role: Role
    state: MessageState = MessageState.COMPLETE
    parts: tuple[Part, ...] = ()
    created_ms: int = 0
    provider_id: str = ""
    provider_name: str = ""
    model: str = ""
    usage: Usage | None = None
    finish_reason: str = ""
    failure: Failure | None = None
    raw_tail: str = ""
    reasoning_ms: int = 0
    """How long the reasoning took, for "Thought for 12 s"."""
    first_ms: int = 0
    """From the request to the first word, reasoning included; 0: not known."""
    took_ms: int = 0
    """From the request to the end of the answer; 0: not known."""

    @property
    def text(self) -> str:
        """The answer's or question's text, refusals included, reasoning left out."""
        wanted = (PartKind.TEXT, PartKind.REFUSAL)
        return "".join(part.text for part in self.parts if part.kind in wanted)

    @property
    def size(self) -> int:
        """About how many characters `text` has, without reading it; 0 where it is empty."""
        size = 0
        for part in self.parts:
            if part.kind in (_TEXT, _REFUSAL):
                size += part.size
        return size

    @property
    def tool_names(self) -> tuple[str, ...]:
        """The tools that the model asked for, in its order."""
        return tuple(part.field("name") for part in self.parts if part.kind == PartKind.TOOL_CALL)

    @property
    def reasoning(self) -> str:
        """The reasoning's text."""
        return "".join(part.text for part in self.parts if part.kind == PartKind.REASONING)


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    """What is known of a conversation without reading its messages."""

    id: str
    title: str = ""
    head_id: str | None = None
    """The chosen leaf: the path from it to the root is what the person sees."""
    created_ms: int = 0
    updated_ms: int = 0
    deleted_ms: int | None = None
    provider_id: str = ""
    model: str = ""
    assistant_id: str = ""
    params: str = ""
    """What is set for this chat alone, as `domain.parameters` writes it; empty: nothing."""
    code_wraps: str = ""
    """Which code blocks a person wrapped or not, as `domain.code_wraps` writes it."""


TITLE_LENGTH = 60


def title_from(question: str) -> str:
    """Return a one-line title from the first question, at most `TITLE_LENGTH` characters."""
    line = " ".join(question.split())
    return line if len(line) <= TITLE_LENGTH else line[: TITLE_LENGTH - 1].rstrip() + "…"
