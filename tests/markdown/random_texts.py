"""Texts that nobody would write: containers opened, gone on with and left in every way.

A text is made line by line. Each line goes on with some of the containers that are open, as a
writer does who indents by what the markers took, opens further ones or none, and holds a piece of
any kind. So quotes in lists in notes, fences and tables within them, lazy lines and labels defined
late come about far more often than from lines drawn one by one.
"""

from __future__ import annotations

from itertools import pairwise

from hypothesis import strategies as st

MARKERS = [
    *["- ", "* ", "+ ", "1. ", "2. ", "10) ", "> ", ">", "-   ", "-\t", "1.  ", "- [x] ", "- [ ] "],
    *["[^1]: ", "[^n]: ", "    ", "  ", "\t", "-", "0. ", "123456789. "],
]
CONTENTS = [
    *[
        "",
        "",
        "para",
        "two words",
        "中文，还有。",
        "**bold",
        "end**",
        "*a **b",
        "`code",
        "code`",
        "```",
    ],
    *[
        "```py",
        "~~~",
        "````",
        "``` `",
        "    code",
        "x = 1",
        "# h",
        "#",
        "## h ##",
        "===",
        "---",
        "-",
    ],
    *[
        "***",
        "| a | b |",
        "|---|--:|",
        "| 1 | 2 |",
        "a|b",
        "-|-",
        "|---|",
        "| `x\\|y` |",
        "$$",
        "\\[",
    ],
    *[
        "\\]",
        "$$ a_b $$",
        "x $$ y",
        "\\(a",
        "b\\)",
        "<b>",
        "<!--",
        "-->",
        "<div>",
        "</div>",
        "<br/>",
    ],
    *["[r]", "[R][s] and [t](/u)", "[r]: /u", "[s]: <http://x.y> 't'", "[s]:", "/dest", '"title"'],
    *[
        '[t]: /u "open',
        'end"',
        "see[^1] and[^n]",
        "[^1]: note",
        "[^n]:",
        "![i](d:x)",
        "[r]: /v 'x' y",
    ],
    *[
        "www.a.org",
        "a@b.org",
        "http://c.d/e_f_",
        "<http://e.f>",
        "y  ",
        "z\\",
        "&amp; &#0;",
        "\\* no",
    ],
    *[
        "\u2028x",
        "e\u0301\u0301",
        "\u202eabc",
        "\u00a0",
        "\ufeff",
        "a\tb",
        " lead",
        "~~s~~",
        "~~~x",
    ],
    *[
        "[ ] box",
        "[x] done",
        "1. one",
        "- two",
        "> three",
        "  - [r]: /in",
        "=",
        "|",
        "||",
        ":-:",
        "`",
    ],
]
ENDS = ["\n"] * 8 + ["\n\n", "\r\n", "\r", "\r\n\r\n"]


@st.composite
def texts(draw: st.DrawFn) -> str:
    """Return a text of some lines."""
    open_: list[str] = []
    pieces: list[str] = []
    end = draw(st.sampled_from([None, "\n", "\r\n"]))
    for _ in range(draw(st.integers(1, 16))):
        kept = draw(st.integers(0, len(open_)))
        fresh = draw(st.lists(st.sampled_from(MARKERS), max_size=2))
        lead = "".join(_continued(marker) for marker in open_[:kept])
        content = draw(st.sampled_from(CONTENTS))
        pieces += [lead, *fresh, content, end or draw(st.sampled_from(ENDS))]
        if content or fresh:
            open_ = open_[:kept] + fresh
    text = "".join(pieces)
    return text if draw(st.booleans()) else text.rstrip("\r\n")


def _continued(marker: str) -> str:
    """Return what stands for a container on the lines that go on with it."""
    if marker.startswith(">"):
        return marker
    if marker.startswith("[^"):
        return "    "
    return marker if not marker.strip() else " " * len(marker)


@st.composite
def cut_texts(draw: st.DrawFn) -> list[str]:
    """Return a text in pieces: by characters, or cut at any places."""
    text = draw(texts())
    if draw(st.booleans()):
        return list(text)
    places = draw(st.lists(st.integers(0, len(text)), max_size=12))
    return [text[a:b] for a, b in pairwise([0, *sorted(places), len(text)])]
