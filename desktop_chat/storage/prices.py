"""Price tables: the one that the program ships with, and the person's own beside the settings."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.money import Price, PriceRow, micros_from
from desktop_chat.domain.resources import resource
from desktop_chat.storage.faults import file_error

if TYPE_CHECKING:
    from pathlib import Path

_SIZE_LIMIT: Final = 1024 * 1024
OWN_START: Final = """\
# Your own prices, in US dollars for a million tokens. They come before those of the program.
# Take the marks away from a row like this one, and change it:
#
# [[price]]
# host = "api.example.org"
# models = ["some-model", "some-model-*"]
# input = 1.25
# cached = 0.125
# output = 10
"""


class PriceError(ValueError):
    """A row that no price can be read from; the message says why."""


@cache
def shipped_prices() -> tuple[PriceRow, ...]:
    """Return the program's own table."""
    return rows_of(resource("prices.toml").read_text(encoding="utf-8"))[0]


def own_prices(path: Path) -> tuple[tuple[PriceRow, ...], Failure | None]:
    """Return the rows of a person's table that can be read, and what was wrong with it."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return (), None
    except OSError as error:
        return (), file_error(error, path).failure
    try:
        if len(content) > _SIZE_LIMIT:
            raise PriceError("the file is far too large")
        rows, fault = rows_of(content.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        rows, fault = (), str(error) or "nested too deeply"
    if not fault:
        return rows, None
    return rows, Failure(kind=ErrorKind.PRICES_DAMAGED, detail=fault[:300], target=str(path))


def begin_own(path: Path) -> None:
    """Make a person's table, with words on how to write it, where there is none."""
    if not path.exists():
        from desktop_chat.storage.paths import make_folder  # noqa: PLC0415 - seldom

        make_folder(path.parent)
        path.write_text(OWN_START, encoding="utf-8")


def rows_of(text: str) -> tuple[tuple[PriceRow, ...], str]:
    """Return the rows that can be read, and the first reason why one cannot."""
    table = tomllib.loads(text, parse_float=Decimal)
    date = table.get("date")
    known = date.isoformat() if isinstance(date, dt.date) else ""
    entries = table.get("price", [])
    rows: list[PriceRow] = []
    fault = "" if isinstance(entries, list) else "price is no list of rows"
    for number, entry in enumerate(entries if isinstance(entries, list) else (), 1):
        try:
            rows.append(replace(_row(entry), date=known))
        except PriceError as error:
            fault = fault or f"row {number}: {error}"
    return tuple(rows), fault


def _row(entry: object) -> PriceRow:
    if not isinstance(entry, dict):
        raise PriceError("this is no row")
    models = entry.get("models")
    if not isinstance(models, list) or not models or not all(isinstance(m, str) for m in models):
        raise PriceError("models is a list of names")
    above, long = _long(entry)
    return PriceRow(
        models=tuple(models),
        host=_text(entry, "host"),
        protocol=_text(entry, "protocol"),
        price=_price(entry),
        above=above,
        long=long,
    )


def _long(entry: dict[str, Any]) -> tuple[int, Price | None]:
    long = entry.get("long")
    if long is None:
        return 0, None
    if not isinstance(long, dict) or type(long.get("above")) is not int or long["above"] < 1:
        raise PriceError("long needs above, a number of tokens")
    return long["above"], _price(long)


def _price(entry: dict[str, Any]) -> Price:
    read, written = _amount(entry, "input"), _amount(entry, "output")
    if read is None or written is None:
        raise PriceError("input and output are needed")
    cached, reasoning = _amount(entry, "cached"), _amount(entry, "reasoning")
    return Price(
        input=read,
        output=written,
        cached=read if cached is None else cached,
        reasoning=written if reasoning is None else reasoning,
    )


def _amount(entry: dict[str, Any], name: str) -> int | None:
    if name not in entry:
        return None
    amount = micros_from(entry[name])
    if amount is None:
        raise PriceError(f"{name} is an amount of dollars, as in 1.25")
    return amount


def _text(entry: dict[str, Any], name: str) -> str:
    text = entry.get(name, "*")
    if not isinstance(text, str):
        raise PriceError(f"{name} is a name")
    return text
