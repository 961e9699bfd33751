"""What a copy holds."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typing_extensions import override

from desktop_chat.markdown.blocks import visible_text
from desktop_chat.markdown.flavours import (
    Flavours,
    code_flavours,
    message_flavours,
    part_flavours,
)
from desktop_chat.markdown.markdown_text import markdown_text
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.selecting import whole_leaves
from tests.markdown.signature import signature
from tests.markdown.test_stream import LINES

if TYPE_CHECKING:
    from collections.abc import Sequence

TEXT = """\
# Title

Some **bold *both* words** and [a link](http://a.b/c) with `code`.

1. one
   - sub
   - sub2
2. two

> quoted

```py
x = 1
y = 2
```

| a | b |
|---|--:|
| 1 | 2 |
| 3 | 4 |

end
"""
VOID = {"br", "hr"}


class Tags(HTMLParser):
    """Checks that tags are closed in order; collects attributes and text."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []
        self.text = ""

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.attributes += attrs
        if tag not in VOID:
            self.open.append(tag)

    @override
    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    @override
    def handle_data(self, data: str) -> None:
        self.text += data


def leaves_of(text: str) -> list[list[object]]:
    return [leaves for _, _, leaves in signature(parse(text))]


def tags(html: str) -> Tags:
    parser = Tags()
    parser.feed(html)
    parser.close()
    assert parser.open == []
    return parser


def part(start: tuple[int, int], end: tuple[int, int], text: str = TEXT) -> Flavours:
    return part_flavours(parse(text), text, start, end)


def test_plain_text_has_no_markup() -> None:
    assert message_flavours(TEXT).plain == (
        "Title\n\nSome bold both words and a link with code.\n\n"
        "1. one\n   - sub\n   - sub2\n2. two\n\nquoted\n\nx = 1\ny = 2\n\n"
        "a\tb\n1\t2\n3\t4\n\nend"
    )


def test_markdown_of_a_message_is_its_source() -> None:
    assert message_flavours(TEXT).markdown == TEXT.strip("\n")


def test_html_has_structure_and_inline_styles_alone() -> None:
    html = message_flavours(TEXT).html
    found = tags(html)
    for tag in ("h1", "strong", "em", "a", "code", "ol", "ul", "blockquote", "pre", "table", "th"):
        assert tag in found.seen
    assert {name for name, _ in found.attributes} <= {"style", "href", "start"}
    assert "<ol><li>one<ul><li>sub</li><li>sub2</li></ul></li><li>two</li></ol>" in html


def test_a_loose_list_has_paragraphs_and_numbers_start_where_they_did() -> None:
    html = message_flavours("3. a\n\n   b\n\n4. c\n").html
    assert html == '<ol start="3"><li><p>a</p><p>b</p></li><li><p>c</p></li></ol>'


ARABIC = "مرحبا بالعالم"
HEBREW = "שלום"


@pytest.mark.parametrize(
    ("source", "html"),
    [
        (ARABIC, f'<p dir="rtl">{ARABIC}</p>'),
        (f"# {HEBREW}", f'<h1 dir="rtl">{HEBREW}</h1>'),
        ("12 %", "<p>12 %</p>"),
        (
            f"- {HEBREW}\n  - 12\n- word",
            f'<ul dir="rtl"><li>{HEBREW}<ul><li>12</li></ul></li><li dir="ltr">word</li></ul>',
        ),
        (
            f"- word\n- {HEBREW}\n\n  word\n",
            f'<ul><li><p>word</p></li><li dir="rtl"><p>{HEBREW}</p><p dir="ltr">word</p></li></ul>',
        ),
        (
            f"- {HEBREW}\n  # word\n  {ARABIC}",
            f'<ul dir="rtl"><li>{HEBREW}<h1 dir="ltr">word</h1>{ARABIC}</li></ul>',
        ),
    ],
)
def test_html_says_what_runs_to_the_left(source: str, html: str) -> None:
    assert message_flavours(source).html == html


def test_in_html_a_quote_and_a_table_are_mirrored_and_code_is_not() -> None:
    html = message_flavours(f"> {HEBREW}\n>\n> ```\n> x\n> ```\n").html
    assert html.startswith('<blockquote dir="rtl" style="margin:0 8px 0 0;')
    assert '<pre dir="ltr" style' in html
    html = message_flavours(f"| {HEBREW} | 1 |\n|---|---|\n| word | {HEBREW} |\n").html
    assert html.startswith('<table dir="rtl" style')
    assert html.count('dir="rtl"') == 3
    assert html.count("dir=") == 4
    assert re.search(r'<td dir="ltr" [^>]*>word', html)


def test_words_alone_keep_their_direction_in_html() -> None:
    blocks = parse(ARABIC)
    assert (
        part_flavours(blocks, ARABIC, (0, 0), (0, 5)).html == f'<span dir="rtl">{ARABIC[:5]}</span>'
    )


def test_html_of_poison_is_harmless() -> None:
    poison = (
        "<script>x</script> [a](javascript:x) ![i](http://t/r.png) <img src=x onerror=y> "
        '[b](http://a.b/"onclick="x) `<b>`\n\n```"><script>\n</code><script>\n```\n'
    )
    found = tags(message_flavours(poison).html)
    assert not {"script", "img"} & set(found.seen)
    links = [value for name, value in found.attributes if name == "href"]
    assert all(link and link.startswith("http://") for link in links)
    assert {name for name, _ in found.attributes} <= {"style", "href"}


def test_words_of_a_paragraph_come_alone() -> None:
    got = part((1, 7), (1, 14))
    assert (got.plain, got.markdown) == ("ld both", "**ld *both***")


def test_all_of_a_heading_is_a_heading_and_a_part_of_it_is_words() -> None:
    assert part((0, 0), (0, 5)) == Flavours("Title", "<h1>Title</h1>", "# Title")
    assert part((0, 1), (0, 5)) == Flavours("itle", "itle", "itle")


def test_half_of_a_bold_run_stays_bold() -> None:
    assert part((1, 5), (1, 7)).markdown == "**bo**"
    assert part((1, 5), (1, 7)).html == "<strong>bo</strong>"


def test_a_part_of_a_list_keeps_its_markers() -> None:
    got = part((2, 1), (2, 9))
    assert got.plain == "1. ne\n   - sub\n   - s"
    assert got.markdown == got.plain
    assert got.html == "<ol><li>ne<ul><li>sub</li><li>s</li></ul></li></ol>"


def test_code_alone_is_code_alone() -> None:
    got = part((4, 0), (4, 7))
    assert (got.plain, got.markdown) == ("x = 1\ny", "x = 1\ny")


def test_code_with_more_is_fenced() -> None:
    assert part((4, 6), (6, 3)).markdown.startswith("```py\ny = 2\n```\n\n| a | b |")


def test_whole_blocks_keep_their_source() -> None:
    assert part((1, 0), (3, 6)).markdown == TEXT[TEXT.index("Some") : TEXT.index("\n\n```")]


def test_a_block_whose_link_is_defined_elsewhere_gets_its_address() -> None:
    text = "a [b][c]\n\nmore\n\n[c]: http://d.e\n"
    assert part((0, 0), (1, 4), text).markdown == "a [b](http://d.e)\n\nmore"


def test_a_table_alone_has_cells() -> None:
    blocks = parse(TEXT)
    got = part((5, 0), (5, len(visible_text(blocks[5]))))
    assert got.tsv == "a\tb\n1\t2\n3\t4"
    assert got.markdown.startswith("| a | b |")
    assert part((5, 0), (6, 3)).tsv == ""


def test_rows_without_the_head_are_a_table_still() -> None:
    got = part((5, 4), (5, 11))
    assert got.tsv == "1\t2\n3\t4"
    assert tags(got.html).seen.count("td") == 4
    assert len(parse(got.markdown)) == 1


@pytest.mark.parametrize("text", ["=1+1", "@SUM(A1)", "+cmd|' /C calc'!A0", "-2+3"])
def test_a_cell_that_looks_like_a_formula_is_marked_as_text(text: str) -> None:
    html = message_flavours(f"| a |\n|---|\n| {text.replace('|', chr(92) + '|')} |\n").html
    assert tags(html).text == f"a{text}"
    assert 'sdnum="1033;0;@"' in html
    assert "mso-number-format:'\\@'" in html


@pytest.mark.parametrize("text", ["-5", "+1,000.5", "- 3 %", "a=b", "1"])
def test_a_cell_with_a_number_stays_a_number(text: str) -> None:
    assert "sdnum" not in message_flavours(f"| a |\n|---|\n| {text} |\n").html


def test_one_cell_is_words() -> None:
    assert part((5, 4), (5, 5)).plain == "1"
    assert part((5, 4), (5, 5)).tsv == ""


def test_code_is_copied_as_code() -> None:
    got = code_flavours("a = '```'\n", "py")
    assert got.plain == "a = '```'\n"
    assert got.markdown == "````py\na = '```'\n\n````"
    assert tags(got.html).text == "a = '```'\n"


def test_a_segmented_paragraph_is_copied_in_one_piece() -> None:
    text = "some words here " * 400
    assert message_flavours(text).plain == text.strip()
    blocks = parse(text)
    end = (0, len(visible_text(blocks[0])))
    assert part_flavours(blocks, text, (0, 0), end).plain == text.strip()


@pytest.mark.parametrize(
    "text",
    [
        "a * b * c",
        "snake_case_name",
        "1. not",
        "# no",
        "[x](y)",
        "<b>",
        "a\\*b",
        "`a`` b`",
        "- [ ] task",
        "> q",
        "**b** c *d*e",
        "***x***",
        "~~a~~ b",
        "&amp; &lt;",
        "a  \nb",
        "- a\n  - b\n\n    c\n- d",
        "> - a\n> - b\n>\n> c",
        "1) x\n2) y",
        "$$a_b$$ c",
        "[a **b** c](http://d.e) f",
        "![i](http://j.k)",
        "+ a",
        "= b",
        "a\n=",
        "- - a",
    ],
)
def test_markdown_written_anew_means_the_same(text: str) -> None:
    blocks = parse(text)
    again = markdown_text([whole_leaves(block.leaves) for block in blocks])
    assert leaves_of(again) == leaves_of(text)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(LINES), min_size=1, max_size=10), st.data())
def test_every_part_of_every_text_can_be_copied(lines: Sequence[str], data: st.DataObject) -> None:
    text = "\n".join(lines)
    blocks = parse(text)
    if not blocks:
        return
    ends = []
    for _ in range(2):
        index = data.draw(st.integers(0, len(blocks) - 1))
        ends.append((index, data.draw(st.integers(0, len(visible_text(blocks[index]))))))
    start, end = sorted(ends)
    got = part_flavours(blocks, text.replace("\r", "\n"), start, end)
    tags(got.html)
    parse(got.markdown)
    tags(message_flavours(text).html)
