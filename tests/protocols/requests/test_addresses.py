"""Base URLs in each form in which people paste them."""

from __future__ import annotations

import pytest

from desktop_chat.protocols.requests.addresses import endpoint, models_endpoint, segment, with_query


@pytest.mark.parametrize(
    ("base", "path", "expected"),
    [
        ("https://h", "/chat/completions", "https://h/chat/completions"),
        ("https://h/v1", "/chat/completions", "https://h/v1/chat/completions"),
        ("https://h/v1/", "/chat/completions", "https://h/v1/chat/completions"),
        (" https://h/v1/chat/completions ", "/chat/completions", "https://h/v1/chat/completions"),
        ("https://h/v1/chat", "/chat/completions", "https://h/v1/chat/completions"),
        ("https://h/v1?a=7", "/chat/completions", "https://h/v1/chat/completions?a=7"),
        ("https://h", "/v1/messages", "https://h/v1/messages"),
        ("https://h/", "/v1/messages", "https://h/v1/messages"),
        ("https://h/v1", "/v1/messages", "https://h/v1/messages"),
        ("https://h/v1/", "/v1/messages", "https://h/v1/messages"),
        ("https://h/v1/messages", "/v1/messages", "https://h/v1/messages"),
        ("https://h/anthropic", "/v1/messages", "https://h/anthropic/v1/messages"),
        ("https://h/anthropic/v1/", "/v1/messages", "https://h/anthropic/v1/messages"),
        ("https://h/v1x", "/v1/messages", "https://h/v1x/v1/messages"),
        ("https://h/xv1", "/v1/messages", "https://h/xv1/v1/messages"),
    ],
)
def test_a_path_is_joined_to_a_base_that_may_name_a_part_of_it(
    base: str, path: str, expected: str
) -> None:
    assert endpoint(base, path) == expected


@pytest.mark.parametrize("base", ["https://h", "https://h/v1", "https://h/v1/messages/"])
def test_the_models_stand_beside_the_chat(base: str) -> None:
    assert models_endpoint(base, "/v1/messages", "/v1/models") == "https://h/v1/models"


def test_fields_take_the_place_of_those_before_them() -> None:
    url = with_query("https://h/m?key=a&limit=5&empty=", limit="10", after="x y&z")
    assert url == "https://h/m?key=a&empty=&limit=10&after=x+y%26z"


def test_a_models_name_is_one_segment() -> None:
    assert segment("a/b?c#d é") == "a%2Fb%3Fc%23d%20%C3%A9"
    assert segment("gemini-2.5-pro") == "gemini-2.5-pro"
    assert segment("half \ud83d") == "half%20%3F"
