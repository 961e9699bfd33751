"""Text that arrives in pieces ends as the whole text would, and is never read twice."""

from __future__ import annotations

import os
import random
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.markdown import cutting, late
from desktop_chat.markdown import stream as stream_module
from desktop_chat.markdown.blocks import (
    MATH_LANGUAGE,
    Block,
    Change,
    Code,
    Heading,
    ListStyle,
    Style,
    Table,
    visible_text,
)
from desktop_chat.markdown.live import Head, Live
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.stream import MarkdownStream
from tests.markdown import random_texts
from tests.markdown.signature import signature

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from markdown_it.token import Token

LINES = [
    *["- a", "- b", "  - c", "    d", "", "1. x", "2. y", "```py", "```", "~~~", "> q", "para"],
    *["---", "===", "# h", "#", "| a | b |", "|---|--:|", "| 1 | 2 |", "**bold", "end**"],
    *["    code", "* * *", "-", "+ z", "\t- tab", "10) k", "```` x", "  lazy", "[r]: /u"],
    *["- - e", "    - g", "   3. w", "  ```", "[r]", "[R] and [s][r]", '[s]: <http://x.y> "t'],
    *['end"', "[s]:", "/dest", '"title"', "$$", "\\[", "\\]", "x $$ y", "$$ a_b_c $$", "> - n"],
    *["> > deep", ">", "> ```", "> | a | b |", "> |--|--|", "- > q", "  > r", "- [x] done"],
    *["- | a | b |", "  |---|---|", "  | 3 | 4 |", "- ```", "      x", "  para2", "\tcode2"],
    *[">\tt", "-\tq", "1.", "> [s]: /nested", "- [r]: /item", "   ", "> $$", "z\\", "y  "],
    *["    [r]: /c", "       deepcode", "1) a", "     - five", "<b>", "\r", "a\r", "![i](d:x)"],
    *["see[^1] and [^n]", "[^1]: note", "[^n]:", "    in note", "[^N]: other[^1]", "> [^n]: q"],
    *["- [^1]: i", "      deep in note", "[^1]: ```", "[^n]: - x", "[^1]: $$", "[^n]: [r]: /n"],
    *["www.a.org", "x www.b.org/c(d)_e_, f@g.org", "*www.a.org*", "[a@b.org](www.c.org)"],
]
CUTS = int(os.environ.get("DESKTOP_CHAT_CUTS", "500"))
"""Random texts, each cut in a random way; more for a thorough search."""
W = "the quick brown fox jumps over it "


@pytest.fixture(autouse=True)
def without_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no slow moment of the machine put off a reading."""
    monkeypatch.setattr("desktop_chat.markdown.stream.REST", 0)


def arrive(pieces: Iterable[str]) -> MarkdownStream:
    stream = MarkdownStream()
    for piece in pieces:
        stream.feed(piece)
    stream.finish()
    while stream.late:
        stream.feed("")
    return stream


def cut(text: str, places: Sequence[int]) -> list[str]:
    edges = [0, *sorted(places), len(text)]
    return [text[a:b] for a, b in pairwise(edges)]


def assert_same(text: str, pieces: Iterable[str]) -> None:
    assert signature(arrive(pieces).blocks) == signature(parse(text))


@st.composite
def cut_texts(draw: st.DrawFn) -> tuple[str, list[str]]:
    lines = draw(st.lists(st.sampled_from(LINES), min_size=1, max_size=14))
    text = "\n".join(lines) + draw(st.sampled_from(["", "\n"]))
    if draw(st.booleans()):
        return text, list(text)
    places = draw(st.lists(st.integers(0, len(text)), max_size=10))
    return text, cut(text, places)


@settings(max_examples=700, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cut_texts())
def test_any_cutting_ends_as_the_whole_text(case: tuple[str, list[str]]) -> None:
    assert_same(*case)


@settings(max_examples=CUTS, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_texts.cut_texts())
def test_any_text_in_containers_ends_as_the_whole(pieces: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Live, "reopen", no_reopening)
        assert_same("".join(pieces), pieces)


def no_reopening(_live: Live, _head: Head, _source: str) -> None:
    """Stand in for the way out that no text is known to need."""
    raise AssertionError("what stays of a block is read as something else")


def bad_cut(
    tokens: Sequence[Token], block: tuple[int, int], lines: Sequence[str]
) -> cutting.Cut | None:
    """Let what stands for open items be something else."""
    found = cutting.find_cut(tokens, block, lines)
    return found and found._replace(stubs=["x" for _ in found.stubs])


@settings(max_examples=300, deadline=None, suppress_health_check=list(HealthCheck))
@given(random_texts.cut_texts())
def test_a_block_that_cannot_go_on_is_read_anew(pieces: list[str]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stream_module, "find_cut", bad_cut)
        assert_same("".join(pieces), pieces)


def test_a_block_is_read_anew_with_all_that_came(monkeypatch: pytest.MonkeyPatch) -> None:
    reopened: list[int] = []
    reopen = Live.reopen

    def counted(self: Live, head: Head, source: str) -> None:
        reopened.append(head.start)
        reopen(self, head, source)

    monkeypatch.setattr(stream_module, "find_cut", bad_cut)
    monkeypatch.setattr(Live, "reopen", counted)
    text = "# h\n\n- a\n- b\n  c\n\n  d\n- e\n\nend\n\n> ```\n> f\n> g"
    assert_same(text, list(text))
    assert reopened
    assert len(reopened) < 4


@pytest.mark.parametrize(
    "text",
    [
        "  - c\n[r]\n- ```\n   \n[r]: /u",
        "- ```\n\n- - e\n",
        "z\n3. w\n|---|--:|\n  |---|---|",
        '[a]: /u\n"title\n===\nfoo\nend"',
        "$$\n# no heading\n$$",
        "\u00a0\npara\npara\npara\npara\npara\n",
        "a\n\u00a0\nb\nc\nd\n\u2003\n",
        '[a]: /u\n\u00a0\n"title"',
        "$$\n\u00a0\nx\n$$",
        "\n- [x] > \n      > - \n",
        "- [x] > \n      > - \n      > - \n",
        "> para\n    - \n    - \n    > ```\npara",
        "- > para\n      - \n      > ```\n  para",
        "1.  a\n    > b\n    >\n    > c\n    > ```\n    > d",
        "    para\n\n\n    \u00a0\n\n\n\n\n\n\n\n\npara",
        "```\npara\r\u00a0\npara",
        "\u00a0\npara\n* \npara\npara\n- ",
        "para\n\n2. |\n|---|",
        "- [x] \npara\npara\npara\npara\n    ===",
        "> \n    > para\npara\npara\n    - \n    - \npara",
        "1. \n1.  a|b\n|---|--:|",
        "- a|b\n-|-\n- c|d\n-|-",
        "$$a\n$$a\n$$\nb\n$$ c\nd $$\n$$",
        "- a\n" + "\n" * 3000 + "  b\n",
        "- ```\n" + "\n" * 3000 + "  b\n",
        "[^1]: a\n" + "\n" * 1500 + "    b\n" + "\n" * 1500 + "c",
        "- [x] a\n  b\n  c\n  d\n  e\n  f\n- [ ] g",
        "- [x] word " + "and more words " * 200 + "\n  b\n  c\n  d\n  e\n  f\n",
    ],
)
def test_texts_that_once_ended_otherwise(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Live, "reopen", no_reopening)
    assert_same(text, list(text))
    assert_same(text, text.splitlines(keepends=True))
    assert_same(text, [text])


def test_empty_lines_without_end_are_not_kept_in_mind() -> None:
    stream = arrive(["- a\n", *["\n" * 500] * 40])
    assert len(stream._live.lines) < 2500


def test_formulas_left_open_line_after_line_do_not_wait_for_each_other() -> None:
    stream = MarkdownStream()
    for _ in range(500):
        stream.feed("$$a\n")
    assert len(stream._live.lines) < 200


@settings(max_examples=300, deadline=None)
@given(st.text(), st.lists(st.integers(0, 50), max_size=5))
def test_no_text_is_too_strange(text: str, places: list[int]) -> None:
    assert_same(text, cut(text, [place for place in places if place <= len(text)]))


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet='ab \n-*_`[]()<>!#|:>$\\~1.\t\r"', max_size=60))
def test_marks_in_any_order_end_as_the_whole_text(text: str) -> None:
    assert_same(text, list(text))


@settings(max_examples=30, deadline=None)
@given(st.integers(0, 2**32))
def test_long_paragraphs_end_as_the_whole_text(seed: int) -> None:
    chance = random.Random(seed)
    words = ["word ", "**bold** ", "`code` ", "*open ", "[link](http://a.b) ", "[x", "中文，", "\n"]
    text = "".join(chance.choice(words) for _ in range(900))
    assert_same(text, cut(text, chance.sample(range(len(text)), 30)))


Shown = list[tuple[object, ...]]


def shown(blocks: list[Block]) -> Shown:
    return [tuple(leaves) for _, _, leaves in signature(blocks)]


def rows(leaf: object) -> tuple[object, ...]:
    """Return the lines of a code leaf, the rows of a table leaf."""
    assert isinstance(leaf, tuple)
    found = leaf[2] if leaf[0] == "code" else leaf[3]
    assert isinstance(found, tuple)
    return found


def assert_change(before: Shown, blocks: list[Block], change: Change | None) -> None:
    """What stands before the place that a change names must be as it was."""
    after = shown(blocks)
    if change is None:
        assert after == before
        return
    for index in range(min(change.block, len(before), len(after))):
        assert index in change.also or before[index] == after[index]
    if change.block < min(len(before), len(after)):
        old, new = before[change.block], after[change.block]
        assert old[: change.leaf] == new[: change.leaf]
        if change.line:
            assert rows(old[change.leaf])[: change.line] == rows(new[change.leaf])[: change.line]


@settings(max_examples=150, deadline=None)
@given(cut_texts())
def test_a_change_names_the_first_block_that_differs(case: tuple[str, list[str]]) -> None:
    stream = MarkdownStream()
    before: Shown = []
    for piece in case[1]:
        change = stream.feed(piece)
        assert_change(before, stream.blocks, change)
        before = shown(stream.blocks)
    assert_change(before, stream.blocks, stream.finish())


def test_a_fence_that_grows_keeps_its_object_and_says_from_which_line() -> None:
    stream = MarkdownStream()
    stream.feed("```py\na = 1\n")
    code = stream.blocks[0].leaves[0]
    assert isinstance(code, Code)
    assert code.open
    assert stream.feed("b = 2\nc") == Change(0, 0, 1)
    assert stream.blocks[0].leaves[0] is code
    assert code.lines == ["a = 1", "b = 2", "c"]
    stream.feed("\n```\n")
    assert not code.open


def test_a_table_that_grows_says_from_which_row() -> None:
    stream = MarkdownStream()
    stream.feed("| a |\n|---|\n| 1 |\n")
    table = stream.blocks[0].leaves[0]
    assert isinstance(table, Table)
    assert stream.feed("| 2 |\n") == Change(0, 0, 1)
    assert stream.blocks[0].leaves[0] is table
    assert len(table.rows) == 2


def test_a_list_that_grows_says_from_which_leaf() -> None:
    stream = MarkdownStream()
    stream.feed("- a\n- b\n- c\n")
    leaves = list(stream.blocks[0].leaves)
    assert stream.feed("- d") == Change(0, 3)
    assert all(old is new for old, new in zip(leaves, stream.blocks[0].leaves, strict=False))


def test_a_list_that_becomes_loose_changes_from_its_start() -> None:
    stream = MarkdownStream()
    stream.feed("- a\n- b\n")
    style = stream.blocks[0].leaves[0].frames[0].list  # type: ignore[union-attr]
    assert isinstance(style, ListStyle)
    assert style.tight
    assert stream.feed("\n- c") == Change(0, 0)
    assert not style.tight


@pytest.mark.parametrize("lead", ["", "> ", "- \n  ", "para\n"])
def test_a_formula_is_shown_as_its_source_until_it_is_closed(lead: str) -> None:
    stream = MarkdownStream()
    stream.feed(lead)
    inner = lead if lead == "> " else "  " if lead.startswith("-") else ""
    seen: list[Code] = []
    for line in ["$$\n", f"{inner}x_1 \\\\ ", "*y*\n", f"{inner}z", "_2\n", f"{inner}$$\n"]:
        stream.feed(line)
        code = stream.blocks[-1].leaves[-1]
        assert isinstance(code, Code)
        assert code.language == MATH_LANGUAGE
        assert code.open == ("$$" not in line or not seen)
        seen.append(code)
    assert all(code is seen[0] for code in seen)
    assert seen[0].lines == ["x_1 \\\\ *y*", "z_2"]


@pytest.mark.parametrize("end", ["\n\nb", "\n" + "a\n" * 120])
def test_what_is_never_closed_is_no_formula(end: str) -> None:
    stream = MarkdownStream()
    for character in f"$$ *a*{end}":
        stream.feed(character)
    assert visible_text(stream.blocks[0]).startswith("$$ a")


def test_the_last_line_is_shown_before_it_ends() -> None:
    stream = MarkdownStream()
    stream.feed("# Title")
    assert isinstance(stream.blocks[0].leaves[0], Heading)
    stream.feed("\n\nSome **bold** word")
    assert stream.blocks[1].leaves[0].inline.text == "Some bold word"  # type: ignore[union-attr]


def test_plain_words_are_appended_with_their_blanks() -> None:
    stream = MarkdownStream()
    for piece in ["Some", " words", " ", " and ", "more, ", "then **bold", "** end"]:
        stream.feed(piece)
    inline = stream.blocks[0].leaves[0].inline  # type: ignore[union-attr]
    assert inline.text == "Some words  and more, then bold end"
    assert [span.style for span in inline.spans] == [Style.STRONG]


@pytest.mark.parametrize("above", ["some words", "- an item", "see [label] there"])
def test_an_address_that_arrives_in_a_definition_stands_nowhere(above: str) -> None:
    stream = MarkdownStream()
    seen: set[str] = set()
    stream.feed(f"{above}\n\n[label]: h")
    shown = "".join(map(visible_text, stream.blocks))
    for letter in "ttps":
        stream.feed(letter)
        seen.add("".join(map(visible_text, stream.blocks)))
    assert seen == {shown}


def test_nothing_changes_when_nothing_can_be_seen() -> None:
    stream = MarkdownStream()
    stream.feed("a\n")
    assert stream.feed("\n") is None
    assert stream.feed("") is None
    assert stream.finish() is None


def test_a_late_definition_names_the_blocks_that_mention_it() -> None:
    stream = MarkdownStream()
    stream.feed("see [a][b]\n\n# next\n\n")
    change = stream.feed('[b]: http://c.d "title"\n\nmore')
    assert change is not None
    assert change.also == (0,)
    assert stream.blocks[0].leaves[0].inline.spans[0].href == "http://c.d"  # type: ignore[union-attr]


def test_late_definitions_of_a_long_list_are_read_little_by_little(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    items = "".join(f"- [l{n}]\n" for n in range(1000)) + "\n"
    text = items + "".join(f"[l{n}]: http://x/{n}\n" for n in range(1000))
    stream = MarkdownStream()
    stream.feed(items)
    stream.feed(text[len(items) :])
    read: list[int] = []
    feed = MarkdownStream.feed

    def counted(self: MarkdownStream, piece: str) -> Change | None:
        read[-1] += len(piece)
        return feed(self, piece)

    monkeypatch.setattr(MarkdownStream, "feed", counted)
    read.append(0)
    stream.finish()
    while stream.late:
        read.append(0)
        stream.feed("")
    assert max(read) < late.WORK_AT_ONCE + late.PIECE
    assert len(read) > 10
    assert signature(stream.blocks) == signature(parse(text))


def test_a_late_definition_within_a_list_counts_for_its_earlier_items() -> None:
    stream = MarkdownStream()
    stream.feed("- see [a][b]\n- c\n- d\n")
    stream.feed("\n  [b]: http://c.d\n- e\n- f")
    assert stream.finish() == Change(1, also=(0,))
    assert stream.blocks[0].leaves[0].inline.spans[0].href == "http://c.d"  # type: ignore[union-attr]


def test_a_late_footnote_turns_the_words_that_mention_it_into_its_label() -> None:
    stream = MarkdownStream()
    stream.feed("so it is[^why]\n\n# next\n\n[^why]: because")
    stream.feed(" of that")
    change = stream.feed("\n\nmore\n")
    assert change is not None
    assert change.also == (0,)
    assert visible_text(stream.blocks[0]) == "so it is[why]"
    assert visible_text(stream.blocks[2]) == "[why] because of that"


def test_a_footnote_at_the_end_counts_when_the_text_is_finished() -> None:
    stream = arrive(["one[^1]\n\n# two\n\n", "[^1]: at ", "the end"])
    assert visible_text(stream.blocks[0]) == "one[1]"


@pytest.mark.parametrize("pieces", [["a\r", "\nb"], ["a", "\r\n", "b"], ["a\r\nb"]])
def test_a_line_end_may_be_cut(pieces: list[str]) -> None:
    stream = arrive(pieces)
    assert stream.source == "a\nb"
    assert_same("a\r\nb", pieces)


def test_asking_for_late_words_after_the_end_shows_nothing_twice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    text = "# Head\n\nFirst.\n\nThe **second** and *last*"
    monkeypatch.setattr(stream_module, "LONG", -1.0)
    monkeypatch.setattr(stream_module, "REST", 1e9)
    stream = MarkdownStream()
    for character in text:
        stream.feed(character)
    stream.finish()
    monkeypatch.setattr(stream_module, "perf_counter", lambda: float("inf"))
    assert stream.feed("") is None
    assert signature(stream.blocks) == signature(parse(text))


def test_the_source_is_all_that_came() -> None:
    assert arrive(["\ufeffa", "b\0", "\r", "c\r"]).source == "ab\ufffd\nc\n"


def test_live_lines_stay_few() -> None:
    texts = {
        "fence": "```\n" + "code\n" * 500,
        "list": "- item\n" * 500,
        "nested": "- top\n" + "  - item\n" * 500,
        "deep": "- a\n  > - b\n" + "  >   - c\n  >\n" * 200,
        "table": "| a |\n|---|\n" + "| b |\n" * 500,
        "quote": "> a\n>\n" * 300,
        "paragraph": "line of words\n" * 500,
        "code": "    code\n" * 500,
        "definitions": "".join(f"[l{n}]: http://a/{n}\n" for n in range(500)),
        "fence in item": "1. a\n   ```\n" + "   code\n" * 500,
    }
    for name, text in texts.items():
        stream = MarkdownStream()
        for line in text.splitlines(keepends=True):
            stream.feed(line)
        assert len(stream._live.lines) < 12, name


def test_an_address_is_seen_as_soon_as_its_beginning_is() -> None:
    stream = MarkdownStream()
    for piece in ["see w", "ww", ".exam", "ple", ".org/a"]:
        stream.feed(piece)
    span = stream.blocks[0].leaves[0].inline.spans[0]  # type: ignore[union-attr]
    assert span.href == "http://www.example.org/a"
