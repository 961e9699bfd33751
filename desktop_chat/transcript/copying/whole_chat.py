"""A whole conversation as one markdown text: who speaks is a heading, reasoning is left out."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from desktop_chat.transcript.items import Side

if TYPE_CHECKING:
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.document import Document

_OPENING = re.compile(r"(?m)^ {0,3}(`{3,}|~{3,}|\$\$|\\\[)")
_FENCE = re.compile(r"(?m)^(`{3,}|~{3,})([^\n]*)")
_PROBE = "the next message"


def whole_chat(document: Document, title: str = "") -> str:
    """Return all messages as markdown, under the chat's title where there is one."""
    turns = [f"# {_one_line(title)}"] if title else []
    for number in range(len(document.messages)):
        item, text = document.messages.told(number)
        if text := text.strip("\n"):
            turns.append(f"## {_speaker(item)}\n\n{closed(text)}")
    return "\n\n".join(turns) + "\n" if turns else ""


def closed(text: str) -> str:
    """Return a text with its last fence closed, so that it does not swallow what follows."""
    found = _OPENING.findall(text)
    if not found or _is_plainly_closed(text, len(found)):
        return text
    ends = ["\\]" if one == "\\[" else one for one in dict.fromkeys(reversed(found))]
    return next((whole for end in ["", *ends] if _ends(whole := _with(text, end))), text)


def _is_plainly_closed(text: str, openings: int) -> bool:
    """Return whether fences are all that opens, none is in anything else, and each is closed.

    To read every text of a long chat as markdown took seconds.
    """
    fences = _FENCE.findall(text)
    if len(fences) != openings:
        return False
    open_ = ""
    for fence, rest in fences:
        if not open_:
            if fence[0] == "`" and "`" in rest:
                return False
            open_ = fence
        elif fence.startswith(open_) and not rest.strip(" \t"):
            open_ = ""
    return not open_


def _with(text: str, end: str) -> str:
    return f"{text}\n{end}" if end else text


def _ends(text: str) -> bool:
    """Return whether what follows a text is no part of it."""
    from desktop_chat.markdown.blocks import Heading  # noqa: PLC0415 - for this alone
    from desktop_chat.markdown.parse import parse  # noqa: PLC0415 - its grammar is made late

    last = parse(f"{text}\n\n# {_PROBE}")[-1].leaves[-1]
    return isinstance(last, Heading) and last.inline.text == _PROBE


def _speaker(item: Item) -> str:
    if item.side is Side.PERSON:
        return "You"
    return _one_line(item.author) or "Answer"


def _one_line(text: str) -> str:
    return " ".join(text.split())
