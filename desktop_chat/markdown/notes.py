"""Footnotes: `[^label]` in running text, `[^label]: …` where the note is defined.

A label is shown as it was written: a number of our own would change when a note is defined late.
A definition stands among those of links, under a key that no link can have.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.markdown.limits import LONGEST_NOTE

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

KEY = "["
"""Begins the key of a note among the definitions of links."""

REFERENCE = "note_reference"
OPEN = "note_open"

_REFERENCE = re.compile(r"\[(\^[^\s\[\]^]{1,100})\]")
_DEFINITION = re.compile(_REFERENCE.pattern + r":[ \t]*")


def add_notes(md: MarkdownIt) -> None:
    """Teach the reader the two rules."""
    md.inline.ruler.before("link", REFERENCE, _reference)
    ends = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("reference", OPEN, _definition, {"alt": ends})


def _key(label: str) -> str:
    from markdown_it.common.utils import normalizeReference  # noqa: PLC0415 - as the grammar does

    return KEY + normalizeReference(label)


def _reference(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    found = _REFERENCE.match(state.src, state.pos, state.posMax)
    if found is None or _key(found[1]) not in state.env["references"]:
        return False
    if not silent:
        token = state.push(REFERENCE, "", 0)
        token.content = shown(found[1])
    state.pos = found.end()
    return True


def shown(label: str) -> str:
    """Return what is seen of a label."""
    return f"[{label[1:]}]"


def _definition(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start):
        return False
    begin = state.bMarks[start] + state.tShift[start]
    found = _DEFINITION.match(state.src, begin, state.eMarks[start])
    if found is None:
        return False
    if silent:
        return True
    place = [start, start]
    state.env["references"].setdefault(_key(found[1]), {"title": "", "href": "", "map": place})
    token = state.push(OPEN, "", 1)
    token.content = shown(found[1])
    token.map = place
    _read_within(state, start, min(end, start + LONGEST_NOTE), found.end())
    place[1] = state.line
    state.push("note_close", "", -1)
    return True


def _read_within(state: StateBlock, start: int, end: int, content: int) -> None:
    """Read the note: the rest of its first line, and further lines indented by four."""
    marks, shift, count = state.bMarks[start], state.tShift[start], state.sCount[start]
    last, parent = state.lineMax, state.parentType
    state.bMarks[start], state.tShift[start] = content, 0
    state.blkIndent += 4
    state.sCount[start] = state.blkIndent
    state.lineMax, state.parentType = end, "note"
    state.md.block.tokenize(state, start, end)
    state.lineMax, state.parentType = last, parent
    state.blkIndent -= 4
    state.bMarks[start], state.tShift[start], state.sCount[start] = marks, shift, count
