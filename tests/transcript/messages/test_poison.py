"""A message that cannot be drawn harms no other: it stands as plain text and can be tried again."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.column import Column
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.items import Notice, Side
from desktop_chat.transcript.messages.answer_body import AnswerBody
from desktop_chat.transcript.messages.plain_message import (
    PLAIN_NOTE,
    SHOWN,
    WITHHELD_NOTE,
    PlainMessage,
)
from desktop_chat.transcript.targets import Kind
from tests.transcript.conversations import (
    answer,
    height_on_screen,
    line_under_third,
    long_chat,
    message,
    question,
)

if TYPE_CHECKING:
    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.view import TranscriptView

POISON = "Never **draw** this."


class Notes:
    """A guard that remembers what it was told."""

    def __init__(self, **strikes: int) -> None:
        self.strikes = strikes
        self.now = ""
        self.seen: set[str] = set()

    def enter(self, item_id: str) -> None:
        self.now = item_id
        self.seen.add(item_id)

    def leave(self) -> None:
        self.now = ""

    def forgive(self, item_id: str) -> None:
        self.strikes.pop(item_id, None)


class Mine:
    """Lets one step of the drawing blow up wherever it meets the poison."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, owner: type, name: str) -> None:
        self.armed = True
        real = getattr(owner, name)

        def step(one: Box, *arguments: object, **named: object) -> object:
            if self.armed and getattr(one, "_inline", None) and one._inline.spans:  # type: ignore[attr-defined]
                raise RuntimeError("the poison works")
            return real(one, *arguments, **named)

        monkeypatch.setattr(owner, name, step)


def note(view: TranscriptView, item_id: str) -> str:
    return message(view, item_id).note


def try_again(view: TranscriptView, item_id: str) -> Button:
    found = message(view, item_id)
    return next(one for one in found.buttons(0, found.height) if one.target.kind is Kind.SHOW_AGAIN)


def shown(found: Message) -> str:
    return "\n".join(
        box._inline.text
        for _, column, _, _ in found.columns()
        for box in column.boxes
        if isinstance(box, ProseBox)
    )


@pytest.mark.parametrize("step", ["place", "settle", "paint"])
def test_an_exception_turns_one_message_into_plain_text(
    view: TranscriptView,
    step: str,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    Mine(monkeypatch, ProseBox, step)
    view.set_items([question(), answer("bad", POISON), question("q2"), answer("good", "Well.")])
    view.grab()
    QApplication.processEvents()
    view.grab()
    assert note(view, "bad") == PLAIN_NOTE
    assert shown(message(view, "bad")) == POISON
    assert shown(message(view, "good")) == "Well."
    assert [one.levelno for one in caplog.records] == [logging.ERROR]
    assert POISON not in caplog.text


def test_reading_that_blows_up_while_text_arrives_loses_no_text(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    Mine(monkeypatch, ProseBox, "place")
    view.set_items([question(), answer("bad", "", streaming=True)])
    for piece in ("Well. ", "Then **this** ", "and\nmore."):
        view.append_text("bad", piece)
        view.feed.flush()
        view.grab()
    assert note(view, "bad") == PLAIN_NOTE
    assert shown(message(view, "bad")) == "Well. Then **this** and\nmore."
    view.update_item(answer("bad", "Well. Then **this** and\nmore. End."))
    assert shown(message(view, "bad")) == "Well. Then **this** and\nmore. End."


def test_a_resize_that_blows_up_keeps_the_others(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    view.set_items([question(), answer("bad", POISON), answer("good", "Well.")])
    view.grab()
    Mine(monkeypatch, ProseBox, "place")
    view.resize(500, 600)
    view.grab()
    assert note(view, "bad") == PLAIN_NOTE
    assert shown(message(view, "good")) == "Well."


def test_try_again_shows_the_message_as_it_should_be(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    mine = Mine(monkeypatch, ProseBox, "settle")
    view.set_items([question(), answer("bad", POISON, reasoning="Hm.", reasoning_ms=4000)])
    view.grab()
    button = try_again(view, "bad")
    assert button.name == "Try again"
    view.pressed.emit(button.target)
    view.grab()
    assert note(view, "bad") == PLAIN_NOTE
    mine.armed = False
    view.pressed.emit(try_again(view, "bad").target)
    view.grab()
    assert note(view, "bad") == ""
    assert shown(message(view, "bad")) == "Never draw this."
    assert message(view, "bad").item.reasoning == "Hm."


def test_what_ended_the_program_once_opens_as_plain_text(view: TranscriptView) -> None:
    notes = Notes(bad=1)
    view.set_guard(notes)
    view.set_items([question(), answer("bad", POISON), answer("good", "Well.")])
    view.grab()
    assert note(view, "bad") == PLAIN_NOTE
    assert shown(message(view, "bad")) == POISON
    assert note(view, "good") == ""
    view.pressed.emit(try_again(view, "bad").target)
    assert note(view, "bad") == ""
    assert notes.strikes == {}


@pytest.mark.parametrize("item", [question("bad", POISON), answer("bad", POISON)])
def test_what_ended_the_program_twice_is_left_out_and_can_be_copied(
    view: TranscriptView, item: object
) -> None:
    view.set_guard(Notes(bad=2))
    view.set_items([item, answer("good")])  # type: ignore[list-item]
    view.grab()
    assert note(view, "bad") == WITHHELD_NOTE
    assert shown(message(view, "bad")) == ""
    view.copy_item("bad")
    assert QGuiApplication.clipboard().text() == POISON


def test_plain_text_that_blows_up_too_is_left_out(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    def explode(_box: ProseBox, _top: int, _bottom: int) -> None:
        raise RuntimeError("no prose today")

    view.set_items([answer("bad", POISON)])
    monkeypatch.setattr(ProseBox, "settle", explode)
    view.set_items([answer("worse", POISON)])
    view.grab()
    assert note(view, "worse") == WITHHELD_NOTE


def test_each_message_that_is_drawn_is_noted_and_none_afterwards(view: TranscriptView) -> None:
    notes = Notes()
    view.set_guard(notes)
    view.set_items([question(), answer("a", "```python\nx = 1\n```", streaming=True)])
    view.append_text("a", "\nMore.")
    view.feed.flush()
    view.grab()
    assert notes.seen == {"q", "a"}
    assert notes.now == ""


@pytest.mark.parametrize(
    ("owner", "step"),
    [
        (Column, "build"),
        (Column, "apply"),
        (AnswerBody, "settle"),
        (AnswerBody, "paint"),
        (CodeBox, "recolour"),
    ],
)
def test_the_note_stands_while_a_message_is_drawn(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch, owner: type, step: str
) -> None:
    notes = Notes()
    noted: set[str] = set()
    real = getattr(owner, step)

    def spy(*arguments: object, **named: object) -> object:
        noted.add(notes.now)
        return real(*arguments, **named)

    monkeypatch.setattr(owner, step, spy)
    view.set_guard(notes)
    view.set_items([answer("a", "", streaming=True)])
    view.append_text("a", "```python\nx = 1\n")
    view.feed.flush()
    view.grab()
    assert noted == {"a"}


def test_code_that_cannot_be_coloured_stays_without_colours(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def explode(_box: CodeBox, _first: int, _runs: object) -> None:
        raise RuntimeError("no colours today")

    monkeypatch.setattr(CodeBox, "recolour", explode)
    view.set_items([answer("a", "```python\nx = 1\n", streaming=True)])
    view.grab()
    assert len(caplog.records) == 1
    assert note(view, "a") == ""


def test_a_message_that_turns_plain_moves_nothing_that_is_read(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = long_chat(30)
    view.set_items(items)
    for scroll in range(3000, 5000, 200):
        view.scroll_to(scroll)
    item_id, line, y = line_under_third(view)
    above = next(
        number
        for number in range(view.document.number(item_id) - 1, 0, -1)
        if items[number].side is Side.MODEL
    )
    Mine(monkeypatch, ProseBox, "place")
    bad = replace(items[above], text=items[above].text + "\n\n" + POISON)
    view.update_item(bad)
    assert note(view, bad.id) == PLAIN_NOTE
    assert height_on_screen(view, item_id, line) == y


def test_a_huge_message_is_cut_in_its_plain_form(view: TranscriptView) -> None:
    view.set_guard(Notes(bad=1))
    view.set_items([answer("bad", "x" * 100 + "\n" + "word " * SHOWN)])
    view.grab()
    assert len(shown(message(view, "bad"))) < SHOWN + 1000
    view.copy_item("bad")
    assert len(QGuiApplication.clipboard().text()) > 4 * SHOWN


def test_the_end_of_a_message_is_still_told(view: TranscriptView) -> None:
    view.set_guard(Notes(bad=1))
    view.set_items([answer("bad", POISON, notice=Notice("The connection broke off."))])
    view.grab()
    found = message(view, "bad")
    assert isinstance(found, PlainMessage)
    names = [one.name for one in found.buttons(0, found.height)]
    assert names == ["Try again", "Copy", "Regenerate"]


def test_the_details_of_its_end_unfold_and_can_be_copied(view: TranscriptView) -> None:
    view.set_guard(Notes(bad=1))
    notice = Notice("The connection broke off.", details="peer closed the connection")
    view.set_items([question(), answer("bad", POISON, notice=notice), answer("good", "Well.")])
    view.grab()

    def press(name: str) -> None:
        found = message(view, "bad")
        buttons = found.buttons(0, found.height)
        view.pressed.emit(next(one for one in buttons if one.name == name).target)

    folded = message(view, "bad").height
    press("Details")
    assert message(view, "bad").height > folded
    view.grab()
    press("Copy details")
    assert QGuiApplication.clipboard().text() == "peer closed the connection"
    node = QAccessible.queryAccessibleInterface(view).child(1)
    told = [node.child(at).text(QAccessible.Text.Name) for at in range(node.childCount())]
    assert {"Details", "peer closed the connection", "Copy details"} < set(told)
    view.resize(700, 700)
    press("Hide details")
    assert message(view, "bad").height == folded


def test_a_screen_reader_hears_the_note_and_finds_the_button(view: TranscriptView) -> None:
    view.set_guard(Notes(bad=1))
    view.set_items([answer("bad", POISON)])
    node = QAccessible.queryAccessibleInterface(view).child(0)
    told = [node.child(at).text(QAccessible.Text.Name) for at in range(node.childCount())]
    assert told[:3] == [PLAIN_NOTE, "Try again", POISON]
