"""What a question asks of the demo: a few words that it understands anywhere in it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

LONGEST: Final = 200_000
"""Tokens of a long answer, at most."""
MOST_LINES: Final = 20_000
"""Lines of a block of code, at most."""
_USUAL_LENGTH: Final = 1_200
_LOOKED_AT: Final = 100_000
"""Characters of a question that are looked at."""

_NUMBER: Final = r"[\s:=]*([0-9][0-9_,]{0,11})"
_LONG: Final = re.compile(rf"\blong{_NUMBER}", re.IGNORECASE)
_LONG_ANSWER: Final = re.compile(r"\blong(?:er)? +(?:answer|reply|text|story|one)\b", re.IGNORECASE)
_CODE: Final = re.compile(rf"\bcode{_NUMBER}", re.IGNORECASE)
_MATHS: Final = re.compile(r"\bmaths?\b", re.IGNORECASE)
_ERROR: Final = re.compile(r"\berror[\s:=]*([0-9]{3})\b", re.IGNORECASE)
_HELP: Final = re.compile(r"\W*help\W*", re.IGNORECASE)
_IMAGE: Final = re.compile(r"\W*images?\W*", re.IGNORECASE)
_SCRIPTS: Final = re.compile(r"\W*scripts?\W*", re.IGNORECASE)
_CONTINUE: Final = re.compile(r"\W*continue( where you (stopped|left off))?\W*", re.IGNORECASE)
_THINK: Final = re.compile(r"\bthink(?:ing)?\b", re.IGNORECASE)
_SLOW: Final = re.compile(r"\bslow(?:ly)?\b", re.IGNORECASE)
_DROP: Final = re.compile(r"\bdrop\b", re.IGNORECASE)


class Subject(Enum):
    """What the answer is about."""

    TOUR = auto()
    HELP = auto()
    LONG = auto()
    CODE = auto()
    MATHS = auto()
    IMAGE = auto()
    SCRIPTS = auto()
    CONTINUE = auto()


_WHOLE: Final = (
    (_HELP, Subject.HELP),
    (_IMAGE, Subject.IMAGE),
    (_SCRIPTS, Subject.SCRIPTS),
    (_CONTINUE, Subject.CONTINUE),
)
"""What a question must say alone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """An answer that is asked for, and how it is to come."""

    subject: Subject = Subject.TOUR
    count: int = 0
    """Tokens of a long answer, or lines of code."""
    error: int = 0
    """The status to refuse with; 0: answer."""
    think: bool = False
    slow: bool = False
    drop: bool = False


def wish_in(question: str) -> Wish:
    """Return what a question asks for."""
    text = question[:_LOOKED_AT]
    subject, count = _subject(text)
    error = _ERROR.search(text)
    return Wish(
        subject=subject,
        count=count,
        error=int(error.group(1)) if error else 0,
        think=_THINK.search(text) is not None,
        slow=_SLOW.search(text) is not None,
        drop=_DROP.search(text) is not None,
    )


def _subject(text: str) -> tuple[Subject, int]:
    if found := _CODE.search(text):
        return Subject.CODE, _number(found.group(1), MOST_LINES)
    if found := _LONG.search(text):
        return Subject.LONG, _number(found.group(1), LONGEST)
    if _LONG_ANSWER.search(text):
        return Subject.LONG, _USUAL_LENGTH
    return _other_subject(text), 0


def _other_subject(text: str) -> Subject:
    """Return what a question asks for that counts nothing."""
    if _MATHS.search(text):
        return Subject.MATHS
    whole = (subject for words, subject in _WHOLE if words.fullmatch(text))
    return next(whole, Subject.TOUR)


def _number(digits: str, most: int) -> int:
    return max(1, min(most, int(re.sub("[_,]", "", digits))))
