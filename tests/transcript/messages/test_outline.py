"""Messages of which only an outline is known until they are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from typing_extensions import override

from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.messages.outline import Outline
from desktop_chat.transcript.view import TranscriptView

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pytest
    from pytestqt.qtbot import QtBot

COUNT = 2000


class Counted(Outline):
    """Questions and answers in turn, which count what was made of them."""

    def __init__(self) -> None:
        self.made: list[int] = []

    @override
    def ids(self) -> Sequence[str]:
        return [f"m{number}" for number in range(COUNT)]

    @override
    def sizes(self) -> Sequence[int]:
        return [400] * COUNT

    @override
    def side(self, number: int) -> Side:
        return Side.MODEL if number % 2 else Side.PERSON

    @override
    def item(self, number: int) -> Item:
        self.made.append(number)
        return Item(id=f"m{number}", side=self.side(number), text=f"word {number} " * 40)


def shown(qtbot: QtBot, outline: Outline) -> TranscriptView:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.set_items(outline)
    return view


def test_only_what_is_near_the_view_is_made(qtbot: QtBot) -> None:
    outline = Counted()
    view = shown(qtbot, outline)
    assert 0 < len(outline.made) < 40
    assert COUNT - 1 in outline.made
    assert view.document.height > 100 * COUNT


def test_each_is_made_once_however_often_it_is_seen(qtbot: QtBot) -> None:
    outline = Counted()
    view = shown(qtbot, outline)
    for part in (0.0, 0.5, 1.0, 0.5, 0.0):
        view.scroll_to(int(view.scroller.maximum * part))
    assert len(outline.made) == len(set(outline.made))
    assert 0 in outline.made


def test_what_was_shown_stays_when_the_same_messages_are_set_again(qtbot: QtBot) -> None:
    outline = Counted()
    view = shown(qtbot, outline)
    last = view.document.messages[COUNT - 1]
    view.set_items(Counted())
    assert view.document.messages[-1] is last


def test_messages_are_added_and_removed_beside_those_that_are_not_made(qtbot: QtBot) -> None:
    view = shown(qtbot, Counted())
    view.add_item(Item(id="new", side=Side.PERSON, text="new"))
    view.remove_item("m10")
    messages = view.document.messages
    assert len(messages) == COUNT
    assert [messages[at].item.id for at in (9, 10, -1)] == ["m9", "m11", "new"]
    assert [one.item.id for one in messages[9:11]] == ["m9", "m11"]
    assert view.document.number("m11") == 10


def test_only_what_is_in_view_is_made_where_the_held_handle_passes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_chat.transcript.stage.RESTING_MS", 60_000)
    outline = Counted()
    view = shown(qtbot, outline)
    bar = view.verticalScrollBar()
    bar.setSliderDown(True)
    bar.setSliderPosition(bar.maximum() // 2)
    QCoreApplication.processEvents()
    passed = len(outline.made)
    bar.setSliderDown(False)
    view.scroll_by(1)
    qtbot.waitUntil(lambda: len(outline.made) > passed)
