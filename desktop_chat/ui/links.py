"""Opening a link from an answer: only kinds that are harmless, and never behind a mask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from PySide6.QtCore import QUrl

OPENED: Final = frozenset({"http", "https", "mailto"})


@dataclass(frozen=True, slots=True)
class LinkTarget:
    """Where a link leads, as it is asked about and as it is opened."""

    url: QUrl
    place: str
    """The host in letters that cannot be mistaken for others, or the mail address."""
    address: str
    """The whole address, encoded."""


def link_target(href: str) -> LinkTarget | None:
    """Return where a link leads; None where it is of a kind that is not opened."""
    href = href.strip()
    try:
        scheme = urlsplit(href).scheme.lower()
    except ValueError:
        return None
    url = QUrl(href, QUrl.ParsingMode.StrictMode)
    if scheme not in OPENED or not url.isValid():
        return None
    if scheme == "mailto":
        return LinkTarget(url, url.path(), bytes(url.toEncoded().data()).decode())
    host = url.host(QUrl.ComponentFormattingOption.EncodeUnicode)
    if not host:
        return None
    port = url.port()
    place = host if port < 0 else f"{host}:{port}"
    return LinkTarget(url, place, bytes(url.toEncoded().data()).decode())


def is_masked(target: LinkTarget, text: str) -> bool:
    """Whether what a person read does not name the place that the link leads to."""
    return target.place.casefold() not in text.casefold()
