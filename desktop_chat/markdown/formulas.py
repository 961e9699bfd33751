r"""Mathematics in the dialect: `$$…$$`, `\[…\]`, `\(…\)`, and `$…$` for who asks for it.

The source between the delimiters is kept as it is: nothing in it is markup.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.markdown.limits import LONGEST_DOLLARS, LONGEST_FORMULA, LONGEST_INLINE_FORMULA

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

INLINE = "math_inline"
BLOCK = "math_block"

DOLLARS = "dollars"
"""Where in the environment of a reading stands whether `$…$` is mathematics."""

GROWING = "growing"
"""Where in the environment of a reading stands at which line the text ends that still arrives."""
OPEN = "open"
"""The markup of a formula whose end has not arrived yet."""

_CLOSERS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_RUN = re.compile(r"\$\$(?!\$)(?:[^$\\]|\\.|\$(?!\$))+?\$\$|\\\[.+?\\\]|\\\(.+?\\\)", re.DOTALL)
_DOLLAR = r"(?<![A-Za-z0-9$])\$(?![\s$])"
_WITHIN = r"(?:[^$\\]|\\.)"
_DOLLARS = re.compile(rf"{_DOLLAR}{_WITHIN}{{1,{LONGEST_DOLLARS}}}(?<!\s)\$(?![0-9$])", re.DOTALL)
_OPEN = re.compile(rf"{_DOLLAR}{_WITHIN}{{0,{LONGEST_DOLLARS}}}\\?\Z", re.DOTALL)


def add_formulas(md: MarkdownIt) -> None:
    """Teach the reader the two rules."""
    md.inline.ruler.before("escape", INLINE, _inline)
    ends = ["paragraph", "reference", "blockquote", "list"]
    md.block.ruler.before("fence", BLOCK, _block, {"alt": ends})


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001
    start = state.pos
    if state.src[start] not in "$\\":
        return False
    found = None
    if state.src[start : start + 2] in _CLOSERS:
        found = _RUN.match(state.src, start, min(state.posMax, start + LONGEST_INLINE_FORMULA))
    elif state.env.get(DOLLARS):
        found = dollar_formula(state.src, start, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push(INLINE, "", 0)
        token.content = found[0]
    state.pos = found.end()
    return True


def dollar_formula(text: str, start: int, end: int) -> re.Match[str] | None:
    """Return the formula between single dollars that begins at a place, if one does.

    As pandoc has it: no blank within the dollars, no digit after them; else it is about money.
    """
    return _DOLLARS.match(text, start, end)


def may_become_formula(text: str, start: int) -> bool:
    """Return whether more text may make a formula of the dollar at a place."""
    return _OPEN.match(text, start) is not None


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    if state.is_code_block(start):
        return False
    first = _line(state, start)
    opener = first[:2]
    if opener not in ("$$", "\\["):
        return False
    found = _content(state, start, end, _CLOSERS[opener])
    is_open = found is None
    if found is None:
        found = _content_so_far(state, start, end, _CLOSERS[opener])
    if found is None or silent:
        return found is not None
    content, following = found
    token = state.push(BLOCK, "", 0)
    token.content = "\n".join(content)
    token.info = opener
    token.markup = OPEN if is_open else ""
    token.map = [start, following]
    state.line = following
    return True


def _content(state: StateBlock, start: int, end: int, closer: str) -> tuple[list[str], int] | None:
    """Return the lines between the delimiters and the line after them, or None if not closed."""
    first = _line(state, start)[2:]
    if first.endswith(closer) and len(first) > 2:
        inner = first[:-2]
        return ([inner.strip()], start + 1) if inner.strip() and closer not in inner else None
    if closer in first:
        return None
    content = [first.strip()] if first.strip() else []
    for line in range(start + 1, min(end, start + LONGEST_FORMULA)):
        if state.isEmpty(line) or state.sCount[line] < state.blkIndent:
            return None
        text = _line(state, line)
        if closer in text:
            inner = text.removesuffix(closer)
            if inner == text or closer in inner:
                return None
            return [*content, *([inner.strip()] if inner.strip() else [])], line + 1
        content.append(text)
    return None


def _content_so_far(
    state: StateBlock, start: int, end: int, closer: str
) -> tuple[list[str], int] | None:
    """Return the lines of a formula that has no end because the text has none yet."""
    if state.env.get(GROWING) != end or end - start >= LONGEST_FORMULA:
        return None
    lines = [_line(state, line) for line in range(start, end)]
    if lines[0][1:3] == lines[0][:2] or any(closer in line for line in (lines[0][2:], *lines[1:])):
        return None
    if any(_ends_formula(state, line, end) for line in range(start + 1, end)):
        return None
    lines[0] = lines[0][2:].strip()
    return [line for line in lines if line], end


def _ends_formula(state: StateBlock, line: int, end: int) -> bool:
    """Return whether a line is none of a formula's. That of a mark alone may get words yet."""
    if state.sCount[line] < state.blkIndent:
        return True
    begin = state.src.rfind("\n", 0, state.bMarks[line]) + 1
    marked = line == end - 1 and state.src[begin : state.eMarks[line]].strip() != ""
    return state.isEmpty(line) and not marked


def _line(state: StateBlock, line: int) -> str:
    return state.src[state.bMarks[line] + state.tShift[line] : state.eMarks[line]].rstrip()
