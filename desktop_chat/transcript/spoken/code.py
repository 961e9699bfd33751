"""What assistive technology is told of the buttons of code blocks and of bars under wide things."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import Code, Table
from desktop_chat.transcript.blocks import code_fold
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.code_header import WORDS
from desktop_chat.transcript.blocks.code_state import CodeState, can_fold
from desktop_chat.transcript.blocks.table import description as table_description
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.spoken.facts import CODE, Facts, Key, Role
from desktop_chat.transcript.targets import Kind, Target
from desktop_chat.transcript.text.languages import description, is_formula

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Leaf
    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.messages.message import Message

HEADER: Final = (Kind.WRAP_CODE, Kind.SAVE_CODE, Kind.COPY_CODE)
KINDS: Final = (*HEADER, Kind.FOLD_CODE, Kind.SIDEWAYS)


def block(message: Message, key: Key, code: Code) -> Facts:
    """Return what is told of a block of code, or of the text in it; formulas are such blocks."""
    if key.part == CODE:
        return Facts(Role.StaticText, "\n".join(code.lines))
    number, leaf = key.path
    targets = [Target(kind, key.item_id, block=number, leaf=leaf) for kind in kinds(code)]
    below = (*(Key(key.item_id, key.path, target=one) for one in targets), *bar(message, key))
    if is_formula(code):
        return Facts(Role.Equation, "\n".join(code.lines), "formula", below)
    text = Key(key.item_id, key.path, part=CODE)
    return Facts(Role.Grouping, description(code), children=(text, *below))


def kinds(code: Code) -> tuple[Kind, ...]:
    """Return the buttons that a code block has."""
    if is_formula(code):
        return (Kind.COPY_CODE,)
    folds = can_fold(len(code.lines), open_=code.open)
    return (*HEADER, Kind.FOLD_CODE) if folds else HEADER


def button(message: Message, leaf: Leaf | None, target: Target) -> Facts | None:
    """Return what is told of a button."""
    if target.kind is Kind.SIDEWAYS:
        words = _words(leaf)
        return Facts(Role.ScrollBar, "Scroll sideways", words, target=target) if words else None
    if not isinstance(leaf, Code):
        return None
    state, told = _state(message, target), description(leaf)
    if target.kind is Kind.FOLD_CODE:
        folded = state.folded is not False
        name = code_fold.name(len(leaf.lines), folded=folded)
        return Facts(Role.Button, name, told, target=target, unfolded=not folded)
    wraps = _wraps(message, target) if target.kind is Kind.WRAP_CODE else None
    return Facts(Role.Button, WORDS[target.kind], told, target=target, checked=wraps)


def bar(message: Message, key: Key) -> tuple[Key, ...]:
    """Return the bar under a block that is wider than its place."""
    block, leaf = key.path
    box = _box(message, block, leaf)
    if box is None or box.sideways is None or not box.sideways.needed:
        return ()
    target = Target(Kind.SIDEWAYS, key.item_id, block=block, leaf=leaf)
    return (Key(key.item_id, key.path, target=target),)


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
