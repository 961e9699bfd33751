"""Examines the connection to a provider, by the requests that a chat makes, layer by layer."""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import socket
import time
from contextlib import aclosing
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from desktop_chat.domain.chat import Role
from desktop_chat.domain.checkup import Checkup, Layer, Step, Verdict
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.providers import KeySource
from desktop_chat.domain.redaction import redact_all
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
from desktop_chat.protocols.transport.faults import UNANSWERED, connect_failure, was_looking_up
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.way_watch import WayWatch

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import KeyPlace, Provider
    from desktop_chat.domain.stream import Limits, ModelInfo
    from desktop_chat.protocols.transport.http_client import Client
    from desktop_chat.protocols.transport.routes import Route
    from desktop_chat.runtime.key_chain import KeyChain

QUESTION: Final = "Hi"
"""What is asked for a first word: the shortest question there is."""
_SEEN: Final = 200

_LAYERS: Final = {
    ErrorKind.DNS: Layer.DNS,
    ErrorKind.OFFLINE: Layer.DNS,
    ErrorKind.BAD_ADDRESS: Layer.DNS,
    ErrorKind.REFUSED: Layer.TCP,
    ErrorKind.PROXY: Layer.PROXY,
    ErrorKind.TLS: Layer.TLS,
    ErrorKind.CLEARTEXT: Layer.TLS,
    ErrorKind.REDIRECT: Layer.HTTP,
    ErrorKind.NO_PATH: Layer.HTTP,
    ErrorKind.WRONG_CONTENT: Layer.HTTP,
    ErrorKind.SERVER_TROUBLE: Layer.HTTP,
    ErrorKind.BAD_KEY: Layer.KEY,
    ErrorKind.NO_KEY: Layer.KEY,
    ErrorKind.KEY_COMMAND: Layer.KEY,
    ErrorKind.KEYRING_LOCKED: Layer.KEY,
    ErrorKind.KEYRING_NONE: Layer.KEY,
    ErrorKind.KEYRING_REFUSED: Layer.KEY,
    ErrorKind.NO_CREDIT: Layer.KEY,
    ErrorKind.RATE_LIMITED: Layer.KEY,
    ErrorKind.FORBIDDEN: Layer.MODEL,
    ErrorKind.NO_MODEL: Layer.MODEL,
    ErrorKind.EMPTY: Layer.FIRST_TOKEN,
    ErrorKind.STREAM_ERROR: Layer.FIRST_TOKEN,
    ErrorKind.BAD_REQUEST: Layer.FIRST_TOKEN,
    ErrorKind.TOO_LONG: Layer.FIRST_TOKEN,
}
"""Where a failure lies that says so by itself."""
_ON_THE_WAY: Final = (Layer.DNS, Layer.TCP, Layer.PROXY, Layer.TLS)
_FATAL: Final = (*_ON_THE_WAY, Layer.KEY)
"""Where a list of models breaks off at these, a question would as well."""
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


class Doctor:
    """One examination, on the network thread. Each layer that ended is given to `tell`."""

    def __init__(
        self, provider: Provider, keys: KeyChain, limits: Limits, tell: Callable[[Step], None]
    ) -> None:
        self.provider = provider
        """With its address filled in, once that is known."""
        self._keys = keys
        self._limits = limits
        self._tell = tell
        self._steps: dict[Layer, Step] = {}
        self._head = Step(Layer.HTTP, Verdict.OK)
        self._models: tuple[ModelInfo, ...] | None = None
        self._watch: WayWatch | None = None
        self._http: Http | None = None
        self._asked = False
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
        if layer in (Layer.KEY, Layer.MODEL, Layer.FIRST_TOKEN) and self._head.seen:
            self._end(self._head)
        if layer in (Layer.MODEL, Layer.FIRST_TOKEN) and Layer.KEY not in self._steps:
            self._end(Step(Layer.KEY, Verdict.OK, "the service takes it"))
        if layer is Layer.FIRST_TOKEN:
            self._end(Step(Layer.MODEL, Verdict.OK, self._model_words(self._model())))
        self._steps.pop(layer, None)
        self._end(Step(layer, Verdict.FAILED, _seen_of(failure, self._head.seen), seconds))
        return self._checkup(failure)

    async def _walk(self, client: Client, given: Secret | None) -> None:
        route = client.route
        self._watch = WayWatch(self._on_passed, proxied=bool(route.proxy), tls=route.tls)
        self._http = Http(
            client,
            service=self.provider.name,
            report=lambda _phase: None,
            limits=self._limits,
            watch=self._watch,
        )
        self._leave_out(route)
        await self._look_up(route)
        self._mark = time.monotonic()
        if given is not None:
            await self._talk(given, None)
            return
        try:
            await self._keys.use(self.provider, self._talk, lambda: Layer.KEY not in self._steps)
        except ChatError as error:
            if not self._asked:
                await self._walk_without_key()
            raise error from None

    async def _talk(self, key: Secret | None, place: KeyPlace | None) -> None:
        self._asked = True
        reading, self._mark = time.monotonic() - self._mark, time.monotonic()
        await self._list(key)
        model = self._model()
        request = ChatRequest(
            provider=self.provider,
            model=model,
            turns=(Turn(Role.USER, QUESTION),),
            parameters=self.provider.parameters,
        )
        began = self._mark = time.monotonic()
        assert self._http is not None  # noqa: S101 - made before anything is asked
        stream = protocol(self.provider.protocol).stream(request, key, self._http)
        async with aclosing(stream) as events:
            async for event in events:
                if isinstance(event, _TOKENS):
                    break
        self.taken = place
        self._end(self._head)
        self._end(
            Step(Layer.KEY, Verdict.OK if key else Verdict.NOT_USED, _key_words(place), reading)
        )
        self._end(Step(Layer.MODEL, Verdict.OK, self._model_words(model)))
        seconds = time.monotonic() - began
        self._end(Step(Layer.FIRST_TOKEN, Verdict.OK, "the first word came", seconds))

    async def _list(self, key: Secret | None) -> None:
        """List the models; a service need not be able to, as long as it answers questions."""
        assert self._http is not None  # noqa: S101 - made before anything is asked
        try:
            listing = protocol(self.provider.protocol).list_models
            self._models = await listing(self.provider, key, self._http)
        except ChatError as error:
            if self._layer_of(error.failure) in _FATAL:
                raise

    async def _walk_without_key(self) -> None:
        """See how far the way goes, where there is no key to ask with."""
        with contextlib.suppress(ChatError):
            await self._list(None)
        if self._head.seen:
            self._end(self._head)

    async def _look_up(self, route: Route) -> None:
        at_proxy = urlsplit(route.proxy) if route.proxy else None
        host = (at_proxy.hostname or "") if at_proxy else self.provider.host
        port = (at_proxy.port or 0) if at_proxy else self.provider.port
        with contextlib.suppress(ValueError):
            ipaddress.ip_address(host)
            self._end(Step(Layer.DNS, Verdict.NOT_USED, f"{host} is an address"))
            return
        self._mark = time.monotonic()
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._limits.connect_s):
                found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except TimeoutError as error:
            raise self._not_found(UNANSWERED if was_looking_up(error) else error, route) from None
        except (OSError, UnicodeError) as error:
            raise self._not_found(error, route) from None
        addresses = dict.fromkeys(str(one[4][0]) for one in found)
        seen = f"{host} is {', '.join(list(addresses)[:3])}"
        self._end(Step(Layer.DNS, Verdict.OK, seen, time.monotonic() - self._mark))

    def _not_found(self, error: Exception, route: Route) -> ChatError:
        provider = self.provider
        place = Failure(
            kind=ErrorKind.DNS,
            service=provider.name,
            host=provider.host,
            port=provider.port,
            local=provider.is_local,
        )
        return ChatError(connect_failure(error, place, route.proxy_host))

    def _leave_out(self, route: Route) -> None:
        """Tell at once which layers this way does not have."""
        if not route.proxy:
            self._end(Step(Layer.PROXY, Verdict.NOT_USED, "reached straight"))
        if not route.tls:
            self._end(Step(Layer.TLS, Verdict.NOT_USED, "the address begins with http://"))

    def _layer_of(self, failure: Failure) -> Layer:
        if failure.kind in _KEYRING and self._watch is None:
            return Layer.PROXY  # it holds the password of the proxy, or of a certificate, too
        watch = self._watch
        if failure.kind is ErrorKind.CONNECT_TIMEOUT:
            return watch.current if watch is not None else Layer.TCP
        if failure.kind in _LAYERS:
            return _LAYERS[failure.kind]
        return Layer.FIRST_TOKEN if watch is not None and watch.has_head else Layer.HTTP

    def _on_passed(self, layer: Layer, seen: str, seconds: float) -> None:
        step = Step(layer, Verdict.OK, seen, seconds)
        if layer is Layer.HTTP:
            # What the status means is known only later.
            self._head = step
        else:
            self._end(step)
        self._mark = time.monotonic()

    def _end(self, step: Step) -> None:
        """Tell of a layer, once: a second key goes the same way."""
        if step.layer not in self._steps:
            self._steps[step.layer] = step
            self._tell(step)

    def _model(self) -> str:
        listed = self._models[0].id if self._models else ""
        return self.provider.model or listed

    def _model_words(self, model: str) -> str:
        listed = [one.id for one in self._models or ()]
        if not listed:
            return f"{model or 'no name'}; the service lists none"
        if model in listed:
            return f"{model}, one of {len(listed)}"
        return f"{model}, which the list of {len(listed)} does not name"

    def _checkup(self, failure: Failure | None) -> Checkup:
        steps = [self._steps.get(one, Step(one, Verdict.NOT_REACHED)) for one in Layer]
        models = tuple(one.id for one in self._models or ())
        return Checkup(self.provider, tuple(steps), failure, models)


_TOKENS: Final = (TextDelta, ReasoningDelta, RefusalDelta, ToolCallDelta, Finished)


def _seen_of(failure: Failure, head: str) -> str:
    """Return what the layer saw that failed: the service's words, or the system's."""
    words = failure.message or failure.detail.partition("\n")[0]
    status = head if failure.status else ""
    seen = redact_all(": ".join(one for one in (status, words) if one))
    return seen if len(seen) <= _SEEN else seen[: _SEEN - 1] + "…"


def _key_words(place: KeyPlace | None) -> str:
    if place is None:
        return "none is needed"
    return f"{place.label}, {_SOURCES[place.source]}"
