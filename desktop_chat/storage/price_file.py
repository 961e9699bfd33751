"""Changing single rows of a person's price table: what they wrote beside them stays."""

from __future__ import annotations

import json
import re
import tomllib
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.money import plain_dollars
from desktop_chat.storage.json_file import replace_file
from desktop_chat.storage.prices import OWN_START, PriceError, rows_of

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_chat.domain.money import Price, PriceRow

_ROW: Final = re.compile(r"^[ \t]*\[\[[ \t]*price[ \t]*\]\][ \t]*(?:#.*)?$", re.MULTILINE)


def put_price(path: Path, row: PriceRow) -> None:
    """Write a row in the place of the one for the same models, or as the first of all.

    Raises `OSError`, and `PriceError` where the file is written in a way that only a person can
    change.
    """
    text = _text(path)
    head, blocks = _parts(text)
    block = block_of(row)
    place = _place(blocks, row)
    if place is None:
        blocks.insert(0, block)
    else:
        blocks[place] = block.rstrip() + "\n" + (_rest(blocks[place]) or "\n")
    _write(path, head, blocks, row, wanted=True)


def drop_price(path: Path, row: PriceRow) -> None:
    """Take the row for the same models out. Raises as `put_price` does."""
    head, blocks = _parts(_text(path))
    place = _place(blocks, row)
    if place is not None:
        blocks[place] = _rest(blocks[place]).lstrip("\n")
        _write(path, head, blocks, row, wanted=False)


def block_of(row: PriceRow) -> str:
    """Return a row as it stands in a file."""
    lines = ["[[price]]"]
    if row.host != "*":
        lines.append(f"host = {_quoted(row.host)}")
    if row.protocol != "*":
        lines.append(f"protocol = {_quoted(row.protocol)}")
    lines.append(f"models = [{', '.join(map(_quoted, row.models))}]")
    amounts = _amounts(row.price)
    lines += [f"{name} = {amount}" for name, amount in amounts.items()]
    if row.long is not None:
        long = ", ".join(f"{name} = {amount}" for name, amount in _amounts(row.long).items())
        lines.append(f"long = {{ above = {row.above}, {long} }}")
    return "\n".join(lines) + "\n\n"


def _amounts(price: Price) -> dict[str, str]:
    known = {"input": price.input, "cached": price.cached, "output": price.output}
    if price.reasoning != price.output:
        known["reasoning"] = price.reasoning
    if price.cached == price.input:
        del known["cached"]
    return {name: plain_dollars(amount) for name, amount in known.items()}


def _quoted(text: str) -> str:
    # A JSON string is a TOML string too, but for this one.
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return OWN_START
    except UnicodeDecodeError as error:
        raise PriceError(str(error)) from None


def _parts(text: str) -> tuple[str, list[str]]:
    """Return what stands before the first row, and each row with what stands after it."""
    starts = [found.start() for found in _ROW.finditer(text)]
    if not starts:
        return f"{text.rstrip()}\n\n" if text.strip() else "", []
    ends = [*starts[1:], len(text)]
    return text[: starts[0]], [text[at:end] for at, end in zip(starts, ends, strict=True)]


def _place(blocks: list[str], row: PriceRow) -> int | None:
    for number, block in enumerate(blocks):
        try:
            found = rows_of(block)[0]
        except tomllib.TOMLDecodeError:
            continue
        if any(_names(one) == _names(row) for one in found):
            return number
    return None


def _rest(block: str) -> str:
    """Return the lines after a row: what a person wrote there may speak of the next one."""
    lines = block.splitlines(keepends=True)
    said = [at for at, line in enumerate(lines) if line.strip() and line.lstrip()[0] != "#"]
    return "".join(lines[said[-1] + 1 :])


def _names(row: PriceRow) -> tuple[object, ...]:
    return row.models, row.host, row.protocol


def _write(path: Path, head: str, blocks: list[str], row: PriceRow, *, wanted: bool) -> None:
    text = head + "".join(blocks)
    try:
        rows, fault = rows_of(text)
    except (ValueError, RecursionError) as error:
        raise PriceError(str(error)) from None
    found = [one for one in rows if _names(one) == _names(row)]
    if (len(found) == 1) is not wanted or (wanted and found[0].price != row.price):
        raise PriceError(fault or "its rows are written in another way")
    replace_file(path, text.encode())
