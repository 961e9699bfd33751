"""Reasoning: its last lines while it arrives, one row afterwards, never a part of the answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QGuiApplication

from desktop_chat.transcript.messages import thinking
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.thinking import ThinkingClock, duration
from desktop_chat.transcript.targets import Kind, Target
from desktop_chat.transcript.text.plain import SEGMENT, PlainStream, plain_part
from tests.transcript.conftest import make_look
from tests.transcript.conversations import (
    PARAGRAPH,
    answer,
    long_chat,
    message,
    question,
    top_on_screen,
)

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.reasoning import ReasoningFold
    from desktop_chat.transcript.view import TranscriptView

THOUGHTS = "".join(f"Thought number {number}.\n" for number in range(40))
FOLD = Target(Kind.REASONING, "a")


class Time:
    """A clock that goes when told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def time(monkeypatch: pytest.MonkeyPatch) -> Time:
    made = Time()
    monkeypatch.setattr(thinking, "time", made)
    return made


def begin(view: TranscriptView) -> None:
    """Ask; the answer has not begun."""
    view.set_items([*long_chat(3), question(), answer("a", "", streaming=True)])
    view.anchor("q")


def think(view: TranscriptView, text: str = THOUGHTS) -> None:
    view.append_reasoning("a", text)
    view.feed.flush()


def say(view: TranscriptView, text: str) -> None:
    view.append_text("a", text)
    view.feed.flush()


def fold(view: TranscriptView) -> ReasoningFold:
    found = message(view, "a")
    assert isinstance(found, Answer)
    assert found.fold is not None
    return found.fold


def test_while_it_thinks_the_last_lines_are_shown_under_a_running_timer(
    view: TranscriptView, time: Time
) -> None:
    begin(view)
    think(view)
    time.now += 6
    assert fold(view).label == "Thinking… 6 s"
    assert fold(view).peeking
    assert fold(view).height == view.type.side + 96
    view.grab()


def test_the_first_words_of_the_answer_fold_it(view: TranscriptView, time: Time) -> None:
    begin(view)
    think(view)
    time.now += 12
    say(view, "So")
    time.now += 60
    assert fold(view).label == "Thought for 12 s"
    assert fold(view).height == view.type.side


def test_what_the_person_opened_stays_open(view: TranscriptView) -> None:
    begin(view)
    think(view)
    view.pressed.emit(FOLD)
    assert fold(view).unfolded
    say(view, "So")
    assert fold(view).unfolded
    view.update_item(answer("a", "So", reasoning=THOUGHTS, reasoning_ms=9000))
    assert fold(view).unfolded
    assert fold(view).label == "Thought for 9 s"


def test_a_press_anywhere_on_the_last_lines_opens_all(view: TranscriptView) -> None:
    begin(view)
    think(view)
    (button,) = (one for one in message(view, "a").buttons(0, 500) if one.target == FOLD)
    assert button.rect.height() == view.type.side + 96
    assert button.rect.width() >= view.document.geometry.width


def test_where_it_is_not_to_fold_it_stays_open(view: TranscriptView) -> None:
    view.set_look(make_look("light", fold_reasoning=False))
    begin(view)
    think(view)
    assert fold(view).unfolded
    say(view, "So")
    assert fold(view).unfolded
    view.pressed.emit(FOLD)
    assert not fold(view).unfolded


def test_the_setting_works_at_once(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "So", reasoning=THOUGHTS, reasoning_ms=9000)])
    assert not fold(view).unfolded
    view.set_look(make_look("light", fold_reasoning=False))
    assert fold(view).unfolded


def test_more_thoughts_after_words_let_the_time_run_on_and_move_nothing(
    view: TranscriptView, time: Time
) -> None:
    begin(view)
    think(view)
    time.now += 5
    say(view, "First words.\n\n")
    text_top = message(view, "a").columns()[0][3]
    time.now += 30
    think(view, "Once more. " * 50)
    time.now += 3
    assert fold(view).label == "Thinking… 8 s"
    assert fold(view).height == view.type.side
    say(view, "More words.")
    time.now += 30
    assert fold(view).label == "Thought for 8 s"
    assert message(view, "a").columns()[0][3] == text_top
    found = message(view, "a")
    assert isinstance(found, Answer)
    assert found.reasoning == THOUGHTS + "Once more. " * 50
    assert found.text == "First words.\n\nMore words."


def test_thoughts_without_an_answer_end_with_their_time(view: TranscriptView, time: Time) -> None:
    begin(view)
    think(view)
    time.now += 4
    view.update_item(answer("a", "", reasoning=THOUGHTS))
    time.now += 40
    assert fold(view).label == "Thought for 4 s"
    assert not fold(view).peeking


def test_the_time_runs_on_through_another_size_of_text(view: TranscriptView, time: Time) -> None:
    begin(view)
    think(view)
    time.now += 20
    view.set_look(make_look("dark", base=20))
    time.now += 1
    assert fold(view).label == "Thinking… 21 s"


def test_the_time_is_true_where_nobody_looked(view: TranscriptView, time: Time) -> None:
    begin(view)
    view.hide()
    view.append_reasoning("a", "Hm.")
    time.now += 7
    view.append_text("a", "So.")
    time.now += 70
    view.show()
    assert fold(view).label == "Thought for 7 s"


def test_a_chat_that_is_opened_again_knows_how_long_it_took(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "So.", reasoning="Hm.", reasoning_ms=75_400)])
    assert fold(view).label == "Thought for 1 min 15 s"
    assert not fold(view).unfolded


def test_a_copy_holds_no_thought(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "So.", reasoning=THOUGHTS, reasoning_ms=9000)])
    view.pressed.emit(FOLD)
    view.copy_item("a")
    assert QGuiApplication.clipboard().text() == "So."
    view.select_all()
    view.copy()
    assert "Thought" not in QGuiApplication.clipboard().text()


def test_the_question_stays_at_the_top_from_the_first_thought_to_the_end(
    view: TranscriptView,
) -> None:
    begin(view)
    lead = message(view, "q").lead
    tops = set()
    for step in range(30):
        think(view, f"Thought {step}, which is of some length. " * 8)
        tops.add(top_on_screen(view, "q") + lead)
    for _ in range(30):
        say(view, PARAGRAPH + "\n\n")
        tops.add(top_on_screen(view, "q") + lead)
    view.update_item(answer("a", (PARAGRAPH + "\n\n") * 30, reasoning_ms=3000))
    tops.add(top_on_screen(view, "q") + lead)
    assert tops == {16}


def test_one_endless_line_of_thought_makes_no_work_over_again(view: TranscriptView) -> None:
    begin(view)
    column = None
    for _ in range(200):
        think(view, "word " * 200)
        column = fold(view).column
    assert column is not None
    before = list(column.boxes)
    think(view, "word " * 10)
    assert column.boxes[: len(before) - 1] == before[:-1]
    assert len(before) == -(-200_000 // SEGMENT)
    view.pressed.emit(FOLD)
    view.grab()


@given(st.lists(st.text(alphabet="ab \r\n", max_size=40), max_size=12))
def test_thoughts_in_pieces_are_the_thoughts_as_a_whole(pieces: list[str]) -> None:
    grown = PlainStream()
    for piece in pieces:
        grown.feed(piece * 150)
    whole = PlainStream("".join(piece * 150 for piece in pieces))
    assert grown.blocks[0].leaves == whole.blocks[0].leaves
    text = "".join(piece * 150 for piece in pieces).replace("\r\n", "\n")
    assert plain_part(grown.blocks[0].leaves, 0, 1 << 40) == text


@pytest.mark.parametrize(
    ("milliseconds", "words"),
    [
        (0, "1 s"),
        (1400, "1 s"),
        (1500, "2 s"),
        (2500, "3 s"),
        (59_499, "59 s"),
        (61_000, "1 min 1 s"),
    ],
)
def test_a_time_is_said_as_a_person_says_it(milliseconds: int, words: str) -> None:
    assert duration(milliseconds) == words


def test_the_next_change_comes_when_another_second_is_said(time: Time) -> None:
    clock = ThinkingClock()
    clock.start()
    for _ in range(50):
        before = duration(clock.milliseconds)
        time.now += clock.next_change_ms / 1000
        assert duration(clock.milliseconds + 1) != before or clock.milliseconds <= 1500
        time.now += 0.0137
