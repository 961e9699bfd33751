"""Bare addresses in running text that are links: `http://…`, `www.…` and those of mail."""

from __future__ import annotations

import re
from typing import Protocol

ADDRESS_SIGN = re.compile(r"//|@|www\.", re.IGNORECASE)
"""Where none of these is, there is no address."""

_WEB = "www."
_BEFORE = re.compile(r"[\s*_~(（“「『，。：；]")
_SENTENCE_MARK = re.compile(r"[，。；：！？、）】」』》”]")
"""Chinese and Japanese put no blank after an address, and addresses hold none of these."""
_MAIL_ENDS = ("app", "blog", "cloud", "dev", "email", "online", "page", "site", "tech", "xyz")
"""Common endings of hosts that the library does not know; it knows all of two letters."""


class _Match(Protocol):
    url: str


class _Finder(Protocol):
    """What we use of the library that finds addresses; it has no types."""

    re: dict[str, str]

    def set(self, options: dict[str, bool]) -> object: ...
    def tlds(self, list_tlds: list[str], *, keep_old: bool) -> object: ...
    def add(self, schema: str, definition: dict[str, object] | None) -> object: ...


def find_bare_addresses(finder: _Finder) -> None:
    """Set which addresses are links. Names of files end like hosts, so a host alone is none."""
    finder.set({"fuzzy_link": False, "fuzzy_email": True, "fuzzy_ip": False})
    finder.tlds(list(_MAIL_ENDS), keep_old=True)
    for schema in ("ftp:", "//"):
        finder.add(schema, None)
    path = finder.re["src_host_port_strict"] + finder.re["src_path"]
    web = _Address("//" + finder.re["src_auth"] + path)
    short = _Address(path)
    finder.add("http:", {"validate": web.length})
    finder.add(_WEB, {"validate": short.length_of_word, "normalize": short.complete})


class _Address:
    """An address of the web, after its beginning."""

    def __init__(self, rest: str) -> None:
        self._rest = re.compile(rest, re.IGNORECASE)

    def length(self, text: str, at: int) -> int:
        """Return how long the address is after its beginning; 0 if it is none."""
        found = self._rest.match(text, at)
        if found is None:
            return 0
        end = _SENTENCE_MARK.search(text, at, found.end())
        return (end.start() if end else found.end()) - at

    def length_of_word(self, text: str, at: int) -> int:
        """Return the same for an address that only begins where a word may."""
        before = at - len(_WEB) - 1
        if before >= 0 and not _BEFORE.match(text[before]):
            return 0
        return self.length(text, at)

    def complete(self, link: _Match) -> None:
        """Give the address its scheme."""
        link.url = f"http://{link.url}"
