"""The window for assistive technology: with the popup that is open over it.

Qt leaves popups out of the tree, so what asks from the top would never find them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary, ref

from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtWidgets import QAccessibleWidget, QApplication, QMenu
from shiboken6 import Shiboken
from typing_extensions import override

if TYPE_CHECKING:
    from PySide6.QtCore import QObject
    from PySide6.QtWidgets import QWidget


class WindowAccessible(QAccessibleWidget):
    """A window: its parts, and after them what popped up."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window, QAccessible.Role.Window)
        self._window = ref(window)

    def _popup(self) -> QWidget | None:
        """Return the popup that belongs to the window, while one is open."""
        from desktop_chat.ui.controls.popover import Popup  # noqa: PLC0415 - popups come after the window

        window, popup = self._window(), QApplication.activePopupWidget()
        if window is None or not Shiboken.isValid(window) or not isinstance(popup, Popup | QMenu):
            return None
        parent = popup.parentWidget()
        return popup if parent is not None and parent.window() is window else None

    @override
    def childCount(self) -> int:
        return super().childCount() + (self._popup() is not None)

    @override
    def child(self, index: int) -> QAccessibleInterface:
        popup = self._popup()
        if popup is not None and index == super().childCount():
            return QAccessible.queryAccessibleInterface(popup)
        return super().child(index)

    @override
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        popup = self._popup()
        if popup is not None and child.object() is popup:
            return super().childCount()
        return super().indexOfChild(child)


_windows: WeakKeyDictionary[QObject, WindowAccessible] = WeakKeyDictionary()
_kinds: list[type[QWidget]] = []


def install(kind: type[QWidget]) -> None:
    """Let Qt ask here for the interfaces of windows. Costs nothing until something asks."""
    if kind not in _kinds:
        _kinds.append(kind)
        QAccessible.installFactory(_make)


def _make(key: str, made_for: QObject) -> QAccessibleInterface | None:
    del key
    if not _kinds or not isinstance(made_for, _kinds[0]):
        return None
    made = _windows[made_for] = WindowAccessible(made_for)
    return made
