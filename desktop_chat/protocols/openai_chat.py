"""OpenAI's chat completions, which most services and model servers speak in some dialect."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final

from typing_extensions import override

from desktop_chat.protocols.answers.chat_reader import ChatReader
from desktop_chat.protocols.requests.addresses import endpoint
from desktop_chat.protocols.requests.asking import NO_STREAM, Asking, Question
from desktop_chat.protocols.requests.fields import only_set, refusal_of, thinks, with_extra
from desktop_chat.protocols.requests.openai_models import OpenAiModels
from desktop_chat.protocols.transport.credentials import question_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.stream import ChatRequest, StreamEvent
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

REFUSABLE: Final = {
    "usage": re.compile(r"(?i)stream_?options|include_usage"),
    "stream": NO_STREAM,
    "max_tokens": refusal_of("max_tokens"),
    "max_completion_tokens": refusal_of("max_completion_tokens"),
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

    @override
    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes; options that the service refuses are left out once."""
        url = endpoint(request.provider.base_url, self.path)
        headers = question_headers(request, key)
        return self._asking.ask(Question(request, url, headers, chat_body, ChatReader), http)


PROTOCOL: Final[WireProtocol] = OpenAiChat()


def chat_body(request: ChatRequest, refused: frozenset[str]) -> Mapping[str, object]:
    """Return a question as chat completions take it, without the options that were refused."""
    body: dict[str, object] = {
        "model": request.model,
        "messages": [{"role": turn.role.value, "content": turn.text} for turn in request.context],
        "stream": "stream" not in refused,
    }
    if refused.isdisjoint(("stream", "usage")):
        body["stream_options"] = {"include_usage": True}
    return with_extra(body | chat_parameters(request, refused), request.parameters)


def chat_parameters(request: ChatRequest, refused: frozenset[str]) -> dict[str, object]:
    """Return what is set as chat completions call it.

    The longest answer has two names: the newer one is what models that reason want.
    """
    wanted = request.parameters
    newer = "max_tokens" in refused or (
        thinks(request.model) and "max_completion_tokens" not in refused
    )
    fields = {
        "max_completion_tokens" if newer else "max_tokens": wanted.max_tokens,
        "random_seed" if request.provider.host.endswith("mistral.ai") else "seed": wanted.seed,
    }
    return only_set(
        temperature=wanted.temperature,
        top_p=wanted.top_p,
        stop=list(wanted.stop),
        reasoning_effort=wanted.reasoning_effort,
        **fields,
    )
