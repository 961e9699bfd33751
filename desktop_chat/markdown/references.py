"""Link definitions, `[label]: address "title"`, held to a bounded number of lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from markdown_it.rules_block import reference

from desktop_chat.markdown.limits import LONGEST_DEFINITION

if TYPE_CHECKING:
    from markdown_it.rules_block import StateBlock

PLACES = "places"
"""Where in the environment of a reading stands which lines hold definitions."""


def bounded_reference(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001
    """Read a definition as CommonMark does, but never look further than a few lines."""
    last = state.lineMax
    state.lineMax = min(last, start + LONGEST_DEFINITION)
    try:
        found = reference(state, start, end, silent)
    finally:
        state.lineMax = last
    if found and not silent:
        state.env.setdefault(PLACES, []).append((start, state.line))
    return found
