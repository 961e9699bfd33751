"""The menus of the transcript: entries as Qt shows them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QMenu

from desktop_chat.transcript.input import entries, under

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtCore import QPoint

    from desktop_chat.transcript.input.entries import Entry
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Target


def open_context(view: Stage, event: QContextMenuEvent) -> None:
    """Open the menu for what is under the pointer, or, asked by a key, under the focus."""
    if event.reason() is QContextMenuEvent.Reason.Keyboard:
        open_at_focus(view)
        return
    at = view.viewport().mapFromGlobal(event.globalPos())
    _open(context_menu(view, under.under_pointer(view, at)), view, at)


def open_at_focus(view: Stage) -> None:
    """Open the menu for what the keyboard is at."""
    _open(context_menu(view, under.under_focus(view)), view, under.focus_place(view))


def context_menu(view: Stage, place: under.Under | None) -> QMenu:
    """Return the menu for a place."""
    menu = _menu(view)
    for number, section in enumerate(entries.sections(view, place)):
        if number:
            menu.addSeparator()
        _fill(menu, section)
    return menu


def open_under(view: Stage, target: Target) -> None:
    """Open the menu for something that was pressed."""
    if view.document.has(target.item_id):
        message = view.document.messages[view.document.number(target.item_id)]
        place = under.Under(message, target=target)
        _open(context_menu(view, place), view, under.below(view, target))


def open_copy_as(view: Stage, target: Target) -> QMenu:
    """Open the menu of flavours under its button."""
    menu = _menu(view)
    _fill(menu, entries.message_kinds(view, target.item_id, target))
    _open(menu, view, under.below(view, target))
    return menu


def _menu(view: Stage) -> QMenu:
    menu = QMenu(view)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _open(menu: QMenu, view: Stage, at: QPoint) -> None:
    menu.popup(view.viewport().mapToGlobal(at))
    if view.focused is not None and menu.actions():
        # Opened by keyboard: who listens hears the first line, and Enter takes it.
        menu.setActiveAction(menu.actions()[0])


def _fill(menu: QMenu, lines: Iterable[Entry]) -> None:
    for entry in lines:
        if entry is entries.SEPARATOR:
            menu.addSeparator()
        elif entry.below:
            _fill(menu.addMenu(entry.text), entry.below)
        elif entry.run is not None:
            run = entry.run
            action = menu.addAction(entry.text)
            action.setCheckable(entry.checked is not None)
            action.setChecked(bool(entry.checked))
            action.triggered.connect(lambda _checked=False, run=run: run())
