"""A table as comma-separated values."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.markdown.blocks import Align, Inline, Table
from desktop_chat.markdown.csv_text import table_csv
from desktop_chat.markdown.flavours import message_flavours

if TYPE_CHECKING:
    from collections.abc import Sequence

CELLS = st.text(st.sampled_from('ab ,";\t=+-@|\n\r'), max_size=5)


def table(rows: Sequence[Sequence[str]]) -> Table:
    head, *others = [tuple(Inline(cell) for cell in row) for row in rows]
    return Table((Align.NONE,) * len(head), head, others)


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_a_reader_of_csv_gets_the_very_cells(rows: list[tuple[str, ...]]) -> None:
    rows = [("head", *rows[0][1:]), *rows[1:]]
    read = csv.reader(io.StringIO(table_csv(table(rows)), newline=""), strict=True)
    assert [tuple(row) for row in read] == rows


def test_rows_end_as_the_standard_has_it_and_quotes_are_doubled() -> None:
    assert table_csv(table([["a", "b"], ["1,5", 'say "x"']])) == 'a,b\r\n"1,5","say ""x"""\r\n'


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_is_not_altered(text: str) -> None:
    assert table_csv(table([["a"], [text]])) == f"a\r\n{text}\r\n"


def test_a_message_that_is_one_table_has_cells_in_both_ways() -> None:
    got = message_flavours("| a | b |\n|---|---|\n| 1 | *2* |\n")
    assert (got.tsv, got.csv) == ("a\tb\n1\t2", "a,b\r\n1,2\r\n")
    assert message_flavours("words").csv == ""
