"""What keys do in the transcript; printable ones belong to the composer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from desktop_chat.transcript import code_acts, copying, selecting
from desktop_chat.transcript.sideways import STEP

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_chat.transcript.stage import Stage

Key = Qt.Key
OVERLAP: Final = 48
"""Pixels of the old page that stay in view on a page's turn."""
SIDEWAYS_KEYS: Final = {Key.Key_Left: -STEP, Key.Key_Right: STEP}
ACTIVATING: Final = (Key.Key_Return, Key.Key_Enter, Key.Key_Space)


def handle(view: Stage, event: QKeyEvent) -> bool:
    """Do what a key means; whether it meant anything."""
    if event.matches(QKeySequence.StandardKey.Copy):
        copying.copy_selection(view)
        return True
    if event.matches(QKeySequence.StandardKey.SelectAll):
        selecting.select_more(view)
        return True
    if event.key() in ACTIVATING and view.focused is not None:
        view.pressed.emit(view.focused)
        return True
    return _moves(view, event)


def typed_text(event: QKeyEvent) -> str:
    """Return what a key writes; nothing where it is a command."""
    text = event.text()
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
    return text if text.isprintable() and not event.modifiers() & control else ""


def _moves(view: Stage, event: QKeyEvent) -> bool:
    plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    shift = plain == Qt.KeyboardModifier.ShiftModifier
    if plain and not shift:
        return False
    key = event.key()
    if key in SIDEWAYS_KEYS and not shift and view.focused is not None:
        return code_acts.scroll_block(view, view.focused, SIDEWAYS_KEYS[Key(key)])
    page = view.viewport().height() - OVERLAP
    if key == Key.Key_Space:
        view.scroll_by(-page if shift else page)
    elif shift:
        return selecting.extend(view, Key(key))
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
