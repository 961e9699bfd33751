"""Reading markdown into tokens. The library behind it is imported when the first text is read."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, MutableMapping
    from types import ModuleType

    from markdown_it.token import Token


class BlockReading(NamedTuple):
    """The block structure of a text."""

    tokens: list[Token]
    definitions: list[tuple[int, int]]
    """The lines of each link definition, the line after it."""


@cache
def _dialect() -> ModuleType:
    from desktop_chat.markdown import dialect  # noqa: PLC0415 - late, for start-up's sake

    return dialect


def prepare() -> None:
    """Import what reading needs. Safe on any thread."""
    _dialect().reader()


def prepare_addresses() -> None:
    """Have the patterns of bare addresses compiled, for which the first would wait 20 ms.

    Safe on any thread: the reader itself stays as it is.
    """
    _dialect().compile_addresses()


def read_blocks(
    source: str,
    references: MutableMapping[str, object],
    rows_before: Mapping[int, int] | None = None,
    growing: int | None = None,
) -> BlockReading:
    """Read the block structure of a text; link definitions go into `references`.

    `rows_before`: by the line of a table, how many of its rows were read before and left out.
    `growing`: how many lines there are of a text that still arrives; a formula may be open there.
    """
    tokens, definitions = _dialect().block_tokens(source, references, rows_before or {}, growing)
    return BlockReading(tokens, definitions)


def inline_tokens(
    content: str, references: MutableMapping[str, object], *, dollar_maths: bool = False
) -> list[Token]:
    """Read one run of text."""
    tokens: list[Token] = _dialect().inline_tokens(content, references, dollar_maths=dollar_maths)
    return tokens


def normal_label(label: str) -> str:
    """Return a link's label as it is compared."""
    return str(_dialect().normalizeReference(label))


def unescaped(text: str) -> str:
    """Return text with its escapes and entities resolved."""
    return str(_dialect().unescapeAll(text)) if "\\" in text or "&" in text else text
