"""A long answer of any length: a little history of text, round after round."""

# ruff: noqa: E501 - a paragraph of markdown is one line, however long

from __future__ import annotations

from itertools import chain, count, islice, repeat
from typing import TYPE_CHECKING, Final

from desktop_chat.demo.tokens import count_tokens, tokens_of

if TYPE_CHECKING:
    from collections.abc import Iterator

_OPENING: Final = """# A long answer

You asked for {count:,} tokens. The built-in demo is no language model, so it passes the time with a little history of text, and begins anew when it has come to the end.
"""

_SECTIONS: Final = (
    """## {number}. The wire

In 1844 Samuel Morse sent the words *What hath God wrought* from Washington to Baltimore. They travelled as **dots and dashes**, one letter after another, and were read by ear or off a strip of paper.

- A letter that is used often got a short code: E is a single dot.
- A rare one got a long code: Q takes three dashes and a dot.
  - The idea is still at work in every compressed file.
""",
    """## {number}. The printing machine

A teleprinter wrote down what arrived while it arrived. Nobody waited for the whole message; people stood beside the machine and read along.

> That is what this program does with an answer, only without the noise.

The codes of those machines grew into ASCII, first published in 1963. Its *carriage return* and *line feed* were real movements of a real carriage.
""",
    """## {number}. The screen

| Year | Thing | What it brought |
| ---: | :--- | :--- |
| 1964 | IBM 2260 | text on a display, at the end of a cable |
| 1978 | VT100 | 24 lines of 80 columns |
| 1984 | Macintosh | letters of different widths for everybody |

The control codes of the VT100 are understood by terminal programs to this day.
""",
    """## {number}. All the letters

The first version of Unicode appeared in 1991, with room for *every* script. A year later Ken Thompson and Rob Pike devised UTF-8, which takes one to four bytes for a character today:

```python
for letter in "aé中🙂":
    print(letter, len(letter.encode("utf-8")))
```

So 你好, Привет and γειά can stand in one line, and no reader has to be told which alphabet comes next.
""",
    """## {number}. Links

Tim Berners-Lee wrote the first web browser in 1990, at CERN. Its pages held:

1. headings,
2. lists, like this one,
3. and **links**, the part that changed the world.

The first browser could also edit. That was soon forgotten, and took many years to come back.
""",
    """## {number}. Plain marks

In 2004 John Gruber published Markdown: marks that people already used in e-mail, such as `*stars*` and `> quotes`, were given a meaning. The text stays readable as it is; formatting it is a kindness to the reader.

Language models write it too, which is why this answer has headings, a table and a piece of code, and is set in type **while you read it**.
""",
)

_FILLING: Final = """Here the sections stop, because the next one would be longer than what is left of the number that you named. So this last paragraph only fills the space, as printers once did with a verse or a recipe when a column came out too short. Newspapers kept such pieces ready, set in metal, in every length: two lines about the largest pumpkin of the county, four about the height of a distant mountain, eight about a clock that had not been wound for a hundred years and was right twice a day all the same. Nobody signed them and nobody complained about them, and a good many people are said to have read them first. When the pages began to be set by computers, the gaps could be spread between the lines instead, and the little pieces went out of use. The last word goes to whoever is still reading: thank you for your patience, and good luck with the pumpkin, the mountain and the clock. What is left is counted out in dots"""
_ENDING: Final = "."


def long_answer(length: int) -> Iterator[str]:
    """Yield exactly `length` tokens: whole sections as long as they fit, then plain words."""
    left = length
    for number in count(0):
        text = "\n" + _section(number) if number else _OPENING.format(count=length)
        size = count_tokens(text)
        if size > left:
            break
        yield from tokens_of(text)
        left -= size
    if 0 < left < length:
        yield "\n"
        left -= 1
    yield from islice(chain(tokens_of(_FILLING), repeat(_ENDING)), max(0, left - 1))
    if left:
        yield _ENDING


def _section(number: int) -> str:
    return _SECTIONS[(number - 1) % len(_SECTIONS)].format(number=number)
