"""What every wire protocol offers. A new one is a file with its `PROTOCOL` and a registry line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, ModelInfo, StreamEvent
    from desktop_chat.protocols.transport.http import Http


class WireProtocol(Protocol):
    """A wire dialect. Stateless: one instance serves every provider and every reply.

    All methods run in the network thread's asyncio loop, may be cancelled at every await, and
    raise `ChatError` alone.
    """

    @property
    def id(self) -> str:
        """The name in settings files and on the command line, such as `openai_chat`."""

    @property
    def label(self) -> str:
        """The name in the form where a provider is added."""

    @property
    def can_continue(self) -> bool:
        """Whether a context may end with the assistant's own words, to be carried on."""

    def stream(
        self, request: ChatRequest, key: Secret | None, http: Http
    ) -> AsyncGenerator[StreamEvent, None]:
        """Ask, and yield what comes. Ends after `Finished`, or raises `ChatError`.

        A clean end of the body without the protocol's terminal raises `BROKEN_STREAM`; a stream
        that ended well without any text or tool call raises `EMPTY`.
        """

    async def list_models(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Return the models that the service offers this key, in the service's order."""

    async def check(
        self, provider: Provider, key: Secret | None, http: Http
    ) -> tuple[ModelInfo, ...]:
        """Prove address and key by the cheapest request that does; return the models."""
