"""A provider made from a preset: the row's values, an id of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import KeySource, Provider

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.discovery import LocalServer
    from desktop_chat.domain.providers import Preset


def from_preset(preset: Preset, taken: Iterable[str] = ()) -> Provider:
    """Return a new provider of a preset, with a name that no other one has."""
    return Provider(
        id=new_id(),
        name=free_name(preset.name, taken),
        protocol=preset.protocol,
        base_url=preset.base_url,
        model=preset.model,
        models=preset.models,
        key_source=KeySource.KEYRING if preset.needs_key else KeySource.NONE,
        preset=preset.id,
    )


def from_server(server: LocalServer, taken: Iterable[str] = ()) -> Provider:
    """Return a new provider of a model server that was found, at the address where it answered."""
    from desktop_chat.domain.presets import preset  # noqa: PLC0415 - not for the first paint

    known = preset(server.preset_id)
    if known is None:
        raise ValueError(f"no preset is called {server.preset_id!r}")
    made = from_preset(known, taken)
    return replace(made, base_url=server.base_url, models=server.models)


def free_name(name: str, taken: Iterable[str]) -> str:
    """Return the name, with a number behind it where another provider bears it already."""
    others = {one.casefold() for one in taken}
    result, number = name, 2
    while result.casefold() in others:
        result = f"{name} {number}"
        number += 1
    return result
