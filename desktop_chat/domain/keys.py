"""Keys while they are in memory, and the cleaning of what a person pasted."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, final

from typing_extensions import override

KEY_LENGTH_LIMIT: Final = 1280
"""Windows keeps at most 2,560 bytes of UTF-16 for one entry."""
KEY_SLOT: Final = "key"
"""Under which name a provider's first key stands in the keyring; see `KeyPlace.slot`."""
MASK: Final = "•••"
HEADER_START: Final = re.compile(r"\s*(?:authorization\s*:)?\s*bearer(?:[\s:]+|$)", re.IGNORECASE)
"""What stands before a key that was copied together with its header."""
HELD_LENGTH: Final = 8
"""Shorter values are words of every day, such as `ollama`: masking them would hide the log."""

_ORDINARY: Final = frozenset(
    ("PATH", "HOME", "USER", "SHELL", "LANG", "TERM", "DISPLAY", "WAYLAND_DISPLAY", "TMPDIR")
)
"""What every program needs is no key, whoever names it as one by mistake."""

_BREAKS: Final = ("Cc", "Zl", "Zp")

_held: set[str] = set()
_taken: dict[str, str] = {}


def held_values() -> tuple[str, ...]:
    """Return every key that this process has held, so that the log can mask them all."""
    return tuple(_held)


@final
class Secret:
    """A key in memory. Every way of printing it gives the mask; `reveal` is the one way out."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value
        if len(value) >= HELD_LENGTH:
            _held.add(value)

    def reveal(self) -> str:
        """Return the key itself, for the header or body that needs it and nothing else."""
        return self._value

    @override
    def __repr__(self) -> str:
        return MASK

    @override
    def __str__(self) -> str:
        return MASK

    @override
    def __format__(self, format_spec: str) -> str:
        return MASK

    @override
    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    @override
    def __hash__(self) -> int:
        return hash(self._value)

    @override
    def __reduce__(self) -> str:
        raise TypeError("a secret is never pickled")

    def __bool__(self) -> bool:
        return bool(self._value)


class KeyFormatError(ValueError):
    """What was given cannot be a key; the message says why and never shows it."""


def clean_key(text: str) -> Secret:
    """Return the key in what a person pasted, without blanks and marks that nobody sees.

    Raises `KeyFormatError` with a sentence for the person where no key is in it, or more than one
    line: half a key, or two of them, would be tried at the service in its place.
    """
    seen = "".join(one for one in text if unicodedata.category(one) != "Cf")
    line = HEADER_START.sub("", seen.strip().strip("\"'")).strip().strip("\"'").strip()
    if not line.isprintable() and any(unicodedata.category(one) in _BREAKS for one in line):
        raise KeyFormatError("A key is one line. Copy the key alone, without line breaks.")
    kept = "".join(line.split())
    if not kept:
        raise KeyFormatError("This is empty. Paste the key.")
    if not kept.isascii():
        raise KeyFormatError("A key has no letters like these. Copy it again from the service.")
    if len(kept) > KEY_LENGTH_LIMIT:
        raise KeyFormatError("This is too long for a key. Copy the key alone.")
    return Secret(kept)


def take_variable(name: str) -> Secret | None:
    """Return what an environment variable holds, and take it out of the environment.

    Programs that this one starts inherit the environment, and none of them has to know a key.
    """
    if name in os.environ and name not in _ORDINARY:
        _taken[name] = os.environ.pop(name)
    return Secret(_taken[name]) if name in _taken else None


def forget_variables() -> None:
    """Forget what was taken out of the environment."""
    _taken.clear()


class KeyOutcome(StrEnum):
    """How a keyring answered."""

    OK = "ok"
    MISSING = "missing"
    """The keyring works and holds no such key."""
    LOCKED = "locked"
    NONE = "none"
    """There is no keyring on this computer, or only one that keeps keys in plain text."""
    REFUSED = "refused"
    SLOW = "slow"
    """No answer within the deadline."""


@dataclass(frozen=True, slots=True)
class KeyResult:
    """A keyring's answer: the outcome, and the key where one was read."""

    outcome: KeyOutcome
    secret: Secret | None = None
    backend: str = ""
    """The keyring's name as the person knows it, such as "GNOME Keyring"."""
    detail: str = ""
    """What the keyring said, for the unfolded details; never holds a key."""

    @property
    def is_gone(self) -> bool:
        """Whether a key that was to be removed is nowhere any more."""
        return self.outcome in (KeyOutcome.OK, KeyOutcome.MISSING, KeyOutcome.NONE)
