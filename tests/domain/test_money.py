"""Prices and amounts: whole numbers that never drift."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.money import (
    Price,
    PriceRow,
    dollars,
    find_price,
    micros_from,
    plain_dollars,
)
from desktop_chat.domain.providers import Provider

PRICE = Price(input=1_250_000, output=10_000_000, cached=125_000, reasoning=12_000_000)
COUNTS = st.integers(0, 10_000_000)


def provider(host: str = "api.example.org", protocol: str = "openai_chat") -> Provider:
    return Provider(id="p", name="P", protocol=protocol, base_url=f"https://{host}/v1")


def row(*models: str, **fields: object) -> PriceRow:
    return PriceRow(models=models, price=PRICE, **fields)  # type: ignore[arg-type]


def test_cached_and_reasoning_tokens_have_prices_of_their_own() -> None:
    usage = Usage(1000, 500, 200, 400)
    # 600 × 1.25 + 400 × 0.125 + 300 × 10 + 200 × 12 millionths of a dollar
    assert PRICE.of(usage) == 750 + 50 + 3000 + 2400


def test_more_cached_tokens_than_were_read_cost_no_less_than_nothing() -> None:
    assert PRICE.of(Usage(10, 10, 99, 99)) == PRICE.of(Usage(10, 10, 10, 10))


@given(st.builds(Usage, COUNTS, COUNTS), st.integers(0, 10**9), st.integers(0, 10**9))
def test_a_cost_is_the_exact_one_to_half_a_millionth(usage: Usage, read: int, written: int) -> None:
    price = Price(input=read, output=written, cached=read, reasoning=written)
    exact = Fraction(usage.input_tokens * read + usage.output_tokens * written, 1_000_000)
    assert abs(price.of(usage) - exact) <= Fraction(1, 2)


def test_long_requests_cost_their_own_price_for_all_tokens() -> None:
    dear = Price(input=2_500_000, output=0, cached=0, reasoning=0)
    tiered = row("m", above=200_000, long=dear)
    assert tiered.cost(Usage(200_000)) == 250_000
    assert tiered.cost(Usage(200_001)) == 500_003


@pytest.mark.parametrize(
    ("host", "protocol", "model", "found"),
    [
        ("api.example.org", "openai_chat", "big", True),
        ("api.example.org", "openai_chat", "big-2026-01-02", True),
        ("api.example.org", "openai_chat", "big-mini", False),
        ("api.example.org", "openai_chat", "Big", False),
        ("api.other.org", "openai_chat", "big", False),
        ("api.example.org", "anthropic_messages", "big", False),
    ],
)
def test_a_price_holds_for_what_its_row_names_alone(
    host: str, protocol: str, model: str, *, found: bool
) -> None:
    rows = (row("big", "big-????-??-??", host="api.example.org", protocol="openai_chat"),)
    assert (find_price(rows, provider(host, protocol), model) is not None) is found


@pytest.mark.parametrize("model", ["a[1]", "a[", "[!a]", "a]b"])
def test_brackets_in_a_name_are_brackets(model: str) -> None:
    assert row(model).fits(provider(), model)
    assert not row(model).fits(provider(), "a1")


def test_the_first_row_that_fits_counts() -> None:
    own, general = row("m"), row("*", host="*.example.org")
    assert find_price((own, general), provider(), "m") is own
    assert find_price((own, general), provider(), "n") is general


@pytest.mark.parametrize(
    ("written", "micros"),
    [
        ("5", 5_000_000),
        (" $5.25 ", 5_250_000),
        ("5,50", 5_500_000),
        ("0.000001", 1),
        (Decimal("0.003625"), 3625),
        (10, 10_000_000),
        ("1,000", None),
        ("-1", None),
        ("nan", None),
        ("1e99", None),
        ("five", None),
        ("", None),
        (True, None),
        (1.5, None),
    ],
)
def test_dollars_are_read_as_a_person_writes_them(written: object, micros: int | None) -> None:
    assert micros_from(written) == micros


@pytest.mark.parametrize(
    ("micros", "text"),
    [
        (0, "$0.00"),
        (1, "less than $0.0001"),
        (100, "$0.0001"),
        (12_345, "$0.0123"),
        (500_000, "$0.50"),
        (999_999, "$1.00"),
        (1_234_567_890, "$1,234.57"),
    ],
)
def test_an_amount_is_shown_as_short_as_it_says_enough(micros: int, text: str) -> None:
    assert dollars(micros) == text


@given(st.integers(0, 10**12))
def test_a_plain_amount_is_read_back_exactly(micros: int) -> None:
    assert micros_from(plain_dollars(micros)) == micros
