"""What the demo answers: reasoning and text, for what a conversation asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.demo import prose
from desktop_chat.demo.formulas import FORMULAS
from desktop_chat.demo.long_text import long_answer
from desktop_chat.demo.picture import data_address
from desktop_chat.demo.quoting import quoted
from desktop_chat.demo.tokens import tokens_of
from desktop_chat.demo.wishes import Subject, Wish, wish_in

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_NOTHING: Final = "(nothing)"


@dataclass(frozen=True, slots=True)
class Turn:
    """A message of the conversation that was sent."""

    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The pieces of an answer, made while they are sent."""

    wish: Wish
    reasoning: Iterator[str]
    text: Iterator[str]


def answer_to(turns: Sequence[Turn], site: str = "") -> Answer:
    """Return the answer to the last question of a conversation; `site` is the demo's address."""
    questions = [index for index, turn in enumerate(turns) if turn.role == "user"]
    question = turns[questions[-1]].text if questions else ""
    wish = wish_in(question)
    if wish.subject is Subject.CONTINUE:
        return Answer(wish, iter(()), _continued(turns[: questions[-1]]))
    if wish.subject is Subject.IMAGE:
        text = prose.IMAGE.format(site=site, data=data_address())
        return Answer(wish, iter(()), tokens_of(text))
    reasoning = prose.REASONING.format(quote=_quote(question)) if wish.think else ""
    return Answer(wish, tokens_of(reasoning), _text(wish, question))


def _text(wish: Wish, question: str) -> Iterator[str]:
    if wish.subject is Subject.LONG:
        return long_answer(wish.count)
    if wish.subject is Subject.MATHS:
        return tokens_of(FORMULAS)
    if wish.subject is Subject.SCRIPTS:
        return tokens_of(prose.SCRIPTS)
    if wish.subject is Subject.CODE:
        lines = "line" if wish.count == 1 else "lines"
        code = "\n".join(_code_lines(wish.count))
        text = prose.CODE.format(count=f"{wish.count:,}", lines=lines, code=code)
    elif wish.subject is Subject.HELP:
        text = prose.HELP.format(words=prose.WORDS)
    else:
        text = prose.TOUR.format(quote=_quote(question), words=prose.WORDS)
    return tokens_of(text)


def _continued(turns: Sequence[Turn]) -> Iterator[str]:
    """Carry on with the answer that stands last, from where it was cut."""
    said = ""
    for index in range(len(turns) - 1, -1, -1):
        turn = turns[index]
        if turn.role == "assistant":
            said = turn.text + said
        elif turn.role == "user":
            wish = wish_in(turn.text)
            if wish.subject is not Subject.CONTINUE:
                return _rest(_text(wish, turn.text), said)
    return tokens_of(prose.ALREADY_SAID)


def _rest(whole: Iterator[str], said: str) -> Iterator[str]:
    text = "".join(whole)
    if text.startswith(said) and len(said) < len(text.rstrip()):
        return tokens_of(text[len(said) :])
    return tokens_of(prose.ALREADY_SAID)


def _code_lines(count: int) -> Iterator[str]:
    """Yield exactly `count` lines of Python that runs."""
    whole, rest = divmod(count, 5)
    for number in range(1, whole + 1):
        yield f"def step_{number}(value: int) -> int:"
        yield f'    """Take step {number} of {whole}."""'
        yield f"    return value * {number % 9 + 1} + {number % 7}"
        yield ""
        yield ""
    for number in range(1, rest + 1):
        yield f"print({number})"


def _quote(question: str) -> str:
    return quoted(question) or _NOTHING
