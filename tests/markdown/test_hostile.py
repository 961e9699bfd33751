"""Poison: every text is read to its end, whole and in pieces, and nothing of it is lost."""

from __future__ import annotations

import pytest

from desktop_chat.markdown.blocks import Paragraph, visible_text
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.stream import MarkdownStream

LONGEST_LEAF = 8000
"""Characters that are laid out at once."""
HOSTILE = {
    "10,000 quotes deep": ">" * 10_000 + " x",
    "100,000 links": "[a](http://b.c) " * 100_000,
    "50,000 repeats of a line": "same line again\n" * 50_000,
    "50,000 repeats of an item": "- same\n" * 50_000,
    "a million empty lines": "a\n" + "\n" * 1_000_000 + "b",
    "a line of 1 MB": "x y z " * 170_000,
    "a word of 1 MB": "a" * 1_000_000,
    "deep lists": "".join("  " * depth + "- x\n" for depth in range(1000)),
    "open brackets": "[" * 50_000,
    "open images": "![" * 30_000,
    "open links": "[a](" * 20_000,
    "open emphasis": "**a " * 100_000,
    "mixed emphasis": "*a_ " * 30_000,
    "open code": "`a ``b " * 30_000,
    "open formulas": "$$a\n" * 3000,
    "open inline formulas": "\\(a " * 30_000,
    "500 columns": "|h" * 500 + "|\n" + "|-" * 500 + "|\n" + ("|c" * 500 + "|\n") * 100,
    "500 columns, short rows": "|h" * 500 + "|\n" + "|-" * 500 + "|\n" + "a\n" * 5000,
    "5,000 definitions": "".join(f"[l{n}]: http://x/{n}\n" for n in range(5000)),
    "late definitions": "".join(f"- [l{n}]\n" for n in range(2000))
    + "\n"
    + "".join(f"[l{n}]: http://x/{n}\n" for n in range(2000)),
    "notes within notes": "[^1]: " * 10_000,
    "5,000 notes": "".join(f"[^{n}]: see[^{n - 1}]\n" for n in range(5000)),
    "late notes": "a[^1] " * 20_000 + "\n\n[^1]: x\n",
    "a note of 20,000 lines": "[^1]: a\n" + "    word\n" * 20_000,
    "half an address": "a@" * 20_000 + "www." * 20_000 + "a+" * 20_000 + "http://" * 8000,
    "addresses": "a.b@c.org www.d.org/e " * 20_000,
    "tildes": "~" * 40_000,
    "a title left open": '[a]: /u "' + "x\n" * 5000,
    "data in an image": "![](data:image/png;base64," + "A" * 300_000 + ")",
    "more data than an address may hold": "![](data:image/png;base64," + "A" * 1_500_000 + ")",
    "data without an end": "![](data:image/png;base64," + "A" * 300_000,
    "a cell of 200,000 characters": "|a|b|\n|-|-|\n|c|d|\n|" + "word " * 40_000 + "|x|\n|e|f|\n",
    "rules": "-" * 50_000,
    "zalgo": "a" + "\u0301" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_reading_comes_to_the_same_end_whole_and_in_pieces(name: str) -> None:
    text = HOSTILE[name]
    whole = parse(text)
    stream = MarkdownStream()
    step = max(4, len(text) // 500)
    for at in range(0, len(text), step):
        stream.feed(text[at : at + step])
    stream.finish()
    while stream.late:
        stream.feed("")
    for leaf in (leaf for block in stream.blocks for leaf in block.leaves):
        assert not isinstance(leaf, Paragraph) or len(leaf.inline.text) < LONGEST_LEAF
    assert list(map(visible_text, stream.blocks)) == list(map(visible_text, whole))
