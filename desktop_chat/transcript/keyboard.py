"""What keys do in the transcript; printable ones belong to the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_chat.transcript.view import TranscriptView

Key = Qt.Key
OVERLAP: Final = 48
"""Pixels of the old page that stay in view on a page's turn."""
ACTIVATING: Final = (Key.Key_Return, Key.Key_Enter, Key.Key_Space)


def handle(view: TranscriptView, event: QKeyEvent) -> bool:
    """Do what a key means; whether it meant anything."""
    if event.matches(QKeySequence.StandardKey.Copy):
        view.copy()
        return True
    if event.matches(QKeySequence.StandardKey.SelectAll):
        view.select_more()
        return True
    if event.key() in ACTIVATING and view.focused is not None:
        view.activate(view.focused)
        return True
    return _moves(view, event) or _types(view, event)


def _moves(view: TranscriptView, event: QKeyEvent) -> bool:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    shift = plain == Qt.KeyboardModifier.ShiftModifier
    if plain and not shift:
        return False
    key = event.key()
    page = view.viewport().height() - OVERLAP
    if key == Key.Key_Space:
        view.scroll_by(-page if shift else page)
    elif shift:
        return view.extend_selection(Key(key))
    elif key == Key.Key_Home:
        view.scroll_to(0)
    elif key == Key.Key_End:
        view.follow_end()
    else:
        line = view.type.body.line
        steps = {
            Key.Key_Up: -line,
            Key.Key_Down: line,
            Key.Key_PageUp: -page,
            Key.Key_PageDown: page,
        }
        if key not in steps:
            return False
        view.scroll_by(steps[Key(key)])
    return True


def _types(view: TranscriptView, event: QKeyEvent) -> bool:
    text = event.text()
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
    if not text or not text.isprintable() or event.modifiers() & control:
        return False
    view.typed.emit(text)
    return True
