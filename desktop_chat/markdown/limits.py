"""Bounds on what markup may span, so that reading takes bounded time whatever a text holds."""

from __future__ import annotations

MAX_NESTING = 40
"""Containers within containers; what is deeper is shown as plain text."""

LONGEST_DEFINITION = 8
"""Lines of a link definition. A title left open would keep all that follows undecided."""

LONGEST_TITLE = 500
"""Characters of an image's title."""

LONGEST_FORMULA = 100
"""Lines of displayed mathematics. What is not closed within so many is text."""

LONGEST_INLINE_FORMULA = 4000
"""Characters."""

LONGEST_DOLLARS = 500
"""Characters of a formula between single dollars."""

LONGEST_NOTE = 100
"""Lines of a footnote: all of it is read again while it grows."""

MOST_BLANKS = 200
"""Blank lines in a row that are kept in mind; more than a note or a formula may have lines."""

LONGEST_ROW = 8_000
"""Characters of a table's row: a cell is laid out at once. Longer lines are running text."""

MAX_CELLS = 60_000
"""Cells of a table: short rows of a wide one are filled up. Rows beyond them are text.

The reading library has a limit of its own just above.
"""
