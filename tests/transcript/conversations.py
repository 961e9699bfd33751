"""Conversations for tests of the transcript."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript.items import Action, Item, Side

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.view import TranscriptView

PARAGRAPH = "Only the last block can still change, so it is enough to render that one again. "


def question(item_id: str = "q", text: str = "Why?") -> Item:
    """Return a person's message."""
    return Item(id=item_id, side=Side.PERSON, text=text)


def answer(item_id: str = "a", text: str = "Because.", **more: object) -> Item:
    """Return a model's message."""
    values: dict[str, object] = {"actions": (Action.COPY, Action.REGENERATE), **more}
    return Item(id=item_id, side=Side.MODEL, author="model-1", text=text, **values)  # type: ignore[arg-type]


def long_chat(turns: int, paragraphs: int = 4) -> list[Item]:
    """Return questions and answers; every paragraph says which one it is."""
    items: list[Item] = []
    for turn in range(turns):
        items.append(question(f"q{turn}", f"Question {turn}?"))
        text = "\n\n".join(
            f"Turn {turn}, part {part}. " + PARAGRAPH * 3 for part in range(paragraphs)
        )
        items.append(answer(f"a{turn}", text))
    return items


def message(view: TranscriptView, item_id: str) -> Message:
    """Return a message's layout."""
    return view.document.messages[view.document.number(item_id)]


def top_on_screen(view: TranscriptView, item_id: str) -> int:
    """Return where a message begins in the viewport."""
    return view.document.top(view.document.number(item_id)) - view.scroller.scroll


def line_under_third(view: TranscriptView) -> tuple[str, object, int]:
    """Return the message, the place and the height on the screen of the line that is read."""
    y = view.scroller.scroll + view.scroller.view // 3
    number = view.document.at(y)
    top = view.document.top(number)
    found = view.document.messages[number]
    line, below = found.line_at(y - top)
    return found.item.id, line, y - below - view.scroller.scroll


def height_on_screen(view: TranscriptView, item_id: str, line: object) -> int:
    """Return where a line of `line_under_third` stands now."""
    number = view.document.number(item_id)
    found = view.document.messages[number]
    return view.document.top(number) + found.line_top(line) - view.scroller.scroll  # type: ignore[arg-type]
