"""Mathematics between single dollars, for who asks for it; prices stay prices."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markdown.blocks import Paragraph, Style, visible_text
from desktop_chat.markdown.flavours import message_flavours
from desktop_chat.markdown.parse import parse
from desktop_chat.markdown.stream import MarkdownStream
from tests.markdown.signature import signature

PRICES = [
    "$5 and $10",
    "Only $59(save $100)",
    "from $20,000 to $30,000",
    "$5-$10",
    "US$5, A$7 and CA$9",
    "$ 5 or 6 $",
    "it costs 5$ or 6$",
    "\\$a$",
    "`$a$` and `$b$`",
    "a $ b",
    "$$",
    "no end: $x + y",
    "$" + "x" * 600 + "$",
]


def formulas(source: str, *, dollar_maths: bool) -> list[str]:
    return [
        leaf.inline.text[span.start : span.end]
        for block in parse(source, dollar_maths=dollar_maths)
        for leaf in block.leaves
        if isinstance(leaf, Paragraph)
        for span in leaf.inline.spans
        if span.style & Style.MATH
    ]


@pytest.mark.parametrize("dollar_maths", [False, True])
@pytest.mark.parametrize("source", PRICES)
def test_prices_are_words(source: str, *, dollar_maths: bool) -> None:
    assert formulas(source, dollar_maths=dollar_maths) == []


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("so $x$ is", ["$x$"]),
        ("设$x$为", ["$x$"]),
        ("($a_b*c*d$)", ["$a_b*c*d$"]),
        ("$5 and $10 but $x$", ["$x$"]),
        ("$a$, $b$ and $c$.", ["$a$", "$b$", "$c$"]),
        (r"$\$5 \times x$", [r"$\$5 \times x$"]),
        ("**$x$** [$y$](http://a.b)", ["$x$", "$y$"]),
        ("$x\ny$", ["$x y$"]),
        ("$$a$$ and $b$", ["$$a$$", "$b$"]),
    ],
)
def test_single_dollars_are_mathematics_if_asked_for(source: str, found: list[str]) -> None:
    assert formulas(source, dollar_maths=True) == found
    assert not any(one[1] != "$" for one in formulas(source, dollar_maths=False))


def test_a_formula_is_copied_as_its_source() -> None:
    copied = message_flavours("so $a_1*b*c$ is", dollar_maths=True)
    assert copied.plain.strip() == "so $a_1*b*c$ is"
    assert "<em>" not in copied.html


def test_a_digit_that_comes_late_makes_a_price_of_a_formula() -> None:
    stream = MarkdownStream(dollar_maths=True)
    stream.feed("$5 is$")
    assert stream.blocks[0].leaves[0].inline.spans  # type: ignore[union-attr]
    stream.feed("5")
    assert not stream.blocks[0].leaves[0].inline.spans  # type: ignore[union-attr]


WORDS = ["$", "$x$", "$5", " ", "*a*", "\\$", "words and more of them ", "\n", "5", "$$", "中，"]


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=120), st.integers(1, 40))
def test_any_cutting_ends_as_the_whole_text(words: list[str], size: int) -> None:
    text = "".join(words)
    stream = MarkdownStream(dollar_maths=True)
    for at in range(0, len(text), size):
        stream.feed(text[at : at + size])
    stream.finish()
    whole = parse(text, dollar_maths=True)
    assert signature(stream.blocks) == signature(whole)


def test_a_formula_is_not_cut_in_a_long_paragraph() -> None:
    text = ("word " * 50 + "$a * b * c * d$ ") * 40
    assert formulas(text, dollar_maths=True) == ["$a * b * c * d$"] * 40
    plain = parse(text, dollar_maths=False)
    assert "$a * b" in visible_text(plain[0])
