"""Google's Gemini: `streamGenerateContent`, of one model at an address of its own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, final
from urllib.parse import urlsplit, urlunsplit

from desktop_chat.domain.chat import Role
from desktop_chat.protocols.answers.gemini_reader import GeminiReader
from desktop_chat.protocols.framing.json_values import text_at
from desktop_chat.protocols.requests.addresses import endpoint, segment, with_query
from desktop_chat.protocols.requests.asking import Asking, Question
from desktop_chat.protocols.requests.fields import only_set, opaque_of, with_extra
from desktop_chat.protocols.requests.listing import fetch_models
from desktop_chat.protocols.requests.turns import alternating, instructions_of
from desktop_chat.protocols.transport.credentials import question_headers, request_headers

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent, Turn
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

_KEY_HEADER: Final = "x-goog-api-key"
_MODELS_A_PAGE: Final = "1000"
_VERSIONED: Final = re.compile(r"/(?:v1alpha|v1beta\d*|publishers/google)$")

_BAD_SIGNATURE: Final = re.compile(r"(?i)thought_?\s?signature")
_COUNTS_THOUGHTS: Final = re.compile(r"gemini-(?:1|2)\b|gemini-2\.|robotics|flash-latest")
"""Models that are told in tokens how much to think; newer ones are told a level."""
_BUDGETS: Final = {
    "none": 0,
    "minimal": 512,
    "low": 1024,
    "medium": 8192,
    "high": 24_576,
    "xhigh": 24_576,
}
_LEVELS: Final = {"none": "minimal", "xhigh": "high"}


@final
class Gemini:
    """The protocol `gemini`."""

    id = "gemini"
    label = "Google Gemini"
    can_continue = False

    def __init__(self) -> None:
        self._asking = Asking({"signature": _BAD_SIGNATURE})

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes."""
        url = _address(request.provider.base_url, request.model)
        headers = question_headers(request, key, _KEY_HEADER)
        return self._asking.ask(Question(request, url, headers, gemini_body, GeminiReader), http)

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that `GET /v1beta/models` names on its pages."""
        url = with_query(endpoint(_base(provider.base_url), "/models"), pageSize=_MODELS_A_PAGE)
        headers = request_headers(provider, key, _KEY_HEADER)
        return await fetch_models(provider, url, headers, http, _following)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """List the models: the service does so for keys that it knows alone."""
        return await self.list_models(provider, key, http)


PROTOCOL: Final[WireProtocol] = Gemini()


def _base(base_url: str) -> str:
    """Return a base URL up to its version, whatever of the service's addresses was pasted.

    `/v1` is what people add by habit; the service knows less there.
    """
    parts = urlsplit(base_url.strip())
    path = parts.path.rstrip("/").partition("/models")[0]
    path = path.removesuffix("/openai")
    if not _VERSIONED.search(path):
        path = path.removesuffix("/v1") + "/v1beta"
    return urlunsplit((parts.scheme, parts.netloc, path, parts.query, ""))


def _address(base_url: str, model: str) -> str:
    kind, _, name = model.rpartition("/")
    family = kind if kind in ("models", "tunedModels") else ""
    path = f"/{family or 'models'}/{segment(name if family else model)}:streamGenerateContent"
    return with_query(endpoint(_base(base_url), path), alt="sse")


def gemini_body(request: ChatRequest, refused: frozenset[str]) -> Mapping[str, object]:
    """Return what is sent: instructions apart, and the turns in alternation."""
    question: dict[str, object] = {
        "contents": [
            {
                "role": "model" if turn.role is Role.ASSISTANT else "user",
                "parts": _parts(turn, signed="signature" not in refused),
            }
            for turn in alternating(request.turns)
        ]
    }
    if instructions := instructions_of(request.context):
        question["systemInstruction"] = {"parts": [{"text": instructions}]}
    if wanted := gemini_parameters(request.parameters, request.model):
        question["generationConfig"] = wanted
    return with_extra(question, request.parameters)


def gemini_parameters(wanted: Parameters, model: str) -> dict[str, object]:
    """Return what is set as Gemini calls it."""
    thinking: dict[str, object] = {}
    if effort := wanted.reasoning_effort:
        if _COUNTS_THOUGHTS.search(model):
            thinking["thinkingBudget"] = _BUDGETS[effort]
        else:
            thinking["thinkingLevel"] = _LEVELS.get(effort, effort)
        thinking["includeThoughts"] = effort != "none"
    return only_set(
        temperature=wanted.temperature,
        topP=wanted.top_p,
        maxOutputTokens=wanted.max_tokens,
        seed=wanted.seed,
        stopSequences=list(wanted.stop),
        thinkingConfig=thinking,
    )


def _parts(turn: Turn, *, signed: bool) -> list[dict[str, object]]:
    """Return a turn's parts; the signature of its text goes where it stood, at the end."""
    parts: list[dict[str, object]] = [{"text": turn.text}]
    signatures = [
        text_at(one, "data")
        for one in (opaque_of(turn, "thoughtSignature") if signed else ())
        if text_at(one, "on") != "functionCall"
    ]
    if signatures:
        parts.append({"text": "", "thoughtSignature": signatures[-1]})
    return parts


def _following(page: object) -> Mapping[str, str]:
    token = text_at(page, "nextPageToken")
    return {"pageToken": token} if token else {}
