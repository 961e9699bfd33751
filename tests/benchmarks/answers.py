"""Long answers of each kind, cut into tokens without regard for anything."""

from __future__ import annotations

from typing import Final

TOKEN: Final = 4
"""Characters, of which services send about so many in one."""

SECTION: Final = """\
## What the {n}th measure says

The quick brown fox of sample {n} jumps over **{n} lazy dogs**, with `code_{n}()` in between, \
and a [link](https://example.org/{n}) to where *all of it* was written down at length. \
中文也在这里, so that a line breaks without spaces.

- a first point, which is short
- a second one, which says **rather more** and breaks over the end of its line, as points will
  1. nested, once
  2. nested, twice

> A quote of somebody who had something to say about sample {n}.

```python
def sample_{n}(values: list[int]) -> int:
    # Adds what there is to add.
    return sum(value * {n} for value in values if value > 0)
```

| measure | first | second |
|---|---:|---:|
| one of {n} | {n}.5 | 17 |
| another | 3 | **{n}** |

"""
LATIN: Final = (
    "In the end it was said at some length, and with a few asides, that nothing had changed. "
)
CHINESE: Final = (
    "最后人们用很长的篇幅说明了这一点，并且顺便提到了几件别的事情，其实什么都没有改变。"
)


def cut(text: str) -> list[str]:
    """Return a text as the tokens in which it arrives."""
    return [text[at : at + TOKEN] for at in range(0, len(text), TOKEN)]


def mixed(tokens: int) -> str:
    """Return an answer of every kind of block."""
    text, number = "", 0
    while len(text) < tokens * TOKEN:
        number += 1
        text += SECTION.format(n=number)
    return text[: tokens * TOKEN]


def fence(lines: int) -> str:
    """Return one block of code."""
    code = (f"    total_{n} += weigh(values[{n}], 'of {n}')  # as told" for n in range(lines - 1))
    return "\n".join(("```python", "def long(values):", *code, "```", ""))


def nested_list(items: int) -> str:
    """Return one list, each third and fourth item of which is nested."""
    indents = ("", "", "  ", "    ")
    lines = (f"{indents[n % 4]}- item {n} of **a list** with a few words" for n in range(items))
    return "\n".join((*lines, ""))


def table(rows: int) -> str:
    """Return one table."""
    body = (f"| row {n} | {n}.5 | **some** words of it |" for n in range(rows))
    return "\n".join(("| name | number | words |", "|---|---:|---|", *body, ""))


def paragraph(characters: int, sentence: str = LATIN) -> str:
    """Return one paragraph."""
    return (sentence * (characters // len(sentence) + 1))[:characters]


def word(characters: int) -> str:
    """Return one word."""
    return paragraph(characters, "abcdefghijklmnopqrstuvwxyz")
