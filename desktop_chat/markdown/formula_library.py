"""The library that typesets formulas, and its font, without what they load and is not used here.

It is the one door to the library: who imports that directly first, loads all of it.
"""

from __future__ import annotations

import struct
import sys
from array import array
from bisect import bisect_right
from importlib.util import find_spec
from types import ModuleType
from typing import TYPE_CHECKING, Final

from typing_extensions import override
from ziafont.cmap import Cmap12
from ziafont.fonttypes import AdvanceWidth, BBox
from ziafont.glyph import SimpleGlyph
from ziafont.svgpath import Moveto


def _leave_out(module: str, **values: object) -> None:
    """Let an import find other values in the place of a module."""
    stand_in = ModuleType(module)
    vars(stand_in).update(values)
    sys.modules.setdefault(module, stand_in)


_latex = find_spec("latex2mathml")
if _latex is not None:
    # Its package does nothing but look for its own version, which loads 2 MB.
    _leave_out(_latex.name, __path__=_latex.submodule_search_locations, __spec__=_latex)
# What it is for, names of characters in XML, takes 30 ms and 7 MB, and is not used here.
_leave_out("ziamath.escapes", unescape=str)
# Its import reads the font, which takes 30 ms and 8 MB; it is read once more in its own way here.
_leave_out("ziamath.mathfont", MathFont=str)
from ziamath import drawable, zmath  # noqa: E402 - after what it must not load
from ziamath.config import config  # noqa: E402
from ziamath.mathtable import AssembledGlyph  # noqa: E402
from ziamath.nodes.mnode import Mnode  # noqa: E402

if not hasattr(sys.modules["ziamath.mathfont"], "__file__"):
    del sys.modules["ziamath.mathfont"]
from ziamath.mathfont import MathFont  # noqa: E402 - the true one

vars(zmath)["MathFont"] = MathFont

if TYPE_CHECKING:
    from ziafont.fontread import FontReader

__all__ = [
    "AssembledGlyph",
    "BBox",
    "CompactFont",
    "Mnode",
    "Moveto",
    "SimpleGlyph",
    "config",
    "drawable",
    "zmath",
]

GROUPED: Final = 12
"""The format of a table that knows all characters."""


class _Widths:
    """The widths of the glyphs, read when asked for: as objects they take 2 MB."""

    def __init__(self, numbers: bytes) -> None:
        self._numbers = numbers

    def __getitem__(self, glyph: int) -> AdvanceWidth:
        if 4 * glyph >= len(self._numbers):
            raise IndexError(glyph)
        return AdvanceWidth(*struct.unpack_from(">Hh", self._numbers, 4 * glyph))


class _Characters(Cmap12):
    """Which glyph a character has, as stretches of both: one by one they take 2 MB."""

    def __init__(self, numbers: bytes) -> None:
        super().__init__("unicode", 4, (), (), ())
        groups = struct.unpack(f">{len(numbers) // 4}I", numbers)
        self._firsts, self._lasts, self._glyphs = (array("I", groups[at::3]) for at in range(3))

    @override
    def glyphid(self, char: str) -> int:
        code = ord(char)
        at = bisect_right(self._firsts, code) - 1
        if at < 0 or code > self._lasts[at]:
            return 0
        glyph: int = self._glyphs[at] + code - self._firsts[at]
        return glyph


class CompactFont(MathFont):
    """The library's own font, its large tables as they stand in the file."""

    def __init__(self, size: float) -> None:
        super().__init__(zmath.fontname, size)

    def let_go(self) -> None:
        """Hold nothing any more: glyphs and tables, which hold the font, would keep it."""
        vars(self).clear()

    @override
    def _readtables(self) -> None:
        super()._readtables()
        # How letters of running text draw near: 4 MB that mathematics has no use for.
        self.tables.pop("GPOS", None)

    @override
    def _readwidths(self, numlonghormetrics: int) -> list[AdvanceWidth]:
        numbers = _read(self.fontfile, self.tables["hmtx"].offset, 4 * numlonghormetrics)
        return _Widths(numbers)  # type: ignore[return-value]  # it is asked for single ones alone

    @override
    def _readcmap(self) -> None:
        start = self.tables["cmap"].offset
        count = struct.unpack(">HH", _read(self.fontfile, start, 4))[1]
        for at in range(count):
            offset = struct.unpack(">HHI", _read(self.fontfile, start + 4 + 8 * at, 8))[2]
            form = struct.unpack(">HHIII", _read(self.fontfile, start + offset, 16))
            if form[0] == GROUPED:
                groups = _read(self.fontfile, start + offset + 16, 12 * form[4])
                self.cmap = _Characters(groups)
                self.cmaps = [self.cmap]
                return
        raise ValueError("the font has no table of all characters")


def _read(file: FontReader, start: int, length: int) -> bytes:
    file.seek(start)
    return file.read(length)
