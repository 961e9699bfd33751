"""Colours a code block: whole and in small steps, or line by line while it still arrives."""

from __future__ import annotations

from functools import cache
from time import perf_counter
from typing import TYPE_CHECKING

from desktop_chat.markdown.highlight import Runs, find_lexer, is_coloured

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType

    from desktop_chat.markdown.lexing import Stack

SLICE = 0.002
"""Seconds that one step may take, about."""
REACH = 200
"""Lines that a growing block is read back at most, and only where the lexer's state is unknown."""
BLIND_REACH = 40
"""The same for lexers that cannot begin within a text."""
REACH_CHARACTERS = 16_000
OPEN_LINE = 1000
"""Characters of a line that are coloured while it grows: 8 ms at worst."""


@cache
def _lexing() -> ModuleType:
    from desktop_chat.markdown import lexing  # noqa: PLC0415 - late, for start-up's sake

    return lexing


class WholeColouring:
    """Colours a finished block in steps, so that no step keeps a thread for long."""

    def __init__(self, language: str, lines: Sequence[str]) -> None:
        self.runs: list[Runs] = []
        """Those of the lines read so far; of all lines when done."""
        self._count = len(lines)
        self._lines = None
        if is_coloured(language, lines):
            lexer = find_lexer(language)
            assert lexer is not None  # noqa: S101
            self._lines = _lexing().lex_lines(lexer, "\n".join(lines) + "\n")

    @property
    def done(self) -> bool:
        """Whether every line has its colours."""
        return self._lines is None

    def step(self, seconds: float = SLICE) -> bool:
        """Work for about so long and return whether the block is done."""
        deadline = perf_counter() + seconds
        while self._lines is not None:
            line = next(self._lines, self)
            if isinstance(line, WholeColouring):
                self._lines = None
            elif line is not None:
                self.runs.append(line.runs)
            elif perf_counter() > deadline:
                return False
        missing = self._count - len(self.runs)
        self.runs += [()] * missing
        return True


class OpenColouring:
    """Colours a block that grows. Nearly right at once; a whole colouring at its end is exact."""

    def __init__(self, language: str) -> None:
        self.runs: list[Runs] = []
        self._language = language
        self._stacks: list[Stack | None] = []
        """Behind each line but the last one."""
        self._known = (0, "")
        """What was read last, and from which line on."""

    def update(self, lines: Sequence[str], kept: int) -> int:
        """Take in the block as it is now, its first `kept` lines being as they were.

        Returns the first line whose colours changed.
        """
        lexer = find_lexer(self._language)
        if lexer is None or len(lines) == 0:
            self.runs = [()] * len(lines)
            return min(kept, len(lines))
        reach = REACH if _lexing().is_resumable(lexer) else BLIND_REACH
        begin, stack = self._resume_at(lines, min(kept, len(self.runs)), reach)
        text = "\n".join(line[:OPEN_LINE] for line in lines[begin:]) + "\n"
        if (begin, text) == self._known:
            return len(self.runs)
        self._known = (begin, text)
        fresh: list[Runs] = []
        del self._stacks[begin:]
        for line in _lexing().lex_lines(lexer, text, stack):
            if line is not None:
                fresh.append(line.runs)
                self._stacks.append(line.stack)
        return self._replace(begin, fresh)

    def _resume_at(self, lines: Sequence[str], kept: int, reach: int) -> tuple[int, Stack]:
        """Return the nearest line before the change where the lexer may begin, and its state.

        One line more is read again, for the sake of rules that look ahead over a line's end.
        """
        begin = max(0, kept - 1)
        characters = 0
        furthest = max(0, begin - reach)
        while begin > furthest and characters < REACH_CHARACTERS:
            known = self._stacks[begin - 1]
            if known is not None:
                return begin, known
            begin -= 1
            characters += len(lines[begin])
        return begin, _lexing().ROOT

    def _replace(self, begin: int, fresh: list[Runs]) -> int:
        old = self.runs[begin:]
        same = 0
        while same < min(len(old), len(fresh)) and old[same] == fresh[same]:
            same += 1
        self.runs[begin + same :] = fresh[same:]
        return begin + same


class Highlighter:
    """Colours whole blocks of one language at once, where they are short or time is no matter."""

    def __init__(self, language: str) -> None:
        self._language = language

    def colours(self, lines: Sequence[str]) -> list[Runs]:
        """Return the runs of every line."""
        whole = WholeColouring(self._language, lines)
        while not whole.step(1.0):
            pass
        return whole.runs
