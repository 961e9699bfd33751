"""How the transcript looks, as values handed in from outside: colours by role, fonts, widths."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QColor, QFont

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_chat.transcript.formula.formulas import Formulas


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Everything that painting needs. A new look lays everything out again."""

    colours: Mapping[str, QColor]
    """By role: `ink`, `accent`, `keyword`, ... as in the theme files."""
    text_font: QFont
    """The system's font at the base size."""
    code_font: QFont
    """The font of code at its size beside text of the base size."""
    base: int = 15
    """The base size of text in pixels; every other size is a share of it."""
    column: int = 680
    """The widest reading column, in pixels."""
    animate: bool = True
    line_numbers: bool = False
    """Whether the lines of code are numbered."""
    wrap_code: bool = False
    """Whether long lines of code are broken, where nobody chose for one block."""
    fold_reasoning: bool = True
    """Whether reasoning is folded once its answer begins, where nobody chose otherwise."""
    formulas: Formulas | None = None
    """Who draws mathematics; without it, its source is shown."""
    dollar_maths: bool = False
    """Whether single dollars enclose mathematics."""

    def colour(self, role: str) -> QColor:
        """Return a role's colour. A role that the theme lacks is a mistake: `KeyError`."""
        return self.colours[role]


def neutral_look() -> Look:
    """Return what is used until a look is given: black on white."""
    colours: defaultdict[str, QColor] = defaultdict(lambda: QColor("black"))
    colours.update({role: QColor("white") for role in ("surface", "user_bubble", "code", "hover")})
    return Look(colours=colours, text_font=QFont(), code_font=QFont("monospace"))
