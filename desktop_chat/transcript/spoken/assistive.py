"""The way to assistive technology. Nothing of it is imported until something asks."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QAccessibleEvent

from desktop_chat.transcript.stage import Stage

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtGui import QAccessibleInterface

_made: list[QAccessibleInterface] = []
"""Qt holds bare pointers, so the interfaces are kept here until their view is gone."""


@cache
def install() -> None:
    """Let Qt ask here for the interfaces of transcripts."""
    QAccessible.installFactory(_make)


def announce(view: QObject, words: str) -> None:
    """Let a screen reader say something, where one listens."""
    if QAccessible.isActive():
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(view, words))


def tell_added(view: Stage) -> None:
    """Let assistive technology know of a new message, where any listens."""
    if QAccessible.isActive():
        root = QAccessible.queryAccessibleInterface(view)
        made = root.child(len(view.document.messages) - 1)
        QAccessible.updateAccessibility(QAccessibleEvent(made, QAccessible.Event.ObjectCreated))


def tell_focus(view: Stage) -> None:
    """Let assistive technology know which button or link has the focus, where any listens."""
    if QAccessible.isActive() and view.focused is not None and view.hasFocus():
        node = QAccessible.queryAccessibleInterface(view).focusChild()
        if node is not None:
            QAccessible.updateAccessibility(QAccessibleEvent(node, QAccessible.Event.Focus))


def _make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    del key
    if not isinstance(made_for, Stage):
        return None
    from desktop_chat.transcript.spoken.accessible import TranscriptAccessible  # noqa: PLC0415 - late

    root = TranscriptAccessible(made_for)
    _made.append(root)
    made_for.destroyed.connect(lambda: _made.remove(root))
    return root
