"""Everything in the transcript is reached by keyboard."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from desktop_chat.transcript.items import Action, Notice
from desktop_chat.transcript.targets import Kind, Target
from tests.transcript.conversations import answer, long_chat, question, top_on_screen

if TYPE_CHECKING:
    from desktop_chat.transcript.view import TranscriptView

CODE = "```python\nprint(1)\n```"


def tab(view: TranscriptView, times: int = 1) -> None:
    for _ in range(times):
        QTest.keyClick(view, Qt.Key.Key_Tab)


def test_tab_goes_through_the_buttons_and_enter_presses(view: TranscriptView) -> None:
    view.setFocus()
    view.set_items([question(), answer("a", CODE), answer("b", CODE.replace("1", "2"))])
    tab(view, 4)
    assert view.focused is not None
    assert view.focused.kind is Kind.COPY_CODE
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert QGuiApplication.clipboard().text() == "print(1)"
    assert view.focused_item() == "a"
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Backtab)
    assert view.focused_item() == "q"


def test_tab_brings_what_it_reaches_into_view(view: TranscriptView) -> None:
    view.setFocus()
    items = long_chat(10)
    items[-1] = answer("last", "Words.\n\n" * 80 + CODE)
    view.set_items(items)
    view.scroll_to(view.document.top(len(items) - 1))
    QApplication.processEvents()
    tab(view)
    assert view.focused is not None
    assert view.focused.kind is Kind.WRAP_CODE
    buttons = view.document.messages[-1].buttons(0, 10_000)
    rect = next(one.rect for one in buttons if one.target == view.focused)
    y = top_on_screen(view, "last") + rect.top()
    assert 0 <= y < view.viewport().height()


def test_a_notice_is_answered_by_keyboard(view: TranscriptView) -> None:
    told: list[object] = []
    view.action_requested.connect(lambda item, action: told.append((item, action)))
    view.setFocus()
    notice = Notice("It broke off.", (Action.CONTINUE,), "502")
    view.set_items([answer("a", "Part", notice=notice)])
    tab(view)
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert told == [("a", Action.CONTINUE)]


def test_steps_go_by_message_and_by_code_block(view: TranscriptView) -> None:
    items = long_chat(12)
    items[5] = answer("a2", items[5].text + "\n\n" + CODE + "\n\nEnd.")
    view.set_items(items)
    view.scroll_to(0)
    view.step_message(1)
    assert top_on_screen(view, "a0") + view.document.messages[1].lead == 16
    view.step_message(1)
    assert top_on_screen(view, "q1") + view.document.messages[2].lead == 16
    view.step_message(-1)
    assert top_on_screen(view, "a0") + view.document.messages[1].lead == 16
    view.step_code(1)
    code = next(one for one in view.document.messages[5].buttons(0, 9999) if one.name == "Copy")
    assert top_on_screen(view, "a2") + code.rect.top() == 16 + 2
    before = view.scroller.scroll
    view.step_code(1)
    assert view.scroller.scroll == before


def test_the_focused_button_is_told_to_assistive_technology(view: TranscriptView) -> None:
    view.setFocus()
    view.set_items([answer("a", CODE)])
    root = QAccessible.queryAccessibleInterface(view)
    tab(view)
    assert root.focusChild().text(QAccessible.Text.Description) == "python code, 1 line"
    assert root.focusChild().state().focused


def test_tab_goes_on_through_an_answer_that_has_no_text(view: TranscriptView) -> None:
    view.setFocus()
    stopped = Notice("Stopped before the first word.", (Action.RETRY,), danger=False)
    view.set_items([question("q"), answer("a", "", actions=(), notice=stopped), question("r")])
    view.scroll_to(0)
    reached = []
    for _ in range(3):
        tab(view)
        reached.append(view.focused_item())
    assert reached == ["q", "a", "r"]


def test_a_message_that_was_stepped_to_is_edited_by_enter_and_left_by_tab(
    view: TranscriptView,
) -> None:
    told: list[object] = []
    view.action_requested.connect(lambda item, action: told.append((item, action)))
    view.setFocus()
    items = long_chat(4)
    items[4] = replace(items[4], actions=(Action.COPY, Action.EDIT))
    view.set_items(items)
    view.scroll_to(0)
    for _ in range(4):
        view.step_message(1)
    assert view.focused_item() == "q2"
    QTest.keyClick(view, Qt.Key.Key_Return)
    assert told == [("q2", Action.EDIT)]
    before = view.scroller.scroll
    QTest.keyClick(view, Qt.Key.Key_Space)
    assert view.scroller.scroll > before
    assert len(told) == 1
    tab(view)
    assert view.focused == Target(Kind.ACTION, "q2", action=Action.COPY)
    view.step_message(1)
    QTest.keyClick(view, Qt.Key.Key_Backtab)
    assert view.focused_item() != "a2"


def test_a_ring_shows_which_message_the_keyboard_went_to(view: TranscriptView) -> None:
    view.setFocus()
    view.set_items(long_chat(3))
    view.scroll_to(0)
    for _ in range(2):
        view.step_message(1)
        shown = view.grab().toImage()
        held, view.focused = view.focused, None
        assert shown != view.grab().toImage()
        view.focused = held


def test_after_a_step_to_code_its_buttons_are_at_hand(view: TranscriptView) -> None:
    view.setFocus()
    view.set_items([question(), answer("a", f"[x](https://a.example)\n\n{CODE}"), *long_chat(2)])
    view.scroll_to(0)
    view.step_code(1)
    assert view.focused == Target(Kind.COPY_CODE, "a", block=1, leaf=0)
    QTest.keyClick(view, Qt.Key.Key_Backtab)
    assert view.focused == Target(Kind.SAVE_CODE, "a", block=1, leaf=0)


def test_the_keyboard_stays_at_a_message_that_another_version_takes_the_place_of(
    view: TranscriptView,
) -> None:
    view.setFocus()
    view.set_items([question(), answer("v1", versions=2)])
    tab(view, 4)
    assert view.focused == Target(Kind.ACTION, "v1", action=Action.PREVIOUS_VERSION)
    view.set_items([question(), answer("v2", versions=2, version=2)])
    assert view.focused == Target(Kind.ACTION, "v2", action=Action.PREVIOUS_VERSION)
    view.step_message(1)
    view.set_items([question(), answer("v3", versions=2, version=2)])
    assert view.focused == Target(Kind.MESSAGE, "v3")
    view.set_items([])
    assert view.focused is None


def test_another_version_begins_at_the_height_of_the_one_before(view: TranscriptView) -> None:
    view.setFocus()
    items = long_chat(6)
    items[3] = replace(items[3], versions=2)
    view.set_items(items)
    view.scroll_to(0)
    for _ in range(3):
        view.step_message(1)
    assert view.focused_item() == "a1"
    y = top_on_screen(view, "a1")
    long = answer("other", "Words.\n\n" * 60, versions=2, version=2)
    view.set_items([*items[:3], long])
    assert top_on_screen(view, "other") == y
    view.set_items(items)
    assert top_on_screen(view, "a1") == y


def test_after_a_question_the_keyboard_begins_where_one_reads(view: TranscriptView) -> None:
    view.setFocus()
    view.set_items(long_chat(10))
    view.scroll_to(0)
    tab(view)
    view.clearFocus()
    view.add_item(question("new"))
    view.add_item(answer("fresh", f"[x](https://a.example)\n\n{CODE}"))
    view.anchor("new")
    view.setFocus()
    tab(view)
    assert view.focused_item() in ("new", "fresh")


def test_a_menu_that_is_opened_by_keyboard_begins_at_its_first_line(view: TranscriptView) -> None:
    view.setFocus()
    view.set_items([question(), answer("a", "Words.", actions=(Action.COPY_AS,))])
    tab(view, 2)
    QTest.keyClick(view, Qt.Key.Key_Return)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    assert menu.activeAction() is menu.actions()[0]
    menu.close()


def test_steps_go_on_where_the_whole_chat_is_in_view(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", f"{CODE}\n\n{CODE}"), question("r"), answer("b", CODE)])
    reached = []
    for step in (1, 1, 1, 1, -1, -1):
        view.step_message(step)
        reached.append(view.focused_item())
    assert reached == ["a", "r", "b", "b", "r", "a"]
    blocks = []
    for step in (1, 1, 1, 1, -1, -1, -1):
        view.step_code(step)
        assert view.focused is not None
        blocks.append((view.focused.item_id, view.focused.block))
    assert blocks == [
        ("a", 0),
        ("a", 1),
        ("b", 0),
        ("b", 0),
        ("a", 1),
        ("a", 0),
        ("a", 0),
    ]
