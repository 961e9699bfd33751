"""What is noted of a list item's token about the blank lines around it."""

from __future__ import annotations

LOOSE = "loose"
"""Says of an item's token that blank lines stand between its pieces."""
ENDS_EMPTY = "ends_empty"
"""Says of an item's token that blank lines follow it."""
