"""Foreign words made fit to show: plain text, one line, no key."""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.redaction import redact
from desktop_chat.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.keys import Secret

MESSAGE_LENGTH: Final = 300
DETAIL_LENGTH: Final = 4000
_PAGE_LENGTH: Final = 64 * 1024

_TAG: Final = re.compile(r"<[a-zA-Z/!?][^<>]{0,2000}>?")
_PAGE: Final = re.compile(r"(?i)^[\s\ufeff]*<(?:!doctype|html|head|body|\?xml)")


def is_page(text: str) -> bool:
    """Whether a text is a web page."""
    return _PAGE.match(text) is not None


def page_title(page: str) -> str:
    """Return the title of a web page, else its heading, else its first words."""
    page = page[:_PAGE_LENGTH]
    for element in ("title", "h1"):
        if found := plain(_inside(page, element)):
            return found
    for element in ("head", "script", "style"):
        page = _without(page, element)
    return plain(page)


def _inside(page: str, element: str) -> str:
    """Return what stands in the first such element. Found step by step: patterns may hang."""
    low = page.lower()
    start = low.find(">", low.find(f"<{element}")) + 1 if f"<{element}" in low else 0
    end = low.find(f"</{element}", start)
    return page[start:end] if start and end >= 0 else ""


def _without(page: str, element: str) -> str:
    low, shown, position = page.lower(), "", 0
    while (start := low.find(f"<{element}", position)) >= 0:
        shown += page[position:start]
        end = low.find(f"</{element}", start)
        position = len(page) if end < 0 else end + len(element) + 3
    return shown + page[position:]


def plain(text: str) -> str:
    """Return `text` as one line without tags and control characters."""
    text = html.unescape(_TAG.sub(" ", text))
    # What was escaped may be a tag in its turn.
    text = _TAG.sub(" ", clean(text))
    text = "".join(" " if unicodedata.category(one) in ("Cc", "Cf", "Zl") else one for one in text)
    return " ".join(text.split())


def message_of(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Return a service's words fit for a sentence: redacted, `MESSAGE_LENGTH` characters."""
    # What cannot be shown is not worth the patterns' time; a cut key must not slip through either.
    secrets = tuple(secrets)
    line = redact(plain(redact(text[: 20 * MESSAGE_LENGTH], secrets)), secrets)
    return line if len(line) <= MESSAGE_LENGTH else line[: MESSAGE_LENGTH - 1].rstrip() + "…"


def detail_of(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Return a service's answer for the unfolded details: redacted, lines kept, bounded."""
    text = redact(clean(text[: 4 * DETAIL_LENGTH]), secrets)
    text = "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf")
    )
    return text[:DETAIL_LENGTH].strip()
