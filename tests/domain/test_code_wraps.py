"""What was chosen for code blocks comes back from its text, whatever else that text holds."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.code_wraps import MOST, CodeWrap, with_wrap, wraps_from

NUMBERS = st.integers(-2, 3)


@given(st.lists(st.tuples(st.sampled_from("abc"), NUMBERS, NUMBERS, st.booleans()), max_size=40))
def test_the_last_choice_for_each_block_counts(choices: list[tuple[str, int, int, bool]]) -> None:
    text = ""
    for message_id, block, leaf, on in choices:
        text = with_wrap(text, message_id, CodeWrap(block, leaf, on))
    wanted = {(message_id, block, leaf): on for message_id, block, leaf, on in choices}
    found = {
        (message_id, one.block, one.leaf): one.on
        for message_id, wraps in wraps_from(text).items()
        for one in wraps
    }
    assert found == wanted


@given(st.text() | st.sampled_from(["[" * 99_999, '[["a",1,0],["a",true,0,1],7]', "{}", "null"]))
def test_a_text_that_is_none_of_ours_says_nothing(text: str) -> None:
    assert wraps_from(text) == {}
    assert wraps_from(with_wrap(text, "a", CodeWrap(1, 0, on=True))) == {
        "a": (CodeWrap(1, 0, on=True),)
    }


def test_the_oldest_choices_go_first() -> None:
    text = ""
    for block in range(MOST + 5):
        text = with_wrap(text, "a", CodeWrap(block, 0, on=True))
    assert [one.block for one in wraps_from(text)["a"]] == list(range(5, MOST + 5))
