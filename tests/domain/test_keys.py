"""Keys in memory, and what a person pasted."""

from __future__ import annotations

import copy
import json
import logging
import os
import pickle
import subprocess
import sys
import traceback

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.keys import (
    KEY_LENGTH_LIMIT,
    KeyFormatError,
    KeyOutcome,
    KeyResult,
    Secret,
    clean_key,
    held_values,
    take_variable,
)

CANARY = "sk-canary-3f9a7c"


def test_no_way_of_printing_shows_a_key() -> None:
    secret = Secret(CANARY)
    result = KeyResult(KeyOutcome.OK, secret)
    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r:>9}", "%s" % secret]  # noqa: UP031
    shown += [repr(result), str(result), f"{[secret]}", f"{ {secret: secret} }"]
    assert not [text for text in shown if CANARY in text or "canary" in text]
    assert secret.reveal() == CANARY


def test_a_key_has_no_attributes_that_a_debugger_lists() -> None:
    with pytest.raises(TypeError):
        vars(Secret(CANARY))


def test_a_key_is_in_no_log_and_no_traceback(caplog: pytest.LogCaptureFixture) -> None:
    secret = Secret(CANARY)
    try:
        int(secret)  # type: ignore[call-overload]
    except TypeError:
        logging.getLogger("test").exception("with %s and %r", secret, secret)
        assert CANARY not in traceback.format_exc()
    assert caplog.text
    assert CANARY not in caplog.text


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_a_key_is_never_pickled(protocol: int) -> None:
    with pytest.raises(TypeError):
        pickle.dumps(Secret(CANARY), protocol)


def test_a_key_is_never_copied_or_turned_into_json() -> None:
    with pytest.raises(TypeError):
        copy.copy(Secret(CANARY))
    with pytest.raises(TypeError):
        json.dumps(Secret(CANARY))


def test_keys_are_equal_by_their_value() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
    assert hash(Secret("a")) == hash(Secret("a"))
    assert Secret("a")
    assert not Secret("")


@pytest.mark.parametrize(
    "pasted",
    [
        f"{CANARY}\n",
        f"  {CANARY}\r\n",
        f"\ufeff{CANARY}\u200b",
        f"Bearer {CANARY}",
        f"bearer {CANARY}",
        f"Bearer: {CANARY}",
        f"Authorization: Bearer {CANARY}",
        f'"{CANARY}"',
        f"'{CANARY}'",
        "sk-\u00adcanary-\u20603f9a7c",
    ],
)
def test_what_is_pasted_around_a_key_is_taken_off(pasted: str) -> None:
    assert clean_key(pasted).reveal() == CANARY


@pytest.mark.parametrize("pasted", ["", " \n", "\u200b", '""', "Bearer "])
def test_an_empty_key_is_told_apart(pasted: str) -> None:
    with pytest.raises(KeyFormatError, match="empty"):
        clean_key(pasted)


BROKEN = ["\n", "\r\n", "\t", "\0", "\x1b", "\x7f", "\x85", "\u2028", "\u2029"]


@pytest.mark.parametrize("between", BROKEN, ids=ascii)
def test_more_than_one_line_and_control_characters_are_refused(between: str) -> None:
    with pytest.raises(KeyFormatError, match="one line") as error:
        clean_key(f"sk-canary{between}-3f9a7c")
    assert "canary" not in str(error.value)


@pytest.mark.parametrize("pasted", [f"{CANARY}é", f"{CANARY}…", "ключ", "•••"])
def test_letters_that_no_key_has_are_refused_without_showing_the_key(pasted: str) -> None:
    with pytest.raises(KeyFormatError) as error:
        clean_key(pasted)
    assert pasted not in str(error.value)


def test_a_key_that_no_keyring_could_hold_is_refused() -> None:
    assert clean_key("k" * KEY_LENGTH_LIMIT)
    with pytest.raises(KeyFormatError, match="too long"):
        clean_key("k" * (KEY_LENGTH_LIMIT + 1))


@given(st.text())
def test_a_cleaned_key_can_stand_in_a_header(pasted: str) -> None:
    try:
        key = clean_key(pasted).reveal()
    except KeyFormatError:
        return
    assert key.isascii()
    assert key.isprintable()
    assert " " not in key
    assert clean_key(key).reveal() == key


def test_a_key_from_a_variable_is_not_passed_on_to_other_programs(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SOME_KEY", CANARY)
    assert take_variable("SOME_KEY") == Secret(CANARY)
    command = [sys.executable, "-c", "import os; print(os.environ.get('SOME_KEY'))"]
    assert subprocess.run(command, check=True, capture_output=True).stdout == b"None\n"
    assert take_variable("SOME_KEY") == Secret(CANARY)
    assert take_variable("NO_SUCH_KEY") is None


def test_a_newer_value_of_a_variable_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_KEY", "older")
    take_variable("SOME_KEY")
    monkeypatch.setenv("SOME_KEY", "newer")
    assert take_variable("SOME_KEY") == Secret("newer")


def test_what_every_program_needs_is_no_key() -> None:
    path = os.environ["PATH"]
    assert take_variable("PATH") is None
    assert os.environ["PATH"] == path
    assert path not in held_values()
