"""OpenAI's chat completions, which most services and model servers speak in some dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from desktop_chat.protocols.addresses import endpoint
from desktop_chat.protocols.asking import NO_STREAM, Asking, Question
from desktop_chat.protocols.chat_reader import ChatReader
from desktop_chat.protocols.credentials import request_headers
from desktop_chat.protocols.openai_models import OpenAiModels

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.stream import ChatRequest, StreamEvent
    from desktop_chat.protocols.http import Http

REFUSABLE: Final = {
    "usage": re.compile(r"(?i)stream_?options|include_usage"),
    "stream": NO_STREAM,
}


@final
class OpenAiChat(OpenAiModels):
    """The protocol `openai_chat`."""

    id = "openai_chat"
    label = "OpenAI chat completions"
    can_continue = False
    path = "/chat/completions"

    def __init__(self) -> None:
        self._asking = Asking(REFUSABLE)

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes; options that the service refuses are left out once."""
        url = endpoint(request.provider.base_url, self.path)
        headers = request_headers(request.provider, key)
        return self._asking.ask(Question(request, url, headers, chat_body, ChatReader), http)


def chat_body(request: ChatRequest, refused: frozenset[str]) -> Mapping[str, object]:
    """Return a question as chat completions take it, without the options that were refused."""
    body: dict[str, object] = {
        "model": request.model,
        "messages": [{"role": turn.role.value, "content": turn.text} for turn in request.turns],
        "stream": "stream" not in refused,
    }
    if refused.isdisjoint(("stream", "usage")):
        body["stream_options"] = {"include_usage": True}
    return body
