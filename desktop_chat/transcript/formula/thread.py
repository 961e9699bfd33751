"""The thread that typesets formulas: the newest wish first, for that is what one looks at."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from desktop_chat.markdown.drawn_formula import Formula
    from desktop_chat.markdown.formula_paths import Typesetter

MOST_WAITING: Final = 500
REST_S: Final = 4
"""After so long without a wish nothing is kept that is only needed to typeset."""


class Wish(NamedTuple):
    """A formula that is wanted: its source with its delimiters or bare, and its style."""

    source: str
    display: bool


class FormulaThread:
    """Takes wishes and keeps the answers until they are fetched.

    A daemon: whatever it is at, it never holds up the end of the program.
    """

    def __init__(self) -> None:
        self._wishes: list[Wish] = []
        self._answers: list[tuple[Wish, Formula | None]] = []
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None

    def want(self, wish: Wish) -> Wish | None:
        """Have a formula drawn before all others; return the wish that is forgotten for it."""
        with self._changed:
            self._wishes.append(wish)
            forgotten = self._wishes.pop(0) if len(self._wishes) > MOST_WAITING else None
            self._changed.notify()
        return forgotten

    def start(self) -> None:
        """Begin with the wishes that are there; from then on each is drawn as it comes."""
        self._thread = threading.Thread(target=self._run, name="formulas", daemon=True)
        self._thread.start()

    def take(self) -> list[tuple[Wish, Formula | None]]:
        """Return the answers that have come since; None: it cannot be drawn."""
        with self._changed:
            answers, self._answers = self._answers, []
        return answers

    def _run(self) -> None:
        typesetter = _typesetter()
        while True:
            with self._changed:
                if not self._changed.wait_for(lambda: self._wishes, REST_S):
                    if typesetter is not None:
                        typesetter.rest()
                    self._changed.wait_for(lambda: self._wishes)
                wish = self._wishes.pop()
            answer = _draw(typesetter, wish)
            with self._changed:
                self._answers.append((wish, answer))


def _typesetter() -> Typesetter | None:
    """Return what draws formulas, or None where its library does not work here."""
    try:
        # 200 ms and 20 MB, which only those pay who see a formula.
        from desktop_chat.markdown.formula_paths import Typesetter  # noqa: PLC0415

        return Typesetter()
    except (AttributeError, ImportError, OSError, ValueError):
        return None


def _draw(typesetter: Typesetter | None, wish: Wish) -> Formula | None:
    from desktop_chat.markdown.tex import NotDrawableError, bare  # noqa: PLC0415 - with the library

    if typesetter is None:
        return None
    try:
        return typesetter.draw(bare(wish.source), display=wish.display)
    except NotDrawableError:
        return None
