"""A whole conversation as one markdown text: who speaks is a heading, reasoning is left out."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING

from desktop_chat.transcript.copying.slowly import MARKDOWN, PLAIN, SlowCopy, Slowly
from desktop_chat.transcript.items import Side

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.outline import MessageList

_OPENING = re.compile(r"(?m)^ {0,3}(`{3,}|~{3,}|\$\$|\\\[)")
_FENCE = re.compile(r"(?m)^(`{3,}|~{3,})([^\n]*)")
_PROBE = "the next message"


def whole_chat(document: Document, title: str = "") -> Callable[[], str]:
    """Return what gives all messages as markdown, under the chat's title where there is one.

    It holds them as they are now, and reads them little by little until it is asked.
    """
    kept = document.messages.snapshot()
    reading = Slowly([partial(_turn, kept, number) for number in range(len(kept))], ahead=True)
    heading = f"# {_one_line(title)}" if title else ""

    def text() -> str:
        turns = [one for one in (heading, *reading.all()) if one]
        return "\n\n".join(turns) + "\n" if turns else ""

    return text


def chat_copy(document: Document) -> SlowCopy:
    """Return all messages for the clipboard: as markdown, and as plain text the same."""
    text = whole_chat(document)

    def write() -> dict[str, str]:
        return dict.fromkeys((PLAIN, MARKDOWN), text())

    return SlowCopy((PLAIN, MARKDOWN), write)


def _turn(messages: MessageList, number: int) -> str:
    item, text = messages.told(number)
    text = text.strip("\n")
    return f"## {_speaker(item)}\n\n{closed(text)}" if text else ""


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
