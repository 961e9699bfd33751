"""Lines that later lines may still give another meaning, other than by going on with the block.

A link definition may take a title from the lines below it, and displayed mathematics is only known
by its end. Until that is decided nothing from there on may be taken for final.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.markdown.limits import LONGEST_DEFINITION, LONGEST_FORMULA
from desktop_chat.markdown.spacing import is_blank

if TYPE_CHECKING:
    from collections.abc import Sequence

_LEAD = re.compile(r"(?:[\s>]|[-+*](?=\s)|\d{1,9}[.)](?=\s)|\[\^[^\s\[\]^]+\]:)*")
_LABEL = re.compile(r"\[(?:[^\[\]\\]|\\.)*(?:(\])(:?)|$)")
_TITLED = re.compile(r"\s*\S+\s+(?:\"[^\"\\]*\"|'[^'\\]*'|\([^()\\]*\))\s*$")
_UNTITLED = re.compile(r"\s*[^\s<]\S*\s*$")
_FORMULAS = {"$$": "$$", "\\[": "\\]"}


def decided(lines: Sequence[str]) -> int:
    """Return how many of the first lines mean what they mean whatever follows."""
    count = len(lines)
    good, reach = 0, 0
    for index in range(count):
        if reach <= index:
            good = index
        line = lines[index]
        if "[" in line or "$$" in line:
            reach = max(reach, _reach(lines, index))
    return count if reach <= count else good


def _reach(lines: Sequence[str], index: int) -> int:
    """Return the line after the last one that decides the meaning of a line."""
    lead = _LEAD.match(lines[index])
    text = lines[index][lead.end() :] if lead else ""
    if text[:2] in _FORMULAS:
        return _formula_reach(lines, index, text)
    if text.startswith("["):
        return _definition_reach(lines, index, text)
    return index + 1


def _formula_reach(lines: Sequence[str], index: int, text: str) -> int:
    closer = _FORMULAS[text[:2]]
    if closer in text[2:]:
        return index + 1
    end = _until(lines, index, LONGEST_FORMULA, closer)
    if end > len(lines):
        return end
    last = lines[end - 1].rstrip()
    # One that is not closed as it should be is text, whatever else follows.
    closed = last.endswith(closer) and last.count(closer) == 1
    return end if closed else index + 1


def _definition_reach(lines: Sequence[str], index: int, text: str) -> int:
    label = _LABEL.match(text)
    if label is None or (label[1] and not label[2]):
        return index + 1
    rest = text[label.end() :]
    if _TITLED.match(rest):
        return index + 1
    if _UNTITLED.match(rest):
        if index + 1 == len(lines):
            return index + 2
        if lines[index + 1].lstrip(" \t>")[:1] not in tuple("\"'("):
            return index + 1
    return _until(lines, index, LONGEST_DEFINITION)


def _until(lines: Sequence[str], index: int, longest: int, closer: str = "") -> int:
    """Return the line after the first blank or closing one, within so many lines."""
    for at in range(index + 1, min(len(lines), index + longest)):
        if is_blank(lines[at]) or (closer and closer in lines[at]):
            return at + 1
    return index + longest
