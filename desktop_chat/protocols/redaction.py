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

_TITLE: Final = re.compile(r"(?is)<title[^>]{0,200}>(.{0,400}?)</title")
_HEADING: Final = re.compile(r"(?is)<h1[^>]{0,200}>(.{0,400}?)</h1")
_UNSHOWN: Final = re.compile(r"(?is)<(script|style|head)\b.{0,100000}?(?:</\1\s*>|$)")
_TAG: Final = re.compile(r"<[a-zA-Z/!?][^<>]{0,2000}>?")
_PAGE: Final = re.compile(r"(?i)^[\s\ufeff]*<(?:!doctype|html|head|body|\?xml)")


def is_page(text: str) -> bool:
    """Whether a text is a web page."""
    return _PAGE.match(text) is not None


def page_title(page: str) -> str:
    """Return the title of a web page, else its heading, else its first words."""
    for pattern in (_TITLE, _HEADING):
        found = pattern.search(page)
        if found and found[1].strip():
            return plain(found[1])
    return plain(_UNSHOWN.sub(" ", page))


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
    line = redact(plain(text[: 20 * MESSAGE_LENGTH]), secrets)
    return line if len(line) <= MESSAGE_LENGTH else line[: MESSAGE_LENGTH - 1].rstrip() + "…"


def detail_of(text: str, secrets: Iterable[Secret] = ()) -> str:
    """Return a service's answer for the unfolded details: redacted, lines kept, bounded."""
    text = redact(clean(text[: 4 * DETAIL_LENGTH]), secrets)
    text = "".join(
        one for one in text if one in "\n\t" or unicodedata.category(one) not in ("Cc", "Cf")
    )
    return text[:DETAIL_LENGTH].strip()
