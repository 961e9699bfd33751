"""Telling an API key from other text, so that one is not sent as a question by mistake."""

from __future__ import annotations

from desktop_chat.domain.presets import looks_like_key, presets_for_key


def service_of_key(text: str) -> str | None:
    """Return the service whose key a text seems to be; empty if several share it, None if none."""
    if not looks_like_key(text):
        return None
    found = presets_for_key(text)
    return found[0].name if len(found) == 1 else ""
