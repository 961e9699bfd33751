"""Tables, held to a bounded number of cells: short rows of a wide table are filled up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_block import table

from desktop_chat.markdown.limits import MAX_CELLS

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

ROWS_BEFORE = "rows_before"


def bounded_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a table as GitHub does, up to a number of rows that depends on its width."""
    if silent or start + 2 > end:
        return table(state, start, end, silent)
    columns = state.src.count("|", state.bMarks[start + 1], state.eMarks[start + 1]) + 1
    before = state.env[ROWS_BEFORE].get(start, 0)
    rows = max(0, MAX_CELLS // columns - before)
    return table(state, start, min(end, start + 2 + rows), silent)
