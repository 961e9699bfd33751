"""The sources that an answer names: each once, each bounded, fit to be stored."""

from __future__ import annotations

from typing import Final

from desktop_chat.domain.stream import CitationFound
from desktop_chat.domain.text import clean

_ADDRESS_LENGTH: Final = 2000
_TITLE_LENGTH: Final = 300
_CITATIONS_LIMIT: Final = 500


class Citations:
    """Remembers which sources an answer has named."""

    def __init__(self) -> None:
        self._seen: set[str] = set()

    def found(self, url: object, title: object) -> CitationFound | None:
        """Return a source that is new; None for one that is known, or is none at all."""
        if not isinstance(url, str) or not 0 < len(url) <= _ADDRESS_LENGTH:
            return None
        url = clean(url)
        if url in self._seen or len(self._seen) >= _CITATIONS_LIMIT:
            return None
        self._seen.add(url)
        return CitationFound(url, clean(title[:_TITLE_LENGTH]) if isinstance(title, str) else "")
