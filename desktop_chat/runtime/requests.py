"""What the network thread does: questions and model lists, each with its key read anew."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.demo.service import DemoService
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import KeyFormatError, KeyOutcome, KeyResult, Secret, clean_key
from desktop_chat.domain.providers import KeySource, Provider
from desktop_chat.domain.stream import (
    KeepAlive,
    Limits,
    ModelNamed,
    Phase,
    ReasoningDelta,
    RefusalDelta,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
)
from desktop_chat.protocols.http import Client, Http, make_client
from desktop_chat.protocols.registry import protocol
from desktop_chat.protocols.routes import Route, route_for
from desktop_chat.runtime.daemon import call_in_daemon

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.pictures import PictureAnswer
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent
    from desktop_chat.runtime.mailbox import Mailbox

PATIENT: Final = Limits(first_byte_s=math.inf, idle_s=math.inf)
"""For models on this computer, which take their time to load, and to think on a slow machine."""
KEYRING_S: Final = 15.0
"""How long a keyring may take to give a key: a person may have to unlock it."""

KEY_TROUBLE = {
    KeyOutcome.MISSING: ErrorKind.NO_KEY,
    KeyOutcome.LOCKED: ErrorKind.KEYRING_LOCKED,
    KeyOutcome.SLOW: ErrorKind.KEYRING_LOCKED,
    KeyOutcome.NONE: ErrorKind.KEYRING_NONE,
    KeyOutcome.REFUSED: ErrorKind.KEYRING_REFUSED,
}


class Requests:
    """Everything in here belongs to the network thread's loop, but for what it posts.

    There is one client for each route, made at its first use. `read_key` blocks, and is called on
    a daemon thread each time that a request is built.
    """

    def __init__(
        self, mailbox: Mailbox, read_key: Callable[[str], KeyResult], limits: Limits | None
    ) -> None:
        self._mailbox = mailbox
        self._read_key = read_key
        self._limits = limits
        self._clients: dict[Route, Client] = {}
        self._demo: DemoService | None = None
        self._demo_lock = asyncio.Lock()

    async def answer(self, job: int, request: ChatRequest) -> None:
        """Ask, and post phases and events as they come."""
        self._mailbox.post(job, Phase.CONNECTING)
        provider, key = await self._ready(request.provider, None)
        http = self._http(provider, lambda phase: self._mailbox.post(job, phase))
        if not request.model:
            request = replace(request, model=await self._first_model(provider, key))
            self._mailbox.post(job, ModelNamed(request.model))
        events = protocol(provider.protocol).stream(replace(request, provider=provider), key, http)
        phase = Phase.WAITING
        async with aclosing(events):
            async for event in events:
                if self._mailbox.is_full():
                    await self._room()
                if (now := _phase_of(event, phase)) != phase:
                    phase = now
                    self._mailbox.post(job, phase)
                self._mailbox.post(job, event, _size_of(event))

    async def models(self, provider: Provider, key: Secret | None) -> tuple[ModelInfo, ...]:
        """Return the models of a provider; without a key of its own, with the stored one."""
        ready, found = await self._ready(provider, key)
        http = self._http(ready, lambda _phase: None)
        return await protocol(ready.protocol).list_models(ready, found, http)

    async def check(self, provider: Provider, key: Secret | None) -> tuple[ModelInfo, ...]:
        """Return the models of a provider, once it has proved to answer this key."""
        ready, found = await self._ready(provider, key)
        http = self._http(ready, lambda _phase: None)
        return await protocol(ready.protocol).check(ready, found, http)

    async def picture(self, address: str, *, near: bool) -> PictureAnswer:
        """Return what an address gives for a picture that a person asked to see."""
        from desktop_chat.protocols.pictures import fetch_picture  # noqa: PLC0415 - seldom

        return await fetch_picture(address, near=near)

    async def _first_model(self, provider: Provider, key: Secret | None) -> str:
        """Return what a service lists first; empty where it lists none, as some need no name."""
        http = self._http(provider, lambda _phase: None)
        try:
            models = await protocol(provider.protocol).list_models(provider, key, http)
        except ChatError as error:
            if error.failure.status in (0, 401):  # the question itself would fare no better
                raise
            return ""
        return models[0].id if models else ""

    async def demo(self) -> DemoService:
        """Return the demo, which starts at its first use."""
        async with self._demo_lock:
            if self._demo is None:
                service = DemoService()
                await service.start()
                self._demo = service
        return self._demo

    async def close(self) -> None:
        """Close every connection, and the demo."""
        for client in self._clients.values():
            await client.aclose()
        if self._demo is not None:
            await self._demo.close()

    async def _room(self) -> None:
        """Wait until the main thread has caught up; meanwhile TCP pushes back on the service."""
        loop = asyncio.get_running_loop()
        room = asyncio.Event()
        self._mailbox.when_room(lambda: _wake(loop, room))
        await room.wait()

    def _http(self, provider: Provider, report: Callable[[Phase], None]) -> Http:
        """Return the transport of one request. There is one client for each route."""
        route = route_for(provider.base_url)
        client = self._clients.get(route)
        if client is None:
            client = self._clients[route] = make_client(route)
        limits = self._limits or (PATIENT if provider.is_local else Limits())
        return Http(client, service=provider.name, report=report, limits=limits)

    async def _ready(
        self, provider: Provider, key: Secret | None
    ) -> tuple[Provider, Secret | None]:
        """Return the provider with its address filled in, and its key."""
        if provider.is_demo:
            demo = await self.demo()
            return replace(provider, base_url=demo.base_url), demo.token
        if not provider.host:
            raise _trouble(provider, ErrorKind.BAD_ADDRESS)
        return provider, key or await self._stored_key(provider)

    async def _stored_key(self, provider: Provider) -> Secret | None:
        match provider.key_source:
            case KeySource.NONE:
                return None
            case KeySource.ENVIRONMENT:
                return _key_from_environment(provider)
            case KeySource.KEYRING:
                if provider.key_origin and provider.key_origin != provider.origin:
                    # A key given for one place is never sent to another.
                    raise _trouble(provider, ErrorKind.NO_KEY)
                found = await self._read_in_time(provider.id)
                if found.outcome is KeyOutcome.OK:
                    return found.secret
                raise _trouble(provider, KEY_TROUBLE[found.outcome], found.detail)

    async def _read_in_time(self, provider_id: str) -> KeyResult:
        try:
            async with asyncio.timeout(KEYRING_S):
                return await call_in_daemon("keyring", lambda: self._read_key(provider_id))
        except TimeoutError:
            return KeyResult(KeyOutcome.SLOW)


def _wake(loop: asyncio.AbstractEventLoop, room: asyncio.Event) -> None:
    with contextlib.suppress(RuntimeError):  # the loop is closed: the program ends
        loop.call_soon_threadsafe(room.set)


def _key_from_environment(provider: Provider) -> Secret:
    try:
        return clean_key(os.environ[provider.key_variable])
    except KeyError:
        detail = f"The variable {provider.key_variable} is not set."
    except KeyFormatError as problem:
        detail = f"{provider.key_variable}: {problem}"
    trouble = _trouble(provider, ErrorKind.NO_KEY, detail)
    raise ChatError(replace(trouble.failure, target=provider.key_variable))


def _trouble(provider: Provider, kind: ErrorKind, detail: str = "") -> ChatError:
    return ChatError(
        Failure(
            kind=kind,
            service=provider.name,
            host=provider.host,
            port=provider.port,
            detail=detail,
            local=provider.is_local,
        )
    )


def _phase_of(event: StreamEvent, before: Phase) -> Phase:
    match event:
        case TextDelta() | RefusalDelta() | ToolCallDelta():
            return Phase.ANSWERING
        case ReasoningDelta():
            return Phase.THINKING
        case KeepAlive() if before is Phase.WAITING:
            return Phase.QUEUED
        case _:
            return before


def _size_of(event: StreamEvent) -> int:
    match event:
        case TextDelta(text) | TextCorrected(text) | ReasoningDelta(text) | RefusalDelta(text):
            return len(text) + 64
        case _:
            return 64
