"""Model servers on this computer: which ones are looked for, where, and what is found."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.presets import preset
from desktop_chat.domain.providers import split_origin

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.providers import Provider

LOOKED_FOR: Final = ("ollama", "lmstudio", "llamacpp", "vllm", "jan", "koboldcpp", "localai")
"""The ids of the presets of all servers that are looked for."""
WITHIN_S: Final = 0.3
"""How long all of them together have to answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalServer:
    """A model server that answered on this computer."""

    preset_id: str
    name: str
    base_url: str
    models: tuple[str, ...] = ()
    """The models for chats that it lists."""
    needs_key: bool = False
    """Whether it lists its models only to those who have a key."""

    @property
    def port(self) -> int:
        """Where it listens."""
        return split_origin(self.base_url)[2]

    @property
    def is_ready(self) -> bool:
        """Whether a chat can begin with it, perhaps after a key was pasted."""
        return bool(self.models) or self.needs_key


def usual_ports() -> dict[int, tuple[str, ...]]:
    """Return where servers usually listen, with the ids of those that do so there."""
    ports: dict[int, tuple[str, ...]] = {}
    for preset_id in LOOKED_FOR:
        found = preset(preset_id)
        if found is not None:
            port = split_origin(found.base_url)[2]
            ports[port] = (*ports.get(port, ()), preset_id)
    return ports


def not_set_up(
    servers: Iterable[LocalServer], providers: Iterable[Provider]
) -> tuple[LocalServer, ...]:
    """Return the servers that no provider stands for."""
    taken = {one.port for one in providers if one.is_local}
    return tuple(one for one in servers if one.port not in taken)


def looked_for_words() -> str:
    """Return which servers are looked for and at which ports, in words."""
    parts = []
    for port, ids in usual_ports().items():
        names = [found.name for one in ids if (found := preset(one)) is not None]
        parts.append(f"{' and '.join(names)} ({port})")
    return f"{', '.join(parts[:-1])} and {parts[-1]}"
