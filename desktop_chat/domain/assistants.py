"""Assistants, which begin a chat with all that is set for it, and prompts that are kept."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.parameters import NOTHING_SET, Parameters

if TYPE_CHECKING:
    from collections.abc import Mapping

_VARIABLE: Final = re.compile(r"\{\{\s*([^{}\n]{1,60}?)\s*\}\}")
NAME_LENGTH: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Assistant:
    """A name for a way of answering: its prompt stands in the parameters, as `system`."""

    id: str
    name: str
    icon: str = ""
    """One emoji or letter; empty: the name's first letter."""
    provider_id: str = ""
    model: str = ""
    """The model that it begins with; empty: the one that any new chat has."""
    parameters: Parameters = NOTHING_SET

    @property
    def mark(self) -> str:
        """What stands before the name."""
        return self.icon or self.name[:1].upper()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """A text to be asked again, with `{{variables}}` for what changes in it."""

    id: str
    name: str
    text: str


EXAMPLES: Final[tuple[tuple[str, str], ...]] = (
    ("Summarise", "Summarise this in five points, the most important first:\n\n"),
    ("Translate", "Translate this into {{language}}. Give the translation alone.\n\n"),
    ("Explain", "Explain {{subject}} to someone who knows {{what they know}}."),
    ("Review code", "Review this code. Name mistakes first, then what could be simpler.\n\n"),
)
"""Names and texts of prompts to begin a library with."""


def variables_of(text: str) -> tuple[str, ...]:
    """Return the names of a text's variables, each once, as they stand in it."""
    return tuple(dict.fromkeys(_VARIABLE.findall(text)))


def filled(text: str, values: Mapping[str, str]) -> str:
    """Return a text with values for its variables; what is written into one is not read again."""
    return _VARIABLE.sub(lambda found: values.get(found[1], found[0]), text)


def one_icon(text: str) -> str:
    """Return the first thing that a person sees of a text: a letter, or an emoji with its joiners.

    It is never more than a few characters, so that a name cannot hide in its place.
    """
    found = _GRAPHEME.match(text.strip())
    return found[0] if found else ""


_GRAPHEME: Final = re.compile(
    "(?:[\U0001f1e6-\U0001f1ff]{2}"
    "|[^\\s](?:[\ufe0f\u20e3\u0300-\u036f\U0001f3fb-\U0001f3ff]|\u200d[^\\s]){0,10})"
)
