"""Link definitions, `[label]: address "title"`, held to a bounded number of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_block import reference

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

LONGEST_DEFINITION = 8
"""Lines. Were it without a bound, a title left open would keep all that follows undecided."""


def bounded_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a definition as CommonMark does, but never look further than a few lines."""
    last = state.lineMax
    state.lineMax = min(last, start + LONGEST_DEFINITION)
    try:
        return reference(state, start, end, silent)
    finally:
        state.lineMax = last
