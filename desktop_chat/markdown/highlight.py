"""Colours of code, as roles of the theme: which part of each line is a keyword, a string, ...

Pygments is imported when the first code is coloured; `preparing.py` pays for that beforehand.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pygments.lexer import Lexer
    from pygments.token import _TokenType

MAX_LINES = 5000
MAX_CHARACTERS = 512 * 1024
MAX_LINE = 5000
"""Some lexers take time that is quadratic in the length of a line."""

ROLES = (
    "keyword",
    "constant",
    "function",
    "string",
    "number",
    "comment",
    "type",
    "builtin",
    "operator",
    "tag",
    "attribute",
    "added",
    "removed",
)

_ROLE_OF_TOKEN = {
    "Comment": "comment",
    "Comment.Preproc": "keyword",
    "Comment.PreprocFile": "string",
    "Generic.Deleted": "removed",
    "Generic.Error": "removed",
    "Generic.Heading": "keyword",
    "Generic.Inserted": "added",
    "Generic.Prompt": "comment",
    "Generic.Subheading": "keyword",
    "Keyword": "keyword",
    "Keyword.Constant": "constant",
    "Keyword.Type": "type",
    "Literal.Date": "number",
    "Literal.Number": "number",
    "Literal.String": "string",
    "Literal.String.Affix": "keyword",
    "Literal.String.Escape": "constant",
    "Literal.String.Interpol": "constant",
    "Name.Attribute": "attribute",
    "Name.Builtin": "builtin",
    "Name.Builtin.Pseudo": "constant",
    "Name.Class": "type",
    "Name.Constant": "constant",
    "Name.Decorator": "attribute",
    "Name.Entity": "constant",
    "Name.Exception": "type",
    "Name.Function": "function",
    "Name.Label": "attribute",
    "Name.Property": "attribute",
    "Name.Tag": "tag",
    "Name.Variable": "attribute",
    "Operator": "operator",
    "Operator.Word": "keyword",
}

_PLAIN_NAMES = frozenset({"", "plain", "plaintext", "text", "txt", "none", "output", "math"})
_OTHER_NAMES = {
    "console": "bash",
    "docker": "dockerfile",
    "golang": "go",
    "jsonc": "json",
    "json5": "json",
    "jsonl": "json",
    "py": "python",
    "shell-session": "bash",
    "terminal": "bash",
    "vue": "html",
    "svelte": "html",
}


class Run(NamedTuple):
    """A part of a line that has a role; text outside of runs is plain."""

    start: int
    end: int
    role: str


Runs = tuple[Run, ...]


@cache
def role_of(token: _TokenType) -> str:
    """Return the role of a kind of token, or nothing for plain text."""
    name = str(token).removeprefix("Token").removeprefix(".")
    while name:
        if name in _ROLE_OF_TOKEN:
            return _ROLE_OF_TOKEN[name]
        name = name.rpartition(".")[0]
    return ""


def lexer_name(language: str) -> str:
    """Return the name a lexer may have, from what stands behind a fence: `{.python}`, `c++`."""
    found = re.match(r"[{.\s]*([\w+#.-]+)", language.lower())
    name = found[1] if found else ""
    return _OTHER_NAMES.get(name, name)


def is_plain(name: str) -> bool:
    """Return whether a name as `lexer_name` gives it says that there are no colours."""
    return name in _PLAIN_NAMES


def is_known(name: str) -> bool:
    """Return whether there is a lexer of a name as `lexer_name` gives it."""
    return name in _known_names()


@cache
def find_lexer(language: str) -> Lexer | None:
    """Return the lexer for a language's name; unknown ones have none and stay plain."""
    name = lexer_name(language)
    if is_plain(name) or not is_known(name):
        return None
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - late, for start-up's sake

    return get_lexer_by_name(name, stripnl=False, ensurenl=False)


@cache
def _known_names() -> frozenset[str]:
    """Return all names without asking installed plugins: that scans every package."""
    from pygments.lexers import get_all_lexers  # noqa: PLC0415 - late, for start-up's sake

    return frozenset(alias for lexer in get_all_lexers(plugins=False) for alias in lexer[1])


def is_coloured(language: str, lines: Sequence[str]) -> bool:
    """Return whether a block is coloured at all: known, and within limits."""
    if len(lines) > MAX_LINES or sum(map(len, lines)) + len(lines) > MAX_CHARACTERS:
        return False
    if any(len(line) > MAX_LINE for line in lines):
        return False
    return find_lexer(language) is not None
