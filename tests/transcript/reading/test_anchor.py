"""Whatever happens, the line that is read stays: many random conversations, sizes and acts."""

from __future__ import annotations

import random
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.items import Action, Item, Notice, ReadingPosition, Side
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT, Line, Place
from desktop_chat.transcript.reading.position import State
from desktop_chat.transcript.targets import Kind
from desktop_chat.transcript.view import TranscriptView
from tests.transcript.conftest import make_look
from tests.transcript.conversations import PARAGRAPH, answer, question, top_on_screen

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.look import Look

ACTS = 25
PARTS = (
    lambda r: PARAGRAPH * r.randint(1, 9),
    lambda r: f"{'#' * r.randint(1, 4)} A heading",
    lambda r: "```python\n" + "value = [1, 2, 3]\n" * r.randint(1, 80) + "```",
    lambda r: "\n".join(
        f"- item {n} " + PARAGRAPH * r.randint(0, 2) for n in range(r.randint(1, 9))
    ),
    lambda r: "| a | b |\n|---|---|\n" + "| one | two words |\n" * r.randint(1, 20),
    lambda r: "> " + PARAGRAPH * r.randint(1, 4),
    lambda r: "汉字和标点，" * r.randint(5, 200),
    lambda r: "---",
)


def text(r: random.Random) -> str:
    return "\n\n".join(r.choice(PARTS)(r) for _ in range(r.randint(1, 12)))


def conversation(r: random.Random) -> list[Item]:
    items: list[Item] = []
    for turn in range(r.randint(2, 30)):
        items.append(question(f"q{turn}", PARAGRAPH * r.choice([1, 1, 1, 12])))
        thoughts = r.choice(["", "", "Thinking aloud.\n" * r.randint(1, 40)])
        notice = r.choice(
            [None, None, None, Notice("It broke off.", (Action.RETRY,), "Words. " * 60)]
        )
        items.append(
            answer(f"a{turn}", text(r), reasoning=thoughts, reasoning_ms=900, notice=notice)
        )
    items.append(question("asked", "And now?"))
    items.append(answer("live", "", streaming=True))
    return items


def look(r: random.Random) -> Look:
    return make_look(
        r.choice(["light", "dark"]),
        base=r.choice([12, 15, 15, 22]),
        column=r.choice([560, 680, 860]),
    )


def third(view: TranscriptView) -> tuple[str, Line, int]:
    """Return the line under the view's top third, found as the rule says and not by the code."""
    y = view.scroller.scroll + view.scroller.view // 3
    number = view.document.at(y)
    top = view.document.top(number)
    found = view.document.messages[number]
    line, below = found.line_at(y - top)
    return found.item.id, line, y - below - view.scroller.scroll


def on_screen(view: TranscriptView, item_id: str, line: Line) -> int:
    number = view.document.number(item_id)
    found = view.document.messages[number]
    return view.document.top(number) + found.line_top(line) - view.scroller.scroll


class Acts:
    """What may happen to a view while somebody reads in it."""

    def __init__(self, view: TranscriptView, r: random.Random) -> None:
        self.view = view
        self.r = r
        self.items = {one.id: one for one in conversation(r)}
        self.said = ""
        self.extra = 0
        view.set_look(look(r))
        view.set_items(list(self.items.values()))

    def all(self) -> list[Callable[[], None]]:
        return [
            self.resize,
            self.grow,
            self.grow,
            self.think,
            self.finish,
            self.dress,
            self.change_above,
            self.unfold_elsewhere,
            self.hide_and_show,
            self.add,
            self.idle,
            self.status,
        ]

    def resize(self) -> None:
        self.view.resize(self.r.randint(420, 1300), self.r.randint(300, 900))
        QApplication.processEvents()

    def grow(self) -> None:
        piece = text(self.r)
        self.said += piece
        self.view.append_text("live", piece)
        self.view.feed.flush()

    def think(self) -> None:
        self.view.append_reasoning("live", "Hm. " * self.r.randint(1, 300))
        self.view.feed.flush()

    def finish(self) -> None:
        notice = self.r.choice([None, Notice("Stopped.", (Action.CONTINUE,), danger=False)])
        self.view.update_item(answer("live", self.said, notice=notice))

    def dress(self) -> None:
        self.view.set_look(look(self.r))

    def change_above(self) -> None:
        item_id = self.r.choice([key for key in self.items if key[0] == "a" and key[1:].isdigit()])
        if self.reads(item_id):
            return
        self.view.update_item(answer(item_id, text(self.r)))

    def unfold_elsewhere(self) -> None:
        """A late height: something in another message gets higher by itself."""
        for message in self.view.document.messages:
            if isinstance(message, Answer) and message.fold and not self.reads(message.item.id):
                with self.view.changing():
                    message.toggle_reasoning()
                    self.view.document.measured(self.view.document.number(message.item.id))

    def hide_and_show(self) -> None:
        self.view.hide()
        if self.r.random() < 0.5:
            self.resize()
        if self.r.random() < 0.5:
            self.view.append_text("live", PARAGRAPH)
            self.said += PARAGRAPH
        self.view.show()
        QApplication.processEvents()

    def add(self) -> None:
        self.extra += 1
        self.view.add_item(answer(f"more{self.extra}", text(self.r)))

    def idle(self) -> None:
        self.view._on_idle()
        self.view.grab()

    def status(self) -> None:
        self.view.set_status("live", "Waiting for the first word…")

    def reads(self, item_id: str) -> bool:
        return third(self.view)[0] == item_id


@pytest.mark.parametrize("seed", range(40))
def test_the_line_under_the_top_third_does_not_move_by_a_pixel(
    view: TranscriptView, seed: int
) -> None:
    r = random.Random(seed)
    acts = Acts(view, r)
    acts.grow()
    for _ in range(ACTS):
        if view.scroller.maximum < 10:
            return
        view.scroll_to(r.randint(0, max(view.scroller.maximum - 2, 0)))
        if view.scroller.reading.state is not State.FREE:
            continue
        item_id, line, y = third(view)
        act = r.choice(acts.all())
        act()
        assert view.scroller.reading.state is State.FREE
        now = on_screen(view, item_id, line)
        ends = view.scroller.scroll in (0, view.scroller.maximum)
        assert now == y or ends, f"{act.__name__} moved it by {now - y}"


@pytest.mark.parametrize("seed", range(12))
def test_a_whole_series_of_happenings_moves_nothing(view: TranscriptView, seed: int) -> None:
    r = random.Random(1000 + seed)
    acts = Acts(view, r)
    acts.grow()
    view.scroll_to(view.scroller.maximum // 2)
    if view.scroller.reading.state is not State.FREE:
        return
    for _ in range(ACTS):
        item_id, line, y = third(view)
        act = r.choice(acts.all())
        act()
        now = on_screen(view, item_id, line)
        ends = view.scroller.scroll in (0, view.scroller.maximum)
        assert now == y or ends, f"{act.__name__} moved it by {now - y}"


@pytest.mark.parametrize("seed", range(12))
def test_an_asked_question_stays_at_the_top_whatever_happens(
    view: TranscriptView, seed: int
) -> None:
    r = random.Random(2000 + seed)
    acts = Acts(view, r)
    view.anchor("asked")
    for _ in range(ACTS):
        act = r.choice([one for one in acts.all() if one != acts.add])
        act()
        assert view.scroller.reading.state is State.ANCHORED
        lead = view.document.messages[view.document.number("asked")].lead
        assert top_on_screen(view, "asked") + lead == 16, act.__name__


@pytest.mark.parametrize("seed", range(12))
def test_the_end_stays_in_view_while_it_is_followed(view: TranscriptView, seed: int) -> None:
    r = random.Random(3000 + seed)
    acts = Acts(view, r)
    view.follow_end()
    for _ in range(ACTS):
        act = r.choice(acts.all())
        act()
        assert view.scroller.reading.state is State.FOLLOWING
        assert view.scroller.scroll == view.scroller.maximum, act.__name__


def test_of_a_long_question_the_last_three_lines_stay_in_view(view: TranscriptView) -> None:
    view.set_items(
        [question("q0"), answer("a0"), question("asked", "A line.\n" * 40 + "The last.")]
    )
    view.add_item(answer("live", "", streaming=True))
    view.anchor("asked")
    tops = set()
    for _ in range(30):
        view.append_text("live", PARAGRAPH + "\n\n")
        view.feed.flush()
        number = view.document.number("asked")
        bottom = view.document.top(number) + view.document.messages[number].height
        tops.add(bottom - view.scroller.scroll)
    assert tops == {16 + 3 * view.type.body.line}


def test_a_second_question_takes_the_top_and_the_first_lets_it_go(view: TranscriptView) -> None:
    view.set_items([question("q0"), answer("a0", PARAGRAPH)])
    for turn in ("one", "two"):
        view.add_item(question(turn))
        view.add_item(answer(f"to {turn}", "", streaming=True))
        view.anchor(turn)
        view.append_text(f"to {turn}", PARAGRAPH * 3)
        view.feed.flush()
        view.update_item(answer(f"to {turn}", PARAGRAPH * 3))
        lead = view.document.messages[view.document.number(turn)].lead
        assert top_on_screen(view, turn) + lead == 16


@pytest.mark.parametrize("seed", range(15))
def test_the_same_line_at_the_same_height_after_a_restart(
    qtbot: QtBot, view: TranscriptView, seed: int
) -> None:
    r = random.Random(4000 + seed)
    items = [one for one in conversation(r) if one.id not in ("asked", "live")]
    view.set_items(items)
    view.scroll_to(r.randint(0, view.scroller.maximum))
    if view.scroller.reading.state is not State.FREE:
        return
    item_id, line, y = third(view)
    before = view.scroller.scroll
    position = view.reading_position()
    again = TranscriptView()
    qtbot.addWidget(again)
    size = r.choice([(900, 700), (900, 700), (620, 700), (1250, 700)])
    again.set_items(items, position)
    again.set_look(view.type.look)
    again.resize(*size)
    with qtbot.waitExposed(again):
        again.show()
    ends = again.scroller.scroll in (0, again.scroller.maximum)
    assert on_screen(again, item_id, line) == y or ends
    if size == (900, 700):
        assert on_screen(again, item_id, line) == y
        assert before == pytest.approx(again.scroller.scroll, abs=0) or not ends
    assert again.reading_position() == position or size != (900, 700)


def test_a_restart_after_a_question_finds_it_at_the_top(qtbot: QtBot, view: TranscriptView) -> None:
    items = [question("q0"), answer("a0", PARAGRAPH * 9), question("asked"), answer("short")]
    view.set_items(items)
    view.anchor("asked")
    before = top_on_screen(view, "asked")
    position = view.reading_position()
    again = TranscriptView()
    qtbot.addWidget(again)
    again.set_items(items, position)
    again.set_look(view.type.look)
    again.resize(900, 700)
    with qtbot.waitExposed(again):
        again.show()
    assert top_on_screen(again, "asked") == before
    assert again.scroller.reading.state is State.ANCHORED


@pytest.mark.parametrize("length", [1, 12, 200])
@pytest.mark.parametrize("up", [0, 150, 900])
@pytest.mark.parametrize("changed", [2, 3])
def test_another_version_begins_where_the_one_before_did(
    view: TranscriptView, length: int, up: int, changed: int
) -> None:
    items: list[Item] = []
    for turn in range(6):
        items += [question(f"q{turn}"), answer(f"a{turn}", PARAGRAPH * 9, versions=2)]
    at = len(items) - changed
    items[at] = replace(items[at], versions=2)
    view.set_items(items)
    view.scroll_by(-up)
    y = top_on_screen(view, items[at].id)
    other = replace(items[at], id="other", text=PARAGRAPH * length, version=2)
    ends = [question("asked"), answer("short", "Yes.")][: changed - 1]
    view.set_items([*items[:at], other, *ends], view.reading_position())
    if y < view.scroller.view:
        assert top_on_screen(view, "other") == y
    view.set_items(items, view.reading_position())
    assert top_on_screen(view, items[at].id) == y


def test_while_the_handle_is_held_the_range_is_frozen(view: TranscriptView) -> None:
    view.set_items([question("asked", "Why?"), answer("live", PARAGRAPH * 60, streaming=True)])
    bar = view.verticalScrollBar()
    bar.setSliderDown(True)
    bar.setSliderPosition(100)
    held, shown = bar.maximum(), view.scroller.scroll
    for _ in range(20):
        view.append_text("live", PARAGRAPH + "\n\n")
        view.feed.flush()
        assert (bar.maximum(), bar.value(), view.scroller.scroll) == (held, 100, shown)
    bar.setSliderDown(False)
    assert bar.maximum() == view.scroller.maximum > held


def test_pressing_a_fold_keeps_the_row_and_nothing_else_changes_the_state(
    view: TranscriptView,
) -> None:
    r = random.Random(7)
    view.set_items(conversation(r))
    view.scroll_to(view.scroller.maximum // 3)
    for number, _ in view.document.visible(view.scroller.scroll, view.scroller.scroll + 700):
        message = view.document.messages[number]
        if not message.built or message.item.side is Side.PERSON:
            continue
        for button in message.buttons(0, message.height):
            if button.target.kind not in (Kind.REASONING, Kind.DETAILS):
                continue
            before = top_on_screen(view, message.item.id) + button.rect.top()
            view.pressed.emit(button.target)
            assert top_on_screen(view, message.item.id) + button.rect.top() == before
            assert view.scroller.reading.state is State.FREE


def test_a_place_deep_in_a_text_that_is_still_being_read_is_found_when_it_is_there(
    qtbot: QtBot, view: TranscriptView
) -> None:
    long = "".join(f"Paragraph {number}.\n\n" for number in range(12_000))
    place = Place(TEXT, 11_000, 0)
    view.set_items([question(), answer("a", long)], ReadingPosition("a", 11_000, 0, y=200))
    found = view.document.messages[1]
    assert isinstance(found, Answer)
    assert found.unread
    qtbot.waitUntil(lambda: not found.unread, timeout=30_000)
    assert on_screen(view, "a", Line(place, 0)) == 200
    view.scroll_by(-72)
    assert on_screen(view, "a", Line(place, 0)) == 272


def test_what_is_read_on_below_the_view_has_nothing_painted(
    view: TranscriptView, qtbot: QtBot
) -> None:
    text = "\n\n".join(f"Part {part}. " + PARAGRAPH for part in range(2000))
    view.set_items([question(), answer(text=text)], ReadingPosition("q", 0, 0))
    found = view.document.messages[1]
    assert isinstance(found, Answer)
    QApplication.processEvents()
    assert found.unread
    below = view.scroller.scroll + view.viewport().height()
    grown: list[tuple[int, int]] = []
    view.feed.grown.connect(lambda top, moved: grown.append((top, moved)))
    qtbot.waitUntil(lambda: not found.unread, timeout=30_000)
    assert grown
    assert all(top >= below and not moved for top, moved in grown)
