"""LaTeX as models write it, brought to what can be drawn; what cannot be is refused at once."""

from __future__ import annotations

import re
from typing import Final

LONGEST: Final = 4000
DEEPEST: Final = 40
MOST_COMMANDS: Final = 1500


class NotDrawableError(Exception):
    """The formula cannot be drawn: its source is shown."""


RENAMED: Final = {
    "bm": "boldsymbol",
    "mathbbm": "mathbb",
    "mathds": "mathbb",
    "mathscr": "mathcal",
    "R": "mathbb{R}",
    "N": "mathbb{N}",
    "Z": "mathbb{Z}",
    "Q": "mathbb{Q}",
    "C": "mathbb{C}",
    "argmax": "operatorname*{arg\u2009max}",
    "argmin": "operatorname*{arg\u2009min}",
    "coloneqq": "mathrel{:=}",
    "bmod": "mathbin{\\text{mod}}",
    "dotsc": "ldots",
    "dotso": "ldots",
    "dots": "ldots",
    "enspace": "hspace{0.5em}",
    "bf": "mathbf",
    "cal": "mathcal",
}
"""Commands that the library does not know or gets wrong, and what says the same."""
ENVIRONMENTS: Final = {
    **dict.fromkeys(("align", "aligned", "alignedat", "alignat", "alignat*"), "align*"),
    **dict.fromkeys(("split", "eqnarray", "eqnarray*", "flalign", "flalign*"), "align*"),
    **dict.fromkeys(("gather", "gather*", "multline", "multline*"), "gathered"),
    **dict.fromkeys(("dcases", "dcases*", "cases*", "numcases"), "cases"),
    **dict.fromkeys(("equation", "equation*", "displaymath", "math"), ""),
}
"""Environments that are drawn as another one; nothing: what stands in them alone."""
REFUSED: Final = frozenset(
    {
        *("def", "edef", "gdef", "xdef", "let", "newcommand", "renewcommand", "providecommand"),
        *("DeclareMathOperator", "newenvironment", "renewenvironment", "csname", "expandafter"),
        *("input", "include", "includegraphics", "href", "url", "unicode", "require", "catcode"),
        *("ce", "cee", "prescript", "sideset", "intertext", "shortintertext", "hdotsfor", "hline"),
        *("rule", "bbox", "class", "cssId", "style", "htmlClass", "htmlId", "htmlStyle", "LaTeX"),
    }
)
"""Commands that define or fetch something, or that would be drawn wrong."""

_UNSEEN: Final = re.compile(
    r"\\label\s*\{[^{}]*\}"
    r"|\\(?:nonumber|notag|allowbreak|nolimits|displaylimits|relax|strut|mathstrut)(?![a-zA-Z])"
    r"|(?<!\\)%[^\n]*"
)
"""What has nothing to draw here: numbers that nobody refers to, comments."""
_COMMAND: Final = re.compile(r"\\([a-zA-Z]+\*?|.)", re.DOTALL)
_ENVIRONMENT: Final = re.compile(r"\\(begin|end)\s*\{([a-zA-Z]+\*?)\}(?:\{\d+\}(?=\s|$))?")
_OPERATOR: Final = re.compile(r"\\operatorname\s*(\*?)\s*\{([^{}]*)\}")
_SPACE: Final = re.compile(r"\\[,;:! ]|~| ")
_REWRITTEN: Final = (
    (re.compile(r"\\tag\*?\s*\{([^{}]*)\}"), r"\\qquad\\text{(\1)}"),
    (re.compile(r"(\\\\)\s*\[-?[0-9.]+ *[a-z]{2}\]"), r"\1"),
    (re.compile(r"\\([bB]igg?)[lrm](?![a-zA-Z])"), r"\\\1"),
    (re.compile(r"\\not\s*="), r"\\neq "),
    (re.compile(r"\\mathrm\s*\{"), r"\\mathrm {"),
)
_DELIMITERS: Final = (("$$", "$$"), ("\\[", "\\]"), ("\\(", "\\)"), ("$", "$"))
_BRACE: Final = re.compile(r"\\.|([{}])", re.DOTALL)


def bare(source: str) -> str:
    """Return what stands between the delimiters of a formula."""
    for opener, closer in _DELIMITERS:
        long_enough = len(source) >= len(opener) + len(closer)
        if long_enough and source.startswith(opener) and source.endswith(closer):
            return source[len(opener) : -len(closer)]
    return source


def prepared(source: str) -> str:
    """Return a formula's LaTeX for the library; `NotDrawableError` where it is not to see it."""
    if len(source) > LONGEST or not source.strip():
        raise NotDrawableError("length")
    text = _UNSEEN.sub(" ", source)
    names = _COMMAND.findall(text)
    if len(names) > MOST_COMMANDS or not REFUSED.isdisjoint(names):
        raise NotDrawableError("command")
    if _depth(text) + names.count("left") + names.count("begin") > DEEPEST:
        raise NotDrawableError("depth")
    text = _ENVIRONMENT.sub(_environment, text)
    for pattern, better in _REWRITTEN:
        text = pattern.sub(better, text)
    text = _OPERATOR.sub(_operator, text)
    return _COMMAND.sub(_command, text)


def _depth(text: str) -> int:
    """Return how deep groups stand in each other, which must be balanced."""
    depth = deepest = 0
    for brace in _BRACE.findall(text):
        depth += (brace == "{") - (brace == "}")
        deepest = max(depth, deepest)
        if depth < 0:
            break
    if depth:
        raise NotDrawableError("braces")
    return deepest


def _environment(found: re.Match[str]) -> str:
    name = ENVIRONMENTS.get(found[2], found[2])
    return f"\\{found[1]}{{{name}}}" if name else " "


def _operator(found: re.Match[str]) -> str:
    """Return the name of an operator as one word: spaces in it would slant its letters."""
    name = _SPACE.sub("\u2009", found[2].strip())
    return f"\\operatorname{found[1]}{{{name}}}"


def _command(found: re.Match[str]) -> str:
    return f"\\{RENAMED[found[1]]}" if found[1] in RENAMED else found[0]
