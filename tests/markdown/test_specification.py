"""Our blocks mean what the examples of the specifications of CommonMark and GitHub say.

Where they differ, the example is named here with the reason; one that no longer differs fails too.
"""

from __future__ import annotations

import os
import re

import pytest
from markdown_it import MarkdownIt

from desktop_chat.markdown import inline
from desktop_chat.markdown.blocks import visible_text
from desktop_chat.markdown.dialect import reader
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.stream import MarkdownStream
from tests.markdown.signature import signature
from tests.markdown.specification import FOLDER, Example, examples, expected, shapes

HTML_SECTIONS = ("HTML blocks", "Raw HTML", "Disallowed Raw HTML (extension)")

ADDITIONS = {
    12: "what stands between escaped brackets is mathematics",
    602: "a bare address is a link, within angle brackets too that are no link themselves",
    608: "the same",
    611: "a bare address is a link",
    612: "a bare address of mail is a link",
}
HTML_ELSEWHERE = {21, 31, 201, 308, 309, 344, 475, 476, 477, 491, 494, 524, 536, 642, 643}
"""Examples of other sections that hold raw HTML, which is text for us."""

GITHUB_ADDITIONS = {
    308: "what stands between escaped brackets is mathematics",
    610: "a bare address is a link (GitHub's own examples of its additions say so too)",
    616: "the same",
    619: "the same",
    620: "the same",
    625: "an address ends before a bracket that it did not open",
    626: "an address may end in what looks like an entity",
    628: "ftp: is no link: no browser opens it",
    629: "mail at a host that ends in no domain there is, is no link",
    630: "the same",
    631: "the same",
}
GITHUB_HTML_ELSEWHERE = {170, 288, 289, 317, 327, 354, 484, 485, 486, 500, 503, 532, 544, 662, 663}


@pytest.fixture(autouse=True)
def any_link(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every address be seen: those of the examples are mostly none that we would open."""
    monkeypatch.setattr(inline, "safe_href", str)


def load(name: str) -> list[Example]:
    """Return the examples; where they were not fetched, skip, or fail where they must be there."""
    if (FOLDER / name).exists():
        return examples(name)
    reason = f"needs {name} (python3 packaging/dev.py check fetches it)"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.fixture
def commonmark() -> list[Example]:
    return load("commonmark.txt")


@pytest.fixture
def github() -> list[Example]:
    return load("gfm.txt")


def with_html() -> MarkdownIt:
    """Return a reader of the dialect that lets HTML through."""
    md = reader.__wrapped__()
    assert isinstance(md, MarkdownIt)
    md.options["html"] = True
    return md


def differing(found: list[Example]) -> set[int]:
    """Return the examples, but for those of HTML, that our blocks read otherwise."""
    return {
        example.number
        for example in found
        if example.section not in HTML_SECTIONS
        and shapes(parse(example.source)) != expected(example.html)
    }


def test_every_example_is_there(commonmark: list[Example], github: list[Example]) -> None:
    assert (len(commonmark), len(github)) == (652, 672)
    assert sum(one.section in HTML_SECTIONS for one in commonmark) == 64
    assert {one.section for one in github if "extension" in one.section} == {
        "Tables (extension)",
        "Task list items (extension)",
        "Strikethrough (extension)",
        "Autolinks (extension)",
        "Disallowed Raw HTML (extension)",
    }


def test_with_html_on_the_dialect_is_commonmark(commonmark: list[Example]) -> None:
    md = with_html()
    differ = set()
    for example in commonmark:
        html = md.render(example.source, {"rows_before": {}})
        # The library's own tests do the same: it writes an empty quote on one line.
        html = html.replace("<blockquote></blockquote>", "<blockquote>\n</blockquote>")
        differ |= {example.number} if html != example.html else set()
    assert differ == set(ADDITIONS)


def test_with_html_off_only_what_holds_html_differs(commonmark: list[Example]) -> None:
    assert differing(commonmark) == HTML_ELSEWHERE | set(ADDITIONS)


def test_what_github_adds_is_read_as_github_does(github: list[Example]) -> None:
    assert differing(github) == GITHUB_HTML_ELSEWHERE | set(GITHUB_ADDITIONS)


def test_what_is_named_as_holding_html_does(
    commonmark: list[Example], github: list[Example]
) -> None:
    for found, named in ((commonmark, HTML_ELSEWHERE), (github, GITHUB_HTML_ELSEWHERE)):
        for example in found:
            if example.number in named:
                assert re.search(r"<[a-z!]", example.source), example


def test_html_is_shown_as_text_with_nothing_lost(commonmark: list[Example]) -> None:
    tag = re.compile(r"</?[a-zA-Z!?][\w-]*")
    for example in commonmark:
        if example.section in HTML_SECTIONS:
            shown = "\n".join(map(visible_text, parse(example.source)))
            assert tag.findall(shown) == tag.findall(example.source), example


@pytest.mark.parametrize("name", ["commonmark.txt", "gfm.txt"])
def test_every_example_that_arrives_by_characters_ends_as_the_whole(name: str) -> None:
    for example in load(name):
        stream = MarkdownStream()
        for character in example.source:
            stream.feed(character)
        stream.finish()
        while stream.late:
            stream.feed("")
        assert signature(stream.blocks) == signature(parse(example.source)), example
