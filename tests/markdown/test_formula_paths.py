"""LaTeX becomes outlines, or is refused: in bounded time, within bounded space."""

from __future__ import annotations

import gc
import math
from typing import TYPE_CHECKING
from weakref import ref

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markdown.formula_paths import OVERHANG, TALLEST, WIDEST, Typesetter
from desktop_chat.markdown.tex import NotDrawableError, bare, prepared

if TYPE_CHECKING:
    from desktop_chat.markdown.drawn_formula import Formula

COMMON = [
    r"E = mc^2",
    r"x = \frac{-b \pm \sqrt{b^2-4ac}}{2a}",
    r"\begin{aligned} a &= b \\[4pt] c &= d \end{aligned}",
    r"\begin{align*} a &= b \\ c &= d \end{align*}",
    r"\begin{equation} a = b \label{eq:one} \end{equation}",
    r"\begin{cases} x, & x > 0 \\ -x, & \text{otherwise} \end{cases}",
    r"\begin{dcases} x & y \\ z & w \end{dcases}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}",
    r"\begin{pmatrix} a & b \\ c & d \end{pmatrix}^{-1}",
    r"x \begin{bmatrix} 1 \\ 2 \end{bmatrix}_i^T y + \begin{vmatrix} a \end{vmatrix}_2",
    r"\left[\begin{array}{cc|c} 1 & 2 & 3 \\ 4 & 5 & 6 \end{array}\right]",
    r"\operatorname*{arg\,max}_{\theta} f(\theta)",
    r"A \xrightarrow[a]{n \to \infty} B",
    r"\boxed{x = 4}",
    r"\underbrace{1 + 2 + \cdots + n}_{\text{共 } n \text{ 项}}",
    r"\dfrac{1}{2} + \tfrac12 + \binom{n}{k}",
    r"\bigl( x \bigr) \Bigg\{ y \Bigg\} \left. \frac{d}{dx} \right|_{x=0}",
    r"\mathbb{R} \mathcal{L} \mathbf{v} \mathrm{d}x \boldsymbol{\alpha} \bm{x}",
    r"\hat{x} \bar{x} \vec{v} \dot{x} \widehat{abc} \overline{abc} \overrightarrow{AB}",
    r"a \tag{1}",
    r"a < b > c, \quad 50\% \$ \{ \}",
    r"a \pmod{n} \quad a \bmod n \quad x \coloneqq y",
    r"\displaystyle\sum_{i=1}^n i^2 \nonumber",
    r"\lim_{h \to 0} \int\limits_0^1 \iint_D \prod_{k=1}^n",
]
REFUSED = [
    "",
    " ",
    r"\frac{1}{2",
    r"\undefined{x}",
    r"\def\a{\a\a} \a",
    r"\newcommand{\R}{\R\R} \R",
    r"\rule{9999em}{1em}",
    r"x \hspace{9999em} y",
    r"x \hspace{-50em} y",
    r"\href{http://127.0.0.1/}{x}",
    r"\includegraphics{/etc/passwd}",
    "{" * 200 + "x" + "}" * 200,
    r"\frac{" * 300,
    r"\sqrt{" * 60 + "x" + "}" * 60,
    "x" * 5000,
    "x+" * 1999 + "x",
    r"\left( x",
    r"\begin{matrix} a & b",
    "}{",
]


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    """What draws, made once: it takes a third of a second."""
    return Typesetter()


@pytest.mark.parametrize("source", COMMON)
def test_what_models_write_is_drawn(typesetter: Typesetter, source: str) -> None:
    drawn = typesetter.draw(source, display=True)
    assert drawn.outlines
    hold_to_bounds(drawn)


@pytest.mark.parametrize("source", REFUSED, ids=range(len(REFUSED)))
def test_what_cannot_or_must_not_be_drawn_is_refused(typesetter: Typesetter, source: str) -> None:
    with pytest.raises(NotDrawableError):
        typesetter.draw(source, display=True)


def test_markup_in_a_formula_is_but_its_letters(typesetter: Typesetter) -> None:
    plain = typesetter.draw(r"\text{a}", display=False)
    marked = typesetter.draw(r"\text{<mspace width='99em'/>a&lt;svg}", display=False)
    assert len(marked.outlines) > 20
    assert marked.width < 30 * plain.width


def test_characters_that_the_font_lacks_are_left_to_the_text(typesetter: Typesetter) -> None:
    drawn = typesetter.draw(r"\text{速度} = \frac{s}{t}", display=False)
    assert [words.text for words in drawn.words] == ["速度"]
    assert drawn.words[0].width == pytest.approx(2 * drawn.words[0].size)


def test_a_display_is_taller_than_the_same_in_a_line(typesetter: Typesetter) -> None:
    source = r"\sum_{i=1}^n \frac{1}{i}"
    assert tall(typesetter.draw(source, display=True)) > 1.2 * tall(
        typesetter.draw(source, display=False)
    )


def test_an_em_of_space_is_as_wide_as_the_text_is_high(typesetter: Typesetter) -> None:
    near = typesetter.draw("xx", display=False).width
    far = typesetter.draw(r"x\quad x", display=False).width
    assert far - near == pytest.approx(1, abs=0.1)


def test_a_minus_after_an_equals_sign_keeps_to_its_number(typesetter: Typesetter) -> None:
    sign = typesetter.draw("a=-b", display=False).width
    difference = typesetter.draw("a-b", display=False).width
    equation = typesetter.draw("a=b", display=False).width
    assert sign - equation < difference - typesetter.draw("ab", display=False).width


def test_tall_bars_are_put_together_of_parts(typesetter: Typesetter) -> None:
    drawn = typesetter.draw(r"\left| \frac{\frac{a}{b}}{\frac{c}{d}} \right|", display=True)
    ys = drawn.places[1::3]
    assert max(ys) - min(ys) > 1


def test_a_formula_that_takes_too_long_is_given_up(typesetter: Typesetter) -> None:
    with pytest.raises(NotDrawableError):
        typesetter.draw("+".join(["x"] * 500), display=True, seconds=0.0)


def test_a_drawing_leaves_no_tree_to_the_collector_of_garbage(typesetter: Typesetter) -> None:
    typesetter.draw(r"\frac{a}{b}", display=False)
    gc.collect()
    typesetter.draw(r"x_{1} = \frac{a}{b} + \sqrt{2}", display=False)
    assert gc.collect() < 50


def test_the_same_glyph_has_one_outline(typesetter: Typesetter) -> None:
    first = typesetter.draw("xx", display=False)
    second = typesetter.draw("x", display=True)
    assert {id(one) for one in first.outlines} == {id(one) for one in second.outlines}


@pytest.mark.parametrize("source", [r"\(a\)", "$$a$$", r"\[a\]", "$a$", "a"])
def test_delimiters_are_no_part_of_a_formula(source: str) -> None:
    assert bare(source) == "a"


def test_environments_of_numbered_equations_are_drawn_without_numbers() -> None:
    assert prepared(r"\begin{align} a &= b \notag \end{align}") == (
        r"\begin{align*} a &= b   \end{align*}"
    )


PIECES = st.sampled_from(
    [
        *("x", "2", "+", "=", "^", "_", "{", "}", " ", "&", r"\\", r"\frac", r"\sqrt", r"\left("),
        *(r"\right)", r"\begin{matrix}", r"\end{matrix}", r"\text{", "中", "<", "'", r"\sum", "|"),
        *(r"\hat", r"\,", r"\tag{1}", r"\big", r"\{", r"\xrightarrow", r"\operatorname{", "%", "~"),
    ]
)


@given(st.lists(PIECES, max_size=30).map("".join) | st.text(max_size=40))
@settings(max_examples=300, deadline=None)
def test_any_text_is_drawn_within_its_place_or_refused(source: str) -> None:
    try:
        drawn = SHARED.draw(source, display=True)
    except NotDrawableError:
        return
    hold_to_bounds(drawn)


SHARED = Typesetter()


def tall(drawn: Formula) -> float:
    """Return the height of a formula."""
    return drawn.ascent + drawn.descent


def hold_to_bounds(drawn: Formula) -> None:
    """Hold a formula to what painting relies on."""
    assert 0 < drawn.width < WIDEST
    assert 0 <= tall(drawn) <= TALLEST
    assert len(drawn.places) == 3 * len(drawn.outlines)
    for at in range(0, len(drawn.places), 3):
        x, y, size = drawn.places[at : at + 3]
        assert math.isfinite(x)
        assert -OVERHANG - 1 <= x <= drawn.width + OVERHANG
        assert math.isfinite(y)
        assert 0 < size < 10
    for outline in drawn.outlines:
        assert 2 * sum(outline.commands) == len(outline.points)
        assert outline.commands[:1] == b"\x01"
        assert outline.commands[-1:] == b"\x00"


def test_a_typesetter_that_rested_draws_the_same() -> None:
    typesetter = Typesetter()
    before = typesetter.draw(r"\sqrt{x}", display=True)
    font = ref(typesetter._font)
    gc.disable()
    typesetter.rest()
    assert font() is None
    after = typesetter.draw(r"\sqrt{x}", display=True)
    assert (after.width, after.ascent, after.places) == (
        before.width,
        before.ascent,
        before.places,
    )
