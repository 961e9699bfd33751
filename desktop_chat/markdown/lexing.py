"""Runs a Pygments lexer from any line on, when the stack of its states there is known.

Pygments itself only offers to lex a whole text. Its regular-expression lexers are tables, which
this walks in the same way, so that a block that grows need not be read again from its start.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from pygments.lexer import ExtendedRegexLexer, RegexLexer
from pygments.token import Error, Whitespace, _TokenType

from desktop_chat.markdown.highlight import Run, Runs, role_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from pygments.lexer import Lexer

ROOT = ("root",)
MAX_STACK = 64
"""Deeper stacks are not remembered: code that only nests would fill the memory with them."""
BREATH = 16
"""Tokens between two points where the caller may pause."""

Stack = tuple[str, ...]
Token = tuple[int, _TokenType, str]


class Line(NamedTuple):
    """A line's colours, and the stack of states behind it where it is known."""

    runs: Runs
    stack: Stack | None


def is_resumable(lexer: Lexer) -> bool:
    """Return whether lexing may begin within a text."""
    return (
        isinstance(lexer, RegexLexer)
        and not isinstance(lexer, ExtendedRegexLexer)
        and type(lexer).get_tokens_unprocessed is RegexLexer.get_tokens_unprocessed
    )


def lex_lines(lexer: Lexer, text: str, stack: Stack = ROOT) -> Iterator[Line | None]:
    """Yield each line of a text that ends with a line feed, and None now and then, to breathe."""
    walk = _Walk(lexer, text, stack)
    runs: list[Run] = []
    start = 0
    for count, (position, kind, value) in enumerate(walk.tokens()):
        role = role_of(kind)
        at = position
        while (end := value.find("\n", at - position)) >= 0:
            _add(runs, Run(at - start, position + end - start, role))
            at = start = position + end + 1
            yield Line(tuple(runs), walk.stack_at(at))
            runs = []
        _add(runs, Run(at - start, position + len(value) - start, role))
        if count % BREATH == 0:
            yield None


def _add(runs: list[Run], run: Run) -> None:
    if not run.role or run.start == run.end:
        return
    if runs and runs[-1].end == run.start and runs[-1].role == run.role:
        run = Run(runs.pop().start, run.end, run.role)
    runs.append(run)


class _Walk:
    """One pass of a lexer over a text."""

    def __init__(self, lexer: Lexer, text: str, stack: Stack) -> None:
        self._lexer = lexer
        self._text = text
        self._stack = list(stack)
        self._position = -1

    def stack_at(self, position: int) -> Stack | None:
        """Return the stack here, if the token just read ends here but for blanks."""
        if self._position < position or len(self._stack) > MAX_STACK:
            return None
        if self._text[position : self._position].strip():
            return None
        return tuple(self._stack)

    def tokens(self) -> Iterable[Token]:
        """Yield the tokens of the text."""
        if is_resumable(self._lexer):
            return self._walked()
        return self._lexer.get_tokens_unprocessed(self._text)

    def _walked(self) -> Iterator[Token]:
        """Do what `RegexLexer.get_tokens_unprocessed` does, with the stack in sight."""
        table = self._lexer._tokens  # type: ignore[attr-defined]  # noqa: SLF001 - no public way
        text, at = self._text, 0
        while at < len(text):
            for matches, action, new_state in table[self._stack[-1]]:
                found = matches(text, at)
                if found:
                    self._turn(new_state)
                    self._position = found.end()
                    if type(action) is _TokenType:
                        yield at, action, found[0]
                    elif action is not None:
                        yield from action(self._lexer, found)
                    at = found.end()
                    break
            else:
                at = self._position = at + 1
                yield self._unknown(at - 1)

    def _unknown(self, at: int) -> Token:
        """Step over a character that no rule of the state takes."""
        if self._text[at] == "\n":
            self._stack[:] = ROOT
            return at, Whitespace, "\n"
        return at, Error, self._text[at]

    def _turn(self, new_state: object) -> None:
        """Change the stack as a rule says: names, `#pop`, `#push`, or how many to drop."""
        if isinstance(new_state, int):
            keep = max(1, len(self._stack) + new_state)
            del self._stack[keep:]
        elif new_state == "#push":
            self._stack.append(self._stack[-1])
        elif new_state == "#pop":
            self._turn(-1)
        elif isinstance(new_state, tuple):
            for state in new_state:
                self._turn(state)
        elif isinstance(new_state, str):
            self._stack.append(new_state)
