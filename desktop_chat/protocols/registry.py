"""All protocols by their id. A new one is a file and a line here."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from desktop_chat.protocols.anthropic_messages import AnthropicMessages
from desktop_chat.protocols.azure_openai import AzureOpenAi
from desktop_chat.protocols.gemini import Gemini
from desktop_chat.protocols.light_chat import LightChat
from desktop_chat.protocols.ollama_chat import OllamaChat
from desktop_chat.protocols.openai_chat import OpenAiChat
from desktop_chat.protocols.openai_responses import OpenAiResponses

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_chat.protocols.base import WireProtocol

_ALL: Final[tuple[WireProtocol, ...]] = (
    OpenAiChat(),
    OpenAiResponses(),
    AnthropicMessages(),
    Gemini(),
    OllamaChat(),
    AzureOpenAi(),
    LightChat(),
)

PROTOCOLS: Final[Mapping[str, WireProtocol]] = MappingProxyType({one.id: one for one in _ALL})


def protocol(protocol_id: str) -> WireProtocol:
    """Return a protocol. Raises `KeyError` for one that this version does not know."""
    return PROTOCOLS[protocol_id]
