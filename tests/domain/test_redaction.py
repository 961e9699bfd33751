"""Keys leave no trace in what people read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.keys import HELD_LENGTH, MASK, Secret
from desktop_chat.domain.redaction import redact, redact_all


def test_a_known_key_is_masked_with_and_without_what_stands_before_it() -> None:
    secret = Secret("Bearer abc-123456")
    assert redact("sent Bearer abc-123456, or abc-123456", [secret]) == f"sent {MASK}, or {MASK}"


@pytest.mark.parametrize("words", ["a token economy", "the key is missing", "sketchy", "ask-me"])
def test_ordinary_words_stay(words: str) -> None:
    assert redact(words) == words


def test_every_key_that_was_held_is_masked() -> None:
    Secret("one-key-of-no-known-shape")
    Secret("one-key-of-no-known-shape-but-longer")
    shown = redact_all("<one-key-of-no-known-shape-but-longer> <one-key-of-no-known-shape>")
    assert shown == f"<{MASK}> <{MASK}>"


def test_a_short_key_does_not_blot_out_ordinary_words() -> None:
    Secret("ollama")
    assert len("ollama") < HELD_LENGTH
    assert redact_all("ollama is not running") == "ollama is not running"


@given(
    st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=HELD_LENGTH, max_size=60),
    st.text(max_size=40),
    st.text(max_size=40),
)
def test_no_text_shows_a_held_key(key: str, before: str, after: str) -> None:
    Secret(key)
    assert key not in redact_all(before + key + after).replace(MASK, " ")
