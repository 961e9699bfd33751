"""The context menu over selected text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from desktop_chat.transcript import clipboard, copying, selecting

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.transcript.stage import Stage


def selection_menu(view: Stage, quote: Callable[[str], object]) -> QMenu:
    """Return the menu: Copy, Copy as, Quote in message; greyed where nothing is selected."""
    menu = QMenu(view)
    some = view.has_selection()
    copy = menu.addAction("Copy")
    copy.triggered.connect(lambda: copying.copy_selection(view))
    flavours = menu.addMenu("Copy as")
    for name, part in (("Markdown", "markdown"), ("Plain text", "plain"), ("HTML", "html")):
        one = flavours.addAction(name)
        one.triggered.connect(lambda _checked=False, part=part: _copy_as(view, part))
    quoting = menu.addAction("Quote in message")
    quoting.triggered.connect(lambda: _quote(view, quote))
    for entry in (copy, flavours.menuAction(), quoting):
        entry.setEnabled(some)
    menu.addSeparator()
    everything = menu.addAction("Select all")
    everything.triggered.connect(lambda: selecting.select_all(view))
    return menu


def _copy_as(view: Stage, part: str) -> None:
    flavours = copying.selected(view)
    if flavours is not None:
        clipboard.put_text(getattr(flavours, part))


def _quote(view: Stage, quote: Callable[[str], object]) -> None:
    flavours = copying.selected(view)
    if flavours is not None:
        quote(flavours.markdown)
