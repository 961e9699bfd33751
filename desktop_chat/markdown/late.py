"""Links whose address is defined below them: which blocks mention which labels."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.markdown.grammar import normal_label
from desktop_chat.markdown.notes import KEY as NOTE_KEY

if TYPE_CHECKING:
    from collections.abc import Iterable

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.){1,999})\]", re.DOTALL)


class Mentions:
    """What looks like a label in square brackets, by block."""

    def __init__(self) -> None:
        self._blocks: dict[str, set[int]] = {}

    def note(self, block: int, content: str) -> None:
        """Note the labels in a run of text."""
        for found in _LABEL.finditer(content):
            self._blocks.setdefault(normal_label(found[1]), set()).add(block)

    def of(self, labels: Iterable[str]) -> set[int]:
        """Return the blocks that mention any of these labels."""
        found: set[int] = set()
        for label in labels:
            found |= self._blocks.get(label.removeprefix(NOTE_KEY), set())
        return found
