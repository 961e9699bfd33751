"""All protocols by their id. A new one is a file of that name and a line here."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from desktop_chat.protocols.base import WireProtocol

PROTOCOLS: Final = (
    "openai_chat",
    "openai_responses",
    "anthropic_messages",
    "gemini",
    "ollama_chat",
    "azure_openai",
    "light_chat",
)


def protocol(protocol_id: str) -> WireProtocol:
    """Return a protocol. Raises `KeyError` for one that this version does not know.

    Its module is imported when it is first asked for: few people use more than one or two.
    """
    if protocol_id not in PROTOCOLS:
        raise KeyError(protocol_id)
    module = import_module(f"desktop_chat.protocols.{protocol_id}")
    return cast("WireProtocol", module.PROTOCOL)
