"""A table as comma-separated values, as RFC 4180 has them: its cells' very words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Table

_QUOTED = re.compile(r'[",\r\n]|^\s|\s$')


def table_csv(table: Table) -> str:
    """Return a table as CSV, every row ended.

    A cell that begins as a formula stays as it is: receivers ask, or take it for text, and an
    apostrophe before it would be wrong data for everything that is no spreadsheet.
    """
    header = [table.header] if any(cell.text for cell in table.header) else []
    rows = (*header, *table.rows)
    return "".join(",".join(_field(cell.text) for cell in row) + "\r\n" for row in rows)


def _field(text: str) -> str:
    if not _QUOTED.search(text):
        return text
    return '"' + text.replace('"', '""') + '"'
