"""Which links are opened, and what is told of them."""

from __future__ import annotations

import pytest

from desktop_chat.ui.links import is_masked, link_target


@pytest.mark.parametrize(
    ("href", "place"),
    [
        ("https://example.org/a?b=c", "example.org"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("mailto:someone@example.org", "someone@example.org"),
        ("https://user@evil.example/", "evil.example"),
    ],
)
def test_a_link_names_the_place_it_leads_to(href: str, place: str) -> None:
    target = link_target(href)
    assert target is not None
    assert target.place == place


def test_letters_that_look_like_others_are_shown_as_what_they_are() -> None:
    target = link_target("https://xn--80ak6aa92e.com/")
    assert target is not None
    assert target.place == "xn--80ak6aa92e.com"
    cyrillic = link_target("https://аррӏе.com/")
    assert cyrillic is not None
    assert cyrillic.place == "xn--80ak6aa92e.com"
    assert is_masked(cyrillic, "apple.com")


@pytest.mark.parametrize(
    "href",
    [
        "file:///etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "ssh://host",
        "https://",
        "//example.org",
        "relative/page",
        "http://[bad",
        "",
    ],
)
def test_other_kinds_of_address_lead_nowhere(href: str) -> None:
    assert link_target(href) is None


def test_a_link_that_shows_its_place_is_not_masked() -> None:
    target = link_target("https://example.org/long/path")
    assert target is not None
    assert not is_masked(target, "See Example.org for more")
    assert is_masked(target, "click here")
