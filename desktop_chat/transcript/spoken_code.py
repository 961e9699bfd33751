"""What assistive technology is told of the buttons of code blocks and of bars under wide things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.markdown.blocks import Code, Table
from desktop_chat.transcript import code_fold
from desktop_chat.transcript.answer import Answer
from desktop_chat.transcript.code import CodeBox
from desktop_chat.transcript.code_header import WORDS
from desktop_chat.transcript.code_state import CodeState, can_fold
from desktop_chat.transcript.languages import description, is_formula
from desktop_chat.transcript.message import TEXT
from desktop_chat.transcript.table import description as table_description
from desktop_chat.transcript.targets import Kind

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Leaf
    from desktop_chat.transcript.box import Box
    from desktop_chat.transcript.message import Message
    from desktop_chat.transcript.targets import Target

HEADER: Final = (Kind.WRAP_CODE, Kind.SAVE_CODE, Kind.COPY_CODE)
KINDS: Final = (*HEADER, Kind.FOLD_CODE, Kind.SIDEWAYS)


class Told(NamedTuple):
    """A button's name and state."""

    name: str
    description: str
    unfolded: bool | None = None
    """Whether what it unfolds is shown; None: it unfolds nothing."""
    checked: bool | None = None
    """Whether what it turns on is on; None: it turns nothing on."""


def kinds(code: Code) -> tuple[Kind, ...]:
    """Return the buttons that a code block has."""
    if is_formula(code):
        return (Kind.COPY_CODE,)
    folds = can_fold(len(code.lines), open_=code.open)
    return (*HEADER, Kind.FOLD_CODE) if folds else HEADER


def told(message: Message, leaf: Leaf | None, target: Target) -> Told | None:
    """Return what is told of a button."""
    if target.kind is Kind.SIDEWAYS:
        words = _words(leaf)
        return Told("Scroll sideways", words) if words else None
    if not isinstance(leaf, Code):
        return None
    state = _state(message, target)
    if target.kind is Kind.FOLD_CODE:
        folded = state.folded is not False
        name = code_fold.name(len(leaf.lines), folded=folded)
        return Told(name, description(leaf), unfolded=not folded)
    wraps = _wraps(message, target) if target.kind is Kind.WRAP_CODE else None
    return Told(WORDS[target.kind], description(leaf), checked=wraps)


def has_bar(message: Message, block: int, leaf: int) -> bool:
    """Whether a block is laid out and wider than its place."""
    box = _box(message, block, leaf)
    return box is not None and box.sideways is not None and box.sideways.needed


def _box(message: Message, block: int, leaf: int) -> Box | None:
    for part, column, _, _ in message.columns():
        at = column.number_of(block, leaf)
        if part == TEXT and at is not None:
            return column.boxes[at]
    return None


def _wraps(message: Message, target: Target) -> bool:
    box = _box(message, target.block, target.leaf)
    return box.wraps if isinstance(box, CodeBox) else bool(_state(message, target).wraps)


def _state(message: Message, target: Target) -> CodeState:
    states = message.code_states if isinstance(message, Answer) else None
    known = states.known(target.block, target.leaf) if states is not None else None
    return known or CodeState()


def _words(leaf: Leaf | None) -> str:
    match leaf:
        case Code():
            return description(leaf)
        case Table():
            return table_description(leaf)
        case _:
            return ""
