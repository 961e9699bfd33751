"""One question, or one wish for models, to a server that follows a script, in any protocol."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

from desktop_chat.domain.keys import Secret
from desktop_chat.protocols.registry import protocol
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import route_for
from tests.protocols.asking import CANARY, SHORT, Answer, ask, provider
from tests.protocols.servers import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.protocols.servers import Call, Request

    Script = Callable[[Call], Awaitable[None]]


def asked(
    wire: str, script: Script, path: str = "", *, key: str = CANARY, **of_provider: Any
) -> tuple[Answer, list[Request]]:
    """Ask a server once below a path; give the answer and what the server was asked."""

    async def run() -> tuple[Answer, list[Request]]:
        async with serving(script) as server:
            base = f"http://127.0.0.1:{server.port}{path}"
            answer = await ask(provider(base, wire, **of_provider), limits=SHORT, key=key)
            return answer, server.requests

    return asyncio.run(run())


def listed(wire: str, script: Script, path: str = "", *, key: str = CANARY) -> list[str]:
    """List a server's models; raises `ChatError`."""
    return _models(wire, script, path, key, "list_models")


def checked(wire: str, script: Script, path: str = "", *, key: str = CANARY) -> list[str]:
    """Check a server; raises `ChatError`."""
    return _models(wire, script, path, key, "check")


def _models(wire: str, script: Script, path: str, key: str, method: str) -> list[str]:
    async def run() -> list[str]:
        async with serving(script) as server:
            one = provider(f"http://127.0.0.1:{server.port}{path}", wire)
            client = make_client(route_for(one.base_url))
            http = Http(client, "Service", lambda phase: None, SHORT)
            try:
                secret = Secret(key) if key else None
                models = await getattr(protocol(wire), method)(one, secret, http)
            finally:
                await client.aclose()
            return [model.id for model in models]

    return asyncio.run(run())
