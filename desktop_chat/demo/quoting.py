"""A few words of what somebody wrote, as plain text inside markdown."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_WORDS: Final = 8
_LENGTH: Final = 60
_MARKUP: Final = re.compile(r"([!-/:-@\[-`{-~])")
"""Every ASCII punctuation mark: markdown lets each be escaped, and then it means itself alone."""
_KEPT_FORMATS: Final = "\u200c\u200d"
"""Joiners, which belong to words and emoji; other invisible characters could reorder the line."""


def quoted(text: str) -> str:
    """Return the first words of `text`, escaped so that no mark in them forms anything."""
    words = _visible(text[:2000]).split()
    short = " ".join(words[:_WORDS])
    if len(short) > _LENGTH:
        short = short[: _LENGTH - 1].rstrip() + "…"
    elif len(words) > _WORDS:
        short += " …"
    return _MARKUP.sub(r"\\\1", short)


def _visible(text: str) -> str:
    return "".join(
        one if one in _KEPT_FORMATS or unicodedata.category(one)[0] != "C" else " " for one in text
    )
