"""Base URLs as people type them, joined with a protocol's paths."""

from __future__ import annotations

from urllib.parse import urlsplit, urlunsplit


def endpoint(base_url: str, path: str) -> str:
    """Return the address of `path` below a base URL, which may name it already."""
    parts = urlsplit(base_url.strip())
    base = parts.path.rstrip("/")
    if not base.endswith(path):
        base += path
    return urlunsplit((parts.scheme, parts.netloc, base, parts.query, ""))


def models_endpoint(base_url: str, chat_path: str) -> str:
    """Return where a service lists its models, beside the chat's own path."""
    parts = urlsplit(base_url.strip())
    base = parts.path.rstrip("/").removesuffix(chat_path)
    return urlunsplit((parts.scheme, parts.netloc, base.rstrip("/") + "/models", parts.query, ""))
