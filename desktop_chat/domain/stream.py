"""What a protocol asks for and what it yields, the same for every wire dialect."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import Role
from desktop_chat.domain.parameters import NOTHING_SET, Parameters

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Usage
    from desktop_chat.domain.providers import Provider


@dataclass(frozen=True, slots=True)
class Turn:
    """One message of the context, as it is sent."""

    role: Role
    text: str
    opaque: tuple[str, ...] = ()
    """What the asked model itself gave with its answer and alone can read (`Opaque.data`)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """Everything about one question but the key, which is read when the request is built."""

    provider: Provider
    model: str
    turns: tuple[Turn, ...]
    parameters: Parameters = NOTHING_SET

    @property
    def context(self) -> tuple[Turn, ...]:
        """The turns, and before them the system prompt where one is set."""
        system = self.parameters.system
        return (Turn(Role.SYSTEM, system), *self.turns) if system else self.turns


class Phase(StrEnum):
    """How far a reply is, for the line that the person watches while waiting."""

    CONNECTING = "connecting"
    """No connection yet."""
    WAITING = "waiting"
    """The request is sent; not a byte came."""
    QUEUED = "queued"
    """Keep-alives came, and nothing else."""
    RETRYING = "retrying"
    """The service asked for a pause before the first token."""
    THINKING = "thinking"
    """Reasoning comes."""
    ANSWERING = "answering"
    """Answer text comes."""


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of the answer's text."""

    text: str


@dataclass(frozen=True, slots=True)
class TextCorrected:
    """The answer's whole text so far, which the pieces before do not add up to."""

    text: str


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of the model's reasoning, shown apart from the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class RefusalDelta:
    """A piece of a refusal, which some services send apart from the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class ToolCallDelta:
    """A piece of a tool call; pieces with one `index` belong together."""

    index: int
    call_id: str = ""
    name: str = ""
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class CitationFound:
    """A source that the service names for its answer. Its address is shown, never fetched."""

    url: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class Opaque:
    """What means something to the service alone, such as a signature: kept, and never shown."""

    data: str
    """A JSON object as text."""


@dataclass(frozen=True, slots=True)
class UsageReported:
    """Token counts; the last report of a stream counts, they are never added up."""

    usage: Usage


@dataclass(frozen=True, slots=True)
class ModelNamed:
    """The model that is asked, where the person chose none."""

    model: str


@dataclass(frozen=True, slots=True)
class KeyUsed:
    """Which of the provider's keys the service took. Comes from the runtime, of no protocol."""

    slot: str


@dataclass(frozen=True, slots=True)
class KeepAlive:
    """The service is alive and has nothing to say yet."""


@dataclass(frozen=True, slots=True)
class RawTail:
    """What a decoder took off the end of the text, kept so that it can be shown."""

    text: str


class FinishReason(StrEnum):
    """Why a service ended its answer. `UNKNOWN`: it ended well, and did not say why."""

    STOP = "stop"
    LENGTH = "length"
    SAFETY = "content_filter"
    TOOL_CALLS = "tool_calls"
    PAUSED = "pause"
    """The service has more to say, and wants to be asked again for it."""
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Finished:
    """The last event of a stream that the service ended by its own terminal."""

    reason: FinishReason = FinishReason.UNKNOWN


StreamEvent = (
    TextDelta
    | TextCorrected
    | ReasoningDelta
    | RefusalDelta
    | ToolCallDelta
    | CitationFound
    | Opaque
    | UsageReported
    | ModelNamed
    | KeepAlive
    | KeyUsed
    | RawTail
    | Finished
)


@dataclass(frozen=True, slots=True)
class Limits:
    """What one reply may take, in bytes or seconds."""

    connect_s: float = 10.0
    first_byte_s: float = 900.0
    idle_s: float = 300.0
    answer_bytes: int = 16 * 1024 * 1024
    event_bytes: int = 8 * 1024 * 1024
    picture_event_bytes: int = 32 * 1024 * 1024
    """The same where pictures travel inside events."""
    line_bytes: int = 64 * 1024 * 1024
    """The same where each line is a JSON object."""
    error_body_bytes: int = 256 * 1024


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """One model that a service lists."""

    id: str
    name: str = ""
    tags: tuple[str, ...] = field(default=())
