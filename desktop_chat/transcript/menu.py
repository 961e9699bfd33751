"""The context menu over selected text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from desktop_chat.transcript import clipboard

if TYPE_CHECKING:
    from desktop_chat.transcript.view import TranscriptView


def selection_menu(view: TranscriptView) -> QMenu:
    """Return the menu: Copy, Copy as, Quote in message; greyed where nothing is selected."""
    menu = QMenu(view)
    some = view.has_selection()
    copy = menu.addAction("Copy")
    copy.triggered.connect(view.copy)
    flavours = menu.addMenu("Copy as")
    for name, part in (("Markdown", "markdown"), ("Plain text", "plain"), ("HTML", "html")):
        one = flavours.addAction(name)
        one.triggered.connect(lambda _checked=False, part=part: _copy_as(view, part))
    quote = menu.addAction("Quote in message")
    quote.triggered.connect(lambda _checked=False: _quote(view))
    for entry in (copy, flavours.menuAction(), quote):
        entry.setEnabled(some)
    menu.addSeparator()
    everything = menu.addAction("Select all")
    everything.triggered.connect(view.select_all)
    return menu


def _copy_as(view: TranscriptView, part: str) -> None:
    if view.selection is not None:
        flavours = clipboard.selection_copy(view.document, view.selection)
        clipboard.put_text(getattr(flavours, part))


def _quote(view: TranscriptView) -> None:
    if view.selection is not None:
        view.quote_requested.emit(clipboard.selection_copy(view.document, view.selection).markdown)
