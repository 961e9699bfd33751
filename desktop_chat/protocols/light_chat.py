"""The light-chat proxy: the key in the body, raw text as the answer."""

from __future__ import annotations

from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final, final

from desktop_chat.domain.chat import Role
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import (
    ChatRequest,
    Finished,
    FinishReason,
    Limits,
    ModelInfo,
    RawTail,
    TextDelta,
    Turn,
)
from desktop_chat.protocols.answers.chat_reader import ChatReader
from desktop_chat.protocols.answers.kept_text import KeptText, TextBudget
from desktop_chat.protocols.answers.light_decoder import LightBody, LightDecoder
from desktop_chat.protocols.requests.addresses import endpoint
from desktop_chat.protocols.requests.fields import only_set, with_extra
from desktop_chat.protocols.requests.reading import read_answer
from desktop_chat.protocols.transport.credentials import checked_key, question_headers
from desktop_chat.protocols.transport.error_bodies import failure_in_stream
from desktop_chat.protocols.transport.redaction import message_of, page_title

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import StreamEvent
    from desktop_chat.protocols.base import WireProtocol
    from desktop_chat.protocols.transport.http import Http

LIGHT_MODELS: Final = (
    "gpt-3.5-turbo-1106",
    "gpt-3.5-turbo-16k",
    "gpt-4",
    "gpt-4-1106-preview",
)
_PATH: Final = "/api/light/chat/createChatCompletion"


@final
class LightChat:
    """The protocol `light_chat`."""

    id = "light_chat"
    label = "Light chat"
    can_continue = False

    async def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes."""
        provider = request.provider
        token = checked_key(provider, key) if key else ""
        async with http.stream(
            "POST",
            endpoint(provider.base_url, _PATH),
            headers=question_headers(request, None),
            json=light_body(request, token),
            model=request.model,
        ) as body:
            reader = LightReader(body.place, http.limits, body.secrets, body.content_type)
            async for event in read_answer(body, reader):
                yield event

    async def list_models(
        self,
        provider: Provider,  # noqa: ARG002 - the protocol's signature
        key: Secret | None,  # noqa: ARG002
        http: Http,  # noqa: ARG002
    ) -> tuple[ModelInfo, ...]:
        """Return the models that the service is known to have: it cannot list them."""
        return tuple(ModelInfo(model) for model in LIGHT_MODELS)

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Ask the shortest question and wait for its first word: nothing else tells of the key."""
        model = provider.model or LIGHT_MODELS[0]
        question = ChatRequest(provider=provider, model=model, turns=(Turn(Role.USER, "Hi"),))
        async with aclosing(self.stream(question, key, http)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    break
        return await self.list_models(provider, key, http)


PROTOCOL: Final[WireProtocol] = LightChat()


def light_body(request: ChatRequest, token: Secret | str) -> Mapping[str, object]:
    """Return a question as the proxy takes it: what is set stands where it looks for `n`."""
    wanted = request.parameters
    question: dict[str, object] = {
        "model": request.model,
        "token": token,
        "messages": [{"role": turn.role.value, "content": turn.text} for turn in request.context],
        "params": {"n": 1, "stream": True}
        | only_set(
            temperature=wanted.temperature,
            top_p=wanted.top_p,
            max_tokens=wanted.max_tokens,
            seed=wanted.seed,
            stop=list(wanted.stop),
            reasoning_effort=wanted.reasoning_effort,
        ),
    }
    return with_extra(question, wanted)


@final
class LightReader:
    """Reads one answer's bytes; a clean end of the body is the only terminal there is."""

    patience = 1

    def __init__(
        self,
        place: Failure,
        limits: Limits | None = None,
        secrets: tuple[Secret, ...] = (),
        content_type: str = "",
    ) -> None:
        self._limits = limits or Limits()
        self._place = place
        self._secrets = secrets
        self._decoder = LightDecoder(content_type)
        self._budget = TextBudget(self._limits.answer_bytes)
        self._text = KeptText(self._budget)
        self._events: ChatReader | None = None
        self._has_text = False

    @property
    def complete(self) -> bool:
        """Whether the answer said itself that it is over, as only an event stream can."""
        return self._events is not None and self._events.complete

    @property
    def ended(self) -> bool:
        """Whether further bytes have no meaning."""
        if self._events is not None:
            return self._events.ended
        return self._budget.spent or self._decoder.page_is_enough

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Return what these bytes bring."""
        text = self._decoder.feed(data)
        if self._decoder.kind is LightBody.EVENTS:
            return self._as_events().feed(self._taken())
        return self._shown(self._text.feed(text))

    def end(self) -> list[StreamEvent]:
        """Return what was held back, at the end of the body."""
        text = self._decoder.end()
        if self._decoder.kind is LightBody.EVENTS:
            reader = self._as_events()
            return [*reader.feed(self._taken()), *reader.end()]
        events = self._shown(self._text.feed(text) + self._text.flush())
        if self._decoder.raw_tail:
            events.append(RawTail(self._decoder.raw_tail))
        return events

    def outcome(self, *, broken: bool) -> Finished:
        """Return how the answer ended, or raise `ChatError`."""
        if self._events is not None:
            return self._events.outcome(broken=broken)
        failure = self._failure(broken=broken)
        if failure is not None:
            raise ChatError(failure)
        return Finished(FinishReason.UNKNOWN)

    def _failure(self, *, broken: bool) -> Failure | None:
        if self._budget.spent:
            limit = f"{self._limits.answer_bytes / 2**20:g} MB"
            return replace(self._place, kind=ErrorKind.LIMIT, limit=limit)
        if self._decoder.error is not None:
            return failure_in_stream(
                self._decoder.error, self._place, self._secrets, after_text=False
            )
        if self._decoder.kind is LightBody.PAGE:
            title = page_title(self._decoder.page.decode("utf-8", "replace"))
            message = message_of(title, self._secrets)
            return replace(self._place, kind=ErrorKind.WRONG_CONTENT, message=message)
        if broken or self._decoder.truncated:
            return replace(self._place, kind=ErrorKind.BROKEN_STREAM)
        return None if self._has_text else replace(self._place, kind=ErrorKind.EMPTY)

    def _as_events(self) -> ChatReader:
        if self._events is None:
            self._events = ChatReader(self._place, self._limits, self._secrets)
        return self._events

    def _taken(self) -> bytes:
        data = bytes(self._decoder.events)
        self._decoder.events.clear()
        return data

    def _shown(self, text: str) -> list[StreamEvent]:
        if not text:
            return []
        self._has_text = True
        return [TextDelta(text)]
