"""What was spent, and the limits that a person sets to it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.money import micros_from, plain_dollars

if TYPE_CHECKING:
    import datetime as dt

    from desktop_chat.domain.providers import Provider

WARN_PERCENT: Final = 80
NOTHING: Final = Usage()


class Period(StrEnum):
    """How long a limit holds before it begins anew, by the person's own clock."""

    DAY = "day"
    MONTH = "month"

    def began(self, now: dt.datetime) -> int:
        """Return when the running one began, in milliseconds."""
        day = now.replace(hour=0, minute=0, second=0, microsecond=0, tzinfo=None)
        if self is Period.MONTH:
            day = day.replace(day=1)
        return int(day.timestamp() * 1000)


class Grouping(StrEnum):
    """What answers are added up by."""

    DAY = "day"
    """And by service, as months are."""
    MONTH = "month"
    SERVICE = "service"
    CHAT = "chat"


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """One answer in the ledger. Holds no text."""

    message_id: str
    conversation_id: str
    created_ms: int
    provider_id: str
    provider_name: str
    model: str
    usage: Usage
    about: bool = False
    """The service did not count, or was cut off before it did: the tokens are an estimate."""
    cost: int | None = None
    """In millionths of a dollar; None: the price is not known."""
    price_date: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """A limit to what may be spent."""

    period: Period
    micros: int
    provider_id: str = ""
    """Of one provider; empty: of all together."""

    def holds_for(self, provider: Provider) -> bool:
        """Whether what a provider costs is part of it."""
        return self.provider_id in ("", provider.id)


@dataclass(frozen=True, slots=True)
class CapState:
    """How a limit stands when a message is about to go."""

    cap: Cap
    spent: int
    """In millionths of a dollar, answers on their way included."""
    estimate: int | None
    """About what the message costs; None: its price is not known."""

    @property
    def total(self) -> int:
        """What will have been spent, as far as is known."""
        return self.spent + (self.estimate or 0)

    @property
    def stops(self) -> bool:
        """Whether the message must not go."""
        return self.total > self.cap.micros or self.spent >= self.cap.micros

    @property
    def warns(self) -> bool:
        """Whether the limit is near."""
        return self.total * 100 >= self.cap.micros * WARN_PERCENT

    @property
    def percent(self) -> int:
        """How much of the limit is spent, the message included."""
        return self.total * 100 // self.cap.micros if self.cap.micros else 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What answers of one group come to."""

    period: str = ""
    """A day as in 2026-11-21, a month as in 2026-11, or empty: all."""
    id: str = ""
    """Of the service, or of the chat; empty: of all chats that were deleted."""
    name: str = ""
    answers: int = 0
    usage: Usage = NOTHING
    cost: int = 0
    unpriced: int = 0
    """So many of the answers have no known price and are not in `cost`."""
    about: int = 0
    """And the tokens of so many are an estimate."""


def caps_from(text: str) -> tuple[tuple[Cap, ...], bool]:
    """Return the limits of a setting, a line each, and whether any line could not be read."""
    found: dict[tuple[Period, str], Cap] = {}
    sound = True
    for line in filter(str.strip, text.splitlines()):
        period, _, rest = line.partition("\t")
        provider_id, _, amount = rest.partition("\t")
        micros = micros_from(amount)
        if period not in tuple(Period) or micros is None:
            sound = False
            continue
        cap = Cap(period=Period(period), micros=micros, provider_id=provider_id)
        found[cap.period, provider_id] = cap
    return tuple(found.values()), not sound


def caps_text(caps: tuple[Cap, ...]) -> str:
    """Return limits as the setting holds them."""
    return "\n".join(
        f"{one.period.value}\t{one.provider_id}\t{plain_dollars(one.micros)}" for one in caps
    )
