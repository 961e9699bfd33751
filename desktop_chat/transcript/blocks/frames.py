"""The containers around leaves: how far they indent, what stands between leaves, bars, markers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPen

from desktop_chat.markdown.blocks import Heading, ItemFrame, Paragraph, QuoteFrame, is_right_to_left
from desktop_chat.transcript.text.marks import Mark, draw_mark

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter

    from desktop_chat.markdown.blocks import Frame, Leaf
    from desktop_chat.transcript.blocks.box import Box, Canvas
    from desktop_chat.transcript.text.typography import Face, Typography

LIST_INDENT: Final = 24
QUOTE_INDENT: Final = 16
BAR: Final = 3
TASK: Final = 14
DEEPEST: Final = 8
"""Containers deeper than this indent no further: the words still need room."""
BEFORE_HEADING: Final = {1: 24, 2: 20}


class Slot(NamedTuple):
    """Where the containers of a leaf are painted."""

    width: int
    """That of the column."""
    joined: int
    """How many outer containers go on from the leaf above."""
    face: Face


def is_mirrored(leaf: Leaf) -> bool:
    """Return whether a leaf's containers stand at its right, as its text runs to the left."""
    return isinstance(leaf, Paragraph | Heading) and is_right_to_left(leaf.inline.text)


def indent(frames: tuple[Frame, ...], type_: Typography) -> int:
    """Return how far the containers push a leaf to the right."""
    return sum(type_.px(_step(frame)) for frame in frames[:DEEPEST])


def gap(before: Leaf | None, leaf: Leaf, *, same_block: bool) -> int:
    """Return the space between two leaves."""
    if before is None or (isinstance(leaf, Paragraph) and leaf.continues):
        return 0
    if same_block and (inside := _item_gap(before, leaf)) is not None:
        return inside
    if isinstance(leaf, Heading):
        return BEFORE_HEADING.get(leaf.level, 16)
    if isinstance(before, Heading):
        return 8
    plain = isinstance(before, Paragraph) and isinstance(leaf, Paragraph)
    quoted = _quotes(before.frames) != _quotes(leaf.frames)
    return 12 if plain and not quoted else 16


def shared(before: Leaf | None, leaf: Leaf) -> int:
    """Return how many outer containers a leaf shares with the one above it in its block."""
    count = 0
    for one, other in zip(before.frames if before else (), leaf.frames, strict=False):
        if isinstance(one, QuoteFrame) != isinstance(other, QuoteFrame):
            break
        count += 1
    return count


def paint_frames(canvas: Canvas, box: Box, leaf: Leaf, slot: Slot) -> None:
    """Paint quote bars and the marker of an item; the origin is the top left of the box's slot."""
    left = 0
    edge = slot.width if box.inset != box.left else 0
    for depth, frame in enumerate(leaf.frames):
        shown = depth < DEEPEST
        if isinstance(frame, QuoteFrame) and shown:
            top = 0 if depth < slot.joined else box.gap
            x = edge - left - BAR if edge else left
            bar = QRectF(x, top, BAR, box.gap + box.height - top)
            canvas.painter.fillRect(bar, canvas.type.colour("line"))
        left += canvas.type.px(_step(frame)) if shown else 0
        if isinstance(frame, ItemFrame) and (frame.marker or frame.task is not None):
            at = QPointF(edge - left if edge else left, box.gap)
            _paint_marker(canvas, frame, at, slot.face, mirrored=bool(edge))


def _step(frame: Frame) -> int:
    return LIST_INDENT if isinstance(frame, ItemFrame) else QUOTE_INDENT


def _quotes(frames: tuple[Frame, ...]) -> int:
    return sum(isinstance(frame, QuoteFrame) for frame in frames)


def _item_gap(before: Leaf, leaf: Leaf) -> int | None:
    """Return the space between two leaves of one list, or None where they are not."""
    common = [
        one.list
        for one, other in zip(before.frames, leaf.frames, strict=False)
        if isinstance(one, ItemFrame) and isinstance(other, ItemFrame) and one.list is other.list
    ]
    if not common:
        return None
    prose = isinstance(before, Paragraph) and isinstance(leaf, Paragraph)
    inner = [frame.list for frame in leaf.frames if isinstance(frame, ItemFrame)][-1]
    tight = common[-1].tight and inner.tight
    if tight:
        return 4 if prose else 8
    return 12


def _paint_marker(
    canvas: Canvas, frame: ItemFrame, at: QPointF, face: Face, *, mirrored: bool
) -> None:
    """Paint a marker before a line that begins at a point, at its right where it is mirrored."""
    painter, type_ = canvas.painter, canvas.type
    middle = at.y() + face.line / 2
    if frame.task is not None:
        side = type_.px(TASK)
        x = at.x() + type_.px(21) - side if mirrored else at.x() - type_.px(21)
        _paint_task(canvas, QRectF(x, middle - side / 2, side, side), done=frame.task)
    elif frame.list.ordered:
        painter.setPen(type_.colour("ink_soft"))
        painter.setFont(face.font)
        width = face.metrics.horizontalAdvance(frame.marker)
        x = at.x() + 6 if mirrored else at.x() - width - 6
        if mirrored:
            painter.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        painter.drawText(QPointF(x, at.y() + face.base), frame.marker)
        painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
    else:
        _paint_dot(
            painter, canvas, QPointF(at.x() + type_.px(13 if mirrored else -13), middle + 0.5)
        )


def _paint_dot(painter: QPainter, canvas: Canvas, centre: QPointF) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(canvas.type.colour("ink_soft"))
    radius = 2.5 * canvas.type.scale
    painter.drawEllipse(centre, radius, radius)


def _paint_task(canvas: Canvas, box: QRectF, *, done: bool) -> None:
    painter, type_ = canvas.painter, canvas.type
    if done:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(type_.colour("accent"))
        painter.drawRoundedRect(box, 3, 3)
        draw_mark(painter, Mark.CHECK, box.adjusted(1, 1, -1, -1), type_.colour("on_accent"))
        return
    painter.setPen(QPen(type_.colour("control"), 1))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
