"""What the network thread does: questions and model lists, each with its key read anew."""

from __future__ import annotations

import asyncio
import math
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from desktop_chat.demo.service import DemoService
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.stream import (
    KeepAlive,
    KeyUsed,
    Limits,
    ModelNamed,
    Phase,
    ReasoningDelta,
    RefusalDelta,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
)
from desktop_chat.protocols.registry import protocol
from desktop_chat.protocols.transport.http import Http
from desktop_chat.runtime.network.clients import Clients
from desktop_chat.runtime.network.gate import Gate, wake
from desktop_chat.runtime.network.key_chain import KeyChain, key_trouble
from desktop_chat.runtime.network.phases import PhaseTeller

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Awaitable, Callable

    from desktop_chat.domain.checkup import Checkup
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.network_options import NetworkSettings
    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.pictures import PictureAnswer
    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent
    from desktop_chat.protocols.transport.recording import Recording
    from desktop_chat.runtime.jobs.mailbox import Mailbox
    from desktop_chat.runtime.network.key_reading import SecretReader

DEMO_WAY: Final = NetworkOptions(proxy_use=ProxyUse.NONE)


_REFUSALS = {ErrorKind.BAD_REQUEST, ErrorKind.NO_MODEL, ErrorKind.TOO_LONG}
"""What a refused parameter may be taken for by a service's words."""


class Requests:
    """Everything in here belongs to the network thread's loop, but for what it posts.

    Secrets are read each time that a request is built. `used` is told, from this thread, which
    of a provider's keys a service took.
    """

    def __init__(
        self,
        mailbox: Mailbox,
        reader: SecretReader,
        limits: Limits | None,
        used: Callable[[str, str], None] = lambda _provider_id, _slot: None,
    ) -> None:
        self._mailbox = mailbox
        self._keys = KeyChain(reader)
        self._used = used
        self._limits = limits
        self._clients = Clients(reader)
        self._demo: DemoService | None = None
        self._demo_lock = asyncio.Lock()

    async def answer(
        self,
        job: int,
        request: ChatRequest,
        settings: NetworkSettings,
        recording: Recording | None = None,
        stored: Gate | None = None,
    ) -> None:
        """Ask, and post phases and events as they come; nothing is sent before `stored` opens."""
        provider, given = await self._ready(request.provider, None, settings)
        asked = _Asked(replace(request, provider=provider), settings, recording, stored)
        if given is not None:
            await self._stream(job, asked, given)
            return

        async def ask(key: Secret | None, place: KeyPlace | None) -> None:
            asked.slot = place.slot if place is not None else ""
            await self._stream(job, asked, key)

        await self._keys.use(provider, ask, lambda: not asked.begun)

    async def models(
        self, provider: Provider, key: Secret | None, settings: NetworkSettings
    ) -> tuple[ModelInfo, ...]:
        """Return the models of a provider; without a key of its own, with the stored ones."""
        ready, given = await self._ready(provider, key, settings)
        http = await self._http(ready, settings)
        listing = protocol(ready.protocol).list_models
        return await self._with_keys(ready, given, lambda found: listing(ready, found, http))

    async def check(
        self, provider: Provider, key: Secret | None, settings: NetworkSettings
    ) -> tuple[ModelInfo, ...]:
        """Return the models of a provider, once it has proved to answer this key."""
        ready, given = await self._ready(provider, key, settings)
        http = await self._http(ready, settings)
        check = protocol(ready.protocol).check
        return await self._with_keys(ready, given, lambda found: check(ready, found, http))

    async def examine(self, job: int, provider: Provider, settings: NetworkSettings) -> Checkup:
        """Examine the connection to a provider, and post a `Step` for each layer that ended."""
        from desktop_chat.runtime.network.doctor import Doctor  # noqa: PLC0415 - seldom

        limits = self._limits or limits_for(provider, settings)
        doctor = Doctor(provider, self._keys, limits, lambda step: self._mailbox.post(job, step))
        try:
            ready, given = await self._ready(provider, None, settings)
            doctor.provider = ready
            client = await self._clients.fresh(ready, settings)
        except ChatError as error:
            return doctor.broken_off(error.failure)
        checkup = await doctor.examine(client, given)
        if doctor.taken is not None:
            self._used(provider.id, doctor.taken.slot)
        return checkup

    def forget_refusals(self, provider_id: str) -> None:
        """Begin with a provider's first key again."""
        self._keys.forget(provider_id)

    async def picture(
        self, address: str, settings: NetworkSettings, *, near: bool
    ) -> PictureAnswer:
        """Return what an address gives for a picture that a person asked to see."""
        from desktop_chat.protocols.transport.pictures import fetch_picture  # noqa: PLC0415 - seldom

        route = await self._clients.route_to(address, settings)
        return await fetch_picture(address, near=near, route=route)

    async def _stream(self, job: int, asked: _Asked, key: Secret | None) -> None:
        request, settings = asked.request, asked.settings
        provider = request.provider
        phases = PhaseTeller(lambda phase: self._mailbox.post(job, phase))
        http = await self._http(provider, settings, phases.report, asked.recording)
        if asked.stored is not None:
            await asked.stored.passed()
        if not request.model:
            request = replace(request, model=await self._first_model(provider, key, settings))
            self._mailbox.post(job, ModelNamed(request.model))
        events = protocol(provider.protocol).stream(request, key, http)
        try:
            await self._post_all(job, events, asked, phases)
        except ChatError as error:
            raise ChatError(_naming(error.failure, request.parameters)) from error
        finally:
            phases.end()

    async def _post_all(
        self,
        job: int,
        events: AsyncGenerator[StreamEvent, None],
        asked: _Asked,
        phases: PhaseTeller,
    ) -> None:
        phase = Phase.WAITING
        async with aclosing(events):
            async for event in events:
                if self._mailbox.is_full():
                    await self._room()
                facts: list[object] = [event]
                if turns := (now := _phase_of(event, phase)) is not phase:
                    phases.end()
                    phase = now
                    facts = [phase, event]
                    asked.begun = asked.begun or phase is not Phase.QUEUED
                    if asked.begun and asked.slot:
                        facts = [phase, KeyUsed(asked.slot), event]
                        asked.slot = ""
                # The first word is looked out for; those behind it come by the frame.
                self._mailbox.post(job, *facts, size=_size_of(event), prompt=turns)

    async def _with_keys(
        self,
        provider: Provider,
        given: Secret | None,
        ask: Callable[[Secret | None], Awaitable[tuple[ModelInfo, ...]]],
    ) -> tuple[ModelInfo, ...]:
        """Ask with a key that is not stored yet, else with each of those that are."""
        if given is not None:
            return await ask(given)

        async def note(key: Secret | None, place: KeyPlace | None) -> tuple[ModelInfo, ...]:
            found = await ask(key)
            if place is not None:
                self._used(provider.id, place.slot)
            return found

        return await self._keys.use(provider, note)

    async def _first_model(
        self, provider: Provider, key: Secret | None, settings: NetworkSettings
    ) -> str:
        """Return what a service lists first; empty where it lists none, as some need no name."""
        http = await self._http(provider, settings)
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
        await self._clients.close()
        if self._demo is not None:
            await self._demo.close()

    async def _room(self) -> None:
        """Wait until the main thread has caught up; meanwhile TCP pushes back on the service."""
        loop = asyncio.get_running_loop()
        room = asyncio.Event()
        self._mailbox.when_room(lambda: wake(loop, room))
        await room.wait()

    async def _http(
        self,
        provider: Provider,
        settings: NetworkSettings,
        report: Callable[[Phase], None] = lambda _phase: None,
        recording: Recording | None = None,
    ) -> Http:
        """Return the transport of one request. There is one client for each route."""
        client = await self._clients.to_provider(provider, settings)
        limits = self._limits or limits_for(provider, settings)
        http = Http(client, service=provider.name, report=report, limits=limits)
        http.recording = recording
        return http

    async def _ready(
        self, provider: Provider, key: Secret | None, settings: NetworkSettings
    ) -> tuple[Provider, Secret | None]:
        """Return the provider with its address filled in, and a key that is given."""
        if provider.is_demo:
            demo = await self.demo()
            return replace(provider, base_url=demo.base_url, network=DEMO_WAY), demo.token
        if not provider.host:
            raise key_trouble(provider, ErrorKind.BAD_ADDRESS)
        shown = provider.shows_secrets or (key is not None and provider.is_unencrypted)
        if shown and provider.origin not in settings.clear_origins:
            raise key_trouble(provider, ErrorKind.CLEARTEXT)
        return provider, key


@dataclass(slots=True)
class _Asked:
    """One question, whichever key it is asked with."""

    request: ChatRequest
    settings: NetworkSettings
    recording: Recording | None
    stored: Gate | None
    """Opens when the question is on the disk."""
    begun: bool = False
    """Whether the first token came."""
    slot: str = ""
    """The place of the key that it is asked with now."""


def limits_for(provider: Provider, settings: NetworkSettings) -> Limits:
    """Return the person's limits; models on this computer are waited for as long as they like.

    They take their time to load, and to think on a slow machine.
    """
    first, idle = settings.first_byte_s, settings.silence_s
    return Limits(
        connect_s=settings.connect_s,
        first_byte_s=first if first and not provider.is_local else math.inf,
        idle_s=idle if idle and not provider.is_local else math.inf,
    )


def _naming(failure: Failure, parameters: Parameters) -> Failure:
    """Return a refusal with the parameter that it names, where the person set one such."""
    if failure.status not in (400, 422) or failure.kind not in _REFUSALS or not parameters.names:
        return failure
    from desktop_chat.domain.parameter_refusals import refused_parameter  # noqa: PLC0415 - seldom

    refused = failure.kind is ErrorKind.BAD_REQUEST
    named = refused_parameter(parameters, failure.message, plain=refused)
    if refused:
        named = named or refused_parameter(parameters, failure.detail)
    return replace(failure, kind=ErrorKind.BAD_REQUEST, parameter=named) if named else failure


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
