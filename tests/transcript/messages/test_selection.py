"""Selecting with the mouse and the keyboard, and what a copy of it holds."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication, QMouseEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.input import hovering
from desktop_chat.transcript.input.menu import context_menu
from desktop_chat.transcript.items import Action, Item, Side
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from tests.transcript.conversations import PARAGRAPH, answer, long_chat, message, question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.view import TranscriptView

LEFT = Qt.MouseButton.LeftButton
TEXT_OF_ANSWER = """First paragraph of words.

- one item
- another item

```python
print("hello")
```

Last paragraph.
"""


def at(view: TranscriptView, item_id: str, block: int, offset: int) -> QPoint:
    """Return where a place stands in the viewport."""
    number = view.document.number(item_id)
    rect = message(view, item_id).caret(Place(TEXT, block, offset))
    top = view.document.top(number) - view.scroller.scroll
    return QPoint(round(view.column_left + rect.x()), round(top + rect.center().y()))


def mouse(view: TranscriptView, kind: QEvent.Type, where: QPoint, *, held: bool = True) -> None:
    button = LEFT if kind is not QEvent.Type.MouseMove else Qt.MouseButton.NoButton
    buttons = LEFT if held else Qt.MouseButton.NoButton
    local = QPointF(where)
    global_at = QPointF(view.viewport().mapToGlobal(where))
    none = Qt.KeyboardModifier.NoModifier
    event = QMouseEvent(kind, local, global_at, button, buttons, none)
    QApplication.sendEvent(view.viewport(), event)


def drag(view: TranscriptView, start: QPoint, end: QPoint) -> None:
    mouse(view, QEvent.Type.MouseButtonPress, start)
    mouse(view, QEvent.Type.MouseMove, end)
    mouse(view, QEvent.Type.MouseButtonRelease, end, held=False)


def copied(view: TranscriptView) -> str:
    QTest.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    return QGuiApplication.clipboard().text()


@pytest.fixture
def chat(view: TranscriptView) -> TranscriptView:
    view.set_items([question("q", "A question 😀 here"), answer("a", TEXT_OF_ANSWER)])
    return view


def test_a_drag_selects_what_lies_between(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 6), at(chat, "a", 0, 15))
    assert copied(chat) == "paragraph"


def test_a_drag_selects_over_blocks(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 19), at(chat, "a", 2, 5))
    text = copied(chat)
    assert text.startswith("words.")
    assert "another item" in text
    assert text.endswith("print")


def test_a_drag_upward_selects_the_same_over_messages(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 5), at(chat, "q", 0, 11))
    assert copied(chat) == "😀 here\n\nFirst"


def test_a_click_selects_nothing(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 6), at(chat, "a", 0, 6))
    assert not chat.has_selection()


def test_a_double_click_selects_a_word_and_a_third_the_paragraph(chat: TranscriptView) -> None:
    where = at(chat, "a", 0, 8)
    for _ in range(2):
        mouse(chat, QEvent.Type.MouseButtonPress, where)
        mouse(chat, QEvent.Type.MouseButtonRelease, where, held=False)
    assert copied(chat) == "paragraph"
    mouse(chat, QEvent.Type.MouseButtonPress, where)
    mouse(chat, QEvent.Type.MouseButtonRelease, where, held=False)
    assert copied(chat) == "First paragraph of words."


def test_a_drag_past_the_edge_scrolls(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items(long_chat(20))
    view.scroll_to(1000)
    mouse(view, QEvent.Type.MouseButtonPress, QPoint(400, 300))
    mouse(view, QEvent.Type.MouseMove, QPoint(400, view.viewport().height() + 60))
    qtbot.waitUntil(lambda: view.scroller.scroll > 1200)
    held = view.selection
    assert held is not None
    qtbot.waitUntil(lambda: view.selection is not None and view.selection.head > held.head)
    mouse(view, QEvent.Type.MouseButtonRelease, QPoint(400, 300), held=False)
    still = view.scroller.scroll
    QApplication.processEvents()
    assert view.scroller.scroll == still


def test_a_selection_stays_while_text_streams_and_ends(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_text("a", "Some **bold** words. ")
    view.feed.flush()
    drag(view, at(view, "a", 0, 5), at(view, "a", 0, 15))
    before = copied(view)
    for _ in range(20):
        view.append_text("a", PARAGRAPH)
        view.feed.flush()
    assert copied(view) == before == "bold words"
    view.update_item(answer("a", "Some **bold** words. " + PARAGRAPH * 20))
    assert copied(view) == before


def test_select_all_takes_the_message_and_then_everything(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 6), at(chat, "a", 0, 7))
    QTest.keyClick(chat, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    text = copied(chat)
    assert text.startswith("First paragraph")
    assert text.rstrip().endswith("Last paragraph.")
    QTest.keyClick(chat, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert copied(chat).startswith("A question 😀 here")


def test_shift_and_arrows_move_the_end(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 6), at(chat, "a", 0, 8))
    for _ in range(2):
        QTest.keyClick(chat, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert copied(chat) == "para"
    QTest.keyClick(chat, Qt.Key.Key_End, Qt.KeyboardModifier.ShiftModifier)
    assert copied(chat) == "paragraph of words."


def test_reasoning_is_never_part_of_a_selection_that_goes_beyond_it(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "Answer.", reasoning="Secret thoughts.")])
    fold = next(one for one in message(view, "a").buttons(0, 999) if "Thought" in one.name)
    view.pressed.emit(fold.target)
    view.select_all()
    assert "Secret" not in copied(view)


def test_reasoning_can_be_selected_by_itself(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "Answer.", reasoning="Secret thoughts.")])
    fold = next(one for one in message(view, "a").buttons(0, 999) if "Thought" in one.name)
    view.pressed.emit(fold.target)
    view.select(Selection(Point(1, Place(0, 0, 0)), Point(1, Place(0, 0, 6))))
    assert copied(view) == "Secret"


def test_a_copy_holds_three_flavours(chat: TranscriptView) -> None:
    chat.select_all()
    chat.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert {"text/plain", "text/html", "text/markdown"} <= set(data.formats())


def test_copy_of_a_message_leaves_the_reasoning_out(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", "The *answer*.", reasoning="Hm.", reasoning_ms=1)])
    view.copy_item("a")
    assert QGuiApplication.clipboard().text().strip() == "The answer."
    data = QGuiApplication.clipboard().mimeData().data("text/markdown")
    assert bytes(data.data()).decode().strip() == "The *answer*."


def test_copy_of_the_last_code_is_code_alone(chat: TranscriptView) -> None:
    chat.copy_last_code()
    assert QGuiApplication.clipboard().text().strip() == 'print("hello")'


def test_the_copy_of_a_code_card_is_pressed_and_confirms(
    chat: TranscriptView, qtbot: QtBot
) -> None:
    button = next(one for one in message(chat, "a").buttons(0, 999) if one.name == "Copy")
    top = chat.document.top(1) - chat.scroller.scroll
    where = button.rect.center() + QPoint(chat.column_left, top)
    mouse(chat, QEvent.Type.MouseMove, where, held=False)
    assert chat.hovered == button.target
    drag(chat, where, where)
    assert QGuiApplication.clipboard().text().strip() == 'print("hello")'
    assert chat.confirmed == button.target
    qtbot.waitUntil(lambda: chat.confirmed is None, timeout=3000)


def test_a_link_is_told_by_a_click_and_shows_its_real_address(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "See [my bank](https://example.org/other) now.")])
    where = at(view, "a", 0, 7)
    mouse(view, QEvent.Type.MouseMove, where, held=False)
    assert view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    with qtbot.waitSignal(view.link_activated) as told:
        drag(view, where, where)
    assert told.args == ["https://example.org/other", "my bank"]


def test_a_drag_over_a_link_selects_and_does_not_open(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", "See [my bank](https://example.org/other) now.")])
    with qtbot.assertNotEmitted(view.link_activated):
        drag(view, at(view, "a", 0, 5), at(view, "a", 0, 11))
    assert copied(view) == "y bank"


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x"]
)
def test_other_schemes_are_no_links(view: TranscriptView, address: str) -> None:
    view.set_items([answer("a", f"See [this]({address}) and ![that]({address}).")])
    for offset in range(20):
        target = hovering.target_at(view, at(view, "a", 0, offset) + QPoint(1, 0))
        assert target is None


def test_a_double_click_beside_the_words_of_a_bubble_edits_the_question(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([Item(id="q", side=Side.PERSON, text="Short", actions=(Action.EDIT,))])
    where = at(view, "q", 0, 0) - QPoint(10, 0)
    with qtbot.waitSignal(view.action_requested) as told:
        mouse(view, QEvent.Type.MouseButtonDblClick, where)
    assert told.args == ["q", Action.EDIT]


def test_quoting_sends_the_selected_markdown(chat: TranscriptView, qtbot: QtBot) -> None:
    drag(chat, at(chat, "a", 0, 0), at(chat, "a", 0, 5))
    quote = next(one for one in context_menu(chat, None).actions() if "Quote" in one.text())
    with qtbot.waitSignal(chat.quote_requested) as told:
        quote.trigger()
    assert told.args == ["First"]


def test_clicks_at_different_places_are_no_double_click(chat: TranscriptView) -> None:
    for offset in (2, 20):
        where = at(chat, "a", 0, offset)
        drag(chat, where, where)
    assert not chat.has_selection()


def test_a_selection_is_dragged_out_as_a_copy(
    chat: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    carried: list[Flavours] = []
    monkeypatch.setattr(
        "desktop_chat.transcript.input.dragging.drag_words",
        lambda _view, words: carried.append(words),
    )
    drag(chat, at(chat, "a", 0, 6), at(chat, "a", 0, 15))
    wait_out_double_click(chat)
    drag(chat, at(chat, "a", 0, 10), at(chat, "a", 2, 3))
    assert [one.plain for one in carried] == ["paragraph"]
    assert copied(chat) == "paragraph"


def test_a_click_into_a_selection_ends_it(chat: TranscriptView) -> None:
    drag(chat, at(chat, "a", 0, 6), at(chat, "a", 0, 15))
    wait_out_double_click(chat)
    where = at(chat, "a", 0, 10)
    mouse(chat, QEvent.Type.MouseButtonPress, where)
    assert chat.has_selection()
    mouse(chat, QEvent.Type.MouseButtonRelease, where, held=False)
    assert not chat.has_selection()


def test_the_further_past_the_edge_the_faster_it_scrolls(view: TranscriptView) -> None:
    view.set_items(long_chat(20))
    view.scroll_to(1000)
    view.select(Selection(Point(1, Place(TEXT, 0, 0)), Point(1, Place(TEXT, 0, 0))))
    pointer = view._pointer
    pointer.selecting = True
    went = []
    for past in (10, 100):
        before = view.scroller.scroll
        pointer._last = QPoint(400, view.viewport().height() + past)
        pointer._on_edge()
        went.append(view.scroller.scroll - before)
    pointer.selecting = False
    assert 0 < went[0] * 5 < went[1]


def wait_out_double_click(view: TranscriptView) -> None:
    view._pointer._click_timer.stop()
