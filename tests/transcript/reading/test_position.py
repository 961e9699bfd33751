"""The state machine of reading: only a person's act changes the state."""

from __future__ import annotations

from desktop_chat.transcript.reading.position import Extent, Reading, State


def extent(content: int, *, view: int = 600, top: int = 1000, bottom: int = 1060) -> Extent:
    return Extent(view, content, top, bottom)


def state_after(reading: Reading, scroll: int, now: Extent) -> State:
    reading.scrolled(scroll, now)
    return reading.state


def test_an_asked_question_stands_16_pixels_under_the_top() -> None:
    reading = Reading()
    reading.anchor("q")
    short = extent(1100)
    assert reading.scroll(short, 0) == 1000 - 16
    assert reading.spacer(short) == 984 + 600 - 1100


def test_an_anchored_question_stays_while_its_answer_outgrows_the_view() -> None:
    reading = Reading()
    reading.anchor("q")
    assert {reading.scroll(extent(content), 7) for content in range(1100, 9000, 50)} == {984}
    assert reading.spacer(extent(9000)) == 0


def test_of_a_question_taller_than_40_percent_the_last_lines_stay_in_view() -> None:
    reading = Reading()
    reading.anchor("q")
    tall = Extent(600, 2000, 1000, 1300, last_lines=72)
    assert reading.scroll(tall, 0) == 1300 - 72 - 16


def test_following_keeps_the_end_in_view() -> None:
    reading = Reading()
    reading.follow()
    assert reading.scroll(extent(5000), 123) == 5000 - 600
    assert reading.scroll(extent(200), 123) == 0


def test_free_keeps_the_line_that_is_read() -> None:
    reading = Reading()
    reading.free()
    assert reading.scroll(extent(5000), 321) == 321
    assert reading.scroll(extent(700), 321) == 100


def test_scrolling_up_frees_and_scrolling_to_the_bottom_follows() -> None:
    reading = Reading()
    reading.follow()
    assert state_after(reading, 100, extent(5000)) is State.FREE
    assert state_after(reading, 4400, extent(5000)) is State.FOLLOWING


def test_scrolling_back_to_the_space_under_a_question_anchors_it_again() -> None:
    reading = Reading()
    reading.anchor("q")
    assert state_after(reading, 900, extent(1100)) is State.FREE
    assert state_after(reading, 984, extent(1100)) is State.ANCHORED


def test_the_space_under_a_question_stays_while_the_person_reads_elsewhere() -> None:
    reading = Reading()
    reading.anchor("q")
    reading.free()
    assert reading.maximum(extent(1100)) == 984
