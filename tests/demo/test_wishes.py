"""The words that the demo understands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.demo.wishes import LONGEST, MOST_LINES, Subject, Wish, wish_in


@pytest.mark.parametrize(
    ("question", "wish"),
    [
        ("", Wish()),
        ("Show me around", Wish()),
        ("How do I boil an egg?", Wish()),
        ("Write a long answer", Wish(subject=Subject.LONG, count=1200)),
        ("please write a LONG 2,000, thanks", Wish(subject=Subject.LONG, count=2000)),
        ("long=5", Wish(subject=Subject.LONG, count=5)),
        ("long 0", Wish(subject=Subject.LONG, count=1)),
        ("long 99999999999999999999", Wish(subject=Subject.LONG, count=LONGEST)),
        ("code 100", Wish(subject=Subject.CODE, count=100)),
        ("code 999999", Wish(subject=Subject.CODE, count=MOST_LINES)),
        ("How long is a code?", Wish()),
        ("belong 5 decode 7", Wish()),
        ("Think first", Wish(think=True)),
        ("thinking slowly", Wish(think=True, slow=True)),
        ("rethink, dropped, slower", Wish()),
        ("error 429", Wish(error=429)),
        ("Error: 500 please", Wish(error=500)),
        ("terror 401", Wish()),
        ("drop it, then", Wish(drop=True)),
        ("drop", Wish(drop=True)),
        ("help", Wish(subject=Subject.HELP)),
        ("Scripts?", Wish(subject=Subject.SCRIPTS)),
        (" Help! ", Wish(subject=Subject.HELP)),
        ("help me write a letter", Wish()),
        ("Continue where you stopped.", Wish(subject=Subject.CONTINUE)),
        ("think slow code 20", Wish(subject=Subject.CODE, count=20, think=True, slow=True)),
        ("话说 long 30 谢谢", Wish(subject=Subject.LONG, count=30)),
        ("long ٣٠", Wish()),
    ],
)
def test_a_question_is_understood(question: str, wish: Wish) -> None:
    assert wish_in(question) == wish


@given(st.text())
def test_no_question_whatever_is_a_problem(question: str) -> None:
    wish = wish_in(question)
    assert 0 <= wish.count <= LONGEST
    assert wish_in(question + " long 7 code").subject in (Subject.LONG, Subject.CODE)


def test_a_huge_question_is_read_in_a_moment() -> None:
    assert wish_in("long" * 4_000_000) == Wish()
