"""The style sheet of the standard widgets, made from a theme's roles and the base size."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, Qt

from desktop_chat.domain.resources import resource

if TYPE_CHECKING:
    from PySide6.QtGui import QFont
    from PySide6.QtWidgets import QWidget

    from desktop_chat.ui.look.theme import Theme

SHARES: Final = {
    "body": 1.0,
    "ui": 0.867,
    "small": 0.8,
    "code": 0.867,
    "h1": 1.4,
    "h2": 1.2,
    "h3": 1.067,
}
"""Every size of type as a share of the base size."""
_PLACE: Final = re.compile(r"@([a-z_0-9]+)")


def pixels(base: int, size: str) -> int:
    """Return a named size of type in pixels, at the given base size."""
    return round(base * SHARES[size])


def style_sheet(theme: Theme, base: int, text_font: QFont) -> str:
    """Return the application's style sheet. A role that the theme lacks is a mistake."""

    def value(found: re.Match[str]) -> str:
        name = found[1]
        if name == "text_family":
            return ", ".join(f'"{_word(family)}"' for family in text_font.families())
        return f"{pixels(base, name)}px" if name in SHARES else theme.hex(name)

    rules = _template()
    return _PLACE.sub(value, rules)


def _word(name: str) -> str:
    """Return a name as it may stand in quotes: it may come from a file that somebody edited."""
    return re.sub(r'["\\\n\r{};]', "", name)


@cache
def _template() -> str:
    text = resource("style.qss").read_text(encoding="utf-8")
    return re.sub(r"/\*.*?\*/\s*", "", text, flags=re.DOTALL)


def polish_again(widget: QWidget) -> None:
    """Let the style sheet see that a property of a widget has changed."""
    # Before the first time there is nothing to do again. Asked for the style itself, PySide loads
    # all of its enumerations: 6 ms and 1 MB.
    if widget.testAttribute(Qt.WidgetAttribute.WA_WState_Polished):
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.Polish))
        widget.update()
