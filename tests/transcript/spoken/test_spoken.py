"""What stands in running text and in tables, as assistive technology meets it."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAccessibleInterface
from PySide6.QtTest import QTest

from desktop_chat.transcript.items import Action
from desktop_chat.transcript.spoken.accessible import Tree
from tests.transcript.conversations import answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.spoken.facts import Key
    from desktop_chat.transcript.view import TranscriptView

Role = QAccessible.Role
TEXT = """## Of cats

See [one](https://a.example/1), ![a cat](https://p.example/cat.png), \\(e^x\\) and ![a cat](https://p.example/cat.png).

| Name | Look |
|---|---|
| [Tom](https://a.example/tom) | ![tom](https://p.example/tom.png) |
| Kit \\(x^2\\) | both [Tom](https://a.example/tom) and [Kit](https://a.example/kit) |
"""


def name(node: QAccessibleInterface) -> str:
    return node.text(QAccessible.Text.Name)


def children(node: QAccessibleInterface) -> list[QAccessibleInterface]:
    return [node.child(index) for index in range(node.childCount())]


def everything(node: QAccessibleInterface) -> Iterator[QAccessibleInterface]:
    yield node
    for child in children(node):
        yield from everything(child)


def told(node: QAccessibleInterface) -> list[tuple[Role, str]]:
    return [(one.role(), name(one)) for one in children(node)]


@pytest.fixture
def root(view: TranscriptView) -> QAccessibleInterface:
    view.set_items([question(), answer(text=TEXT)])
    view.grab()
    return QAccessible.queryAccessibleInterface(view)


def test_what_stands_in_a_text_is_told_in_reading_order(root: QAccessibleInterface) -> None:
    assert told(root.child(1).child(1)) == [
        (Role.Link, "one"),
        (Role.Graphic, "a cat"),
        (Role.Equation, "e^x"),
    ]


def test_cells_hold_their_links_images_and_formulas(root: QAccessibleInterface) -> None:
    _, tom, kit = children(root.child(1).child(2))
    assert [told(cell) for cell in children(tom)] == [
        [(Role.Link, "Tom")],
        [(Role.Graphic, "tom")],
    ]
    assert [told(cell) for cell in children(kit)] == [
        [(Role.Equation, "x^2")],
        [(Role.Link, "Tom"), (Role.Link, "Kit")],
    ]


def test_links_and_images_in_cells_are_pressed(
    root: QAccessibleInterface, view: TranscriptView, qtbot: QtBot
) -> None:
    table = root.child(1).child(2)
    with qtbot.waitSignal(view.link_activated) as pressed:
        table.child(2).child(1).child(1).actionInterface().doAction("Press")
    assert pressed.args == ["https://a.example/kit", "Kit"]
    graphic = table.child(1).child(1).child(0)
    assert name(graphic.child(0)) == "Load this image"
    with qtbot.waitSignal(view.image_requested):
        graphic.child(0).actionInterface().doAction("Press")


def test_all_nodes_know_their_parents_and_places(root: QAccessibleInterface) -> None:
    for parent in [one for one in everything(root) if one.childCount()]:
        for index, child in enumerate(children(parent)):
            assert child.isValid()
            assert child.parent() is parent
            assert parent.indexOfChild(child) == index


def test_a_heading_has_its_level(root: QAccessibleInterface) -> None:
    heading, text = children(root.child(1))[:2]
    attributes = heading.attributesInterface()
    assert attributes.attributeKeys() == [QAccessible.Attribute.Level]
    assert attributes.attributeValue(QAccessible.Attribute.Level) == 2
    assert text.attributesInterface() is None


def test_links_have_a_place_of_their_own_in_their_text(root: QAccessibleInterface) -> None:
    text = root.child(1).child(1)
    (link, *_), whole = children(text), text.rect()
    assert whole.contains(link.rect())
    assert 0 < link.rect().width() < whole.width() / 4
    table = root.child(1).child(2)
    tom, kit = children(table.child(2).child(1))
    assert table.rect().contains(kit.rect())
    assert tom.rect().right() < kit.rect().left()


@pytest.mark.parametrize("heads", ["| a | b |", "| שם | צבע |"])
def test_rows_and_cells_stand_where_they_are_seen(view: TranscriptView, heads: str) -> None:
    view.set_items([answer(text=f"{heads}\n|---|---|\n| one | two three |\n| four | five |")])
    view.grab()
    table = QAccessible.queryAccessibleInterface(view).child(0).child(0)
    rows = children(table)
    for above, below in pairwise(rows):
        assert above.rect().bottom() < below.rect().top()
    mirrored = not heads.isascii()
    for row in rows:
        assert table.rect().contains(row.rect())
        first, second = (cell.rect() for cell in children(row))
        assert row.rect().contains(first)
        assert row.rect().contains(second)
        left, right = (second, first) if mirrored else (first, second)
        assert left.right() < right.left()
        middle = first.center()
        assert name(row.childAt(middle.x(), middle.y())) == name(row.child(0))


def test_a_cell_that_is_scrolled_away_sideways_is_not_on_the_screen(view: TranscriptView) -> None:
    row = "|" + "|".join(f" {'word ' * 9}{at} " for at in range(12)) + "|"
    view.set_items([answer(text=f"{row}\n{'|---' * 12}|\n{row}")])
    view.grab()
    cells = children(QAccessible.queryAccessibleInterface(view).child(0).child(0).child(1))
    assert not cells[0].state().offscreen
    assert cells[11].state().offscreen
    assert cells[11].rect().isEmpty()


def test_whatever_the_keyboard_reaches_is_a_node_that_has_the_focus(
    root: QAccessibleInterface, view: TranscriptView
) -> None:
    view.setFocus()
    reached = []
    for _ in range(9):
        QTest.keyClick(view, Qt.Key.Key_Tab)
        node = root.focusChild()
        assert node.state().focused
        reached.append(name(node))
    assert reached == [
        "Copy",
        "one",
        "Load this image",
        "Tom",
        "Tom",
        "Kit",
        "Load this image",
        "Copy",
        "Regenerate",
    ]


def test_the_buttons_of_versions_tell_which_one_is_shown(view: TranscriptView) -> None:
    view.set_items(
        [
            question(),
            answer(text="Words", versions=3, version=2, actions=(Action.COPY, Action.MORE)),
        ]
    )
    root = QAccessible.queryAccessibleInterface(view)
    steps = [one for one in everything(root) if "version" in name(one).lower()]
    words = [one.text(QAccessible.Text.Description) for one in steps]
    assert words == ["version 2 of 3", "version 2 of 3"]
    row = [Action.COPY, Action.PREVIOUS_VERSION, Action.NEXT_VERSION, Action.MORE]
    assert [name(one) for one in children(root.child(1))[1:]] == [one.value for one in row]


def test_a_message_of_many_links_is_asked_for_one_without_walking_all(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot
) -> None:
    links = "\n\n".join(f"[link {number}](https://a.example/{number})" for number in range(500))
    view.set_items([question(), answer(text=links)])
    qtbot.waitUntil(lambda: not view.document.unread())
    view.setFocus()
    for _ in range(3):
        QTest.keyClick(view, Qt.Key.Key_Backtab)
    root = QAccessible.queryAccessibleInterface(view)
    made: list[Key] = []
    node = Tree.node

    def count(tree: Tree, key: Key, parent: QAccessibleInterface) -> QAccessibleInterface:
        made.append(key)
        return node(tree, key, parent)

    monkeypatch.setattr(Tree, "node", count)
    assert name(root.focusChild()) == "link 499"
    assert len(made) == 3
