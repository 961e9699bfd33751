"""What a whole text means."""

from __future__ import annotations

import pytest

from desktop_chat.markdown.blocks import (
    Align,
    Block,
    Code,
    Heading,
    ItemFrame,
    Paragraph,
    QuoteFrame,
    Rule,
    Span,
    Style,
    Table,
    leaf_text,
    visible_text,
)
from desktop_chat.markdown.limits import MAX_NESTING
from desktop_chat.markdown.markdown_text import markdown_text
from desktop_chat.markdown.parse import parse


def only(blocks: list[Block]) -> Block:
    assert len(blocks) == 1
    return blocks[0]


def paragraph(text: str) -> Paragraph:
    leaf = only(parse(text)).leaves[0]
    assert isinstance(leaf, Paragraph)
    return leaf


def spans(text: str) -> list[tuple[str, Style, str]]:
    inline = paragraph(text).inline
    return [(inline.text[s.start : s.end], s.style, s.href) for s in inline.spans]


def items(block: Block) -> list[tuple[str, list[str]]]:
    return [
        (leaf_text(leaf), [f.marker for f in leaf.frames if isinstance(f, ItemFrame)])
        for leaf in block.leaves
    ]


def test_each_kind_of_block_is_read() -> None:
    text = "# A\n\nb\n\n- c\n\n> d\n\n```py\ne\n```\n\n| f |\n|---|\n| g |\n\n---\n"
    kinds = [type(block.leaves[0]) for block in parse(text)]
    assert kinds == [Heading, Paragraph, Paragraph, Paragraph, Code, Table, Rule]


def test_a_block_knows_its_place_in_the_source() -> None:
    text = "one\n\n- two\n- three\n\n```\nfour\n```\n"
    places = [text[block.start : block.end] for block in parse(text)]
    assert places == ["one", "- two\n- three", "```\nfour\n```"]


def test_styles_are_flat_runs_over_the_visible_text() -> None:
    assert paragraph("a **b *c* d** `e` ~~f~~").inline.spans == (
        Span(2, 4, Style.STRONG),
        Span(4, 5, Style.STRONG | Style.EMPHASIS),
        Span(5, 7, Style.STRONG),
        Span(8, 9, Style.CODE),
        Span(10, 11, Style.STRIKE),
    )


def test_a_soft_break_is_a_blank_and_a_hard_break_a_line_feed() -> None:
    assert paragraph("a\nb  \nc\\\nd").inline.text == "a b\nc\nd"


def test_markers_stand_on_the_first_leaf_of_an_item() -> None:
    block = only(parse("3. a\n\n   b\n4. c\n   - d\n"))
    assert items(block) == [("a", ["3."]), ("b", [""]), ("c", ["4."]), ("d", ["", "•"])]


def test_an_empty_item_is_seen() -> None:
    assert items(only(parse("- a\n-\n- c\n"))) == [("a", ["•"]), ("", ["•"]), ("c", ["•"])]


def test_items_that_open_on_one_line_all_have_their_markers() -> None:
    assert items(only(parse("- 1. a\n"))) == [("a", ["•", "1."])]


@pytest.mark.parametrize(
    ("text", "tight"),
    [
        ("- a\n- b\n", True),
        ("- a\n\n- b\n", False),
        ("- a\n\n  b\n", False),
        ("- a\n  - b\n\n- c\n", False),
        ("- ```\n  a\n\n  b\n  ```\n- c\n", True),
        ("- a\n- b\n\n\ntext\n", True),
        ("- # a\n\n- # b\n", False),
    ],
)
def test_a_list_is_loose_where_blank_lines_part_its_pieces(text: str, tight: bool) -> None:
    frame = parse(text)[0].leaves[0].frames[0]
    assert isinstance(frame, ItemFrame)
    assert frame.list.tight is tight


def test_tasks_say_whether_they_are_done() -> None:
    block = only(parse("- [x] a\n- [ ] b\n- c\n"))
    frames = [leaf.frames[0] for leaf in block.leaves]
    assert [f.task for f in frames if isinstance(f, ItemFrame)] == [True, False, None]
    assert visible_text(block) == "a\nb\nc"


def test_a_table_has_alignment_and_rows_of_equal_width() -> None:
    table = only(parse("| a | b |\n|:-:|--:|\n| 1 |\n| 2 | 3 | 4 |\n")).leaves[0]
    assert isinstance(table, Table)
    assert table.aligns == (Align.CENTER, Align.RIGHT)
    assert [[cell.text for cell in row] for row in table.rows] == [["1", ""], ["2", "3"]]


def test_raw_html_is_text() -> None:
    text = "<script>alert(1)</script> <img src=x> a <b>c</b>"
    assert paragraph(text).inline.text == text
    assert only(parse("<div>\n\n")).leaves[0] == Paragraph(paragraph("<div>").inline)


@pytest.mark.parametrize(
    ("text", "shown", "href"),
    [
        ("[a](https://b.c/d)", "a", "https://b.c/d"),
        ("[a](mailto:b@c.d)", "a", "mailto:b@c.d"),
        ("<https://b.c>", "https://b.c", "https://b.c"),
        ("https://b.c/x_y_z", "https://b.c/x_y_z", "https://b.c/x_y_z"),
        ("www.b.org", "www.b.org", "http://www.b.org"),
        ("(WWW.b.org/c?d=1&e).", "WWW.b.org/c?d=1&e", "http://WWW.b.org/c?d=1&e"),
        ("see www.b.org/c(d), then", "www.b.org/c(d)", "http://www.b.org/c(d)"),
        ("<a.b@c.org>", "a.b@c.org", "mailto:a.b@c.org"),
        ("Ask a.b-c+d@e-f.dev.", "a.b-c+d@e-f.dev", "mailto:a.b-c+d@e-f.dev"),
        ("mailto:a@b.org", "mailto:a@b.org", "mailto:a@b.org"),
    ],
)
def test_links_to_the_web_and_to_mail_can_be_opened(text: str, shown: str, href: str) -> None:
    assert spans(text) == [(shown, Style.LINK, href)]


@pytest.mark.parametrize(
    "text",
    [
        "[a](javascript:alert(1))",
        "[a](file:///etc/passwd)",
        "[a](data:text/html,x)",
        "[a](JaVaScRiPt:x)",
        "[a](/etc)",
        "<ftp://a.b>",
        "ftp://a.b/c",
        "//a.b",
        "a@b.c",
        "xwww.a.b",
        "a.www.b.c",
        "www.",
        "main.py",
        "@app.route",
        "example.com",
        "[a](\x01javascript:x)",
    ],
)
def test_other_addresses_are_never_links(text: str) -> None:
    assert spans(text) == []


def test_an_image_is_its_alternative_text_and_keeps_its_address() -> None:
    both = Style.IMAGE | Style.LINK
    assert spans("![a cat](http://b/c.png)") == [("a cat", both, "http://b/c.png")]
    assert spans("![](http://b/c.png)") == [("http://b/c.png", both, "http://b/c.png")]


def test_an_image_keeps_its_title_also_when_it_is_written_again() -> None:
    blocks = parse('![a cat](http://b/c.png "Tom *and*\n \\"Kit\\" \\\\ [x]")')
    (leaf,) = blocks[0].leaves
    assert isinstance(leaf, Paragraph)
    assert leaf.inline.spans[0].title == 'Tom *and* "Kit" \\ [x]'
    again = parse(markdown_text([[leaf]]))
    assert again[0].leaves == [leaf]


@pytest.mark.parametrize("formula", ["$$a_1 b_2 * c*$$", r"\(a_1 * b_2*\)", r"\[x_1 + y_1\]"])
def test_inline_formulas_keep_their_source(formula: str) -> None:
    assert spans(f"so {formula} holds") == [(formula, Style.CODE | Style.MATH, "")]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("$$\na_1\n= b_2\n$$", ["a_1", "= b_2"]),
        ("\\[\n# x\n\\]", ["# x"]),
        ("$$ x^2 $$", ["x^2"]),
        ("$$ a\nb $$", ["a", "b"]),
    ],
)
def test_displayed_formulas_are_blocks_of_their_source(text: str, lines: list[str]) -> None:
    leaf = only(parse(text)).leaves[0]
    assert isinstance(leaf, Code)
    assert (leaf.language, leaf.lines) == ("math", lines)


@pytest.mark.parametrize("text", ["$5 and $10", "Only $59(save $100)", "costs $$ a lot", "a $ b"])
def test_money_is_text(text: str) -> None:
    assert paragraph(text).inline.text == text
    assert paragraph(text).inline.spans == ()


def test_a_formula_that_never_ends_is_text() -> None:
    assert [type(block.leaves[0]) for block in parse("$$\nx\n\nmore")] == [Paragraph, Paragraph]


def test_code_is_verbatim_and_names_its_language() -> None:
    code = only(parse("```python title=x\na\n\n  b\n```\n")).leaves[0]
    assert isinstance(code, Code)
    assert (code.language, code.lines, code.open) == ("python", ["a", "", "  b"], False)


def test_quotes_and_lists_nest() -> None:
    leaf = only(parse("> - > a\n")).leaves[0]
    assert [type(frame) for frame in leaf.frames] == [QuoteFrame, ItemFrame, QuoteFrame]


def test_what_is_nested_too_deep_is_still_text() -> None:
    leaf = only(parse("> " * 500 + "deep")).leaves[0]
    assert len(leaf.frames) < MAX_NESTING
    assert leaf_text(leaf).endswith("> deep")


@pytest.mark.parametrize("end", ["\r\n", "\r", "\n"])
def test_any_line_end_ends_a_line(end: str) -> None:
    assert [visible_text(block) for block in parse(f"# a{end}b{end}")] == ["a", "b"]


def test_a_byte_order_mark_is_left_out_and_nul_replaced() -> None:
    assert isinstance(parse("\ufeff# a")[0].leaves[0], Heading)
    assert visible_text(parse("a\0b")[0]) == "a\ufffdb"


def test_other_separators_do_not_end_a_line() -> None:
    assert visible_text(only(parse("a\x85b\u2028c\u2029d\x0be"))) == "a\x85b\u2028c\u2029d\x0be"


def test_late_link_definitions_count() -> None:
    assert spans("[a][b]\n\n[b]: http://c.d\n") == [("a", Style.LINK, "http://c.d")]


def test_a_long_paragraph_is_cut_into_segments_that_join_to_its_text() -> None:
    text = "some **bold words** and `code` here " * 300
    leaves = only(parse(text)).leaves
    assert [leaf.continues for leaf in leaves if isinstance(leaf, Paragraph)] == [
        False,
        *[True] * (len(leaves) - 1),
    ]
    assert max(len(leaf_text(leaf)) for leaf in leaves) < 2500
    assert "".join(map(leaf_text, leaves)) == ("some bold words and code here " * 300).rstrip()


def test_no_segment_ends_within_markup() -> None:
    text = ("word " * 55 + "**bold over several words here** " + "[a link](http://b.c) ") * 30
    for leaf in only(parse(text)).leaves:
        assert isinstance(leaf, Paragraph)
        assert "*" not in leaf.inline.text
        assert "[" not in leaf.inline.text


def test_chinese_without_blanks_is_cut_too() -> None:
    leaves = only(parse("中文没有空格，但是有标点。" * 1000)).leaves
    assert max(len(leaf_text(leaf)) for leaf in leaves) < 2500
