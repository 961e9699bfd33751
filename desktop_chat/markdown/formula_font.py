"""The font of formulas: spaces as TeX has them, room for characters that it lacks, a deadline."""

from __future__ import annotations

import re
import time
import weakref
from typing import TYPE_CHECKING, Final
from unicodedata import east_asian_width

from typing_extensions import override

from desktop_chat.markdown.formula_library import BBox, CompactFont, Mnode, SimpleGlyph, config
from desktop_chat.markdown.tex import NotDrawableError

if TYPE_CHECKING:
    from ziamath.styles import MathVariant

UNIT: Final = 100.0
"""The size at which formulas are typeset."""
FOREIGN: Final = 870
"""In thousandths of the size: letters from the text's own font are as large as in the text."""
SMALLEST: Final = 0.5
"""As in TeX, scripts of scripts of scripts are no smaller than scripts of scripts."""
LENGTH: Final = re.compile(r"([-+]?[0-9]*\.?[0-9]+) *(em|ex|mu|pt|px|bp|mm|cm|in|pc)?")
EMS: Final = {
    "em": 1.0, "ex": 0.43, "mu": 1 / 18, "pt": 0.1, "bp": 0.1, "px": 1 / 16, "mm": 0.2845,
    "cm": 2.845, "in": 7.227, "pc": 1.2,
}  # fmt: skip
"""Units of length in a text of 10 points, TeX's own size."""
NAMED: Final = {
    f"{sign}{size}mathspace": (-number if sign else number) / 18
    for sign in ("", "negative")
    for number, size in enumerate(
        (
            "veryverythin",
            "verythin",
            "thin",
            "medium",
            "thick",
            "verythick",
            "veryverythick",
        ),
        1,
    )
}
"""The spaces of MathML; its thick one, 5/18, is TeX's as well."""


class Missing(SimpleGlyph):
    """Stands for a character that the font lacks, in the middle of its em."""

    def __init__(self, character: str, font: CompactFont) -> None:
        wide = east_asian_width(character) in "WF"
        self.character = character
        self._advance = FOREIGN if wide else FOREIGN * 3 // 5
        super().__init__(0, [], BBox(0, self._advance, -120, 800), font)

    @override
    def advance(self, nextchr: SimpleGlyph | None = None) -> int:
        return self._advance


class FormulaFont(CompactFont):
    """The library's own font, which is asked for every character that is set."""

    def __init__(self) -> None:
        super().__init__(UNIT)
        self.deadline = 0.0
        self._missing: dict[str, Missing] = {}

    def look_at_clock(self) -> None:
        """Raise `NotDrawableError` where a formula takes longer than it may."""
        if time.thread_time() > self.deadline:
            raise NotDrawableError("time")

    @override
    def findglyph(self, char: str, variant: MathVariant) -> SimpleGlyph:
        self.look_at_clock()
        found = super().findglyph(char, variant)
        if found.index == 0:
            found = super().findglyph(char, type(variant)())
        if found.index:
            return found
        if char not in self._missing:
            self._missing[char] = Missing(char, self)
        return self._missing[char]


def _length(node: Mnode, size: str, fontsize: float | None = None) -> float:
    """Return a length in units: an em is the size of the text, which it was 4/3 of before."""
    em = node.glyphsize if fontsize is None else fontsize
    if size in NAMED:
        return NAMED[size] * em
    found = LENGTH.fullmatch(size.strip())
    if found is None:
        return 0.0
    return float(found[1]) * (EMS[found[2]] * em if found[2] else 1.0)


def _parent(node: Mnode) -> object:
    return vars(node)["parent"]()


def _set_parent(node: Mnode, parent: object) -> None:
    vars(node)["parent"] = weakref.ref(parent)


config.minsizefraction = SMALLEST
# Held by its parts, a tree of 140 KB would wait in circles for the collector of garbage.
Mnode.parent = property(_parent, _set_parent)  # type: ignore[assignment]
Mnode.size_px = _length  # type: ignore[method-assign,assignment]
