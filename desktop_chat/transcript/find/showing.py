"""Brings a hit into view: opens what is folded over it, and scrolls down and sideways to it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import visible_text
from desktop_chat.transcript.input import code_acts
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import REASONING, TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection

if TYPE_CHECKING:
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.text.hits import Hit

NEAR: Final = 8
"""So far from the view's edges a hit needs no scrolling."""
LONGEST: Final = 200
"""Characters of a selection that may be meant as words to find."""
ROUNDS: Final = 3
"""Estimated heights become exact where one arrives, and move the hit."""


def in_view(view: Stage, number: int, place: Place) -> bool:
    """Whether a place stands in view."""
    message = view.document.messages.known(number)
    if message is None or not message.built:
        return False
    top, bottom = _heights(view, number, place)
    return top >= view.scroller.scroll and bottom <= view.scroller.scroll + view.scroller.view


def chosen_words(view: Stage) -> str:
    """Return the selected words, where they are few and on one line."""
    chosen = view.selection
    if chosen is None or chosen.first.message != chosen.last.message:
        return ""
    first, last = chosen.first.place, chosen.last.place
    blocks = view.document.messages[chosen.first.message].ready_blocks or []
    same = first[:2] == last[:2] and first.part == TEXT and first.block < len(blocks)
    if not same or last.offset - first.offset > LONGEST:
        return ""
    words = visible_text(blocks[first.block])[first.offset : last.offset]
    return "" if "\n" in words else words.strip()


def select(view: Stage, number: int, hit: Hit) -> None:
    """Select a hit."""
    begin = Point(number, Place(*hit.begin))
    view.select(Selection(begin, Point(number, Place(hit.part, hit.block, hit.end))))


def show(view: Stage, number: int, hit: Hit) -> None:
    """Bring a hit into view, where it is not: about a third from the top."""
    scroller = view.scroller
    message = view.document.messages[number]
    message.build()
    if hit.part == REASONING and isinstance(message, Answer):
        message.unfold_reasoning()
    view.document.measured(number)
    point = Point(number, Place(*hit.begin))
    code_acts.reveal(view, point)
    _scroll_sideways(view, number, hit)
    for _ in range(ROUNDS):
        top, bottom = _heights(view, number, Place(*hit.begin))
        begin = scroller.scroll + NEAR + code_acts.cover_at(view, point)
        if top >= begin and bottom <= scroller.scroll + scroller.view - NEAR:
            break
        before = scroller.scroll
        scroller.move_to(top - scroller.view // 3)
        if scroller.scroll == before:
            break
    scroller.reading.free()
    view.refresh()


def _heights(view: Stage, number: int, place: Place) -> tuple[int, int]:
    rect = view.document.messages[number].caret(place)
    top = view.document.top(number) + round(rect.top())
    return top, top + round(rect.height())


def _scroll_sideways(view: Stage, number: int, hit: Hit) -> None:
    message = view.document.messages[number]
    for part, column, _, _ in message.columns():
        if part == hit.part and column.boxes:
            box = column.boxes[column.box_of(Place(*hit.begin).spot)]
            bar = box.sideways
            if bar is not None:
                # Where not all of it fits, its beginning is shown.
                for offset in (hit.end, hit.start):
                    inside = max(0, min(offset - box.start, box.length))
                    bar.show(box.caret(inside).x + bar.x, NEAR)
