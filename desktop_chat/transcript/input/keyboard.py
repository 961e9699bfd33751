"""What keys do in the transcript; printable ones belong to the composer."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence

from desktop_chat.transcript.blocks.sideways import STEP
from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.input import code_acts, selecting
from desktop_chat.transcript.messages.walking import Unit
from desktop_chat.transcript.targets import Kind

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Target

Key = Qt.Key
Keys = QKeySequence.StandardKey
_UNITS: Final = (
    (Keys.SelectPreviousChar, Unit.CHARACTER, -1),
    (Keys.SelectNextChar, Unit.CHARACTER, 1),
    (Keys.SelectPreviousWord, Unit.WORD, -1),
    (Keys.SelectNextWord, Unit.WORD, 1),
    (Keys.SelectStartOfBlock, Unit.PARAGRAPH, -1),
    (Keys.SelectEndOfBlock, Unit.PARAGRAPH, 1),
    (Keys.SelectStartOfDocument, Unit.EVERYTHING, -1),
    (Keys.SelectEndOfDocument, Unit.EVERYTHING, 1),
)
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
    if view.focused is not None and _activates(event, view.focused):
        view.pressed.emit(view.focused)
        return True
    if _asks_for_menu(event):
        from desktop_chat.transcript.input import menu  # noqa: PLC0415 - with the first menu

        menu.open_at_focus(view)
        return True
    return _extends(view, event) or _moves(view, event)


def _activates(event: QKeyEvent, target: Target) -> bool:
    """Whether a key presses what has the focus. On a whole message Space turns the page."""
    whole = target.kind is Kind.MESSAGE
    return event.key() in ACTIVATING and not (whole and event.key() == Key.Key_Space)


def _asks_for_menu(event: QKeyEvent) -> bool:
    """Whether it is Shift+F10, of which Windows itself makes a wish for a menu, as of its key."""
    held = event.modifiers() == Qt.KeyboardModifier.ShiftModifier
    return event.key() == Key.Key_F10 and held and sys.platform != "win32"


def typed_text(event: QKeyEvent) -> str:
    """Return what a key writes; nothing where it is a command."""
    text = event.text()
    control = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.MetaModifier
    return text if text.isprintable() and not event.modifiers() & control else ""


def _extends(view: Stage, event: QKeyEvent) -> bool:
    """Move the end of the selection, in the keys that the platform has for that."""
    for keys, unit, way in _UNITS:
        if event.matches(keys):
            selecting.extend(view, unit, way)
            return True
    line = view.type.body.line
    page = view.viewport().height() - OVERLAP
    for keys, pixels in (
        (Keys.SelectPreviousLine, -line),
        (Keys.SelectNextLine, line),
        (Keys.SelectPreviousPage, -page),
        (Keys.SelectNextPage, page),
    ):
        if event.matches(keys):
            selecting.extend_down(view, pixels)
            return True
    for keys, way in ((Keys.SelectStartOfLine, -1), (Keys.SelectEndOfLine, 1)):
        if event.matches(keys):
            selecting.extend_line(view, way)
            return True
    return _extends_by_paragraph(view, event)


def _extends_by_paragraph(view: Stage, event: QKeyEvent) -> bool:
    held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    if held != both or event.key() not in (Key.Key_Up, Key.Key_Down):
        return False
    selecting.extend(view, Unit.PARAGRAPH, 1 if event.key() == Key.Key_Down else -1)
    return True


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
        return False
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
