"""Examines the connection to a provider, by the requests that a chat makes, layer by layer."""

from __future__ import annotations

import asyncio
import contextlib
import time
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import Role
from desktop_chat.domain.checkup import Checkup, Layer, Step, Verdict
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.providers import KeySource
from desktop_chat.domain.stream import (
    ChatRequest,
    Finished,
    ReasoningDelta,
    RefusalDelta,
    TextDelta,
    ToolCallDelta,
    Turn,
)
from desktop_chat.protocols.registry import protocol
from desktop_chat.protocols.transport.credentials import trouble
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.way_watch import WayWatch
from desktop_chat.runtime.network.findings import Findings, layer_of, seen_of
from desktop_chat.runtime.network.name_look_up import look_up

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.domain.stream import Limits, ModelInfo
    from desktop_chat.protocols.transport.http_client import Client
    from desktop_chat.protocols.transport.routes import Route
    from desktop_chat.runtime.network.key_chain import KeyChain

QUESTION: Final = "Hi"
"""What is asked for a first word: the shortest question there is."""
PATIENCE_S: Final = 60.0
"""How long somebody who tests a service waits for its first word; a chat waits far longer."""
_ON_THE_WAY: Final = (Layer.DNS, Layer.TCP, Layer.PROXY, Layer.TLS)
_FATAL: Final = (*_ON_THE_WAY, Layer.KEY)
"""Where a list of models breaks off at these, a question would as well."""
_ASKED: Final = (Layer.KEY, Layer.MODEL, Layer.FIRST_TOKEN)
_KEYRING: Final = (
    ErrorKind.KEYRING_LOCKED,
    ErrorKind.KEYRING_NONE,
    ErrorKind.KEYRING_REFUSED,
)
_SOURCES: Final = {
    KeySource.KEYRING: "from the keyring",
    KeySource.ENVIRONMENT: "from a variable",
    KeySource.COMMAND: "from a command",
    KeySource.NONE: "",
}
_TOKENS: Final = (TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta, Finished)


class Doctor:
    """One examination, on the network thread. Each layer is given to `tell`."""

    def __init__(
        self, provider: Provider, keys: KeyChain, limits: Limits, tell: Callable[[Step], None]
    ) -> None:
        self.provider = provider
        """With its address filled in, once that is known."""
        self._keys = keys
        self._limits = replace(
            limits,
            first_byte_s=min(limits.first_byte_s, PATIENCE_S),
            idle_s=min(limits.idle_s, PATIENCE_S),
        )
        self._findings = Findings(tell)
        self._head = Step(Layer.HTTP, Verdict.OK)
        self._key = Step(Layer.KEY, Verdict.OK, "the service takes it")
        self._models: tuple[ModelInfo, ...] | None = None
        self._watch: WayWatch | None = None
        self._question_sent = False
        self._not_taken: list[str] = []
        """Which keys the service refused, and how."""
        self.taken: KeyPlace | None = None
        """Whose key the service took, once it did."""
        self._mark = time.monotonic()

    async def examine(self, client: Client, given: Secret | None) -> Checkup:
        """Walk all layers by a client of its own; `given`: a key that is not stored."""
        try:
            await self._walk(client, given)
        except ChatError as error:
            return self.broken_off(error.failure)
        finally:
            await client.aclose()
        return self._checkup(None)

    def broken_off(self, failure: Failure) -> Checkup:
        """Return what is known, where it broke off by a failure."""
        layer = self._layer_of(failure)
        seconds = time.monotonic() - self._mark
        if layer in _ASKED and self._head.seen:
            self._findings.end(self._head)
        if layer in (Layer.MODEL, Layer.FIRST_TOKEN):
            self._findings.end(self._key)
        if layer is Layer.FIRST_TOKEN:
            self._findings.end(self._model_step())
        seen = seen_of(failure, self._head.seen)
        self._findings.fail(Step(layer, Verdict.FAILED, seen, seconds))
        return self._checkup(failure)

    async def _walk(self, client: Client, given: Secret | None) -> None:
        route = client.route
        self._watch = WayWatch(
            self._on_passed,
            proxied=bool(route.proxy),
            tls=route.tls,
            began=self._findings.begin,
        )
        http = Http(
            client,
            service=self.provider.name,
            report=lambda _phase: None,
            limits=self._limits,
            watch=self._watch,
        )
        self._leave_out(route)
        self._mark = time.monotonic()
        await look_up(self.provider, route, self._limits.connect_s, self._findings)
        if given is not None:
            await self._talk(http, given, None)
        else:
            await self._try_keys(http)

    async def _try_keys(self, http: Http) -> None:
        """Ask with each stored key, as a chat does, until one is taken."""
        asked = False

        async def ask(key: Secret | None, place: KeyPlace | None) -> None:
            nonlocal asked
            asked = True
            try:
                await self._talk(http, key, place)
            except ChatError as error:
                if place is not None:
                    why = error.failure.status or error.failure.kind.value
                    self._not_taken.append(f"{place.label} ({why})")
                raise

        def may_go_on() -> bool:
            return Layer.FIRST_TOKEN not in self._findings

        if self.provider.key_places:
            self._findings.begin(Layer.KEY)
        self._mark = time.monotonic()
        try:
            await self._keys.use(self.provider, ask, may_go_on)
        except ChatError as error:
            if not asked:
                spent = time.monotonic() - self._mark
                await self._walk_without_key(http)
                self._mark = time.monotonic() - spent
            raise error from None

    async def _talk(self, http: Http, key: Secret | None, place: KeyPlace | None) -> None:
        reading, self._mark = time.monotonic() - self._mark, time.monotonic()
        verdict = Verdict.OK if key else Verdict.NOT_USED
        self._key = Step(Layer.KEY, verdict, self._key_words(place), reading)
        # A key may have been taken at first, and refused in the middle of the answer.
        self._findings.withdraw(Layer.KEY)
        self._question_sent = False
        await self._list(http, key)
        began = self._mark = time.monotonic()
        self._question_sent = True
        try:
            async with asyncio.timeout(self._limits.first_byte_s):
                await self._ask(http, key)
        except TimeoutError:
            # Signs of life come, and never a word.
            seconds = self._limits.first_byte_s
            late = trouble(self.provider, ErrorKind.SILENCE, seconds=seconds)
            raise ChatError(late) from None
        self.taken = place
        self._on_taken()
        seconds = time.monotonic() - began
        self._findings.end(Step(Layer.FIRST_TOKEN, Verdict.OK, "the first word came", seconds))

    async def _ask(self, http: Http, key: Secret | None) -> None:
        request = ChatRequest(
            provider=self.provider,
            model=self._model(),
            turns=(Turn(Role.USER, QUESTION),),
            parameters=self.provider.parameters,
        )
        stream = protocol(self.provider.protocol).stream(request, key, http)
        async with aclosing(stream) as events:
            async for event in events:
                if isinstance(event, _TOKENS):
                    return

    async def _list(self, http: Http, key: Secret | None) -> None:
        """List the models; a service need not be able to, as long as it answers questions."""
        try:
            listing = protocol(self.provider.protocol).list_models
            self._models = await listing(self.provider, key, http)
        except ChatError as error:
            if self._layer_of(error.failure) in _FATAL:
                raise

    async def _walk_without_key(self, http: Http) -> None:
        """See how far the way goes, where there is no key to ask with."""
        with contextlib.suppress(ChatError):
            await self._list(http, None)
        if self._head.seen:
            self._findings.end(self._head)

    def _leave_out(self, route: Route) -> None:
        """Tell at once which layers this way does not have."""
        if not route.proxy:
            self._findings.end(Step(Layer.PROXY, Verdict.NOT_USED, "reached straight"))
        if not route.tls:
            words = "the address begins with http://"
            self._findings.end(Step(Layer.TLS, Verdict.NOT_USED, words))

    def _layer_of(self, failure: Failure) -> Layer:
        watch = self._watch
        if failure.kind in _KEYRING and watch is None:
            return Layer.PROXY  # it holds the password of the proxy, or of a certificate, too
        if failure.kind is ErrorKind.CONNECT_TIMEOUT:
            return watch.current if watch is not None else Layer.TCP
        answered = watch is not None and watch.has_head
        return layer_of(failure, Layer.FIRST_TOKEN if answered else Layer.HTTP)

    def _on_passed(self, layer: Layer, seen: str, seconds: float, status: int) -> None:
        step = Step(layer, Verdict.OK, seen, seconds)
        self._mark = time.monotonic()
        if layer is not Layer.HTTP:
            self._findings.end(step)
            return
        # What another status means is known only when its body was read.
        self._head = step
        if self._question_sent and 200 <= status < 300:
            self._on_taken()
            self._findings.begin(Layer.FIRST_TOKEN)

    def _on_taken(self) -> None:
        """Tell that the service took the question: the key and the model are good."""
        for step in (self._head, self._key, self._model_step()):
            self._findings.end(step)

    def _model(self) -> str:
        listed = self._models[0].id if self._models else ""
        return self.provider.model or listed

    def _model_step(self) -> Step:
        model, listed = self._model(), [one.id for one in self._models or ()]
        if not listed:
            words = f"{model or 'no name'}; the service lists none"
        elif model in listed:
            words = f"{model}, one of {len(listed)}"
        else:
            words = f"{model}, which the list of {len(listed)} does not name"
        return Step(Layer.MODEL, Verdict.OK, words)

    def _key_words(self, place: KeyPlace | None) -> str:
        if place is None:
            return "none is needed"
        refused = f"; not taken: {', '.join(self._not_taken)}" if self._not_taken else ""
        return f"{place.label}, {_SOURCES[place.source]}{refused}"

    def _checkup(self, failure: Failure | None) -> Checkup:
        models = tuple(one.id for one in self._models or ())
        return Checkup(self.provider, self._findings.steps(), failure, models)
