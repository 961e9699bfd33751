"""Tooltips that hold words of people and services, which are never read as markup."""

from __future__ import annotations


def plain_tooltip(text: str) -> str:
    """Return a text that a tooltip shows to the letter."""
    if "<" not in text:
        return text
    import html  # noqa: PLC0415 - for the few that need it, 2 ms

    lines = html.escape(text).replace("\n", "<br>")
    return f"<qt>{lines}</qt>"
