"""Providers: addresses and origins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.providers import (
    DEMO_PROVIDER_ID,
    Provider,
    is_loopback,
    split_origin,
)


def provider(url: str, one: str = "p") -> Provider:
    return Provider(id=one, name="P", protocol="openai_chat", base_url=url)


@pytest.mark.parametrize(
    ("url", "origin"),
    [
        ("https://api.example.org/v1", ("https", "api.example.org", 443)),
        ("http://localhost:11434/v1", ("http", "localhost", 11434)),
        ("http://[::1]:8080", ("http", "::1", 8080)),
        ("https://API.Example.org", ("https", "api.example.org", 443)),
        ("http://example.org", ("http", "example.org", 80)),
        ("https://user:pw@example.org:8443/x", ("https", "example.org", 8443)),
        ("ftp://example.org", ("", "", 0)),
        ("example.org/v1", ("", "", 0)),
        ("https://example.org:99999", ("", "", 0)),
        ("https://example.org:port", ("", "", 0)),
        ("http://[::1", ("", "", 0)),
        ("", ("", "", 0)),
    ],
)
def test_an_address_has_an_origin(url: str, origin: tuple[str, str, int]) -> None:
    assert split_origin(url) == origin


@given(st.text())
def test_no_address_breaks_the_reading_of_it(url: str) -> None:
    scheme, _, port = split_origin(url)
    assert scheme in ("", "http", "https")
    assert 0 <= port <= 65535


def test_an_origin_names_the_port_always() -> None:
    assert provider("https://api.example.org/v1").origin == "https://api.example.org:443"
    assert (
        provider("https://api.example.org/v1").origin != provider("http://api.example.org").origin
    )


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("api.localhost", True),
        ("127.0.0.1", True),
        ("127.8.8.8", True),
        ("::1", True),
        ("192.168.0.2", False),
        ("localhost.example.org", False),
        ("notlocalhost", False),
        ("", False),
    ],
)
def test_this_computer_is_told_apart(host: str, local: bool) -> None:
    assert is_loopback(host) is local


def test_a_provider_knows_whether_it_is_local_or_the_demo() -> None:
    assert provider("http://127.0.0.1:1234/v1").is_local
    assert not provider("https://api.example.org").is_local
    assert provider("http://127.0.0.1:1", DEMO_PROVIDER_ID).is_demo
    assert not provider("http://127.0.0.1:1").is_demo
