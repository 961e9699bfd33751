"""Parameters: what is set, joined, kept and read back."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.parameters import (
    EFFORTS,
    NOTHING_SET,
    Parameters,
    from_fields,
    from_text,
    merged,
    to_fields,
    to_text,
)

WHOLE = Parameters(
    system="Be brief.",
    temperature=0.0,
    top_p=0.9,
    max_tokens=100,
    seed=0,
    stop=("END", "\n"),
    reasoning_effort="low",
    context_tokens=8192,
    extra_body='{"top_k": 40}',
    headers=(("X-Title", "Chat"),),
)
words = st.text(st.characters(codec="utf-8"), max_size=20)
parameters = st.builds(
    Parameters,
    system=words,
    temperature=st.none() | st.floats(0, 2),
    top_p=st.none() | st.floats(0, 1),
    max_tokens=st.none() | st.integers(1, 10**6),
    seed=st.none() | st.integers(-(10**9), 10**9),
    stop=st.lists(words.filter(bool), max_size=3).map(tuple),
    reasoning_effort=st.sampled_from(("", *EFFORTS)),
    context_tokens=st.none() | st.integers(1, 10**6),
)


def test_nothing_is_set_at_first() -> None:
    assert NOTHING_SET.names == ()
    assert to_text(NOTHING_SET) == ""


def test_a_zero_is_set() -> None:
    assert Parameters(temperature=0.0, seed=0).names == ("temperature", "seed")


def test_what_is_set_nearer_counts() -> None:
    far = Parameters(system="far", temperature=1.0)
    near = Parameters(system="near", top_p=0.5)
    assert merged(far, near) == Parameters(system="near", temperature=1.0, top_p=0.5)


def test_objects_and_headers_are_joined_field_by_field() -> None:
    far = Parameters(extra_body='{"a": 1, "o": {"x": 1, "y": 1}}', headers=(("X-A", "1"),))
    near = Parameters(extra_body='{"o": {"y": 2}}', headers=(("x-a", "2"), ("X-B", "3")))
    whole = merged(far, near)
    assert whole.extra == {"a": 1, "o": {"x": 1, "y": 2}}
    assert whole.headers == (("x-a", "2"), ("X-B", "3"))


@given(parameters, parameters, parameters)
def test_joining_goes_in_any_order_of_pairs(
    one: Parameters, two: Parameters, three: Parameters
) -> None:
    assert merged(merged(one, two), three) == merged(one, merged(two, three))
    assert merged(one, NOTHING_SET) == merged(NOTHING_SET, one) == one


@given(parameters)
def test_what_is_kept_is_read_back(one: Parameters) -> None:
    assert from_text(to_text(one)) == one


def test_everything_is_kept_and_read_back() -> None:
    assert WHOLE.names == tuple(to_fields(WHOLE))
    assert from_text(to_text(WHOLE)) == WHOLE


def test_fields_of_a_newer_version_stay() -> None:
    old = '{"temperature": 1, "top_z": 7}'
    assert from_text(to_text(Parameters(seed=1), old)) == Parameters(seed=1)
    assert '"top_z": 7' in to_text(Parameters(seed=1), old)
    assert "temperature" not in to_text(Parameters(seed=1), old)


def test_damage_is_taken_as_not_set() -> None:
    damaged = {
        "system": 7,
        "temperature": "hot",
        "max_tokens": True,
        "seed": 10**40,
        "stop": ["", 5, "END"],
        "headers": {"X-A": 1, "X-B": "2"},
        "extra_body": "[1]",
        "top_p": 0.5,
    }
    expected = Parameters(top_p=0.5, stop=("END",), headers=(("X-B", "2"),))
    assert from_fields(damaged) == expected
    assert from_fields([]) == from_text("{") == from_text("[1]") == NOTHING_SET
