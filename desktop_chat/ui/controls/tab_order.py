"""Where Tab goes next: as the eye does, whatever was made when."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QScrollArea, QWidget

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QLayout


def follow_layout(root: QWidget) -> None:
    """Let Tab go through a part of a window in the order of its layouts."""
    for one, following in pairwise(_reached(root)):
        QWidget.setTabOrder(one, following)


def _reached(widget: QWidget | None) -> Iterator[QWidget]:
    if widget is None:
        return
    if widget.focusPolicy() & Qt.FocusPolicy.TabFocus:
        yield widget
    if isinstance(widget, QScrollArea):
        yield from _reached(widget.widget())
    elif (layout := widget.layout()) is not None:
        yield from _reached_in(layout)


def _reached_in(layout: QLayout) -> Iterator[QWidget]:
    for place in range(layout.count()):
        item = layout.itemAt(place)
        if item is None:
            continue
        yield from _reached(item.widget())
        if (inner := item.layout()) is not None:
            yield from _reached_in(inner)
