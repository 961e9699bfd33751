"""A provider's headers as lines of text: `Name: value`, or `Name: $VARIABLE`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.presets import looks_like_key
from desktop_chat.domain.provider_words import WordsError, header_from_line, header_from_variable
from desktop_chat.domain.providers import is_secret_header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.providers import Header


def to_text(headers: Iterable[Header]) -> str:
    """Return the headers, a line each."""
    return "\n".join(
        f"{one.name}: {f'${one.variable}' if one.variable else one.value}" for one in headers
    )


def from_text(text: str) -> tuple[Header, ...]:
    """Return the headers that the lines name. Raises `WordsError` with a sentence."""
    return tuple(_header(line) for line in text.splitlines() if line.strip())


def _header(line: str) -> Header:
    name, _, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if value.startswith("$"):
        return header_from_variable(f"{name}={value[1:].strip('{}')}")
    if is_secret_header(name) or looks_like_key(value):
        raise WordsError(
            f"The header {name} holds a secret, which no file keeps. "
            f"Put it into a variable and write {name}: $VARIABLE"
        )
    return header_from_line(line)
