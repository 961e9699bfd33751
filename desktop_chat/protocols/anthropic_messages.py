"""Anthropic's messages: instructions apart, turns in alternation, and an answer in blocks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple, final

from desktop_chat.domain.errors import ChatError
from desktop_chat.protocols.answers.answer_reader import AnswerReader
from desktop_chat.protocols.answers.anthropic_answer import AnthropicAnswer
from desktop_chat.protocols.framing.json_values import text_at
from desktop_chat.protocols.requests.addresses import endpoint, models_endpoint, with_query
from desktop_chat.protocols.requests.fields import only_set, opaque_of, with_extra
from desktop_chat.protocols.requests.listing import fetch_models
from desktop_chat.protocols.requests.reading import read_answer
from desktop_chat.protocols.requests.turns import alternating, instructions_of
from desktop_chat.protocols.transport.credentials import question_headers, request_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent, Turn
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

_PATH: Final = "/v1/messages"
_MODELS_PATH: Final = "/v1/models"
_MODELS_A_PAGE: Final = "1000"
_VERSIONED: Final[dict[str, str | Secret]] = {"anthropic-version": "2023-06-01"}
_KEY_HEADER: Final = "x-api-key"
_LONGEST: Final = 16_000
"""How many tokens an answer may have; the service wants a number, and each model has its own."""
_TOO_MANY: Final = re.compile(r"max_tokens: \d+ > (\d+)")
_NO_ROOM: Final = re.compile(r"exceed context limit: (\d+) \+ \d+ > (\d+)")

_BAD_THOUGHTS: Final = re.compile(r"(?i)signature|thinking`? blocks?|redacted_thinking")
_COUNTS_THOUGHTS: Final = re.compile(
    r"claude-(?:3|(?:opus|sonnet|haiku)-4(?:[-.@][015])?(?:[-@:]|$)(?![6-9]\b))"
)
"""Models that are told in tokens how much to think; newer ones are told an effort."""
_BUDGETS: Final = {
    "none": 0,
    "minimal": 1024,
    "low": 2048,
    "medium": 8000,
    "high": 16_000,
    "xhigh": 16_000,
}
_LEAST_BUDGET: Final = 1024
_EFFORTS: Final = {"minimal": "low"}


class Room(NamedTuple):
    """What a service leaves to an answer, as far as it said so."""

    longest: int = 0
    """How many tokens it may have; 0: nothing was said."""
    signed: bool = True
    """Whether it takes the thoughts of its earlier answers."""


@final
class AnthropicMessages:
    """The protocol `anthropic_messages`. Remembers how long a model's answers may be."""

    id = "anthropic_messages"
    label = "Anthropic messages"
    can_continue = False

    def __init__(self) -> None:
        self._longest: dict[tuple[str, str], int] = {}

    async def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes; where a model answers at less length, it is asked for that."""
        model = (request.provider.origin, request.model)
        room = Room(self._longest.get(model, 0))
        while True:
            question = anthropic_body(request, room)
            try:
                async with http.stream(
                    "POST",
                    endpoint(request.provider.base_url, _PATH),
                    headers=_VERSIONED | question_headers(request, key, _KEY_HEADER),
                    json=question,
                    model=request.model,
                ) as body:
                    answer = AnthropicAnswer(http.limits.answer_bytes)
                    reader = AnswerReader(answer, body.place, http.limits, body.secrets)
                    async for event in read_answer(body, reader):
                        yield event
                return
            except ChatError as error:
                other = _room_left(error.failure, request, room, question)
                if other is None:
                    raise
                room = other
                if _TOO_MANY.search(error.failure.message):
                    self._longest[model] = room.longest

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that `GET /v1/models` names on its pages."""
        url = models_endpoint(provider.base_url, _PATH, _MODELS_PATH)
        url = with_query(url, limit=_MODELS_A_PAGE)
        return await fetch_models(provider, url, _headers(provider, key), http, _following)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models: the service does so for keys that it knows alone."""
        return await self.list_models(provider, key, http)


PROTOCOL: Final[WireProtocol] = AnthropicMessages()


def _headers(provider: Provider, key: Secret | None) -> dict[str, str | Secret]:
    return _VERSIONED | request_headers(provider, key, _KEY_HEADER)


def anthropic_body(request: ChatRequest, room: Room) -> Mapping[str, object]:
    """Return what is sent: instructions apart, the turns in alternation, and the length."""
    question: dict[str, object] = {
        "model": request.model,
        "messages": [
            {"role": turn.role.value, "content": _content(turn, signed=room.signed)}
            for turn in alternating(request.turns)
        ],
        "stream": True,
    }
    wanted = anthropic_parameters(request.parameters, request.model, room.longest)
    if instructions := instructions_of(request.context):
        question["system"] = instructions
    return with_extra(question | wanted, request.parameters)


def anthropic_parameters(wanted: Parameters, model: str, longest: int) -> dict[str, object]:
    """Return what is set as Anthropic calls it; the length of an answer always is.

    Older models are told in tokens how much to think, and these count as part of the answer.
    """
    effort = wanted.reasoning_effort
    budget = _BUDGETS[effort] if effort and _COUNTS_THOUGHTS.search(model) else 0
    most = wanted.max_tokens or longest or _LONGEST + budget
    thinking: dict[str, object] = {}
    if effort == "none":
        thinking = {"type": "disabled"}
    elif budget:
        thinking = {"type": "enabled", "budget_tokens": max(_LEAST_BUDGET, min(budget, most // 2))}
    elif effort:
        thinking = {"type": "adaptive", "display": "summarized"}
    adaptive = thinking.get("type") == "adaptive"
    return only_set(
        max_tokens=most,
        temperature=wanted.temperature,
        top_p=wanted.top_p,
        stop_sequences=list(wanted.stop),
        thinking=thinking,
        output_config={"effort": _EFFORTS.get(effort, effort)} if adaptive else None,
    )


def _content(turn: Turn, *, signed: bool) -> object:
    """Return a turn's text, after the thoughts that were signed: each to the letter."""
    kinds = ("thinking", "redacted_thinking") if signed else ()
    thoughts = [one for kind in kinds for one in opaque_of(turn, kind)]
    return [*thoughts, {"type": "text", "text": turn.text}] if thoughts else turn.text


def _room_left(
    failure: Failure, request: ChatRequest, room: Room, question: Mapping[str, object]
) -> Room | None:
    """Return how the same question may be answered; None where it is another trouble."""
    if failure.status == 400 and room.signed and _BAD_THOUGHTS.search(failure.message):
        return room._replace(signed=False) if any(one.opaque for one in request.turns) else None
    allowed, longest = _length_allowed(failure), question["max_tokens"]
    if request.parameters.max_tokens or not isinstance(longest, int):
        return None  # A length that the person set is theirs to change.
    return room._replace(longest=allowed) if 0 < allowed < longest else None


def _length_allowed(failure: Failure) -> int:
    """Return how long an answer may be by what the service said, 0 where it said no such thing."""
    if failure.status != 400:
        return 0
    if found := _TOO_MANY.search(failure.message):
        return int(found[1])
    if found := _NO_ROOM.search(failure.message):
        return int(found[2]) - int(found[1])
    return 0


def _following(page: object) -> Mapping[str, str]:
    last = text_at(page, "last_id")
    more = isinstance(page, dict) and page.get("has_more") is True
    return {"after_id": last} if more and last else {}
