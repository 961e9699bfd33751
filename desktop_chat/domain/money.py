"""What answers cost: prices and sums as whole numbers, so that nothing drifts."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Usage
    from desktop_chat.domain.providers import Provider

MICROS: Final = 1_000_000
"""Millionths in a dollar."""
_MILLION: Final = 1_000_000
_LARGEST: Final = Decimal(1_000_000)
"""Dollars: what a person would write above it is a slip of the hand."""
_PLACES: Final = 4


@dataclass(frozen=True, slots=True)
class Price:
    """What a million tokens cost, in millionths of a dollar."""

    input: int
    output: int
    cached: int
    """For those of the input that the service had read before."""
    reasoning: int
    """For those of the output that were reasoning."""

    def of(self, usage: Usage) -> int:
        """Return what tokens cost, in millionths of a dollar, rounded once."""
        cached = min(usage.cached_tokens, usage.input_tokens)
        reasoning = min(usage.reasoning_tokens, usage.output_tokens)
        total = (
            (usage.input_tokens - cached) * self.input
            + cached * self.cached
            + (usage.output_tokens - reasoning) * self.output
            + reasoning * self.reasoning
        )
        return (total + _MILLION // 2) // _MILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRow:
    """The price of some models at some services. Patterns know `*` and `?`."""

    models: tuple[str, ...]
    price: Price
    host: str = "*"
    protocol: str = "*"
    above: int = 0
    """Requests that read more tokens than this cost `long`; 0: none do."""
    long: Price | None = None
    date: str = ""
    """When the price was looked up, as in 2026-11-09; empty: not known."""

    def fits(self, provider: Provider, model: str) -> bool:
        """Whether it names a model of a provider."""
        return (
            _fits(provider.host, self.host)
            and _fits(provider.protocol, self.protocol)
            and any(_fits(model, one) for one in self.models)
        )

    def cost(self, usage: Usage) -> int:
        """Return what tokens cost, in millionths of a dollar."""
        if self.long is not None and usage.input_tokens > self.above > 0:
            return self.long.of(usage)
        return self.price.of(usage)


def find_price(rows: tuple[PriceRow, ...], provider: Provider, model: str) -> PriceRow | None:
    """Return the first row that names a model; None: its price is not known."""
    return next((row for row in rows if row.fits(provider, model)), None)


def _fits(name: str, pattern: str) -> bool:
    # Brackets are brackets: names of models have them.
    return fnmatchcase(name, pattern.replace("[", "[[]"))


def micros_from(value: object) -> int | None:
    """Return dollars, as a number or as a person writes them, in millionths; None: they are not."""
    if isinstance(value, bool) or not isinstance(value, int | str | Decimal):
        return None
    text = str(value).strip().removeprefix("$").strip()
    if "," in text and "." not in text and len(text.rpartition(",")[2]) != 3:
        text = text.replace(",", ".")  # a decimal comma; before three digits it may mean thousands
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return None
    if not amount.is_finite() or not 0 <= amount <= _LARGEST:
        return None
    return int((amount * MICROS).to_integral_value())


def dollars(micros: int) -> str:
    """Return an amount for reading: cents, and as many places more as a small one needs."""
    if 0 < micros < MICROS // 10**_PLACES:
        return "less than $0.0001"
    places = 2 if micros >= MICROS else _PLACES
    unit = MICROS // 10**places
    parts = (micros + unit // 2) // unit
    whole, rest = divmod(parts, 10**places)
    digits = f"{rest:0{places}d}"
    return f"${whole:,}.{digits[:2]}{digits[2:].rstrip('0')}"


def plain_dollars(micros: int) -> str:
    """Return an amount for a form or a table of another program: exact, without a sign."""
    whole, rest = divmod(micros, MICROS)
    digits = f"{rest:06d}"
    return f"{whole}.{digits[:2]}{digits[2:].rstrip('0')}"
