"""A provider in a person's own words."""

from __future__ import annotations

import pytest

from desktop_chat.domain.provider_words import WordsError, address_from


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (" https://api.example.org/v1 ", "https://api.example.org/v1"),
        ("http://host:8080", "http://host:8080"),
        ("localhost:11434/v1", "http://localhost:11434/v1"),
        ("127.0.0.1:1234", "http://127.0.0.1:1234"),
        ("[::1]:1234/v1", "http://[::1]:1234/v1"),
        ("api.example.org/v1", "https://api.example.org/v1"),
    ],
)
def test_an_address_may_leave_out_its_scheme(written: str, meant: str) -> None:
    assert address_from(written) == meant


@pytest.mark.parametrize(
    "written", ["", "two words", "ftp://host/v1", "https://", "https://ü.org", "user:pass@host/v1"]
)
def test_what_is_no_address_is_refused(written: str) -> None:
    with pytest.raises(WordsError):
        address_from(written)
