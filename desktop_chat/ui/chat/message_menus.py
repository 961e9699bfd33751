"""The menus that buttons under an answer open: with which model again, and what is rarer."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.chat.message_actions import MessageActions


def make(actions: MessageActions, core: Core, wished: tuple[str, Action], parent: QWidget) -> QMenu:
    """Return the menu that an action of a message opens."""
    message_id, action = wished
    if action is Action.REGENERATE_WITH:
        return regenerate_menu(actions, core, message_id, parent)
    return more_menu(actions, message_id, parent)


def regenerate_menu(actions: MessageActions, core: Core, message_id: str, parent: QWidget) -> QMenu:
    """Return the models used last, to answer again with."""
    menu = _menu(parent)
    for choice in core.library.recent_choices():
        provider = core.preferences.provider(choice.provider_id)
        if provider is not None:
            again = partial(actions.session.regenerate, message_id, choice)
            _add(menu, f"{choice.model} · {provider.name}", partial(actions.feed.ask, again))
    return menu


def more_menu(actions: MessageActions, message_id: str, parent: QWidget) -> QMenu:
    """Return what can be done with an answer besides."""
    menu = _menu(parent)
    messages = actions.session.messages
    last = messages[-1] if messages else None
    if last is not None and last.id == message_id and last.text:
        _add(menu, "Continue", partial(actions.run, message_id, Action.CONTINUE))
    _add(menu, "Edit question", partial(actions.run, message_id, Action.EDIT_QUESTION))
    _add(menu, "Read details", partial(actions.details_wished.emit, message_id))
    _add(menu, "Request and response…", partial(actions.exchange_wished.emit, message_id))
    menu.addSeparator()
    _add(menu, "Save chat as…", actions.save_wished.emit)
    return menu


def _menu(parent: QWidget) -> QMenu:
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return menu


def _add(menu: QMenu, words: str, run: Callable[[], object]) -> None:
    menu.addAction(words.replace("&", "&&")).triggered.connect(lambda _checked=False: run())
