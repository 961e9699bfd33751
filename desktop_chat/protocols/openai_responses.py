"""OpenAI's Responses: what its newest models want, and other services speak too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from desktop_chat.protocols.answers.responses_reader import ResponsesReader
from desktop_chat.protocols.requests.addresses import endpoint
from desktop_chat.protocols.requests.asking import NO_STREAM, Asking, Question
from desktop_chat.protocols.requests.fields import (
    only_set,
    opaque_of,
    refusal_of,
    thinks,
    with_extra,
)
from desktop_chat.protocols.requests.openai_models import OpenAiModels
from desktop_chat.protocols.transport.credentials import question_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Iterator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.stream import ChatRequest, StreamEvent, Turn
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

_ENCRYPTED: Final = "reasoning.encrypted_content"
_REFUSABLE: Final = {
    "store": refusal_of("store"),
    "reasoning": re.compile(
        r"(?i)encrypted|\binclude\b|\brs_\w+|item.{0,40}reasoning|"
        r"reasoning.{0,40}item"
    ),
    "stream": NO_STREAM,
}


@final
class OpenAiResponses(OpenAiModels):
    """The protocol `openai_responses`."""

    id = "openai_responses"
    label = "OpenAI Responses"
    can_continue = False
    path = "/responses"

    def __init__(self) -> None:
        self._asking = Asking(_REFUSABLE)

    @override
    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes."""
        url = endpoint(request.provider.base_url, self.path)
        headers = question_headers(request, key)
        question = Question(request, url, headers, responses_body, ResponsesReader)
        return self._asking.ask(question, http)


PROTOCOL: Final[WireProtocol] = OpenAiResponses()


def responses_body(request: ChatRequest, refused: frozenset[str]) -> Mapping[str, object]:
    """Return a question as Responses take it, without the options that were refused."""
    kept = "reasoning" not in refused
    body: dict[str, object] = {
        "model": request.model,
        "input": [item for turn in request.turns for item in _items(turn, with_reasoning=kept)],
        "stream": "stream" not in refused,
    }
    if "store" not in refused:
        # Else the service keeps the conversation for a month.
        body["store"] = False
        if kept and thinks(request.model):
            # What it does not keep it gives to be sent again, so that it need not think anew.
            body["include"] = [_ENCRYPTED]
    return with_extra(body | responses_parameters(request.parameters), request.parameters)


def responses_parameters(wanted: Parameters) -> dict[str, object]:
    """Return what is set as Responses call it; they know no seed, and no text to stop at."""
    effort = wanted.reasoning_effort
    return only_set(
        instructions=wanted.system,
        temperature=wanted.temperature,
        top_p=wanted.top_p,
        max_output_tokens=wanted.max_tokens,
        reasoning={"effort": effort, "summary": "auto"} if effort else None,
    )


def _items(turn: Turn, *, with_reasoning: bool) -> Iterator[dict[str, object]]:
    """Yield a turn, after the reasoning that led to it."""
    for one in opaque_of(turn, "reasoning") if with_reasoning else ():
        yield {**one, "summary": []}
    yield {"role": turn.role.value, "content": turn.text}
