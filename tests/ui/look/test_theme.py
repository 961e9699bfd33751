"""Colours: every text readable on every ground that it may stand on, and none named in code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QFont, QPalette

from desktop_chat.domain.resources import resource
from desktop_chat.ui.look.style import style_sheet
from desktop_chat.ui.look.theme import contrast, load_theme

THEMES = sorted(path.stem for path in resource("themes").glob("*.toml"))
LOWEST = {
    "light": {
        "ink_soft": 5.71,
        "ink_faint": 4.62,
        "accent": 4.66,
        "on_accent": 5.83,
        "link": 5.04,
        "focus": 4.24,
        "control": 3.22,
        "danger": 5.22,
        "on_danger": 6.54,
        "warning": 5.40,
        "success": 5.21,
        "function": 6.71,
        "string": 6.04,
        "number": 5.80,
        "type": 6.36,
        "operator": 7.92,
        "removed": 6.28,
        "attribute": 6.77,
        "added": 5.66,
        "selection_ink": 12.65,
        "find_now_ink": 8.33,
        "find_tick": 3.92,
    },
    "dark": {
        "ink_soft": 6.31,
        "ink_faint": 5.08,
        "accent": 5.83,
        "on_accent": 6.46,
        "link": 5.43,
        "focus": 5.83,
        "control": 3.63,
        "danger": 6.28,
        "on_danger": 8.13,
        "warning": 7.17,
        "success": 7.04,
        "function": 7.46,
        "string": 8.80,
        "number": 7.71,
        "type": 8.01,
        "operator": 8.09,
        "removed": 6.54,
        "attribute": 8.68,
        "added": 7.04,
        "selection_ink": 8.27,
        "find_now_ink": 8.28,
        "find_tick": 7.25,
    },
}
# Black on white is what stands until a theme is there.
LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|QColor\(\s*\d|QColor\(\s*[\"'](?!black|white)|\brgba?\(")


@pytest.mark.parametrize("name", THEMES)
def test_every_text_is_readable_on_every_ground_that_it_may_stand_on(name: str) -> None:
    low = [pair for pair in load_theme(name).pairs() if pair.contrast < pair.least]
    assert low == []


@pytest.mark.parametrize("name", THEMES)
def test_every_theme_has_every_role(name: str) -> None:
    theme = load_theme(name)
    assert set(theme.colours) == set(load_theme("light").colours)
    assert all(colour.isValid() for colour in theme.colours.values())
    assert theme.name == name


@pytest.mark.parametrize("name", ["light", "dark"])
def test_the_lowest_contrasts_are_the_ones_that_the_palette_was_chosen_for(name: str) -> None:
    lowest: dict[str, float] = {}
    for pair in load_theme(name).pairs():
        # Code under a selection is a mark there; its figure is that of text.
        if pair.least == 4.5 or pair.role in {"focus", "control", "find_tick"}:
            lowest[pair.role] = min(pair.contrast, lowest.get(pair.role, 99.0))
    for role, figure in LOWEST[name].items():
        assert lowest[role] == pytest.approx(figure, abs=0.006), role


def test_high_contrast_leaves_no_soft_inks_and_no_faint_edges() -> None:
    for name in ("contrast_light", "contrast_dark"):
        theme = load_theme(name)
        ink = theme.hex("ink")
        for role in ("ink_soft", "ink_faint", "line", "control"):
            assert theme.hex(role) == ink
        assert contrast(theme.colour("ink"), theme.colour("surface")) == pytest.approx(21)


def test_contrast_is_the_formula_of_wcag() -> None:
    black, white = QColor("black"), QColor("white")
    assert contrast(black, white) == contrast(white, black) == pytest.approx(21)
    assert contrast(white, white) == pytest.approx(1)


@pytest.mark.parametrize("name", THEMES)
def test_the_style_sheet_leaves_no_place_unfilled(name: str) -> None:
    sheet = style_sheet(load_theme(name), 15, QFont("Serif"))
    assert "@" not in sheet
    assert sheet.count("{") == sheet.count("}")


def test_the_palette_greys_what_is_disabled() -> None:
    theme = load_theme("dark")
    palette = theme.palette()
    shown = palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.Text)
    assert shown == theme.colour("ink_disabled")


def test_no_colour_is_named_in_code() -> None:
    package = Path(__file__).resolve().parents[3] / "desktop_chat"
    found = [
        f"{path.name}:{number}: {line.strip()}"
        for room in ("ui", "transcript")
        for path in sorted((package / room).rglob("*.py"))
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if LITERAL.search(line)
    ]
    assert found == []


def test_a_family_out_of_a_file_cannot_leave_its_quotes() -> None:
    theme = load_theme("light")
    sheet = style_sheet(theme, 15, QFont('A"; } * { color: red'))
    plain = style_sheet(theme, 15, QFont("A"))
    for mark in '"{};':
        assert sheet.count(mark) == plain.count(mark)
