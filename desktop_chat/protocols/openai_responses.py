"""OpenAI's Responses: what its newest models want, and other services speak too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from desktop_chat.protocols.addresses import endpoint
from desktop_chat.protocols.asking import NO_STREAM, Asking, Question
from desktop_chat.protocols.credentials import request_headers
from desktop_chat.protocols.openai_models import OpenAiModels
from desktop_chat.protocols.responses_reader import ResponsesReader

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.stream import ChatRequest, StreamEvent
    from desktop_chat.protocols.http import Http

_REFUSABLE: Final = {
    "store": re.compile(
        r"(?i)(?:unsupported|unknown|unrecognized|unexpected|extra|not supported|not permitted)"
        r".{0,80}\bstore\b|"
        r"\bstore\b.{0,40}(?:unsupported|unknown|unrecognized|extra|not (?:support|permit|allow))"
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

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes."""
        url = endpoint(request.provider.base_url, self.path)
        headers = request_headers(request.provider, key)
        question = Question(request, url, headers, responses_body, ResponsesReader)
        return self._asking.ask(question, http)


def responses_body(request: ChatRequest, refused: frozenset[str]) -> Mapping[str, object]:
    """Return a question as Responses take it, without the options that were refused."""
    body: dict[str, object] = {
        "model": request.model,
        "input": [{"role": turn.role.value, "content": turn.text} for turn in request.turns],
        "stream": "stream" not in refused,
    }
    if "store" not in refused:
        # Else the service keeps the conversation for a month.
        body["store"] = False
    return body
