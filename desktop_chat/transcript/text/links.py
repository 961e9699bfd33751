"""Where links lead: only kinds that are harmless to open, and never behind a mask."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QUrl, QUrlQuery

LONGEST: Final = 8192
_WEB: Final = frozenset({"http", "https"})
_STRICT: Final = QUrl.ParsingMode.StrictMode
_TRICKS: Final = re.compile(r"[\x00-\x20\x7f-\xa0\\\u2028\u2029]")
"""Blanks, control characters and backslashes: browsers and this program read them differently."""
_MAIL: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.!#$'*+/=?^_`{|}~-]*@[A-Za-z0-9][A-Za-z0-9.-]*")
_SCHEME: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link leads, as it is asked about and as it is opened."""

    url: QUrl
    place: str
    """The host in letters that cannot be mistaken for others, or the mail address."""
    address: str
    """The whole address, encoded."""


def link_target(href: str) -> LinkTarget | None:
    """Return where a link leads; None where it is of a kind that is not opened.

    A name before the host (`https://bank.example@evil.example`) only misleads: it is left out.
    """
    href = href.strip(" ")
    if len(href) > LONGEST or _TRICKS.search(href):
        return None
    url = QUrl(href, _STRICT)
    if not url.isValid():
        return None
    if url.scheme() == "mailto":
        return _mail_target(url)
    if url.scheme() not in _WEB:
        return None
    authority = url.authority(QUrl.ComponentFormattingOption.FullyEncoded)
    url.setAuthority(authority.rpartition("@")[2])
    host = url.host(QUrl.ComponentFormattingOption.EncodeUnicode)
    if not host:
        return None
    shown = f"[{host}]" if ":" in host else host
    port = url.port()
    return LinkTarget(url, shown if port < 0 else f"{shown}:{port}", _encoded(url))


def is_masked(target: LinkTarget, text: str) -> bool:
    """Whether what a person reads is anything but the address that the link leads to.

    Letters beyond ASCII can look like others, so they always count as a mask.
    """
    text = text.strip()
    if not text.isascii():
        return True
    if not _SCHEME.match(text):
        scheme = target.url.scheme()
        text = f"mailto:{text}" if scheme == "mailto" else f"{scheme}://{text}"
    read = link_target(text)
    return read is None or read.address.rstrip("/") != target.address.rstrip("/")


def _mail_target(url: QUrl) -> LinkTarget | None:
    """Return a mail's address and subject: no other field, least of all a file to attach."""
    raw = url.path(QUrl.ComponentFormattingOption.FullyEncoded)
    name, _, host = raw.rpartition("@")
    host = bytes(QUrl.toAce(QUrl.fromPercentEncoding(host.encode())).data()).decode()
    address = f"{name}@{host}"
    if not _MAIL.fullmatch(address):
        return None
    query = QUrlQuery(url)
    kept = QUrlQuery()
    fields = query.queryItems(QUrl.ComponentFormattingOption.FullyEncoded)
    for key, value in fields:
        if key.lower() == "subject" and "%0" not in value:
            kept.addQueryItem("subject", value)
            break
    made = QUrl()
    made.setScheme("mailto")
    made.setPath(address)
    if not kept.isEmpty():
        made.setQuery(kept)
    return LinkTarget(made, address, _encoded(made))


def _encoded(url: QUrl) -> str:
    return bytes(url.toEncoded().data()).decode()
