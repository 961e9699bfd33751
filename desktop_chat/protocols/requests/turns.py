"""A context in the form of services that take instructions apart and want turns to alternate."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.chat import Role
from desktop_chat.domain.stream import Turn

if TYPE_CHECKING:
    from collections.abc import Iterable

_BETWEEN = "\n\n"


def instructions_of(turns: Iterable[Turn]) -> str:
    """Return what the system's turns say, wherever they stand."""
    return _BETWEEN.join(turn.text for turn in turns if _is_system(turn) and turn.text.strip())


def alternating(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return the other turns: nothing empty, and what one side says in a row as one turn."""
    merged: list[Turn] = []
    for turn in turns:
        if _is_system(turn) or not turn.text.strip():
            continue
        role = Role.ASSISTANT if turn.role is Role.ASSISTANT else Role.USER
        if merged and merged[-1].role is role:
            before = merged[-1]
            text, opaque = before.text + _BETWEEN + turn.text, before.opaque + turn.opaque
            merged[-1] = Turn(role, text, opaque)
        else:
            merged.append(Turn(role, turn.text, turn.opaque))
    return tuple(merged)


def _is_system(turn: Turn) -> bool:
    return turn.role is Role.SYSTEM
