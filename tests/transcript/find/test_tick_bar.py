"""The scroll bar marks the person's questions and what was found."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStyle, QStyleOptionSlider, QToolTip

from desktop_chat.domain.resources import resource
from desktop_chat.transcript.find.bar_ticks import FoundTicks, question_ticks
from desktop_chat.transcript.find.query import Query
from desktop_chat.transcript.find.tick_bar import TickBar
from tests.transcript.conftest import make_look
from tests.transcript.conversations import answer, long_chat, question, top_on_screen

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.text.hits import Hits
    from desktop_chat.transcript.view import TranscriptView


def bar_of(view: TranscriptView) -> TickBar:
    """Return the bar of a view."""
    bar = view.verticalScrollBar()
    assert isinstance(bar, TickBar)
    return bar


def marked_rows(view: TranscriptView, role: str) -> list[int]:
    """Return the rows of the bar at whose outer edge a role's colour stands."""
    bar = bar_of(view)
    image = bar.grab().toImage()
    wanted = make_look("light").colour(role).name()
    column = image.width() - 2
    return [y for y in range(image.height()) if QColor(image.pixel(column, y)).name() == wanted]


def test_each_question_has_a_tick_where_it_stands(view: TranscriptView) -> None:
    view.set_items(long_chat(10))
    view.scroll_to(0)
    ticks = question_ticks(view, 700)
    assert [tick.number for tick in ticks] == list(range(0, 20, 2))
    whole = view.scroller.maximum + view.scroller.view
    assert [tick.y for tick in ticks] == [
        view.document.top(at) * 700 // whole for at in range(0, 20, 2)
    ]


def test_questions_too_close_to_be_told_apart_have_no_ticks(view: TranscriptView) -> None:
    view.set_items(long_chat(500, 1))
    assert question_ticks(view, 700) == []
    assert question_ticks(view, 500 * 6)


def test_a_press_on_a_tick_goes_to_its_question(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items(long_chat(10))
    view.scroll_to(0)
    bar = bar_of(view)
    tick = question_ticks(view, bar.height())[7]
    at = QPoint(bar.width() // 2, tick.y + 1)
    assert bar.tick_at(at) == tick
    QTest.mouseClick(bar, Qt.MouseButton.LeftButton, pos=at)
    assert abs(top_on_screen(view, "q7")) <= 16


def test_the_handle_is_pressed_in_preference_to_a_tick_under_it(view: TranscriptView) -> None:
    view.set_items(long_chat(10))
    view.scroll_to(view.document.top(8))
    bar = bar_of(view)
    handle = bar.handle()
    ticks = question_ticks(view, bar.height())
    under = [tick for tick in ticks if handle.top() <= tick.y <= handle.bottom()]
    assert under
    assert all(bar.tick_at(QPoint(bar.width() // 2, tick.y)) is None for tick in under)


@pytest.mark.parametrize("messages", [2, 10, 400])
def test_the_handle_stands_where_the_style_paints_it(view: TranscriptView, messages: int) -> None:
    """Of the program's own style sheet, whose bars have no buttons."""
    sheet = resource("style.qss").read_text("utf-8")
    rules = re.findall(r"^QScrollBar.*$", sheet, re.MULTILINE)
    bar = bar_of(view)
    bar.setStyleSheet(re.sub(r"@\w+", "#888888", "\n".join(rules)))
    view.set_items(long_chat(messages))
    for part in (0, 0.3, 0.77, 1):
        bar.setValue(int(part * bar.maximum()))
        option = QStyleOptionSlider()
        bar.initStyleOption(option)
        painted = bar.style().subControlRect(
            QStyle.ComplexControl.CC_ScrollBar, option, QStyle.SubControl.SC_ScrollBarSlider, bar
        )
        handle = bar.handle()
        assert abs(handle.top() - painted.top()) <= 1
        assert abs(handle.bottom() - painted.bottom()) <= 1


def test_the_first_words_are_told_over_a_tick_and_never_read_as_markup(
    qtbot: QtBot, view: TranscriptView
) -> None:
    items = long_chat(10)
    items[14] = question("q7", "<b>Bold</b>\n\nwords " + "and more " * 50)
    view.set_items(items)
    view.scroll_to(0)
    bar = bar_of(view)
    tick = question_ticks(view, bar.height())[7]
    QTest.mouseMove(bar, QPoint(bar.width() // 2, tick.y))
    qtbot.waitUntil(lambda: QToolTip.text().startswith("‹b›Bold‹/b› words and more"))
    assert QToolTip.text().endswith("…")
    assert bar.cursor().shape() is Qt.CursorShape.PointingHandCursor
    QTest.mouseMove(bar, QPoint(bar.width() // 2, tick.y + 20))
    assert bar.cursor().shape() is Qt.CursorShape.ArrowCursor


def test_what_was_found_is_marked_where_it_stands(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([*long_chat(20), answer("z", "The rarest word."), *long_chat(0)])
    view.scroll_to(0)
    assert marked_rows(view, "find_tick") == []
    view.finder.search(Query("turn 10, part 2"))
    qtbot.waitUntil(lambda: view.finder.done)
    rows = marked_rows(view, "find_tick")
    assert len(rows) == 2
    top = view.document.top(view.document.number("a10"))
    end = view.document.top(view.document.number("q11"))
    whole = view.scroller.maximum + view.scroller.view
    assert top <= rows[0] * whole / bar_of(view).height() <= end
    view.finder.clear()
    assert marked_rows(view, "find_tick") == []


def test_each_query_has_ticks_of_its_own(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "\n\n".join(["tree"] * 50 + ["the end"]))])
    seen: set[int] = set()
    # What a query has found is let go, and its place in memory taken by what the next one finds.
    for term in ["t", "th", "the"] * 20:
        view.finder.search(Query(term))
        qtbot.waitUntil(lambda: view.finder.done)
        assert view.finder.revision not in seen
        seen.add(view.finder.revision)


def test_thousands_of_hits_are_one_tick_a_pixel(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([answer("a", "word " * 20_000), *long_chat(100)])
    view.finder.search(Query("o"))
    qtbot.waitUntil(lambda: view.finder.done)
    assert view.finder.count > 20_000
    ticks = bar_of(view)._found.ticks(view, view.finder, 700)
    assert len(ticks) == len(set(ticks)) <= 700
    assert ticks == sorted(ticks)


def test_a_chat_that_needs_no_bar_has_no_ticks(view: TranscriptView) -> None:
    view.set_items([question(), answer()])
    bar = bar_of(view)
    assert not bar.isVisible()
    assert bar.tick_at(QPoint(5, 5)) is None


def test_messages_that_share_a_pixel_are_looked_at_together(
    qtbot: QtBot, view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = [
        one
        for number in range(1500)
        for one in (
            question(f"q{number}"),
            answer(f"a{number}", "needle" if number % 90 == 7 else "straw"),
        )
    ]
    view.set_items(items)
    view.finder.search(Query("needle"))
    qtbot.waitUntil(lambda: view.finder.done)
    whole = max(view.scroller.maximum + view.scroller.view, 1)
    asked: list[str] = []
    hits = view.finder.hits

    def counted(item_id: str) -> Hits | None:
        asked.append(item_id)
        return hits(item_id)

    monkeypatch.setattr(view.finder, "hits", counted)
    ticks = FoundTicks().ticks(view, view.finder, 300)
    assert len(asked) <= 300
    tops = [view.document.top(view.document.number(f"a{at}")) for at in range(7, 1500, 90)]
    assert len(ticks) == len(tops)
    for tick, top in zip(ticks, tops, strict=True):
        assert abs(tick - top * 300 / whole) <= 2
