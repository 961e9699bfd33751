"""Asks a protocol one question and gathers everything that comes of it."""

from __future__ import annotations

from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import Role
from desktop_chat.domain.errors import ChatError, Failure
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import Header, Provider
from desktop_chat.domain.stream import (
    ChatRequest,
    Finished,
    Limits,
    Phase,
    ReasoningDelta,
    StreamEvent,
    TextDelta,
    Turn,
    UsageReported,
)
from desktop_chat.protocols.registry import protocol
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import Route, route_for

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable

    from desktop_chat.domain.chat import Usage

CANARY = "sk-canary-7d1f00ba4c0ffee0123456789abcdef"
SHORT = Limits(connect_s=2.0, first_byte_s=5.0, idle_s=5.0)


@dataclass
class Answer:
    """What came of a question."""

    events: list[StreamEvent] = field(default_factory=list)
    phases: list[Phase] = field(default_factory=list)
    failure: Failure | None = None
    error: ChatError | None = None
    on_event: Callable[[StreamEvent], object] = lambda event: None

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.events if isinstance(one, TextDelta))

    @property
    def reasoning(self) -> str:
        return "".join(one.text for one in self.events if isinstance(one, ReasoningDelta))

    @property
    def usage(self) -> Usage | None:
        reports = [one.usage for one in self.events if isinstance(one, UsageReported)]
        return reports[-1] if reports else None

    @property
    def finished(self) -> Finished | None:
        last = self.events[-1] if self.events else None
        return last if isinstance(last, Finished) else None


def provider(
    base_url: str, wire: str = "openai_chat", headers: tuple[Header, ...] = ()
) -> Provider:
    return Provider(id="p", name="Service", protocol=wire, base_url=base_url, headers=headers)


def request_for(one: Provider, question: str = "Hello?") -> ChatRequest:
    return ChatRequest(provider=one, model="model-1", turns=(Turn(Role.USER, question),))


@asynccontextmanager
async def transport(url: str, limits: Limits = SHORT) -> AsyncGenerator[Http, None]:
    """Give a transport with a client of its own."""
    client = make_client(route_for(url))
    try:
        yield Http(client, "Service", lambda _phase: None, limits)
    finally:
        await client.aclose()


async def ask(
    service: str | Provider,
    *,
    route: Route | None = None,
    limits: Limits = SHORT,
    key: str = CANARY,
    question: str = "Hello?",
) -> Answer:
    """Ask one question with a client of its own."""
    one = service if isinstance(service, Provider) else provider(service)
    client = make_client(route or route_for(one.base_url))
    answer = Answer()
    try:
        http = Http(client, one.name, answer.phases.append, limits)
        await ask_with(http, one, answer, key=key, question=question)
    finally:
        await client.aclose()
    return answer


async def ask_request(http: Http, request: ChatRequest, *, key: str = CANARY) -> Answer:
    """Ask as it stands."""
    answer = Answer()
    await _gather(http, request, answer, key)
    return answer


async def ask_with(
    http: Http, one: Provider, answer: Answer, *, key: str = CANARY, question: str = "Hello?"
) -> None:
    """Ask with a given `Http`, filling `answer`."""
    await _gather(http, request_for(one, question), answer, key)


async def _gather(http: Http, request: ChatRequest, answer: Answer, key: str) -> None:
    secret = Secret(key) if key else None
    wire = protocol(request.provider.protocol)
    try:
        async with aclosing(wire.stream(request, secret, http)) as events:
            async for event in events:
                answer.events.append(event)
                answer.on_event(event)
    except ChatError as error:
        answer.failure = error.failure
        answer.error = error
