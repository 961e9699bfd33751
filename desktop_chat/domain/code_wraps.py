"""Which code blocks of a chat break their long lines, where a person chose: as text in its row.

The text is a JSON list of `[message id, block, leaf, 0 or 1]`, the choice made last at its end.
"""

from __future__ import annotations

import json
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST: Final = 500
"""So many choices are kept for a chat; the oldest go first."""


class CodeWrap(NamedTuple):
    """Whether one code block of a message breaks its long lines."""

    block: int
    leaf: int
    on: bool


@lru_cache(maxsize=8)
def wraps_from(text: str) -> Mapping[str, tuple[CodeWrap, ...]]:
    """Return the choices by their messages' ids; what cannot be read is left out."""
    found: dict[str, tuple[CodeWrap, ...]] = {}
    for message_id, block, leaf, on in _rows(text):
        found[message_id] = (*found.get(message_id, ()), CodeWrap(block, leaf, bool(on)))
    return found


def with_wrap(text: str, message_id: str, wrap: CodeWrap) -> str:
    """Return the text with one more choice, in place of an older one for the same block."""
    place = (message_id, wrap.block, wrap.leaf)
    kept = [row for row in _rows(text) if row[:3] != place]
    return json.dumps([*kept, (*place, int(wrap.on))][-MOST:], separators=(",", ":"))


def _rows(text: str) -> list[tuple[str, int, int, int]]:
    try:
        rows = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    kinds = [str, int, int, int]
    found = [row for row in rows if isinstance(row, list)] if isinstance(rows, list) else []
    return [(*row,) for row in found if [type(one) for one in row] == kinds]
