"""Paints what is visible of a transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QPainter

from desktop_chat.transcript.box import Canvas

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from desktop_chat.transcript.box import Range
    from desktop_chat.transcript.stage import Stage


def paint(view: Stage, area: QRect) -> None:
    """Paint the part of the viewport that needs it."""
    painter = QPainter(view.viewport())
    painter.fillRect(area, view.type.colour("surface"))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(view.column_left, -view.scroller.scroll)
    selection = view.selection
    canvas = Canvas(
        painter,
        view.type,
        area.top() + view.scroller.scroll,
        area.bottom() + 1 + view.scroller.scroll,
        "selection" if view.hasFocus() else "selection_idle",
        view.hovered,
        view.focused if view.hasFocus() else None,
        view.confirmed,
        bar=selection is None or selection.is_empty,
    )
    for number, y in view.document.visible(canvas.top, canvas.bottom):
        here = canvas.moved(y)
        here.actions = view.shows_actions(number)

        def selected(part: int, block: int, number: int = number) -> Range | None:
            return selection.part_of(number, part, block) if selection is not None else None

        painter.translate(0, y)
        view.document.messages[number].paint(here, selected)
        painter.translate(0, -y)
    painter.end()
