"""Paints what is visible of a conversation."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.transcript.box import Canvas, Range
    from desktop_chat.transcript.document import Document
    from desktop_chat.transcript.selection import Selection


def paint(
    canvas: Canvas,
    document: Document,
    selection: Selection | None,
    shows_actions: Callable[[int], bool],
) -> None:
    """Paint the messages that stand between the canvas's heights."""
    painter = canvas.painter
    for number, y in document.visible(canvas.top, canvas.bottom):
        here = canvas.moved(y)
        here.actions = shows_actions(number)

        def selected(part: int, block: int, number: int = number) -> Range | None:
            return selection.part_of(number, part, block) if selection is not None else None

        painter.translate(0, y)
        document.messages[number].paint(here, selected)
        painter.translate(0, -y)
