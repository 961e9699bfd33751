"""Tables, held to a bounded number of cells: short rows of a wide table are filled up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_block import table

from desktop_chat.markdown.limits import LONGEST_ROW, MAX_CELLS

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

ROWS_BEFORE = "rows_before"


def bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a table as GitHub does, up to a number of rows that depends on its width."""
    if not table(state, start, end, True) or _first_long(state, start, start + 2) < start + 2:  # noqa: FBT003
        return False
    if _begins_another(state, start, end):
        return False
    if silent:
        return True
    columns = state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) + 1
    before = state.env[ROWS_BEFORE].get(start, 0)
    rows = max(0, MAX_CELLS // columns - before)
    end = min(end, start + 2 + rows)
    return table(state, start, _first_long(state, start + 2, end), silent)


def _first_long(state: StateBlock, start: int, end: int) -> int:
    """Return the first line that is no row because it is too long, or the end."""
    for line in range(start, end):
        if state.eMarks[line] - state.bMarks[line] > LONGEST_ROW:
            return line
        if state.isEmpty(line):
            break
    return end


def _begins_another(state: StateBlock, start: int, end: int) -> bool:
    """Return whether a line begins a list, a quote or the like, which a table's head may not."""
    rules = state.md.block.ruler.getRules("blockquote")
    return any(rule(state, start, end, True) for rule in rules)  # noqa: FBT003
