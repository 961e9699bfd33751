"""JSON from strangers: several values in one text, and fields of which no type can be sure."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

_LARGEST_COUNT: Final = 2**53
_DECODER: Final = json.JSONDecoder(strict=False)
"""Takes control characters that stand bare in a text: better that than to lose the text."""


def json_value(data: str) -> object:
    """Return the JSON value that `data` is. Raises `ValueError` or `RecursionError`."""
    return _DECODER.decode(data)


def json_values(data: str) -> Iterator[object]:
    """Yield the JSON values that stand one after the other in `data`.

    Raises `ValueError` or `RecursionError` where something is none.
    """
    try:
        yield json_value(data)
        return
    except json.JSONDecodeError as error:
        if error.msg != "Extra data":
            raise
    position = 0
    while position < len(data):
        value, position = _DECODER.raw_decode(data, position)
        yield value
        while position < len(data) and data[position] in " \t\r\n,":
            position += 1


def text_at(value: object, key: str) -> str:
    """Return the text of a field, empty where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, str) else ""


def object_at(value: object, key: str) -> dict[str, object]:
    """Return the object of a field, an empty one where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return found if isinstance(found, dict) else {}


def objects_at(value: object, key: str) -> list[dict[str, object]]:
    """Return the objects in the list of a field, an empty list where there is none."""
    found = value.get(key) if isinstance(value, dict) else None
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def count_of(value: object) -> int:
    """Return a count of tokens, 0 for what can be none."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return 0
    return int(value) if 0 <= value <= _LARGEST_COUNT else 0
