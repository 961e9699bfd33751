"""Cuts a paragraph that is too long to read and lay out at once.

Where it is cut depends on the text before the cut alone, so a paragraph that is still arriving is
cut in the very places where the whole one would be.
"""

from __future__ import annotations

SEGMENT = 2000
"""Characters after which the first good place is taken."""
LONGEST = 4000
"""Characters after which any place is taken."""


def segments(content: str) -> list[str]:
    """Return the pieces of a paragraph; joined they are the paragraph."""
    if len(content) <= SEGMENT:
        return [content]
    return [content]
