"""The conversation as assistive technology meets it."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QAccessibleEvent,
    QAccessibleInterface,
    QGuiApplication,
)

from desktop_chat.transcript.items import Action, Notice
from desktop_chat.transcript.view import TranscriptView
from tests.transcript.conversations import answer, long_chat, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

Role = QAccessible.Role
Event = QAccessible.Event
READ = {
    Role.ListItem,
    Role.Heading,
    Role.Paragraph,
    Role.StaticText,
    Role.Cell,
    Role.ColumnHeader,
}
TEXT = """# A heading

Words with [a link](https://example.org/x).

- [x] done
- next

```python
print(1)
print(2)
```

| A | B |
|---|---|
| 1 | 2 |
"""


def name(node: QAccessibleInterface) -> str:
    return node.text(QAccessible.Text.Name)


def children(node: QAccessibleInterface) -> list[QAccessibleInterface]:
    return [node.child(index) for index in range(node.childCount())]


def everything(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for child in children(node):
        yield from everything(child)


@pytest.fixture
def root(view: TranscriptView) -> QAccessibleInterface:
    view.set_items([question(text="Why so?"), answer(text=TEXT, reasoning="Hm.", reasoning_ms=9)])
    return QAccessible.queryAccessibleInterface(view)


def test_the_conversation_is_a_list_of_messages(root: QAccessibleInterface) -> None:
    assert name(root) == "Conversation"
    assert root.role() == Role.List
    messages = children(root)[:-1]
    assert [(one.role(), name(one)) for one in messages] == [
        (Role.ListItem, "You"),
        (Role.ListItem, "model-1"),
    ]


def test_a_message_is_read_in_order_block_by_block(root: QAccessibleInterface) -> None:
    told = [(one.role(), name(one)) for one in children(root.child(1))]
    assert told == [
        (Role.Button, "Reasoning"),
        (Role.Heading, "A heading"),
        (Role.Paragraph, "Words with a link."),
        (Role.ListItem, "done: done"),
        (Role.ListItem, "• next"),
        (Role.Grouping, "python code, 2 lines"),
        (Role.Table, "table, 2 rows, 2 columns"),
        (Role.Button, "Copy"),
        (Role.Button, "Regenerate"),
    ]


def test_links_code_and_cells_are_reached(root: QAccessibleInterface) -> None:
    told = {(one.role(), name(one)) for one in everything(root.child(1))}
    assert (Role.Link, "a link") in told
    assert (Role.StaticText, "print(1)\nprint(2)") in told
    assert {(Role.ColumnHeader, "A"), (Role.Cell, "2"), (Role.Row, "1, 2")} <= told


def test_each_copy_copies_without_being_hovered(root: QAccessibleInterface) -> None:
    copies = [one for one in everything(root.child(1)) if name(one) == "Copy"]
    assert len(copies) == 2
    code, whole = copies
    assert code.text(QAccessible.Text.Description) == "python code, 2 lines"
    code.actionInterface().doAction("Press")
    assert QGuiApplication.clipboard().text() == "print(1)\nprint(2)"
    whole.actionInterface().doAction("Press")
    assert QGuiApplication.clipboard().text().startswith("A heading")


def test_a_node_says_plainly_which_interfaces_it_lacks(root: QAccessibleInterface) -> None:
    for node in everything(root.child(1)):
        assert (node.textInterface() is not None) == (node.role() in READ)
        assert node.valueInterface() is None
        pressed = node.role() in (Role.Button, Role.Link)
        assert (node.actionInterface() is not None) == pressed


def test_a_link_is_pressed(root: QAccessibleInterface, view: TranscriptView, qtbot: QtBot) -> None:
    link = next(one for one in everything(root) if one.role() == Role.Link)
    with qtbot.waitSignal(view.link_activated) as told:
        link.actionInterface().doAction("Press")
    assert told.args == ["https://example.org/x", "a link"]


def test_a_notice_and_its_buttons_are_told(
    root: QAccessibleInterface, view: TranscriptView
) -> None:
    notice = Notice("The connection broke off.", (Action.CONTINUE,), details="status 502")
    view.update_item(answer(text="Part", notice=notice))
    names = [name(one) for one in children(root.child(1))]
    assert names == [
        "Reasoning",
        "Part",
        "The connection broke off.",
        "Continue",
        "Details",
        "Copy",
        "Regenerate",
    ]


def test_details_are_unfolded_and_copied(root: QAccessibleInterface, view: TranscriptView) -> None:
    notice = Notice("The connection broke off.", (Action.CONTINUE,), details="status 502")
    view.update_item(answer(text="Part", notice=notice))
    details = next(one for one in everything(root.child(1)) if name(one) == "Details")
    assert details.state().collapsed
    details.actionInterface().doAction("Press")
    assert details.state().expanded
    told = {name(one): one for one in everything(root.child(1))}
    assert "status 502" in told
    told["Copy details"].actionInterface().doAction("Press")
    assert QGuiApplication.clipboard().text() == "status 502"


def test_reasoning_is_read_once_it_is_unfolded(root: QAccessibleInterface) -> None:
    reasoning = root.child(1).child(0)
    assert "Hm." not in [name(one) for one in children(root.child(1))]
    reasoning.actionInterface().doAction("Press")
    assert name(root.child(1).child(1)) == "Hm."
    assert reasoning.state().expanded


def test_a_message_has_all_of_its_text(root: QAccessibleInterface) -> None:
    text = root.child(1).textInterface()
    whole = text.text(0, text.characterCount())
    assert whole.startswith("A heading\nWords with a link.\n")
    assert "print(1)\nprint(2)\nA\tB\n1\t2" in whole


def test_text_is_counted_in_characters(root: QAccessibleInterface, view: TranscriptView) -> None:
    view.add_item(answer("c", "你好 😀 there"))
    text = root.child(2).child(0).textInterface()
    assert text.characterCount() == 10
    assert text.text(3, 4) == "😀"


def test_children_know_their_parents_and_places(root: QAccessibleInterface) -> None:
    for parent in [one for one in everything(root) if one.childCount()]:
        for index, child in enumerate(children(parent)):
            assert parent.indexOfChild(child) == index
            assert child.isValid()


def test_what_is_in_view_has_its_place_on_the_screen(
    root: QAccessibleInterface, view: TranscriptView
) -> None:
    heading = next(one for one in everything(root) if one.role() == Role.Heading)
    assert root.rect().contains(heading.rect().center())
    assert not heading.state().offscreen
    assert root.childAt(heading.rect().center().x(), heading.rect().center().y()) is not None


def test_streamed_text_is_found_at_once(root: QAccessibleInterface, view: TranscriptView) -> None:
    view.add_item(answer("b", "", streaming=True))
    view.append_text("b", "Fresh words")
    view.feed.flush()
    assert [name(one) for one in children(root.child(2))] == ["Fresh words"]


def test_a_far_message_is_told_without_being_laid_out(view: TranscriptView) -> None:
    view.set_items(long_chat(2000))
    root = QAccessible.queryAccessibleInterface(view)
    assert root.childCount() == 4001
    assert name(root.child(1).child(0)).startswith("Turn 0, part 0.")
    assert not view.document.messages[1].built


def test_code_that_is_far_away_is_copied_too(view: TranscriptView) -> None:
    items = long_chat(500)
    items[1] = answer("far", TEXT)
    view.set_items(items)
    root = QAccessible.queryAccessibleInterface(view)
    copy = next(one for one in everything(root.child(1)) if name(one) == "Copy")
    copy.actionInterface().doAction("Press")
    assert QGuiApplication.clipboard().text() == "print(1)\nprint(2)"


def test_a_removed_message_is_no_longer_valid(
    root: QAccessibleInterface, view: TranscriptView
) -> None:
    gone = root.child(1)
    view.remove_item("a")
    assert not gone.isValid()
    assert gone.childCount() == 0


def test_a_closed_view_leaves_nothing_dangling(qtbot: QtBot) -> None:
    view = TranscriptView()
    view.set_items(long_chat(3))
    root = QAccessible.queryAccessibleInterface(view)
    known = [QAccessible.uniqueId(one) for one in everything(root)]
    assert known
    del root
    view.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> list[QAccessibleEvent]:
    """What assistive technology is told, as if some listened."""
    told: list[QAccessibleEvent] = []
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    monkeypatch.setattr(QAccessible, "updateAccessibility", told.append)
    return told


def events(heard: list[QAccessibleEvent], kind: QAccessible.Event) -> list[str]:
    return [name(one.accessibleInterface()) for one in heard if one.type() == kind]


def test_what_arrives_is_told(
    root: QAccessibleInterface,
    view: TranscriptView,
    heard: list[QAccessibleEvent],
    qtbot: QtBot,
) -> None:
    assert root.isValid()
    view.add_item(answer("c", "", streaming=True))
    view.append_text("c", "First words")
    qtbot.waitUntil(lambda: "First words" in events(heard, Event.ObjectCreated))
    view.append_text("c", " and more\n\nNext")
    qtbot.waitUntil(lambda: "First words and more" in events(heard, Event.NameChanged))
    assert "Next" in events(heard, Event.ObjectCreated)
    view.update_item(answer("c", "First words and more\n\nNext", streaming=False))
    qtbot.waitUntil(lambda: "Regenerate" in events(heard, Event.ObjectCreated))
    assert said(heard) == ["Answer started.", "First words and more", "Next", "Answer finished."]


def said(heard: list[QAccessibleEvent]) -> list[str]:
    return [one.message() for one in heard if isinstance(one, QAccessibleAnnouncementEvent)]


def test_an_answer_is_said_by_sentence_never_by_token(
    root: QAccessibleInterface,
    view: TranscriptView,
    heard: list[QAccessibleEvent],
    qtbot: QtBot,
) -> None:
    assert root.isValid()
    text = "Half of it is 3.14 of them. And the oth"
    view.add_item(answer("c", "", streaming=True))
    for at in range(0, len(text), 4):
        view.append_text("c", text[at : at + 4])
    qtbot.waitUntil(lambda: "Half of it is 3.14 of them." in said(heard))
    view.append_text("c", "er half.\n\n```python\nprint(1)\n")
    qtbot.waitUntil(lambda: said(heard)[-1] == "And the other half.")
    view.append_text("c", "```\n\n1. one\n2. two")
    qtbot.waitUntil(lambda: said(heard)[-1] == "python code, 1 line. 1. one")
    whole = text + "er half.\n\n```python\nprint(1)\n```\n\n1. one\n2. two"
    view.update_item(answer("c", whole, streaming=False))
    assert said(heard)[0] == "Answer started."
    assert said(heard)[-2:] == ["2. two", "Answer finished."]


def test_the_words_are_not_said_where_the_person_wants_the_end_alone(
    root: QAccessibleInterface,
    view: TranscriptView,
    heard: list[QAccessibleEvent],
    qtbot: QtBot,
) -> None:
    assert root.isValid()
    view.set_aloud(aloud=False)
    view.add_item(answer("c", "", streaming=True))
    view.append_text("c", "A sentence. ")
    qtbot.waitUntil(lambda: said(heard) == ["Answer started."])
    view.update_item(answer("c", "A sentence. ", streaming=False))
    assert said(heard) == ["Answer started.", "Answer finished."]


def test_steps_by_message_and_by_code_are_told(
    root: QAccessibleInterface,
    view: TranscriptView,
    heard: list[QAccessibleEvent],
    qtbot: QtBot,
) -> None:
    assert root.isValid()
    view.clearFocus()
    view.scroll_to(0)
    view.step_message(1)
    assert said(heard) == ["model-1. A heading"]
    view.step_code(1)
    assert said(heard)[1:] == ["python code, 2 lines"]
    view.setFocus()
    heard.clear()
    view.step_message(-1)
    assert events(heard, Event.Focus) == ["You"]
    assert said(heard) == ["Why so?"]
    view.step_code(1)
    assert events(heard, Event.Focus) == ["You", "Copy"]
    assert root.focusChild().text(QAccessible.Text.Description) == "python code, 2 lines"
    view.clearFocus()
    view.step_message(1)
    assert events(heard, Event.Focus) == ["You", "Copy"]
    view.setFocus()
    qtbot.waitUntil(lambda: events(heard, Event.Focus)[2:3] == ["model-1"])
