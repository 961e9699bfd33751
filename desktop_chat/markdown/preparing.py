"""Makes languages ready to be coloured, on a thread: the first use of one takes up to 130 ms."""

from __future__ import annotations

import threading
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.markdown.highlight import find_lexer, is_known, is_plain, lexer_name

if TYPE_CHECKING:
    from collections.abc import Callable

INSIDE: Final = {
    "html": ("javascript", "css"),
    "xhtml": ("javascript", "css"),
    "php": ("html", "javascript", "css"),
    "markdown": ("html",),
    "md": ("html",),
}
"""Languages that are met within others."""


class Preparer:
    """Does what the first use of a language would, newest wish first, and ends when all is done.

    Languages go by the names of their lexers. A daemon: whatever it is at, it never holds up the
    end of the program.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wishes: list[str | Callable[[], None]] = []
        self._asked: set[str | Callable[[], None]] = set()
        self._ready: set[str] = set()
        self._running = False

    def is_ready(self, language: str) -> bool:
        """Whether colouring begins at once; where not, it is seen to. It costs nothing to ask."""
        name = lexer_name(language)
        if name in self._ready or is_plain(name):
            return True
        self.prepare(name)
        return False

    def prepare(self, *wishes: str | Callable[[], None]) -> None:
        """Make ready what nobody asked for yet: languages, and what else the first use pays."""
        with self._lock:
            wanted = [one for one in wishes if one not in self._asked]
            self._asked.update(wanted)
            self._wishes += reversed(wanted)
            begin = bool(self._wishes) and not self._running
            self._running = self._running or begin
        if begin:
            threading.Thread(target=self._run, name="languages", daemon=True).start()

    def _run(self) -> None:
        while True:
            with self._lock:
                if not self._wishes:
                    self._running = False
                    return
                wish = self._wishes.pop()
            if not isinstance(wish, str):
                wish()
                continue
            _prepare_one(wish)
            self._ready.add(wish)


@cache
def preparer() -> Preparer:
    """Return the one for all: what is ready, is so for the whole program."""
    return Preparer()


def make_ready(language: str) -> None:
    """Do all that the first use of a language does. Safe beside another thread that uses it."""
    name = lexer_name(language)
    if is_plain(name) or not is_known(name):
        return
    from pygments.lexer import RegexLexerMeta  # noqa: PLC0415 - late, for start-up's sake
    from pygments.lexers import find_lexer_class_by_name  # noqa: PLC0415

    from desktop_chat.markdown import lexing  # noqa: F401, PLC0415 - with the first code

    kind: Any = find_lexer_class_by_name(name)
    compiled = "_tokens" in vars(kind) or getattr(kind, "token_variants", False)
    if isinstance(kind, RegexLexerMeta) and not compiled:
        kind._tokens = _table(kind)  # type: ignore[attr-defined]  # noqa: SLF001 - there is no public way
    find_lexer(name)


def _prepare_one(name: str) -> None:
    try:
        make_ready(name)
        for other in INSIDE.get(name, ()):
            make_ready(other)
    except Exception:  # noqa: BLE001, S110 - whoever uses it meets the same again, and tells
        pass


def _table(kind: Any) -> object:
    """Return a language's patterns, compiled in a place of their own.

    While it works, the library keeps its notes in the class: two threads must not share one.
    """
    apart = type(kind)(kind.__name__, (kind,), {})
    apart._all_tokens = {}  # noqa: SLF001
    apart._tmpname = 0  # noqa: SLF001
    return apart.process_tokendef("", apart.get_tokendefs())
