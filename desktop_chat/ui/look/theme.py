"""Colours by role, read from a theme file."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtGui import QColor, QPalette

from desktop_chat.domain.resources import resource

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

TEXT_CONTRAST: Final = 4.5
MARK_CONTRAST: Final = 3.0


class Pair(NamedTuple):
    """A role on one of its grounds, with the contrast between them and the least it must be."""

    role: str
    ground: str
    contrast: float
    least: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Theme:
    """A named set of colours. Code asks for roles; what a role looks like stands in a file."""

    name: str
    dark: bool
    colours: Mapping[str, QColor]
    grounds: Mapping[str, tuple[str, ...]]
    """Text roles with what they may stand on."""
    marks: Mapping[str, tuple[str, ...]]
    """The same for edges and marks, which need less contrast than text."""

    def colour(self, role: str) -> QColor:
        """Return a role's colour. A role that the theme lacks is a mistake: `KeyError`."""
        return self.colours[role]

    def hex(self, role: str) -> str:
        """Return a role's colour as a style sheet writes it."""
        colour = self.colours[role]
        plain = QColor.NameFormat.HexRgb
        return colour.name(plain if colour.alpha() == 255 else QColor.NameFormat.HexArgb)

    def pairs(self) -> Iterator[Pair]:
        """Yield every role on every ground that the theme names for it."""
        for table, least in ((self.grounds, TEXT_CONTRAST), (self.marks, MARK_CONTRAST)):
            for role, grounds in table.items():
                for ground in grounds:
                    found = contrast(self.colours[role], self.colours[ground])
                    yield Pair(role, ground, found, least)

    def palette(self) -> QPalette:
        """Return the palette for what the style sheet does not reach."""
        palette = QPalette()
        for role, name in _PALETTE.items():
            palette.setColor(role, self.colours[name])
        for role in (
            QPalette.ColorRole.Text,
            QPalette.ColorRole.WindowText,
            QPalette.ColorRole.ButtonText,
        ):
            disabled = QPalette.ColorGroup.Disabled
            palette.setColor(disabled, role, self.colours["ink_disabled"])
        idle = QPalette.ColorGroup.Inactive
        palette.setColor(idle, QPalette.ColorRole.Highlight, self.colours["selection_idle"])
        palette.setColor(idle, QPalette.ColorRole.HighlightedText, self.colours["ink"])
        return palette


_PALETTE: Final = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "ink",
    QPalette.ColorRole.Base: "surface",
    QPalette.ColorRole.AlternateBase: "sunken",
    QPalette.ColorRole.Text: "ink",
    QPalette.ColorRole.PlaceholderText: "ink_faint",
    QPalette.ColorRole.Button: "surface",
    QPalette.ColorRole.ButtonText: "ink",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "ink",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "selection_ink",
    QPalette.ColorRole.Link: "link",
    QPalette.ColorRole.LinkVisited: "link",
    # Fusion marks focused things with it, and so does the focus ring.
    QPalette.ColorRole.Accent: "focus",
    QPalette.ColorRole.Light: "raised",
    QPalette.ColorRole.Midlight: "hover",
    QPalette.ColorRole.Mid: "line",
    QPalette.ColorRole.Dark: "control",
    QPalette.ColorRole.Shadow: "shadow",
}


def parse_theme(text: str) -> Theme:
    """Return the theme that a TOML text describes."""
    table = tomllib.loads(text)
    return Theme(
        name=table["name"],
        dark=table["dark"],
        colours={role: QColor(value) for role, value in table["colours"].items()},
        grounds={role: tuple(names) for role, names in table["grounds"].items()},
        marks={role: tuple(names) for role, names in table["marks"].items()},
    )


@cache
def load_theme(name: str) -> Theme:
    """Return one of the program's own themes: light, dark, contrast_light or contrast_dark."""
    return parse_theme(resource(f"themes/{name}.toml").read_text(encoding="utf-8"))


def contrast(one: QColor, other: QColor) -> float:
    """Return the contrast of two colours as WCAG 2 defines it, from 1 to 21."""
    lights = sorted((_luminance(one), _luminance(other)))
    return (lights[1] + 0.05) / (lights[0] + 0.05)


def _luminance(colour: QColor) -> float:
    red, green, blue = (
        value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4
        for value in (colour.redF(), colour.greenF(), colour.blueF())
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
