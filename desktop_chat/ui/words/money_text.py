"""What the person reads of money: limits that warn and stop, and what an answer took.

The window and the command line use the same sentences.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.domain.money import dollars
from desktop_chat.domain.spending import Period
from desktop_chat.ui.words.numbers import number

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.spending import CapState, Sums, Use

_SHORTEST_MS: Final = 50
"""What came faster came in one piece, and says nothing of speed."""
_SECOND_MS: Final = 1000
_PERIODS: Final = {Period.DAY: "Today’s", Period.MONTH: "This month’s"}


def stop_sentence(state: CapState, service: str) -> str:
    """Return why a message did not go, and what to do. `service`: whose limit, if it is one's."""
    limit = _limit(state, service)
    then = "Raise it under Usage and limits, or choose another model."
    if state.spent >= state.cap.micros or state.estimate is None:
        return f"{limit} is spent. {then}"
    left = dollars(max(0, state.cap.micros - state.spent))
    return (
        f"{limit} has {left} left, and this message costs about {dollars(state.estimate)}. {then}"
    )


def warning_sentence(state: CapState, service: str) -> str:
    """Return that a limit is near, and what will happen."""
    limit = _limit(state, service)
    if state.spent >= state.cap.micros:
        return f"{limit} is spent. Nothing more is sent until it is raised under Usage and limits."
    return (
        f"{limit} is nearly spent: {_total(state)}, {state.percent} %. At 100 % nothing more is "
        "sent; it can be raised under Usage and limits."
    )


def _total(state: CapState) -> str:
    if not state.estimate:
        return dollars(state.spent)
    return f"about {dollars(state.total)} with this message"


def _limit(state: CapState, service: str) -> str:
    whose = f" for {service}" if service else ""
    return f"{_PERIODS[state.cap.period]} limit of {dollars(state.cap.micros)}{whose}"


def detail_rows(
    message: Message, use: Use | None, chat: Sums, moment: Callable[[int], str]
) -> list[tuple[str, str]]:
    """Return what is known of an answer: names and values."""
    rows = [("Model", message.model), ("Service", message.provider_name)]
    if message.created_ms:
        rows.append(("Asked", moment(message.created_ms)))
    rows += _token_rows(use)
    rows += _time_rows(message, use)
    rows += _cost_rows(message, use, chat)
    return [(name, value) for name, value in rows if value]


def _token_rows(use: Use | None) -> list[tuple[str, str]]:
    if use is None:
        return [("Tokens", "not counted")]
    about = "about " if use.about else ""
    usage = use.usage
    read = f"{about}{number(usage.input_tokens)}"
    if usage.cached_tokens:
        read += f", {number(usage.cached_tokens)} of them cached"
    written = f"{about}{number(usage.output_tokens)}"
    if usage.reasoning_tokens:
        written += f", {number(usage.reasoning_tokens)} of them reasoning"
    return [("Tokens read", read), ("Tokens written", written)]


def _time_rows(message: Message, use: Use | None) -> list[tuple[str, str]]:
    if not message.first_ms:
        return []
    rows = [
        ("First word after", _seconds(message.first_ms)),
        ("Whole answer in", _seconds(message.took_ms)),
    ]
    speed = speed_of(message, use)
    if speed:
        about = "about " if use is not None and use.about else ""
        rows.append(("Speed", f"{about}{number(speed)} tokens/s"))
    return rows


def speed_of(message: Message, use: Use | None) -> int:
    """Return how many tokens came in a second after the first word; 0: it cannot be told."""
    writing_ms = message.took_ms - message.first_ms
    if use is None or not message.first_ms or writing_ms < _SHORTEST_MS:
        return 0
    return round(use.usage.output_tokens * 1000 / writing_ms)


def _cost_rows(message: Message, use: Use | None, chat: Sums) -> list[tuple[str, str]]:
    if use is None or use.cost is None:
        known = f"No price is known for {message.model}" if message.model else ""
        rows = [("Cost", known if use is not None else "")]
    else:
        about = "about " if use.about else ""
        rows = [("Cost", about + dollars(use.cost)), ("By prices of", use.price_date)]
    if chat.answers > chat.unpriced:
        rows.append(("This chat", sum_text(chat)))
    return rows


def sum_text(sums: Sums) -> str:
    """Return a sum, and how far it can be trusted."""
    about = "about " if sums.about else ""
    text = f"{about}{dollars(sums.cost)}"
    if sums.unpriced:
        answers = "1 answer" if sums.unpriced == 1 else f"{number(sums.unpriced)} answers"
        text += f", without {answers} of unknown price"
    return text


def _seconds(milliseconds: int) -> str:
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= _SECOND_MS else f"{milliseconds} ms"
