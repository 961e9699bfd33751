"""Which parameter a service's words mean, and which a protocol has no field for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_chat.domain.parameter_refusals import refused_parameter, unsent
from desktop_chat.domain.parameters import Parameters
from desktop_chat.domain.providers import Provider
from tests.domain.test_parameters import WHOLE


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


def test_what_a_protocol_has_no_field_for_is_told() -> None:
    there = Provider(id="p", name="There", protocol="openai_responses", base_url="")
    both = Parameters(seed=1, stop=("END",), temperature=0.5)
    assert unsent(both, there) == "There does not know “Seed” and “Stop at”; they are not sent."
    assert unsent(Parameters(temperature=0.5), there) == ""
    local = Parameters(context_tokens=5)
    assert unsent(local, replace(there, protocol="ollama_chat")) == ""
    assert "“Context”; it is not" in unsent(local, replace(there, protocol="light_chat"))
