"""Parameters in a person's words, and in a service's."""

from __future__ import annotations

import pytest

from desktop_chat.domain.parameter_words import BY_NAME, FIELDS, summary
from desktop_chat.domain.parameters import NAMES, Parameters
from desktop_chat.domain.provider_words import WordsError
from tests.domain.test_parameters import WHOLE


def test_every_parameter_has_its_words() -> None:
    assert {field.name for field in FIELDS} == set(NAMES)
    assert all(field.label for field in FIELDS)


def test_what_is_written_reads_back() -> None:
    for field in FIELDS:
        assert field.value(field.text(WHOLE)) == getattr(WHOLE, field.name)
        assert field.value("  ") == getattr(Parameters(), field.name)
        assert field.text(Parameters()) == ""


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("temperature", "0,7", 0.7),
        ("temperature", " 2 ", 2.0),
        ("max_tokens", "16,000", 16_000),
        ("seed", "-5", -5),
        ("stop", " END\n\\n\\n\nC:\\\\new", (" END", "\n\n", "C:\\new")),
        ("headers", "X-A: 1\n\nX-B: b", (("X-A", "1"), ("X-B", "b"))),
    ],
)
def test_words_become_values(name: str, text: str, value: object) -> None:
    assert BY_NAME[name].value(text) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("temperature", "hot"),
        ("temperature", "nan"),
        ("temperature", "2.1"),
        ("top_p", "-0.1"),
        ("max_tokens", "0"),
        ("max_tokens", "many"),
        ("seed", "1.5"),
        ("reasoning_effort", "a lot"),
        ("extra_body", "[1]"),
        ("extra_body", '{"a": '),
        ("extra_body", '{"a": [{"b": "sk-proj-0123456789abcdefABCDEF0123456789"}]}'),
        ("headers", "nonsense"),
        ("headers", "Authorization: Bearer x"),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(name: str, text: str) -> None:
    with pytest.raises(WordsError) as caught:
        BY_NAME[name].value(text)
    assert str(caught.value).count(" ") > 2
    assert "sk-proj" not in str(caught.value)
    assert "Bearer" not in str(caught.value)


def test_a_summary_tells_what_is_set_on_one_line() -> None:
    told = summary(Parameters(system="Be\nbrief.", temperature=0.5))
    assert told == "System prompt: Be brief.; Temperature: 0.5"
