"""Base URLs as people type them, joined with a protocol's paths."""

from __future__ import annotations

from typing import Final
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

_SAFE: Final = "@-._~"


def endpoint(base_url: str, path: str) -> str:
    """Return the address of `path` below a base URL, which may name a beginning of it, or all.

    So `/v1/messages` stands below `https://host`, `https://host/v1` and
    `https://host/v1/messages` at the same place.
    """
    parts = urlsplit(base_url.strip())
    base = _joined(parts.path.rstrip("/"), path)
    return urlunsplit((parts.scheme, parts.netloc, base, parts.query, ""))


def models_endpoint(base_url: str, chat_path: str, path: str = "/models") -> str:
    """Return where a service lists its models, beside the chat's own path."""
    parts = urlsplit(base_url.strip())
    base = parts.path.rstrip("/").removesuffix(chat_path).rstrip("/")
    return urlunsplit((parts.scheme, parts.netloc, _joined(base, path), parts.query, ""))


def without_ending(base_url: str, *endings: str) -> str:
    """Return a base URL without the first of these endings that it has."""
    parts = urlsplit(base_url.strip())
    base = parts.path.rstrip("/")
    for ending in endings:
        if base.endswith(ending):
            base = base.removesuffix(ending)
            break
    return urlunsplit((parts.scheme, parts.netloc, base, parts.query, ""))


def with_query(url: str, **fields: str) -> str:
    """Return an address with these fields in its query, in the place of others of their name."""
    parts = urlsplit(url)
    kept = [
        pair for pair in parse_qsl(parts.query, keep_blank_values=True) if pair[0] not in fields
    ]
    query = urlencode([*kept, *fields.items()])
    return urlunsplit((parts.scheme, parts.netloc, parts.path, query, ""))


def segment(text: str) -> str:
    """Return a text as one segment of a path."""
    return quote(text, safe=_SAFE, errors="replace")


def _joined(base: str, path: str) -> str:
    """Return `path` below `base`, without what both name: whole segments, the most there are."""
    segments = path.split("/")
    for count in range(len(segments), 1, -1):
        known = "/".join(segments[:count])
        if base.endswith(known):
            return base + path[len(known) :]
    return base + path
