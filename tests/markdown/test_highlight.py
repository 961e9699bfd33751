"""Colours of code, whole and while it grows."""

from __future__ import annotations

import itertools
import random
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.markdown import colouring, lexing
from desktop_chat.markdown.colouring import Highlighter, OpenColouring, WholeColouring
from desktop_chat.markdown.highlight import (
    MAX_LINE,
    MAX_LINES,
    ROLES,
    Run,
    is_coloured,
    lexer_name,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pygments.lexer import Lexer

PYTHON = '''\
@decorate
class Thing(Base):
    """Says what
    it is."""

    def method(self, x: int = 3) -> str:
        # a comment
        return f"{x} {self}" + 'a' if x is not None else ""
'''.splitlines()


def roles(language: str, line: str) -> dict[str, str]:
    runs = Highlighter(language).colours([line])[0]
    return {line[run.start : run.end]: run.role for run in runs}


def test_roles_are_those_of_the_theme() -> None:
    found = roles("python", "def add(a): return a + 1  # why")
    assert found["def"] == "keyword"
    assert found["add"] == "function"
    assert found["1"] == "number"
    assert found["# why"] == "comment"
    assert found["+"] == "operator"


@pytest.mark.parametrize(
    ("language", "line", "word", "role"),
    [
        ("html", '<p class="x">', "class", "attribute"),
        ("html", "<p>", "p", "tag"),
        ("diff", "+new", "+new", "added"),
        ("diff", "-old", "-old", "removed"),
        ("java", "int x;", "int", "type"),
        ("json", '{"a": true}', "true", "constant"),
        ("bash", "echo hi", "echo", "builtin"),
        ("python", 'x = "s"', '"s"', "string"),
    ],
)
def test_languages_have_colours(language: str, line: str, word: str, role: str) -> None:
    assert roles(language, line)[word] == role


def test_every_role_is_known_to_themes() -> None:
    languages = ["python", "c", "html", "css", "sql", "rust", "diff", "yaml", "php", "bash"]
    for language in languages:
        for runs in Highlighter(language).colours(PYTHON):
            assert {run.role for run in runs} <= set(ROLES)


@pytest.mark.parametrize("language", ["", "unheard-of", "text", "math", "💥", "../../etc"])
def test_unknown_languages_are_plain(language: str) -> None:
    assert Highlighter(language).colours(["def a(): 1"]) == [()]
    assert not is_coloured(language, ["a"])


@pytest.mark.parametrize(
    ("name", "lexer"),
    [("Python", "python"), ("{.python}", "python"), ("c++", "c++"), ("python:a.py", "python")],
)
def test_what_stands_behind_a_fence_names_a_lexer(name: str, lexer: str) -> None:
    assert lexer_name(name) == lexer


def test_every_line_has_its_runs_in_order() -> None:
    for line, runs in zip(PYTHON, Highlighter("python").colours(PYTHON), strict=True):
        edges = [edge for run in runs for edge in (run.start, run.end)]
        assert edges == sorted(edges)
        assert not edges or edges[-1] <= len(line)


def test_very_large_blocks_stay_plain() -> None:
    assert not is_coloured("python", ["x"] * (MAX_LINES + 1))
    assert not is_coloured("python", ["x" * 200] * 4000)
    assert not is_coloured("python", ["x" * (MAX_LINE + 1)])


def test_colouring_works_in_short_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """By a clock that goes on by a millisecond whenever it is looked at, a step is a few lines."""
    clock = itertools.count()
    monkeypatch.setattr(colouring, "perf_counter", lambda: next(clock) / 1000)
    lines = PYTHON * 60
    whole = WholeColouring("python", lines)
    most, done = 0, False
    while not done:
        before = len(whole.runs)
        done = whole.step(0.001)
        most = max(most, len(whole.runs) - before)
    assert whole.done
    assert most < len(lines) // 4
    assert whole.runs == Highlighter("python").colours(lines)


@pytest.mark.parametrize("language", ["python", "javascript", "rust", "bash", "go"])
def test_a_block_that_grows_ends_with_nearly_the_same_colours(language: str) -> None:
    lines = PYTHON * 4
    growing = OpenColouring(language)
    for count in range(1, len(lines) + 1):
        partial = [*lines[: count - 1], lines[count - 1][: len(lines[count - 1]) // 2]]
        growing.update(partial, max(0, count - 2))
        growing.update(lines[:count], count - 1)
    whole = Highlighter(language).colours(lines)
    different = sum(a != b for a, b in zip(growing.runs, whole, strict=True))
    assert different <= len(lines) // 5


def test_python_that_grows_ends_with_the_very_same_colours() -> None:
    lines = PYTHON * 10
    growing = OpenColouring("python")
    for count in range(1, len(lines) + 1):
        growing.update(lines[:count], count - 1)
    assert growing.runs == Highlighter("python").colours(lines)


def test_an_update_names_the_first_line_that_changed() -> None:
    growing = OpenColouring("python")
    growing.update(["a = 1", "b = 2"], 0)
    assert growing.update(["a = 1", "b = 2", "c = 3"], 2) == 2
    assert growing.runs[2][-1] == Run(4, 5, "number")


def test_lines_that_vanish_lose_their_runs() -> None:
    growing = OpenColouring("python")
    growing.update(["a = 1", "``"], 0)
    growing.update(["a = 1"], 1)
    assert len(growing.runs) == 1


def test_what_is_read_for_a_line_does_not_grow_with_the_block(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    read: list[int] = []
    lex_lines = lexing.lex_lines

    def counted(lexer: Lexer, text: str, stack: lexing.Stack) -> Iterator[lexing.Line | None]:
        read.append(text.count("\n"))
        return lex_lines(lexer, text, stack)

    monkeypatch.setattr(lexing, "lex_lines", counted)
    lines = PYTHON * 100
    growing = OpenColouring("python")
    growing.update(lines[:50], 0)
    for count in range(51, len(lines) + 1):
        growing.update(lines[:count], count - 1)
    quarter = len(read) // 4
    assert max(read[-quarter:]) <= max(read[1:quarter])


@pytest.mark.parametrize("seed", range(5))
def test_no_code_is_too_strange(seed: int) -> None:
    chance = random.Random(seed)
    pool = [*"(){}[]<>\"'`#/*\\=-+ \tabc01\x00\u2028é中", '"""', "/*", "*/", "<?php", "${"]
    lines = ["".join(chance.choices(pool, k=30)) for _ in range(30)]
    for language in (
        "python",
        "c",
        "js",
        "html",
        "php",
        "bash",
        "json",
        "markdown",
        "ruby",
        "perl",
    ):
        assert len(Highlighter(language).colours(lines)) == len(lines)
        growing = OpenColouring(language)
        for count in range(1, len(lines) + 1):
            growing.update(lines[:count], count - 1)
        assert len(growing.runs) == len(lines)


def test_importing_the_room_imports_no_library() -> None:
    code = (
        "import sys, desktop_chat.markdown.stream, desktop_chat.markdown.colouring, "
        "desktop_chat.markdown.flavours; "
        "print([m for m in ('markdown_it', 'pygments', 'linkify_it') if m in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_an_endless_line_is_not_coloured_anew_as_it_grows(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    lex = lexing.lex_lines

    def counted(lexer: Lexer, text: str, *rest: Any) -> Any:
        read.append(len(text))
        return lex(lexer, text, *rest)

    monkeypatch.setattr(lexing, "lex_lines", counted)
    colouring = OpenColouring("python")
    line = ""
    for _ in range(300):
        line += "x = 1; "
        colouring.update([line], 0)
    assert max(read) <= 1001
    assert len(read) < 150
    assert colouring.runs[0]
