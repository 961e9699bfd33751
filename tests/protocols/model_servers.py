"""Model servers as they show themselves: which paths answer what."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from tests.protocols.servers import Call

    Script = Callable[[Call], Awaitable[None]]


def listed(owner: str, *names: str) -> dict[str, object]:
    """Return a list of models as OpenAI gives it, of one owner."""
    owned = {"owned_by": owner} if owner else {}
    return {"object": "list", "data": [{"id": one, "object": "model", **owned} for one in names]}


VERSION: Final = {"version": "0.12.3"}
SERVERS: Final[dict[str, dict[str, object]]] = {
    "ollama": {
        "/v1/models": listed("library", "llama3.2:latest", "nomic-embed-text:latest"),
        "/api/version": VERSION,
        "/api/tags": {"models": [{"name": "llama3.2:latest"}, {"name": "nomic-embed-text:latest"}]},
    },
    "lmstudio": {"/v1/models": listed("organization_owner", "qwen/qwen3-8b")},
    "llamacpp": {
        "/v1/models": listed("llamacpp", "gemma.gguf"),
        "/props": {"default_generation_settings": {}},
    },
    "vllm": {"/v1/models": listed("vllm", "mistralai/Small"), "/version": VERSION},
    "jan": {
        "/v1/models": listed("", "jan-nano"),
        "/openapi.json": {"openapi": "3.0.0", "info": {"title": "Jan API Server Endpoints"}},
    },
    "koboldcpp": {
        "/v1/models": listed("koboldcpp", "koboldcpp/tiny"),
        "/api/extra/version": {"result": "KoboldCpp", "version": "1.99"},
        "/api/version": VERSION,  # it speaks as Ollama, too
    },
    "localai": {
        "/v1/models": listed("", "phi-4"),
        "/system": {"backends": ["llama-cpp"], "loaded_models": []},
        "/version": VERSION,
    },
}
"""What each server that is looked for answers."""


def speaking(answers: Mapping[str, object], *, locked: str = "") -> Script:
    """Return the script of a server with these answers; `locked` is a path that wants a key."""

    async def script(call: Call) -> None:
        path = call.request.line.split()[1]
        if path == locked:
            await call.answer(b'{"error": "Unauthorized"}', "401 Unauthorized")
        elif path in answers:
            body = json.dumps(answers[path]).encode()
            await call.answer(body, content_type="application/json")
        else:
            await call.answer(b"<!doctype html><title>No</title>", "404 Not Found")

    return script
