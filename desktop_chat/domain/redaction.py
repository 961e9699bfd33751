"""Keys taken out of texts before anybody reads them: error messages, details, the log."""

from __future__ import annotations

import base64
import json
import re
from functools import lru_cache
from typing import TYPE_CHECKING, Final
from urllib.parse import quote, quote_plus

from desktop_chat.domain.keys import HELD_LENGTH, MASK, held_values

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.keys import Secret

_KEY_LIKE: Final = (
    # "Incorrect API key provided: sk-…": short keys come back whole.
    re.compile(r"(?i)((?:key|token|secret|password)s? provided\s*[:=]\s*)\S*[^\s.]"),
    # Words follow these too: a key has a digit in it, or is longer than a word.
    re.compile(r"(?i)(\b(?:bearer|basic)\s+)(?=\S{0,200}\d|\S{24})[\w\-.~+/=*]{6,}"),
    re.compile(
        r"(?i)((?:api[_-]?key|token|secret|password)\\{0,2}[\"']?\s*[:=]\s*\\{0,2}[\"']?)"
        r"(?=\S{0,200}\d|\S{24})[\w\-.*]{8,}"
    ),
    re.compile(r"()\b(?:sk|pk|rk|gsk|xai|nvapi|hf|tgp|csk|fw|r8|pplx)[-_][\w\-*.]{6,}\w"),
    re.compile(r"()\bAIza[\w\-]{20,}"),
)


def redact(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Return `text` with known keys, and what looks like a key, replaced by dots."""
    for secret in secrets:
        value = secret.reveal()
        for known in (value, value.rpartition(" ")[2]):
            if len(known) >= HELD_LENGTH:
                text = _without(known, text)
            elif len(known) >= 4:
                text = text.replace(known, MASK)
    for pattern in _KEY_LIKE:
        text = pattern.sub(rf"\1{MASK}", text)
    return text


def redact_all(text: str) -> str:
    """Return `text` as `redact` does, and without any key that this process has ever held."""
    for value in sorted(held_values(), key=len, reverse=True):
        text = _without(value, text)
    return redact(text)


@lru_cache(maxsize=64)
def spellings(value: str) -> tuple[str, ...]:
    """Return the ways in which a value may stand in a text, the longest first.

    Programs write it down in JSON, in addresses, as Python does, or as Base64.
    """
    data = value.encode("utf-8", "surrogatepass")
    found = {
        value,
        value.replace("/", "\\/"),
        json.dumps(value)[1:-1],
        json.dumps(value, ensure_ascii=False)[1:-1],
        repr(value)[1:-1],
        repr(data)[2:-1],
        quote(data),
        quote(data, safe=""),
        quote_plus(data),
        base64.b64encode(data).decode().rstrip("="),
        base64.urlsafe_b64encode(data).decode().rstrip("="),
    }
    return tuple(sorted(found, key=len, reverse=True))


def _without(value: str, text: str) -> str:
    for one in spellings(value):
        text = text.replace(one, MASK)
    return text
