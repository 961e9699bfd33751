"""What is left out of the library of formulas changes none of its answers."""

from __future__ import annotations

import subprocess
import sys

import pytest
from ziafont.font import Font

from desktop_chat.markdown.formula_library import CompactFont, zmath

CODES = [*range(0x20, 0x3000), *range(0x1D3FF, 0x1D801), 0xFFFF, 0x10FFFF]


@pytest.fixture(scope="module")
def compact() -> CompactFont:
    return CompactFont(100)


@pytest.fixture(scope="module")
def whole() -> Font:
    font = Font(zmath.fontname)
    font.language("math", "")  # type: ignore[no-untyped-call]
    return font


def test_every_character_has_its_glyph(compact: CompactFont, whole: Font) -> None:
    found = [compact.glyphindex(chr(code)) for code in CODES]
    assert found == [whole.glyphindex(chr(code)) for code in CODES]
    assert len(set(found)) > 2000


def test_every_glyph_has_its_width_beside_any_other(compact: CompactFont, whole: Font) -> None:
    glyphs = sorted({whole.glyphindex(chr(code)) for code in CODES})
    pairs = list(zip(glyphs, [None, *glyphs], strict=False))
    assert [compact.advance(*pair) for pair in pairs] == [whole.advance(*pair) for pair in pairs]


def test_its_import_reads_no_font_and_no_table_of_names() -> None:
    program = """
import desktop_chat.markdown.formula_paths, sys
from ziamath import zmath
from ziamath.mathfont import MathFont
assert not [font for font in zmath.loadedfonts.values() if isinstance(font, MathFont)]
assert zmath.MathFont is MathFont
assert not {"ziamath.escape_codes", "importlib.metadata"} & set(sys.modules)
"""
    subprocess.run([sys.executable, "-c", program], check=True)
