"""What GitHub adds to CommonMark: tables, struck text, task lists, bare addresses."""

from __future__ import annotations

import pytest

from desktop_chat.markdown.blocks import (
    Align,
    ItemFrame,
    Leaf,
    Paragraph,
    Style,
    Table,
    leaf_text,
    visible_text,
)
from desktop_chat.markdown.parse import parse


def leaves(source: str) -> list[Leaf]:
    return [leaf for block in parse(source) for leaf in block.leaves]


def table(source: str) -> Table:
    leaf = leaves(source)[0]
    assert isinstance(leaf, Table)
    return leaf


def cells(source: str) -> list[list[str]]:
    found = table(source)
    return [[cell.text for cell in row] for row in (found.header, *found.rows)]


def styles(source: str) -> list[tuple[str, Style]]:
    (leaf,) = leaves(source)
    assert isinstance(leaf, Paragraph)
    return [(leaf.inline.text[s.start : s.end], s.style) for s in leaf.inline.spans]


def test_columns_are_aligned_by_colons() -> None:
    assert table("|a|b|c|d|\n|:-|:-:|-:|-|\n").aligns == (
        Align.LEFT,
        Align.CENTER,
        Align.RIGHT,
        Align.NONE,
    )


@pytest.mark.parametrize(
    "source",
    [
        "a | b\n--|--\n1 | 2",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "|a|b\n|-|-\n|1|2",
        "   a|b|\n :-|-\n   1|2",
    ],
)
def test_outer_bars_and_blanks_are_free(source: str) -> None:
    assert cells(source) == [["a", "b"], ["1", "2"]]


def test_short_rows_are_filled_and_long_ones_cut() -> None:
    source = "|a|b|\n|-|-|\n|1|\n|2|3|4|\n||\n5"
    assert cells(source) == [["a", "b"], ["1", ""], ["2", "3"], ["", ""], ["5", ""]]


def test_a_table_without_rows_is_one() -> None:
    assert cells("|a|\n|-|\n\ntext") == [["a"]]


def test_an_escaped_bar_belongs_to_the_cell_even_in_code() -> None:
    assert cells("|a\\|b|\n|-|\n|`c\\|d` **e\\|f**|") == [["a|b"], ["c|d e|f"]]


def test_cells_hold_styles_but_no_blocks() -> None:
    row = table("|a|b|\n|-|-|\n|~~x~~ [l](http://m.n)|# - h|").rows[0]
    assert [span.style for span in row[0].spans] == [Style.STRIKE, Style.LINK]
    assert row[1].text == "# - h"


@pytest.mark.parametrize(
    "source", ["|a|b|\n|-|\n|1|", "|a|\n|b|\n", "|a|b|\n|-|x|\n", "a\n-b-|\n", "|a|\n\n|-|\n"]
)
def test_a_delimiter_row_must_fit_the_head(source: str) -> None:
    assert not any(isinstance(leaf, Table) for leaf in leaves(source))


@pytest.mark.parametrize("after", ["> q", "# h", "```\nc\n```", "- i", "---", "", "[^1]: n"])
def test_a_table_ends_at_a_blank_line_or_another_block(after: str) -> None:
    found = leaves(f"|a|\n|-|\n|1|\n{after}\n")
    assert isinstance(found[0], Table)
    assert len(found[0].rows) == 1


def test_a_table_stands_in_quotes_and_items() -> None:
    assert cells("> |a|\n> |-|\n> |1|") == [["a"], ["1"]]
    assert cells("- |a|\n  |-|\n  |1|") == [["a"], ["1"]]


@pytest.mark.parametrize("head", ["- a|b", "1. a|b", "> a|b", "# a|b"])
def test_what_begins_another_block_is_no_head(head: str) -> None:
    assert not any(isinstance(leaf, Table) for leaf in leaves(f"{head}\n-|-\n1|2"))


def test_two_tildes_strike() -> None:
    assert styles("~~a *b*~~ c") == [
        ("a ", Style.STRIKE),
        ("b", Style.STRIKE | Style.EMPHASIS),
    ]


@pytest.mark.parametrize("source", ["a ~~~b~~~ c", "~~ a ~~", "\\~~a~~", "about ~5 to ~9"])
def test_other_tildes_are_text(source: str) -> None:
    assert styles(source) == []


def test_struck_text_does_not_go_on_in_the_next_paragraph() -> None:
    assert [visible_text(block) for block in parse("~~a\n\nb~~")] == ["~~a", "b~~"]


def tasks(source: str) -> list[tuple[str, list[bool | None]]]:
    return [
        (leaf_text(leaf), [f.task for f in leaf.frames if isinstance(f, ItemFrame)])
        for leaf in leaves(source)
    ]


def test_items_are_tasks_by_a_box_at_their_start() -> None:
    source = "- [ ] open\n- [x] done\n  1. [X] inner\n- none\n"
    assert tasks(source) == [
        ("open", [False]),
        ("done", [True]),
        ("inner", [None, True]),
        ("none", [None]),
    ]


@pytest.mark.parametrize("block", ["# head", "> quote", "- item", "```"])
def test_what_follows_a_box_is_a_paragraph_whatever_it_looks_like(block: str) -> None:
    assert tasks(f"- [x] {block}") == [(block, [True])]


def test_only_the_first_paragraph_of_an_item_has_the_box() -> None:
    assert tasks("- [x] a\n\n  [ ] b\n") == [("a", [True]), ("[ ] b", [None])]


@pytest.mark.parametrize("text", ["[x]no blank", "[y] other", "[] none", "\\[ ] escaped"])
def test_other_brackets_are_no_boxes(text: str) -> None:
    assert tasks(f"- {text}")[0][1] == [None]


@pytest.mark.parametrize(
    ("source", "address"),
    [
        ("www.a.org", "http://www.a.org"),
        ("Visit www.a.org/help for more.", "http://www.a.org/help"),
        ("Visit www.a.org.", "http://www.a.org"),
        ("(www.a.org/b?q=(c)).", "http://www.a.org/b?q=(c)"),
        ("www.a.org/b?q=c&d=e", "http://www.a.org/b?q=c&d=e"),
        ("http://a.org/b_(c)", "http://a.org/b_(c)"),
        ("(https://a.org/?q=(b))", "https://a.org/?q=(b)"),
        ("**https://a.org/b**", "https://a.org/b"),
        ("https://a.org/b，后面", "https://a.org/b"),
        ("hello@mail+xyz.example isn't, hello+xyz@mail.com is", "mailto:hello+xyz@mail.com"),
        ("a.b-c_d@a.com.", "mailto:a.b-c_d@a.com"),
        ("mailto:foo@bar.com", "mailto:foo@bar.com"),
    ],
)
def test_bare_addresses_are_links(source: str, address: str) -> None:
    (leaf,) = leaves(source)
    assert isinstance(leaf, Paragraph)
    assert [span.href for span in leaf.inline.spans if span.style & Style.LINK] == [address]


@pytest.mark.parametrize(
    "source", ["`www.a.org`", "    www.a.org", "a.b@", "@b.com", "www .a.org", "notes.md", "a.b.c"]
)
def test_other_words_are_no_links(source: str) -> None:
    (leaf,) = leaves(source)
    inline = leaf.inline if isinstance(leaf, Paragraph) else None
    assert inline is None or not any(span.style & Style.LINK for span in inline.spans)
