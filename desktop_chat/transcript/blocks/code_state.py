"""What a person chose for each code block of a message: kept while its layout comes and goes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.code_wraps import CodeWrap

FOLD_FROM: Final = 48
"""A finished block of so many lines can be folded: never for the sake of a handful."""
FOLDED: Final = 40
"""How many lines of a folded block are shown."""


@dataclass(slots=True)
class CodeState:
    """How one block is shown; None: as it is for every block."""

    wraps: bool | None = None
    folded: bool | None = None
    x: int = 0
    """How far it is scrolled sideways."""


class CodeStates:
    """The states of the blocks of one message."""

    __slots__ = ("_states", "arriving")

    def __init__(self, wraps: Iterable[CodeWrap] = (), *, arriving: bool = False) -> None:
        self._states = {(block, leaf): CodeState(wraps=on) for block, leaf, on in wraps}
        self.arriving = arriving
        """Whether the message arrives: else a block that is open is only not read to its end."""

    def of(self, block: int, leaf: int) -> CodeState:
        """Return the state of a block, to be read and changed."""
        known = self._states.get((block, leaf))
        if known is None:
            known = self._states[block, leaf] = CodeState()
        return known

    def known(self, block: int, leaf: int) -> CodeState | None:
        """Return the state of a block, where there is one."""
        return self._states.get((block, leaf))

    def without_plain(self) -> CodeStates | None:
        """Return the states that say anything, or nothing where none does."""
        plain = CodeState()
        kept = {key: state for key, state in self._states.items() if state != plain}
        if not kept:
            return None
        found = CodeStates()
        found._states = kept
        return found


def can_fold(lines: int, *, open_: bool) -> bool:
    """Whether a block is long enough to be folded, and finished."""
    return lines >= FOLD_FROM and not open_
