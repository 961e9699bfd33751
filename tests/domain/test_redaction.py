"""Keys leave no trace in what people read."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote, quote_plus

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


@pytest.mark.parametrize("key", ["plain-7d1f00bac0ffee", 'o"dd/horse:bat\\tery é7d1f'])
def test_a_key_is_masked_however_programs_write_it(key: str) -> None:
    Secret(key)
    data = key.encode()
    written = (
        f"{key!r}", f"{data!r}", json.dumps({"x": key}), json.dumps(key, ensure_ascii=False),
        quote(key), quote(key, safe=""), quote_plus(key), key.replace("/", "\\/"),
        base64.b64encode(data).decode(), base64.urlsafe_b64encode(data).decode(),
    )  # fmt: skip
    for text in written:
        for shown in (redact_all(f"<{text}>"), redact(f"<{text}>", [Secret(key)])):
            assert MASK in shown
            assert "7d1f" not in shown
            assert len(shown) < 20


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
