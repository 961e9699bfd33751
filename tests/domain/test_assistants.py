"""Assistants' marks, and prompts with their variables."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.assistants import EXAMPLES, Assistant, filled, one_icon, variables_of


def test_variables_are_found_once_each_in_their_order() -> None:
    text = "Put {{ what }} into {{language}}, {{what}} alone. {not} {{}} {{a\nb}} {{{{deep}}}}"
    assert variables_of(text) == ("what", "language", "deep")


def test_values_take_the_variables_places_and_are_not_read_again() -> None:
    values = {"a": "{{b}}", "b": r"\1 \g<0>"}
    assert filled("{{a}} {{ b }} {{c}}", values) == r"{{b}} \1 \g<0> {{c}}"


@given(st.text(), st.text())
def test_a_text_without_variables_stays_as_it_is(text: str, value: str) -> None:
    plain = text.replace("{{", "")
    assert filled(plain, {"a": value}) == plain


def test_the_examples_are_whole() -> None:
    assert all(name and text for name, text in EXAMPLES)
    assert any(variables_of(text) for _, text in EXAMPLES)


@pytest.mark.parametrize(
    ("text", "icon"),
    [
        ("", ""),
        ("  x", "x"),
        ("Editor", "E"),
        ("🖋️ pen", "🖋️"),
        ("👩‍💻 code", "👩‍💻"),
        ("🇵🇹🇩🇪", "🇵🇹"),
        ("👍🏽!", "👍🏽"),
        ("é", "é"),
        ("中文", "中"),
    ],
)
def test_an_icon_is_one_letter_or_one_emoji(text: str, icon: str) -> None:
    assert one_icon(text) == icon


@given(st.text())
def test_an_icon_never_takes_more_room_than_a_few_characters(text: str) -> None:
    assert len(one_icon(text)) <= 22


def test_a_mark_stands_in_for_an_icon() -> None:
    assert Assistant(id="a", name="editor").mark == "E"
    assert Assistant(id="a", name="editor", icon="🖋").mark == "🖋"
