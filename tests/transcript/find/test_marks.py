"""What was found is marked wherever text stands, the shown hit in another colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor

from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.find.query import Query
from desktop_chat.transcript.messages.message import Place
from tests.transcript.conftest import make_look
from tests.transcript.conversations import answer, long_chat, message, question

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.view import TranscriptView

WIDE = " ".join(f"column{number}" for number in range(60))
KINDS = {
    "prose": answer(text="A **ne**_ed_`le` in prose."),
    "inline code": answer(text="Some `a needle in code` here."),
    "heading": answer(text="## A needle of a heading"),
    "quote": answer(text="> - a needle in a quote"),
    "code": answer(text="```python\ndef f():\n    return needle\n```"),
    "wide code": answer(text=f"```\n{WIDE} needle\n```"),
    "table": answer(text="| a | b |\n|---|---|\n| one | the needle |"),
    "wide table": answer(text=f"|{'h|' * 40}\n|{'-|' * 40}\n|{'a word|' * 39}needle|"),
    "question": question(text="A needle?"),
    "reasoning": answer(text="An answer.", reasoning="Think of a needle."),
    "right to left": answer(text="مرحبا needle عالم"),
    "emoji": answer(text="👩‍💻👩‍💻 needle"),
}


def colours(image: QImage, area: QRect) -> set[str]:
    """Return the colours that an area of a picture has."""
    area = area.intersected(image.rect())
    return {
        QColor(image.pixel(x, y)).name()
        for y in range(area.top(), area.bottom() + 1)
        for x in range(area.left(), area.right() + 1)
    }


def shown_area(view: TranscriptView) -> QRect:
    """Return where the shown hit begins in the viewport."""
    now = view.finder.now
    assert now is not None
    caret = message(view, now[0]).caret(Place(*now[1].begin))
    top = view.document.top(view.document.number(now[0])) - view.scroller.scroll
    return QRect(view.column_left + round(caret.left()), top + round(caret.top()), 20, 24)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("kind", KINDS)
def test_the_shown_hit_is_marked(qtbot: QtBot, view: TranscriptView, kind: str, theme: str) -> None:
    look = make_look(theme)
    view.set_look(look)
    view.set_items([KINDS[kind]])
    view.finder.search(Query("needle"))
    qtbot.waitUntil(lambda: view.finder.done)
    assert view.finder.number == 1
    area = shown_area(view)
    assert view.viewport().rect().contains(area)
    seen = colours(view.viewport().grab().toImage(), area)
    assert look.colour("find_now").name() in seen
    view.finder.clear()
    seen = colours(view.viewport().grab().toImage(), area)
    assert look.colour("find_now").name() not in seen


def test_every_hit_in_view_is_marked_and_one_of_them_as_shown(
    qtbot: QtBot, view: TranscriptView
) -> None:
    look = make_look("light")
    view.set_items([answer(text="needle\n\nneedle\n\nneedle")])
    view.finder.search(Query("needle"))
    view.finder.step(1)
    qtbot.waitUntil(lambda: view.finder.done)
    image = view.viewport().grab().toImage()
    marked = []
    for block in range(3):
        now = view.finder.now
        assert now is not None
        place = Place(now[1].part, block, now[1].start)
        caret = message(view, "a").caret(place)
        top = view.document.top(0) - view.scroller.scroll
        area = QRect(view.column_left, top + round(caret.top()), 20, 24)
        seen = colours(image, area)
        marked.append([look.colour(role).name() in seen for role in ("find", "find_now")])
    assert marked == [[True, False], [False, True], [True, False]]


def test_folded_code_is_unfolded_at_its_hit(qtbot: QtBot, view: TranscriptView) -> None:
    lines = "\n".join(f"line {number}" for number in range(200))
    view.set_items([*long_chat(20), answer(text=f"```\n{lines}\n```\n\n" + "end\n\n" * 40)])
    view.scroll_to(0)
    view.finder.search(Query("line 150"))
    qtbot.waitUntil(lambda: view.finder.done)
    assert view.viewport().rect().contains(shown_area(view))
    found = message(view, "a").columns()[0][1].boxes[0]
    assert isinstance(found, CodeBox)
    assert not found.folded


def test_a_wide_block_scrolls_sideways_to_its_hit(qtbot: QtBot, view: TranscriptView) -> None:
    items: list[Item] = [*long_chat(20), answer(text=f"```\n{WIDE}\n```\n\n" + "end\n\n" * 40)]
    view.set_items(items)
    view.scroll_to(0)
    view.finder.search(Query("column59"))
    qtbot.waitUntil(lambda: view.finder.done)
    assert view.viewport().rect().contains(shown_area(view))
