"""The conversation for assistive technology: Qt's interfaces over the facts of `spoken`."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING, Any
from weakref import ref

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import (
    QAccessible,
    QAccessibleInterface,
)
from PySide6.QtWidgets import QAccessibleWidget
from shiboken6 import Shiboken
from typing_extensions import override

from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.spoken.accessible_part import NO_INTERFACE, AccessiblePart, forget
from desktop_chat.transcript.spoken.facts import WORDED, Facts, Key
from desktop_chat.transcript.spoken.readable import Level, ReadableText
from desktop_chat.transcript.spoken.table import part_rect
from desktop_chat.transcript.spoken.tree import Spoken
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.transcript.stage import Stage

NOTHING = Facts(QAccessible.Role.NoRole, "")


class Node(AccessiblePart):
    """A message, a block, a part of one, or a button. Asked anew each time; holds no text."""

    def __init__(self, tree: Tree, key: Key, parent: QAccessibleInterface) -> None:
        super().__init__(parent)
        self._tree = tree
        self._key = key
        self._words: ReadableText | None = None
        self._level: Level | None = None

    @property
    def key(self) -> Key:
        """What the node stands for."""
        return self._key

    @override
    def press(self) -> None:
        """Do what the button or link does, seen or not."""
        target = self._facts().target
        if target is not None and self._tree.view is not None:
            self._tree.view.pressed.emit(target)

    def words(self) -> str:
        """Return the text that the node has."""
        return self._tree.words(self._key)

    @property
    def target(self) -> Target | None:
        """What the keyboard goes to, to be at the node."""
        if self._key == Key(self._key.item_id):
            return Target(Kind.MESSAGE, self._key.item_id)
        return self._facts().target

    def _facts(self) -> Facts:
        return self._tree.facts(self._key) or NOTHING

    @override
    def isValid(self) -> bool:
        return self._tree.facts(self._key) is not None

    @override
    def childCount(self) -> int:
        return len(self._facts().children)

    @override
    def child(self, index: int) -> QAccessibleInterface:
        children = self._facts().children
        if not 0 <= index < len(children):
            return None  # type: ignore[return-value]  # Qt's way to say none
        return self._tree.node(children[index], self)

    @override
    def indexOfChild(self, arg__1: QAccessibleInterface) -> int:
        return self._tree.place(self._key, arg__1.key) if isinstance(arg__1, Node) else -1

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        for index in range(self.childCount()):
            child = self.child(index)
            if child.rect().contains(x, y):
                return child
        return None  # type: ignore[return-value]  # Qt's way to say none

    @override
    def rect(self) -> QRect:
        return self._tree.rect(self._key)

    @override
    def role(self) -> QAccessible.Role:
        return self._facts().role

    @override
    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        rect = self._tree.near(self._key)
        view = self._tree.view
        if view is None or not self.isValid():
            state.invalid = True
        elif rect.isEmpty() or not self._tree.view_rect().intersects(rect):
            state.offscreen = True
        target = self.target
        if target is not None:
            state.focusable = True
            state.focused = view is not None and view.focused == target
            unfolded = self._facts().unfolded
            state.expandable = unfolded is not None
            state.expanded = unfolded is True
            state.collapsed = unfolded is False
            state.checkable = self._facts().checked is not None
            state.checked = self._facts().checked is True
        return state

    @override
    def text(self, t: QAccessible.Text) -> str:
        facts = self._facts()
        if t is QAccessible.Text.Name:
            return facts.name
        return facts.description if t is QAccessible.Text.Description else ""

    @override
    def interface_cast(self, arg__1: QAccessible.InterfaceType) -> Any:
        facts = self._facts()
        if arg__1 is QAccessible.InterfaceType.ActionInterface and facts.target is not None:
            return self.press_interface()
        if arg__1 is QAccessible.InterfaceType.TextInterface and facts.role in WORDED:
            self._words = self._words or ReadableText(self.words, self.rect)
            return Shiboken.VoidPtr(Shiboken.getCppPointer(self._words)[0])
        if arg__1 is QAccessible.InterfaceType.AttributesInterface and facts.level:
            self._level = self._level or Level(facts.level)
            return Shiboken.VoidPtr(Shiboken.getCppPointer(self._level)[0])
        return NO_INTERFACE


class Tree:
    """The nodes of one view, made when they are asked for and kept: Qt holds bare pointers."""

    def __init__(self, view: Stage) -> None:
        self._view = ref(view)
        self._nodes: dict[Key, Node] = {}
        self._spoken = Spoken()
        view.destroyed.connect(self.clear)

    @property
    def view(self) -> Stage | None:
        """The view, while it lives."""
        view = self._view()
        return view if view is not None and Shiboken.isValid(view) else None

    def facts(self, key: Key) -> Facts | None:
        """Return what is told of a node."""
        view = self.view
        return self._spoken.facts(view.document, key) if view is not None else None

    def place(self, key: Key, child: Key) -> int:
        """Return which child of a node another is; -1 where it is none."""
        view = self.view
        return self._spoken.place(view.document, key, child) if view is not None else -1

    def words(self, key: Key) -> str:
        """Return the text of a node."""
        view = self.view
        return (self._spoken.words(view.document, key) or "") if view is not None else ""

    def node_of(self, target: Target, root: QAccessibleInterface) -> Node | None:
        """Return the node of what the keyboard is at."""
        view, above = self.view, root
        found: Node | None = None
        for key in self._spoken.way(view.document, target) if view is not None else ():
            above = found = self.node(key, above)
        return found

    def node(self, key: Key, parent: QAccessibleInterface) -> Node:
        """Return the node for a key."""
        node = self._nodes.get(key)
        if node is None or not Shiboken.isValid(node):
            node = self._nodes[key] = Node(self, key, parent)
        return node

    def clear(self) -> None:
        """Let go of all nodes, in Qt's books as well."""
        nodes, self._nodes = self._nodes, {}
        forget(nodes.values())

    def view_rect(self) -> QRect:
        """Return where the viewport is on the screen."""
        view = self.view
        if view is None:
            return QRect()
        return QRect(view.viewport().mapToGlobal(QPoint(0, 0)), view.viewport().size())

    def rect(self, key: Key) -> QRect:
        """Return where a node is on the screen; nothing where it is not laid out."""
        near, view = self.near(key), self.view
        stretch = self._spoken.stretch(view.document, key) if view is not None else None
        if view is None or stretch is None or near.isEmpty():
            return near
        column = view.document.messages[view.document.number(key.item_id)].columns()[-1][1]
        at = column.number_of(*key.path[:2])
        rects = column.boxes[at].link_rects(stretch) if at is not None else []
        whole = reduce(QRectF.united, rects, QRectF())
        origin = self.near(Key(key.item_id, key.path[:2])).topLeft()
        return whole.translated(origin).toAlignedRect() if rects else near

    def near(self, key: Key) -> QRect:
        """Return about where a node is: of what stands in a text, where the text is."""
        view = self.view
        if view is None or not view.document.has(key.item_id):
            return QRect()
        number = view.document.number(key.item_id)
        message = view.document.messages[number]
        top = view.document.top(number) - view.scroller.scroll
        origin = view.viewport().mapToGlobal(QPoint(view.column_left, top))
        if not message.built:
            return QRect()
        if key.target is not None:
            buttons = message.buttons(0, message.height)
            found = [one.rect for one in buttons if one.target == key.target]
            return found[0].translated(origin) if found else QRect()
        if len(key.path) >= 2:
            return self._leaf_rect(view, number, key).translated(origin)
        return QRect(0, 0, view.document.geometry.width, message.height).translated(origin)

    def _leaf_rect(self, view: Stage, number: int, key: Key) -> QRect:
        for part, column, left, top in view.document.messages[number].columns():
            at = column.number_of(key.path[0], key.path[1])
            if part == TEXT and at is not None:
                box = column.boxes[at]
                origin = QPoint(left + box.left, top + column.top_of(at))
                if isinstance(box, TableBox) and len(key.path) > 2:
                    return part_rect(box, key.path).translated(origin)
                return QRect(origin, QSize(box.width, box.height))
        return QRect()


class TranscriptAccessible(QAccessibleWidget):
    """The view itself: a list of messages."""

    def __init__(self, view: Stage) -> None:
        super().__init__(view, QAccessible.Role.List, "Conversation")
        self._tree = Tree(view)

    @override
    def childCount(self) -> int:
        view = self._tree.view
        return len(view.document.messages) + 1 if view is not None else 0

    @override
    def child(self, index: int) -> QAccessibleInterface:
        view = self._tree.view
        if view is None or not 0 <= index <= len(view.document.messages):
            return None  # type: ignore[return-value]  # Qt's way to say none
        if index == len(view.document.messages):
            return QAccessible.queryAccessibleInterface(view.news.pill)
        return self._tree.node(Key(view.document.messages[index].item.id), self)

    @override
    def focusChild(self) -> QAccessibleInterface:
        view = self._tree.view
        if view is not None and view.focused is not None:
            found = self._tree.node_of(view.focused, self)
            if found is not None:
                return found
        return super().focusChild()

    @override
    def indexOfChild(self, child: QAccessibleInterface) -> int:
        view = self._tree.view
        if view is None:
            return -1
        if isinstance(child, Node):
            item_id = child.key.item_id
            return view.document.number(item_id) if view.document.has(item_id) else -1
        return len(view.document.messages) if child.object() is view.news.pill else -1

    @override
    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        view = self._tree.view
        if view is None or not view.document.messages:
            return None  # type: ignore[return-value]  # Qt's way to say none
        at = view.viewport().mapFromGlobal(QPoint(x, y))
        return self.child(view.document.at(at.y() + view.scroller.scroll))
