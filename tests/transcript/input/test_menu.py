"""What the menus offer for what stands under the pointer, and what their entries do."""

from __future__ import annotations

import sys
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_chat.markdown.parse import parse
from desktop_chat.transcript.copying import copies
from desktop_chat.transcript.copying import whole_chat as whole_chat_module
from desktop_chat.transcript.copying.whole_chat import closed, whole_chat
from desktop_chat.transcript.input import menu
from desktop_chat.transcript.input.under import under_pointer
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.targets import Kind, Target
from tests.transcript.conversations import answer, message, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.view import TranscriptView

SOURCE = """Some **bold** words.

```python
print("hello")
```

| a | b |
|---|---|
| 1 | 2 |
"""
COPY_AS = Target(Kind.ACTION, "a", action=Action.COPY_AS)


@pytest.fixture
def chat(view: TranscriptView) -> TranscriptView:
    actions = (Action.COPY, Action.COPY_AS, Action.REGENERATE, Action.REGENERATE_WITH, Action.MORE)
    view.set_items([question("q", "A question"), answer("a", SOURCE, actions=actions)])
    return view


def at(view: TranscriptView, block: int, item_id: str = "a") -> QPoint:
    number = view.document.number(item_id)
    rect = message(view, item_id).caret(Place(TEXT, block, 1))
    top = view.document.top(number) - view.scroller.scroll
    return QPoint(round(view.column_left + rect.x()), round(top + rect.center().y()))


def flat(shown: QMenu, above: str = "") -> Iterator[tuple[str, QAction]]:
    for one in shown.actions():
        if one.menu() is not None:
            yield from flat(one.menu(), f"{above}{one.text()} > ")  # type: ignore[arg-type]
        elif not one.isSeparator():
            yield above + one.text(), one


def offered(view: TranscriptView, where: QPoint) -> dict[str, QAction]:
    return dict(flat(menu.context_menu(view, under_pointer(view, where))))


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def test_over_words_the_message_is_offered(chat: TranscriptView) -> None:
    assert list(offered(chat, at(chat, 0))) == [
        "Copy message",
        "Copy message as > Markdown",
        "Copy message as > Plain text",
        "Copy message as > HTML",
        "Copy message as > Whole chat as Markdown",
        "Quote message",
        "Select all",
    ]


def test_over_code_and_a_table_they_are_offered_first(chat: TranscriptView) -> None:
    assert next(iter(offered(chat, at(chat, 1)))) == "Copy code"
    over_table = list(offered(chat, at(chat, 2)))
    assert over_table[0] == "Copy table"
    assert {"Copy table as > CSV", "Copy table as > Cells (TSV)"} < set(over_table)


@pytest.mark.parametrize(
    ("block", "entry", "text"),
    [
        (0, "Copy message as > Markdown", SOURCE.strip()),
        (0, "Copy message as > Plain text", 'Some bold words.\n\nprint("hello")\n\na\tb\n1\t2'),
        (1, "Copy code", 'print("hello")'),
        (2, "Copy table", "a\tb\n1\t2"),
        (2, "Copy table as > CSV", "a,b\r\n1,2\r\n"),
        (2, "Copy table as > Cells (TSV)", "a\tb\n1\t2"),
        (2, "Copy table as > Markdown", "| a | b |\n| --- | --- |\n| 1 | 2 |"),
    ],
)
def test_an_entry_copies_what_it_says(
    chat: TranscriptView, qtbot: QtBot, block: int, entry: str, text: str
) -> None:
    with qtbot.waitSignal(chat.copied):
        offered(chat, at(chat, block))[entry].trigger()
    assert clipboard() == text


def test_html_is_copied_as_its_source(chat: TranscriptView) -> None:
    offered(chat, at(chat, 0))["Copy message as > HTML"].trigger()
    assert clipboard().startswith("<p>Some <strong>bold</strong> words.</p>")
    assert not QGuiApplication.clipboard().mimeData().hasHtml()


def test_a_selection_comes_first_and_a_part_of_a_table_has_cells(chat: TranscriptView) -> None:
    chat.select(Selection(Point(1, Place(TEXT, 2, 0)), Point(1, Place(TEXT, 2, 7))))
    found = offered(chat, at(chat, 2))
    assert list(found)[:1] == ["Copy"]
    found["Copy as > CSV"].trigger()
    assert clipboard() == "a,b\r\n1,2\r\n"
    chat.select(Selection(Point(1, Place(TEXT, 0, 0)), Point(1, Place(TEXT, 2, 7))))
    assert "Copy as > CSV" not in offered(chat, at(chat, 2))


def test_a_selected_table_is_copied_with_its_cells(chat: TranscriptView) -> None:
    chat.select(Selection(Point(1, Place(TEXT, 2, 0)), Point(1, Place(TEXT, 2, 7))))
    chat.copy()
    cells = QGuiApplication.clipboard().mimeData().data("text/tab-separated-values")
    assert bytes(cells.data()) == b"a\tb\n1\t2"


def test_the_button_opens_the_flavours_and_shows_that_it_copied(chat: TranscriptView) -> None:
    shown = menu.open_copy_as(chat, COPY_AS)
    try:
        dict(flat(shown))["Markdown"].trigger()
    finally:
        shown.close()
    assert clipboard() == SOURCE.strip()
    assert chat.confirmed == COPY_AS


def test_pressing_the_button_opens_a_menu_under_it(chat: TranscriptView, qtbot: QtBot) -> None:
    chat.pressed.emit(COPY_AS)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    assert shown.pos() == chat.below("a", Action.COPY_AS)
    shown.close()


def test_menus_of_models_are_asked_for(chat: TranscriptView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(chat.action_requested) as told:
        chat.pressed.emit(Target(Kind.ACTION, "a", action=Action.REGENERATE_WITH))
    assert told.args == ["a", Action.REGENERATE_WITH]


def test_code_is_saved_and_wrapped_from_its_menu(chat: TranscriptView, qtbot: QtBot) -> None:
    found = offered(chat, at(chat, 1))
    assert list(found)[:3] == ["Copy code", "Save code…", "Wrap"]
    with qtbot.waitSignal(chat.save_requested) as told:
        found["Save code…"].trigger()
    assert told.args[0][1] == 'print("hello")\n'
    before = found["Wrap"].isChecked()
    found["Wrap"].trigger()
    assert offered(chat, at(chat, 1))["Wrap"].isChecked() is not before


def test_of_a_formula_only_a_copy_is_offered(view: TranscriptView) -> None:
    view.set_items([answer("a", "$$\nx^2\n$$")])
    view.grab()
    names = list(offered(view, at(view, 0)))
    assert names[0] == "Copy formula"
    assert "Wrap" not in names


@pytest.mark.skipif(sys.platform == "win32", reason="Windows makes an event of its own of it")
def test_shift_f10_opens_the_menu_at_the_end_of_the_selection(
    chat: TranscriptView, qtbot: QtBot
) -> None:
    chat.select(Selection(Point(1, Place(TEXT, 0, 0)), Point(1, Place(TEXT, 0, 4))))
    QTest.keyClick(chat, Qt.Key.Key_F10, Qt.KeyboardModifier.ShiftModifier)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    assert next(flat(shown))[0] == "Copy"
    shown.close()


def test_the_menu_key_opens_the_menu_of_what_has_the_focus(
    chat: TranscriptView, qtbot: QtBot
) -> None:
    chat.focused = Target(Kind.COPY_CODE, "a", block=1, leaf=0)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Keyboard, QPoint(), QPoint())
    QApplication.sendEvent(chat, event)
    qtbot.waitUntil(lambda: QApplication.activePopupWidget() is not None)
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, QMenu)
    assert "Copy code" in dict(flat(shown))
    shown.close()


@pytest.mark.parametrize("width", [480, 600, 900])
def test_the_row_stays_within_the_column(chat: TranscriptView, width: int) -> None:
    chat.resize(width, 700)
    chat.document.settle(0, 2000)
    buttons = message(chat, "a").buttons(0, 9999)
    assert max(one.rect.right() for one in buttons) <= chat.document.geometry.width
    row = [one.rect for one in buttons if one.target.kind is Kind.ACTION]
    assert len({rect.top() for rect in row}) == 1
    assert not any(one.intersects(other) for one, other in pairwise(row))


def test_the_whole_chat_names_who_speaks_and_leaves_the_reasoning_out(
    view: TranscriptView,
) -> None:
    view.set_items([question("q", "Why?"), answer("a", "*So.*\n", reasoning="Secret.")])
    assert whole_chat(view.document)() == "## You\n\nWhy?\n\n## model-1\n\n*So.*\n"
    assert view.whole_chat("My\nchat")().startswith("# My chat\n\n## You\n\n")


def test_the_whole_chat_is_that_of_when_it_was_asked_for(view: TranscriptView) -> None:
    view.set_items([question("q", "Why?"), answer("a", "So."), question("b", "And?")])
    saved = view.whole_chat("")
    copies.copy_chat(view)
    view.document.remove(1)
    view.set_items([question("c", "Another chat")])
    whole = "## You\n\nWhy?\n\n## model-1\n\nSo.\n\n## You\n\nAnd?\n"
    assert saved() == whole
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    assert data.text() == whole
    assert bytes(data.data("text/markdown").data()).decode() == whole


@pytest.mark.parametrize(
    "text",
    [
        "words",
        "```py\nx",
        "~~~~\n```\nx",
        "- a\n\n  ```\n  x",
        "- a\n  ```\n  x\n  ```",
        "> ```\n> x",
        "$$\nx",
        "\\[\nx",
        "``` a ```\n",
        "```\nx\n```",
        "```\n~~~",
    ],
)
def test_a_message_swallows_nothing_of_the_next_one(text: str) -> None:
    whole = closed(text)
    assert whole.startswith(text)
    last = parse(f"{whole}\n\n# next")[-1].leaves
    assert [type(leaf).__name__ for leaf in last] == ["Heading"]


@pytest.mark.parametrize(
    "text",
    [
        "```\na\n```",
        "Say\n```python\n```js\n````\nend",
        "- one\n  - two\n```\n- x\n```",
        "> a\n~~~~ x\n~~~\n```\n~~~~\n",
        "- ```\n  in\n```\nout\n```",
    ],
)
def test_a_chat_whose_fences_are_plainly_closed_is_not_read_for_it(
    monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    assert whole_chat_module._ends(text)
    monkeypatch.setattr(whole_chat_module, "_ends", lambda _text: pytest.fail("read"))
    assert closed(text) == text


@given(
    st.lists(
        st.sampled_from(
            ("```", "````", "~~~", "```py", "```a`b", "- ", "> ", "  ", "    ", "\n", "\n\n", "$$")
        ),
        max_size=16,
    ).map("".join)
)
def test_what_is_plainly_closed_swallows_nothing(text: str) -> None:
    found = whole_chat_module._OPENING.findall(text)
    if found and whole_chat_module._is_plainly_closed(text, len(found)):
        assert whole_chat_module._ends(text)
