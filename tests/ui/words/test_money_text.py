"""What a person reads of money."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QLocale

from desktop_chat.domain.chat import Message, Role, Usage
from desktop_chat.domain.spending import Cap, CapState, Period, Sums, Use
from desktop_chat.ui.words.money_text import (
    detail_rows,
    speed_of,
    stop_sentence,
    sum_text,
    warning_sentence,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

DAY = Cap(period=Period.DAY, micros=5_000_000)
MONTH = Cap(period=Period.MONTH, micros=20_000_000, provider_id="p")


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    before = QLocale()
    QLocale.setDefault(QLocale("en_US"))
    yield
    QLocale.setDefault(before)


def message(first_ms: int = 300, took_ms: int = 2300) -> Message:
    return Message(
        id="a",
        conversation_id="c",
        parent_id=None,
        role=Role.ASSISTANT,
        created_ms=1,
        provider_name="Here",
        model="m",
        first_ms=first_ms,
        took_ms=took_ms,
    )


def use(**fields: object) -> Use:
    given: dict[str, object] = {"usage": Usage(1000, 200, 50, 400), "cost": 1234, **fields}
    return Use(
        message_id="a",
        conversation_id="c",
        created_ms=1,
        provider_id="p",
        provider_name="Here",
        model="m",
        **given,  # type: ignore[arg-type]
    )


def shown(entry: Use | None, chat: Sums | None = None, of: Message | None = None) -> dict[str, str]:
    return dict(detail_rows(of or message(), entry, chat or Sums(), lambda _ms: "14:03"))


def test_details_tell_tokens_times_speed_and_cost() -> None:
    chat = Sums(answers=2, cost=50_000)
    assert shown(use(price_date="2026-11-09"), chat) == {
        "Model": "m",
        "Service": "Here",
        "Asked": "14:03",
        "Tokens read": "1,000, 400 of them cached",
        "Tokens written": "200, 50 of them reasoning",
        "First word after": "300 ms",
        "Whole answer in": "2.3 s",
        "Speed": "100 tokens/s",
        "Cost": "$0.0012",
        "By prices of": "2026-11-09",
        "This chat": "$0.05",
    }


def test_what_is_an_estimate_says_so() -> None:
    rows = shown(use(about=True))
    for name in ("Tokens read", "Tokens written", "Speed", "Cost"):
        assert rows[name].startswith("about "), name


def test_an_unknown_model_shows_no_cost() -> None:
    rows = shown(use(cost=None), Sums(answers=1, unpriced=1))
    assert rows["Cost"] == "No price is known for m"
    assert "This chat" not in rows
    assert "$" not in "".join(rows.values())


def test_an_answer_without_an_entry_says_that_nothing_was_counted() -> None:
    rows = shown(None, of=message(0, 0))
    assert rows["Tokens"] == "not counted"
    assert rows.keys().isdisjoint(("Cost", "Speed", "First word after"))


def test_an_answer_that_came_in_one_piece_has_no_speed() -> None:
    assert speed_of(message(300, 320), use()) == 0


def test_a_sum_says_what_it_leaves_out() -> None:
    assert sum_text(Sums(answers=3, cost=1_000_000, unpriced=1, about=1)) == (
        "about $1.00, without 1 answer of unknown price"
    )


@pytest.mark.parametrize(
    ("state", "service", "sentence"),
    [
        (
            CapState(DAY, 4_980_000, 30_000),
            "",
            "Today’s limit of $5.00 has $0.02 left, and this message costs about $0.03. "
            "Raise it under Usage and limits, or choose another model.",
        ),
        (
            CapState(MONTH, 20_000_001, 1),
            "Here",
            "This month’s limit of $20.00 for Here is spent. "
            "Raise it under Usage and limits, or choose another model.",
        ),
    ],
)
def test_a_stop_says_why_and_what_to_do(state: CapState, service: str, sentence: str) -> None:
    assert stop_sentence(state, service) == sentence


def test_a_warning_says_how_much_and_what_follows() -> None:
    assert warning_sentence(CapState(DAY, 4_000_000, 100_000), "").startswith(
        "Today’s limit of $5.00 is nearly spent: about $4.10 with this message, 82 %."
    )
    assert "$4.00, 80 %" in warning_sentence(CapState(DAY, 4_000_000, None), "")
    assert "is spent" in warning_sentence(CapState(DAY, 5_000_000, None), "")
