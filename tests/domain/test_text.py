"""Text as it enters a message."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.text import TextIntake, clean

# Every code unit that JSON can escape, halves of surrogate pairs among them.
UNITS = st.text(st.characters(max_codepoint=0xFFFF, categories=None), max_size=40)
PIECES = st.lists(UNITS, max_size=8)


@given(UNITS)
def test_cleaned_text_can_be_stored_anywhere(text: str) -> None:
    cleaned = clean(text)
    cleaned.encode()
    assert "\0" not in cleaned


@given(st.text())
def test_text_that_is_whole_stays_as_it_is(text: str) -> None:
    assert clean(text) == text.replace("\0", "␀")


@given(UNITS)
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("given_text", "wanted"),
    [
        ("\ud83d\ude00", "😀"),
        ("a\ud83d", "a\ufffd"),
        ("\ude00b", "\ufffdb"),
        ("\ude00\ud83d", "\ufffd\ufffd"),
        ("\ud83d\ud83d\ude00", "\ufffd😀"),
        ("a\0b", "a␀b"),
        ("", ""),
    ],
)
def test_halves_are_joined_or_replaced(given_text: str, wanted: str) -> None:
    assert clean(given_text) == wanted


@given(PIECES)
def test_pieces_give_what_the_whole_would(pieces: list[str]) -> None:
    intake = TextIntake()
    fed = "".join(intake.feed(piece) for piece in pieces) + intake.flush()
    assert fed == clean("".join(pieces))


@given(PIECES)
def test_every_piece_that_leaves_is_already_clean(pieces: list[str]) -> None:
    intake = TextIntake()
    for piece in pieces:
        intake.feed(piece).encode()
    intake.flush().encode()


@given(st.text())
def test_a_pair_that_json_escapes_left_apart_is_joined_at_any_cut(text: str) -> None:
    escaped = json.loads(json.dumps(text))
    units = [chr(int.from_bytes(pair, "little")) for pair in _pairs(escaped.encode("utf-16-le"))]
    intake = TextIntake()
    assert "".join(map(intake.feed, units)) + intake.flush() == text.replace("\0", "␀")


def test_a_held_half_is_given_once() -> None:
    intake = TextIntake()
    assert intake.feed("a\ud83d") == "a"
    assert intake.flush() == "\ufffd"
    assert intake.flush() == ""


def _pairs(data: bytes) -> list[bytes]:
    return [data[at : at + 2] for at in range(0, len(data), 2)]
