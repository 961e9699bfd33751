"""Parameters in a person's words, and in a service's."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_chat.domain.parameter_words import (
    BY_NAME,
    FIELDS,
    refused_parameter,
    summary,
    unsent,
)
from desktop_chat.domain.parameters import NAMES, Parameters
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.providers import Provider
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


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("Unsupported value: 'temperature' does not support 0.7 with this model.", "Temperature"),
        ("`top_p` and `temperature` cannot both be set", "Top P"),
        ("max_completion_tokens is too large: 100000", "Longest answer"),
        ("Unknown name \"topP\" at 'generation_config'", "Top P"),
        ('"llama3" does not support thinking', "Reasoning"),
        ("top_k: Extra inputs are not permitted", "Extra JSON field top_k"),
        ("unexpected header x-title", "header X-Title"),
        ("The model is on holiday", ""),
        ("nonstop flights, reseeding", ""),
    ],
)
def test_a_refusal_names_the_parameter(words: str, named: str) -> None:
    assert refused_parameter(WHOLE, words) == named


def test_a_parameter_that_is_not_set_is_not_to_blame() -> None:
    assert refused_parameter(Parameters(seed=1), "temperature is wrong") == ""


def test_words_of_every_day_count_only_where_they_are_asked_to() -> None:
    assert refused_parameter(WHOLE, "the system is down", plain=False) == ""
    assert refused_parameter(WHOLE, "max_tokens is too large", plain=False) == "Longest answer"


def test_a_summary_tells_what_is_set_on_one_line() -> None:
    told = summary(Parameters(system="Be\nbrief.", temperature=0.5))
    assert told == "System prompt: Be brief.; Temperature: 0.5"


def test_what_a_protocol_has_no_field_for_is_told() -> None:
    there = Provider(id="p", name="There", protocol="openai_responses", base_url="")
    both = Parameters(seed=1, stop=("END",), temperature=0.5)
    assert unsent(both, there) == "There does not know “Seed” and “Stop at”; they are not sent."
    assert unsent(Parameters(temperature=0.5), there) == ""
    local = Parameters(context_tokens=5)
    assert unsent(local, replace(there, protocol="ollama_chat")) == ""
    assert "“Context”; it is not" in unsent(local, replace(there, protocol="light_chat"))
