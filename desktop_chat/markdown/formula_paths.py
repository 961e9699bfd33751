"""Formulas as vectors: from LaTeX to outlines at a text size of 1, ready to be filled with ink.

Slow, and so is its import: for a thread of its own. No Qt, no SVG, no file but the fonts that the
typesetting library brings, and nothing of the source is ever run.
"""

from __future__ import annotations

import math
import time
from array import array
from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.drawn_formula import Formula, Outline, Words
from desktop_chat.markdown.formula_font import FOREIGN, UNIT, FormulaFont, Missing
from desktop_chat.markdown.formula_library import (
    AssembledGlyph,
    Mnode,
    Moveto,
    SimpleGlyph,
    drawable,
    zmath,
)
from desktop_chat.markdown.mathml import mathml
from desktop_chat.markdown.tex import NotDrawableError, prepared

if TYPE_CHECKING:
    from collections.abc import Iterator


MOST_PARTS: Final = 4000
WIDEST: Final = 400
TALLEST: Final = 100
"""In units of the text's size."""
OVERHANG: Final = 0.6
"""So far may ink stand beside the formula's own place: slanted letters do."""


class Typesetter:
    """Draws formulas. One thread's own: the library under it keeps state."""

    def __init__(self) -> None:
        self._font: FormulaFont | None = None
        self._outlines: dict[int, Outline] = {}

    def draw(self, source: str, *, display: bool, seconds: float = 1.0) -> Formula:
        """Draw a formula; `NotDrawableError` where that is not possible or takes too long."""
        tex = prepared(source)
        if self._font is None:
            zmath.loadedfonts["default"] = self._font = FormulaFont()
        self._font.deadline = time.thread_time() + seconds
        try:
            whole = zmath.Math(mathml(tex, display=display), size=UNIT)
            drawing = _Drawing(self._outlines)
            drawing.take(whole.node)
            return drawing.formula(whole.node)
        except NotDrawableError:
            raise
        # Whatever a source makes the library stumble over, its text is shown in its place.
        except Exception as error:
            raise NotDrawableError(type(error).__name__) from error

    def rest(self) -> None:
        """Let go of the font until the next formula: 2 MB, read again in 20 ms."""
        if self._font is not None:
            zmath.loadedfonts.clear()
            self._font.let_go()
            self._font = None


class _Drawing:
    """Collects what a tree of nodes draws."""

    def __init__(self, outlines: dict[int, Outline]) -> None:
        self._known = outlines
        self._outlines: list[Outline] = []
        self._places = array("f")
        self._bars = array("f")
        self._strokes = array("f")
        self._words: list[Words] = []
        self._left = self._right = self._top = self._bottom = 0.0

    def take(self, root: Mnode) -> None:
        """Take in a node and all below it."""
        for node, x, y in _leaves(root):
            match node:
                case drawable.Glyph():
                    self._glyph(node, x, y)
                case _ if getattr(node, "phantom", False):
                    pass
                case drawable.HLine():
                    self._bar(x, y, node.length, node.lw)
                case drawable.VLine():
                    self._bar(x - node.lw / 2, y, node.lw, node.height)
                case drawable.Box():
                    self._box(x, y - node.height, node)
                case drawable.Diagonal():
                    line = (x, y - node.height, x + node.width, y, node.lw)
                    self._strokes.extend(one / UNIT for one in line)
                case _:
                    raise NotDrawableError(type(node).__name__)

    def formula(self, node: Mnode) -> Formula:
        """Return what was collected, where it keeps to its place."""
        box = node.bbox
        width = max(box.xmax, node.xadvance()) / UNIT
        ascent = max(box.ymax / UNIT, -self._top)
        descent = max(-box.ymin / UNIT, self._bottom)
        sizes = (width, ascent, descent, self._left, self._right)
        sound = all(math.isfinite(one) for one in sizes)
        if (
            not sound
            or not (self._outlines or self._words)
            or not 0 < width < WIDEST
            or ascent + descent > TALLEST
        ):
            raise NotDrawableError("size")
        if self._left < -OVERHANG or self._right > width + OVERHANG:
            raise NotDrawableError("overhang")
        return Formula(
            width,
            ascent,
            descent,
            tuple(self._outlines),
            self._places,
            self._bars,
            self._strokes,
            tuple(self._words),
        )

    def _glyph(self, node: drawable.Glyph, x: float, y: float) -> None:
        if node.phantom:
            return
        glyph, size = node.glyph, node.size / UNIT
        x, y = x / UNIT, y / UNIT
        if isinstance(glyph, Missing):
            width = glyph.advance() / 1000 * size
            self._word(Words(glyph.character, x, y, width, size * FOREIGN / 1000))
        elif isinstance(glyph, AssembledGlyph):
            step = size / glyph.font.info.layout.unitsperem
            for part, offset in zip(glyph.glyphs, glyph.offsets, strict=True):
                dx, dy = (0, -offset) if glyph.vert else (offset, 0)
                self._place(part, x + dx * step, y + dy * step, size)
        else:
            self._place(glyph, x, y, size)
        scale = size / glyph.font.info.layout.unitsperem
        box = glyph.bbox
        self._reach(x + box.xmin * scale, y - box.ymax * scale)
        self._reach(x + box.xmax * scale, y - box.ymin * scale)

    def _place(self, glyph: SimpleGlyph, x: float, y: float, size: float) -> None:
        if not glyph.operators:
            return
        outline = self._known.get(glyph.index)
        if outline is None:
            outline = self._known[glyph.index] = _outline(glyph)
        self._outlines.append(outline)
        self._places.extend((x, y, size))

    def _word(self, word: Words) -> None:
        last = self._words[-1] if self._words else None
        if last and last[2::2] == word[2::2] and abs(last.x + last.width - word.x) < 0.01:
            self._words[-1] = last._replace(
                text=last.text + word.text, width=last.width + word.width
            )
        else:
            self._words.append(word)

    def _bar(self, x: float, y: float, width: float, height: float) -> None:
        self._bars.extend((x / UNIT, y / UNIT, width / UNIT, height / UNIT))
        self._reach(x / UNIT, y / UNIT)
        self._reach((x + width) / UNIT, (y + height) / UNIT)

    def _box(self, x: float, y: float, node: drawable.Box) -> None:
        thick = node.lw
        self._bar(x, y, node.width, thick)
        self._bar(x, y + node.height - thick, node.width, thick)
        self._bar(x, y, thick, node.height)
        self._bar(x + node.width - thick, y, thick, node.height)

    def _reach(self, x: float, y: float) -> None:
        self._left, self._right = min(self._left, x), max(self._right, x)
        self._top, self._bottom = min(self._top, y), max(self._bottom, y)


def _leaves(root: Mnode) -> Iterator[tuple[drawable.Drawable, float, float]]:
    """Yield what a node draws, and where, without recursion: sources may be deep."""
    waiting: list[tuple[drawable.Drawable, float, float]] = [(root, 0.0, 0.0)]
    parts = 0
    while waiting:
        node, x, y = waiting.pop()
        parts += 1
        if parts > MOST_PARTS:
            raise NotDrawableError("too much")
        if isinstance(node, Mnode):
            pairs = zip(node.nodes, node.nodexy, strict=False)
            below = [(child, x + dx, y + dy) for child, (dx, dy) in pairs]
            waiting.extend(reversed(below))
        else:
            yield node, x, y


def _outline(glyph: SimpleGlyph) -> Outline:
    scale = 1 / glyph.font.info.layout.unitsperem
    commands, points = bytearray(), array("f")
    for step in glyph.operators:
        pen, _ = step.points()
        if isinstance(step, Moveto) and commands:
            commands.append(0)
        commands.append(len(pen))
        for point in pen:
            points.extend((point.x * scale, -point.y * scale))
    if commands:
        commands.append(0)
    return Outline(bytes(commands), points)
