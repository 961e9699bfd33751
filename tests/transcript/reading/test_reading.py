"""The line that is read does not move, whatever happens around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.items import Notice, ReadingPosition
from desktop_chat.transcript.messages.message import TEXT, Line, Place
from desktop_chat.transcript.reading.pill import SHADOW
from desktop_chat.transcript.reading.position import State
from desktop_chat.transcript.view import TranscriptView
from tests.transcript.conftest import make_look
from tests.transcript.conversations import (
    PARAGRAPH,
    answer,
    height_on_screen,
    line_under_third,
    long_chat,
    message,
    question,
    top_on_screen,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.look import Look


def ask(view: TranscriptView) -> None:
    """Ask a question after a long chat; an answer begins."""
    view.set_items(long_chat(10))
    view.add_item(question("asked", "And now?"))
    view.add_item(answer("arriving", "", streaming=True))
    view.anchor("asked")


def wheel(view: TranscriptView, notches: int) -> None:
    at = QPointF(view.viewport().rect().center())
    event = QWheelEvent(
        at,
        view.viewport().mapToGlobal(at),
        QPoint(),
        QPoint(0, notches * 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_a_sent_question_stands_16_pixels_under_the_top_and_stays(view: TranscriptView) -> None:
    ask(view)
    lead = message(view, "asked").lead
    tops = {top_on_screen(view, "asked") + lead}
    for _ in range(60):
        view.append_text("arriving", PARAGRAPH + "\n\n")
        view.feed.flush()
        tops.add(top_on_screen(view, "asked") + lead)
    assert tops == {16}
    assert view.scroller.reading.state is State.ANCHORED


def test_finishing_moves_nothing(view: TranscriptView) -> None:
    ask(view)
    view.append_text("arriving", (PARAGRAPH + "\n\n") * 20)
    view.feed.flush()
    before = top_on_screen(view, "asked")
    view.update_item(answer("arriving", (PARAGRAPH + "\n\n") * 20))
    assert top_on_screen(view, "asked") == before


def test_following_shows_the_newest_line(view: TranscriptView) -> None:
    ask(view)
    view.follow_end()
    for _ in range(60):
        view.append_text("arriving", PARAGRAPH + "\n\n")
        view.feed.flush()
        end = view.document.content_bottom() - view.scroller.scroll
        assert 0 < end <= view.viewport().height()
    assert not view.news.pill.isVisible()


def test_a_wheel_upward_frees_and_the_line_read_stays_while_text_arrives(
    view: TranscriptView,
) -> None:
    ask(view)
    view.follow_end()
    wheel(view, 2)
    assert view.scroller.reading.state is State.FREE
    item_id, line, y = line_under_third(view)
    for _ in range(40):
        view.append_text("arriving", PARAGRAPH)
        view.feed.flush()
    assert height_on_screen(view, item_id, line) == y


def test_a_wheel_scrolls_three_lines(view: TranscriptView) -> None:
    view.set_items(long_chat(10))
    item_id, line, y = line_under_third(view)
    wheel(view, 1)
    assert height_on_screen(view, item_id, line) == y + 3 * 24


@pytest.mark.parametrize("width", [480, 640, 1280])
def test_a_resize_keeps_the_line_that_is_read(view: TranscriptView, width: int) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(5000)
    item_id, line, y = line_under_third(view)
    view.resize(width, view.height())
    QApplication.processEvents()
    assert height_on_screen(view, item_id, line) == y


def test_larger_text_keeps_the_line_that_is_read(view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(5000)
    item_id, line, y = line_under_third(view)
    view.set_look(make_look("dark", base=22))
    assert height_on_screen(view, item_id, line) == y


def test_a_notice_that_comes_elsewhere_keeps_the_line_that_is_read(view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(6000)
    item_id, line, y = line_under_third(view)
    view.update_item(answer("a0", "Shorter.", notice=Notice("The connection broke off.")))
    assert height_on_screen(view, item_id, line) == y


def test_heights_that_become_exact_move_nothing_while_scrolling_up(view: TranscriptView) -> None:
    view.set_items(long_chat(60, paragraphs=7))
    for _ in range(100):
        item_id, line, y = line_under_third(view)
        before = view.scroller.scroll
        wheel(view, 1)
        if view.scroller.scroll == 0 or before < 72:
            break
        assert height_on_screen(view, item_id, line) == y + 72


def test_unfolding_keeps_the_pressed_row_where_it_is(view: TranscriptView) -> None:
    items = long_chat(5)
    items[5] = answer("a2", items[5].text, reasoning="Thinking aloud. " * 200, reasoning_ms=9000)
    view.set_items(items)
    view.scroll_to(view.document.top(5) - 200)
    row = next(one for one in message(view, "a2").buttons(0, 999) if "Thought" in one.name)
    before = top_on_screen(view, "a2") + row.rect.top()
    height = message(view, "a2").height
    view.pressed.emit(row.target)
    assert message(view, "a2").height > height + 100
    assert top_on_screen(view, "a2") + row.rect.top() == before


def test_unfolding_at_the_end_keeps_the_pressed_row_too(view: TranscriptView) -> None:
    thoughts = "Thinking aloud. " * 300
    view.set_items([*long_chat(5), answer("last", "Short.", reasoning=thoughts)])
    row = message(view, "last").buttons(0, 999)[0]
    before = top_on_screen(view, "last") + row.rect.top()
    view.pressed.emit(row.target)
    assert top_on_screen(view, "last") + row.rect.top() == before
    view.pressed.emit(row.target)
    assert view.scroller.scroll == view.scroller.maximum
    assert view.scroller.reading.state is State.FOLLOWING


def test_a_first_question_needs_no_scrolling(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.anchor("q")
    assert view.scroller.maximum == 0


def test_a_place_that_was_read_is_found_again(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(7777)
    item_id, line, y = line_under_third(view)
    position = view.reading_position()
    view.set_items(long_chat(30), position)
    assert height_on_screen(view, item_id, line) == y


def test_without_a_place_a_chat_opens_at_its_end(view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    assert view.scroller.scroll == view.scroller.maximum > 0
    assert view.reading_position() == ReadingPosition(following=True)


def test_the_pill_counts_lines_below_the_view_and_tells_the_end(view: TranscriptView) -> None:
    ask(view)
    view.append_text("arriving", (PARAGRAPH + "\n\n") * 30)
    view.feed.flush()
    pill = view.news.pill
    assert pill.isVisible()
    assert pill.accessibleName() == "Jump to the end"
    assert pill.text().endswith("new lines")
    view.update_item(answer("arriving", (PARAGRAPH + "\n\n") * 30))
    assert pill.text() == "Finished"
    pill.click()
    assert view.scroller.scroll == view.scroller.maximum
    assert not pill.isVisible()
    assert view.scroller.reading.state is State.FOLLOWING


def test_an_answer_that_failed_out_of_view_stopped_early(view: TranscriptView) -> None:
    ask(view)
    text = (PARAGRAPH + "\n\n") * 30
    view.append_text("arriving", text)
    view.update_item(answer("arriving", text, notice=Notice("The connection broke off.")))
    assert view.news.pill.text() == "Stopped early"


def test_there_is_no_pill_over_an_old_chat(view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(100)
    assert not view.news.pill.isVisible()


def test_ten_thousand_messages_lay_out_only_what_is_near(view: TranscriptView) -> None:
    view.set_items(long_chat(5000))
    built = sum(one.built for one in view.document.messages)
    assert 0 < built < 30
    view.scroll_to(view.scroller.maximum // 2)
    assert sum(one.built for one in view.document.messages) < 60


def test_a_hidden_view_takes_text_in_and_lays_nothing_out(view: TranscriptView) -> None:
    ask(view)
    view.hide()
    for _ in range(50):
        view.append_text("arriving", PARAGRAPH + "\n\n")
        QApplication.processEvents()
    assert message(view, "arriving").text == ""
    view.show()
    assert message(view, "arriving").text == (PARAGRAPH + "\n\n") * 50
    assert top_on_screen(view, "asked") + message(view, "asked").lead == 16


def test_an_answer_that_ended_while_hidden_is_whole(view: TranscriptView) -> None:
    ask(view)
    view.hide()
    view.append_text("arriving", PARAGRAPH)
    view.update_item(answer("arriving", PARAGRAPH + "End."))
    view.show()
    assert message(view, "arriving").text == PARAGRAPH + "End."
    assert message(view, "arriving").columns()[0][1].boxes


def test_a_place_survives_a_view_that_was_never_shown(qtbot: QtBot, look: Look) -> None:
    hidden = TranscriptView()
    qtbot.addWidget(hidden)
    hidden.set_look(look)
    place = ReadingPosition("a7", 2, 0, y=123)
    hidden.set_items(long_chat(30), place)
    assert hidden.reading_position() == place
    hidden.resize(900, 700)
    hidden.show()
    assert height_on_screen(hidden, "a7", Line(Place(TEXT, 2, 0), 0)) == 123


def test_a_page_is_the_view_less_48_pixels(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(5000)
    item_id, line, y = line_under_third(view)
    QTest.keyClick(view, Qt.Key.Key_PageDown)
    page = view.viewport().height() - 48
    assert height_on_screen(view, item_id, line) == y - page
    QTest.keyClick(view, Qt.Key.Key_Space, Qt.KeyboardModifier.ShiftModifier)
    assert height_on_screen(view, item_id, line) == y


def test_printable_keys_belong_to_the_composer(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(long_chat(2))
    with qtbot.waitSignal(view.typed) as told:
        QTest.keyClicks(view, "h")
    assert told.args == ["h"]


def test_an_answer_makes_room_for_an_editor_over_its_question(view: TranscriptView) -> None:
    view.set_items([question("asked", "Why?"), answer("given", PARAGRAPH)])
    question_top, answer_top = top_on_screen(view, "asked"), top_on_screen(view, "given")
    before = view.document.height

    view.reserve("asked", 300)
    assert top_on_screen(view, "asked") == question_top
    assert top_on_screen(view, "given") > question_top + 300 > answer_top

    view.reserve("asked", 0)
    assert top_on_screen(view, "given") == answer_top
    assert view.document.height == before


def test_a_short_way_to_the_end_is_gone_smoothly(
    view: TranscriptView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_look(make_look("light", animate=True))
    view.set_items(long_chat(30))
    view.scroll_to(view.scroller.maximum - 1000)
    seen: list[int] = []
    move_to = view.scroller.move_to

    def watched(value: int) -> None:
        seen.append(value)
        move_to(value)

    monkeypatch.setattr(view.scroller, "move_to", watched)
    view.jump_to_end()
    qtbot.waitUntil(lambda: view.scroller.reading.state is State.FOLLOWING and len(seen) > 0)
    qtbot.waitUntil(lambda: view.scroller.scroll == view.scroller.maximum)
    assert seen == sorted(seen)


@pytest.mark.parametrize(("animate", "views"), [(True, 4), (False, 1)])
def test_a_long_way_to_the_end_and_one_without_motion_is_a_jump(
    view: TranscriptView, *, animate: bool, views: int
) -> None:
    view.set_look(make_look("light", animate=animate))
    view.set_items(long_chat(60))
    view.scroll_to(view.scroller.maximum - views * view.scroller.view)
    view.jump_to_end()
    assert view.scroller.scroll == view.scroller.maximum


def test_a_wheel_gives_a_jump_up(view: TranscriptView) -> None:
    view.set_look(make_look("light", animate=True))
    view.set_items(long_chat(30))
    view.scroll_to(view.scroller.maximum - 1000)
    view.jump_to_end()
    wheel(view, 1)
    item_id, line, y = line_under_third(view)
    QTest.qWait(250)
    assert height_on_screen(view, item_id, line) == y


@pytest.mark.parametrize(("paragraphs", "words"), [(90, "99+ new lines"), (20, " new lines")])
def test_the_pill_stands_12_pixels_above_the_edge(
    view: TranscriptView, paragraphs: int, words: str
) -> None:
    ask(view)
    view.append_text("arriving", (PARAGRAPH + "\n\n") * paragraphs)
    view.feed.flush()
    pill = view.news.pill
    assert pill.text().endswith(words)
    assert view.viewport().height() - (pill.geometry().bottom() + 1 - SHADOW) == 12
    assert pill.height() - 2 * SHADOW == 32
