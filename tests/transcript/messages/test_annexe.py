"""Tool calls that unfold and sources that open through the gate, under an answer's text."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest

from desktop_chat.transcript.items import Source, ToolCall
from desktop_chat.transcript.messages.annexe import (
    ARGUMENTS_LIMIT,
    FEW,
    call_name,
    shown_arguments,
    source_target,
)
from desktop_chat.transcript.targets import Kind, Target
from tests.transcript.conversations import (
    answer,
    height_on_screen,
    line_under_third,
    long_chat,
    message,
    question,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtGui import QAccessibleInterface
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.view import TranscriptView

CALLS = (ToolCall("get_weather", '{"city": "Lisboa", "days": [1, 2]}'), ToolCall("", ""))
SOURCES = (
    Source("https://a.example/x", "An A"),
    Source("http://b.example/y"),
    Source("javascript:alert(1)", "Harmless"),
)
FIRST = Target(Kind.CALL, "a", leaf=0)
Role = QAccessible.Role


@pytest.fixture
def chat(view: TranscriptView) -> TranscriptView:
    view.set_items([question(), answer(calls=CALLS, sources=SOURCES)])
    view.grab()
    return view


def buttons(view: TranscriptView, kind: Kind | None = None) -> list[Button]:
    found = message(view, "a")
    every = found.buttons(0, found.height)
    return [one for one in every if kind is None or one.target.kind is kind]


def spoken(node: QAccessibleInterface) -> Iterator[tuple[Role, str, str]]:
    for index in range(node.childCount()):
        child = node.child(index)
        name = child.text(QAccessible.Text.Name)
        yield child.role(), name, child.text(QAccessible.Text.Description)


def told(view: TranscriptView) -> list[tuple[Role, str, str]]:
    return list(spoken(QAccessible.queryAccessibleInterface(view).child(1)))


def click(view: TranscriptView, button: Button) -> None:
    number = view.document.number("a")
    top = view.document.top(number) - view.scroller.scroll
    at = button.rect.center() + QPoint(view.column_left, top)
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=at)


def test_an_answer_without_them_is_as_high_as_ever(view: TranscriptView) -> None:
    view.set_items([question(), answer()])
    view.grab()
    bare = message(view, "a").height
    view.set_items([question(), answer(calls=CALLS)])
    view.grab()
    assert message(view, "a").height > bare


def test_calls_are_folded_and_named(chat: TranscriptView) -> None:
    rows = buttons(chat, Kind.CALL)
    assert [(one.name, one.description) for one in rows] == [
        ("Tool call: get_weather", "folded"),
        ("Tool call", "folded"),
    ]
    assert buttons(chat, Kind.COPY_CALL) == []


def test_a_press_shows_what_a_tool_was_given_and_a_copy_holds_it(chat: TranscriptView) -> None:
    before = message(chat, "a").height
    click(chat, buttons(chat, Kind.CALL)[0])
    assert message(chat, "a").height > before
    assert [one.description for one in buttons(chat, Kind.CALL)] == ["shown", "folded"]
    click(chat, buttons(chat, Kind.COPY_CALL)[0])
    assert QGuiApplication.clipboard().text() == CALLS[0].arguments
    chat.pressed.emit(FIRST)
    assert message(chat, "a").height == before


def test_unfolding_moves_nothing_above_it(view: TranscriptView) -> None:
    items = long_chat(6)
    items.insert(6, answer("a", "Short.", calls=CALLS))
    view.set_items(items)
    view.grab()
    number = view.document.number("a")
    view.verticalScrollBar().setValue(view.document.top(number) - 500)
    view.grab()
    item_id, line, y = line_under_third(view)
    view.pressed.emit(FIRST)
    view.grab()
    assert height_on_screen(view, item_id, line) == y


def test_what_is_unfolded_stays_so_in_another_width_and_state(chat: TranscriptView) -> None:
    chat.pressed.emit(FIRST)
    chat.resize(700, 700)
    chat.grab()
    chat.update_item(answer(calls=CALLS, sources=SOURCES, versions=2, version=2))
    assert [one.description for one in buttons(chat, Kind.CALL)] == ["shown", "folded"]


def test_sources_are_links_that_tell_their_address(chat: TranscriptView, qtbot: QtBot) -> None:
    links = buttons(chat, Kind.LINK)
    assert [(one.name, one.description) for one in links] == [
        ("An A", "https://a.example/x"),
        ("http://b.example/y", "http://b.example/y"),
    ]
    with qtbot.waitSignal(chat.link_activated) as caught:
        click(chat, links[0])
    assert caught.args == ["https://a.example/x", "An A"]


@pytest.mark.parametrize(
    "href", ["javascript:alert(1)", "file:///etc/passwd", "smb://x/y", "", "//host/x", "data:,x"]
)
def test_an_address_of_another_kind_is_no_link(href: str) -> None:
    assert source_target("a", 0, Source(href, "Title")) is None


def test_many_sources_are_folded_but_for_a_few(view: TranscriptView) -> None:
    many = tuple(Source(f"https://a.example/{at}", f"No {at}") for at in range(40))
    view.set_items([question(), answer(sources=many)])
    view.grab()
    assert len(buttons(view, Kind.LINK)) == FEW - 1
    (more,) = buttons(view, Kind.SOURCES)
    assert more.name == "Show all 40 sources"
    view.pressed.emit(more.target)
    assert len(buttons(view, Kind.LINK)) == 40
    assert buttons(view, Kind.SOURCES)[0].name == "Show fewer sources"


def test_the_keyboard_reaches_them_in_reading_order(chat: TranscriptView) -> None:
    chat.setFocus(Qt.FocusReason.TabFocusReason)
    seen: list[Kind] = []
    for _ in range(12):
        target = chat.focused
        if target is not None and target.item_id == "a":
            seen.append(target.kind)
        QTest.keyClick(chat, Qt.Key.Key_Tab)
    wanted = [Kind.CALL, Kind.CALL, Kind.LINK, Kind.LINK]
    assert [one for one in seen if one in (Kind.CALL, Kind.LINK)][:4] == wanted


def test_they_are_told_in_reading_order(chat: TranscriptView) -> None:
    chat.pressed.emit(FIRST)
    found = told(chat)
    assert found[1:] == [
        (Role.Button, "Tool call: get_weather", "shown"),
        (Role.StaticText, shown_arguments(CALLS[0].arguments), ""),
        (Role.Button, "Copy arguments", ""),
        (Role.Button, "Tool call", "folded"),
        (Role.StaticText, "Sources", ""),
        (Role.Link, "An A", "https://a.example/x"),
        (Role.Link, "http://b.example/y", "http://b.example/y"),
        (Role.StaticText, "Harmless", "javascript:alert(1)"),
        *found[9:],
    ]


def test_arguments_are_shown_by_lines_where_they_are_json() -> None:
    assert shown_arguments('{"a":{"b":"é"}}') == '{\n  "a": {\n    "b": "é"\n  }\n}'
    for odd in ("", "{", "7", '"text"', "[" * 100_000, "x" * (ARGUMENTS_LIMIT + 1)):
        assert shown_arguments(odd) == odd


def test_a_name_cannot_pass_for_more_than_a_name() -> None:
    assert call_name(ToolCall("a\n\nb")) == "Tool call: a b"


def test_hostile_calls_and_sources_are_bounded(view: TranscriptView) -> None:
    calls = tuple(ToolCall("n" * 5000, '{"a": "' + "x" * 200_000) for _ in range(500))
    sources = tuple(Source("https://a.example/" + "x" * 1900, "t" * 300) for _ in range(500))
    view.set_items([question(), answer(calls=calls, sources=sources)])
    view.grab()
    assert len(buttons(view, Kind.CALL)) == 50
    view.pressed.emit(FIRST)
    view.grab()
    assert all(one.rect.right() <= view.width() for one in buttons(view))
