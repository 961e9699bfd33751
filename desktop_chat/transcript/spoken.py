"""What assistive technology is told: the conversation as a tree of facts, without any layout."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAccessible

from desktop_chat.markdown.blocks import (
    Code,
    Heading,
    Paragraph,
    Rule,
    Style,
    Table,
)
from desktop_chat.transcript import spoken_code, spoken_image
from desktop_chat.transcript.answer import Answer
from desktop_chat.transcript.items import Action, Side
from desktop_chat.transcript.languages import description, is_formula
from desktop_chat.transcript.linked import MOST_PICTURES, link_press, links_in
from desktop_chat.transcript.links import link_target
from desktop_chat.transcript.speech import marker
from desktop_chat.transcript.table import description as table_description
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Block, Inline, Leaf
    from desktop_chat.transcript.document import Document
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.message import Message

Role = QAccessible.Role
CACHED: Final = 64
"""Messages whose blocks are kept for the next question."""
FEW: Final = 16
"""Children among which one is quickly found without an index."""
CODE: Final = "code"
THOUGHTS: Final = "thoughts"
NOTICE: Final = "notice"
DETAILS: Final = "details"
NOTE: Final = "note"
STATUS: Final = "status"
WORDED: Final = frozenset(
    {
        Role.ListItem,
        Role.Heading,
        Role.Paragraph,
        Role.StaticText,
        Role.Cell,
        Role.ColumnHeader,
        Role.Equation,
    }
)
"""What has a text that can be read piece by piece."""
Told = tuple[object, ...]
"""What the facts of a message follow from."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a node stands for; `path` leads from the message down to it."""

    item_id: str
    path: tuple[int, ...] = ()
    """Block, leaf, then row and cell, or the number of a link; empty: the message."""
    target: Target | None = None
    part: str = ""
    """`code`: the text of a code block. No blocks are `thoughts`, `notice`, `details`, `status`
    and `note`."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of one node."""

    role: Role
    name: str
    description: str = ""
    children: tuple[Key, ...] = ()
    target: Target | None = None
    unfolded: bool | None = None
    """Whether what the button unfolds is shown; None: it unfolds nothing."""
    checked: bool | None = None
    """Whether what the button turns on is on; None: it turns nothing on."""


class Spoken:
    """Answers what a node is. Blocks of messages that are not alive are read for the moment."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, tuple[int, list[Block]]] = OrderedDict()
        self._told: OrderedDict[str, tuple[Told, Facts]] = OrderedDict()
        self._places: tuple[tuple[Key, ...], dict[Key, int]] = ((), {})
        """The children of the node that was last asked for the place of one."""
        self._table: tuple[Told, Facts | None] = ((), None)

    def facts(self, document: Document, key: Key) -> Facts | None:
        """Return what is to be told of a node, or None where there is none any more."""
        if not document.has(key.item_id):
            return None
        message = document.messages[document.number(key.item_id)]
        if key.target is not None:
            return self._button(message, key.target)
        if key.part == spoken_image.IMAGE:
            return self._image(message, key)
        if key.part and key.part != CODE:
            return _line_facts(message, key.part)
        if not key.path:
            return self._message_facts(message)
        leaf = self._leaf(message, key.path)
        return self._of_leaf(message, key, leaf) if leaf is not None else None

    def place(self, document: Document, key: Key, child: Key) -> int:
        """Return which child of a node another is; -1 where it is none. Asked for every node."""
        facts = self.facts(document, key)
        children = facts.children if facts is not None else ()
        if len(children) <= FEW:
            return children.index(child) if child in children else -1
        if self._places[0] is not children:
            self._places = (children, {one: at for at, one in enumerate(children)})
        return self._places[1].get(child, -1)

    def words(self, document: Document, key: Key) -> str | None:
        """Return the text of a node that has any; of a message, all of it."""
        facts = self.facts(document, key)
        if facts is None or facts.role not in WORDED:
            return None
        if key != Key(key.item_id):
            return facts.name
        below = (self.facts(document, child) for child in facts.children)
        told = (self._block_words(document, one) for one in below if one is not None)
        return "\n".join(words for words in told if words)

    def _block_words(self, document: Document, facts: Facts) -> str:
        if facts.role in (Role.Grouping, Role.Table, Role.Row):
            below = [self.facts(document, key) for key in facts.children]
            between = "\t" if facts.role is Role.Row else "\n"
            told = [
                self._block_words(document, one)
                for one in below
                if one is not None and one.role is not Role.ScrollBar
            ]
            return between.join(told) if facts.role is not Role.Grouping else told[0]
        return facts.name if facts.role in WORDED else ""

    def _message_facts(self, message: Message) -> Facts:
        """Return what is told of a message: looked at again only where it has changed."""
        now = _told_of(message)
        known = self._told.get(message.item.id)
        if known is None or known[0] != now:
            known = self._told[message.item.id] = (now, self._message(message))
            while len(self._told) > CACHED:
                self._told.popitem(last=False)
        return known[1]

    def _of_leaf(self, message: Message, key: Key, leaf: Leaf) -> Facts | None:
        if isinstance(leaf, Table) and len(key.path) == 2:
            return self._table_facts(message, key, leaf)
        facts = _leaf_facts(key, leaf)
        if facts is not None and isinstance(leaf, Code) and not key.part:
            return replace(facts, children=(*facts.children, *_bar(message, key)))
        return facts

    def _table_facts(self, message: Message, key: Key, leaf: Table) -> Facts | None:
        """Return what is told of a table: each of its cells is asked for by way of it."""
        bar = _bar(message, key)
        now = (key, id(leaf), len(leaf.rows), len(leaf.header), bar)
        if self._table[0] != now:
            facts = _table(key, leaf)
            if facts is not None and bar:
                facts = replace(facts, children=(*facts.children, *bar))
            self._table = (now, facts)
        return self._table[1]

    def _blocks(self, message: Message) -> list[Block]:
        if message.built:
            return message.blocks
        item_id, length = message.item.id, len(message.text)
        known = self._read.get(item_id)
        if known is None or known[0] != length:
            known = self._read[item_id] = (length, message.blocks)
            while len(self._read) > CACHED:
                self._read.popitem(last=False)
        return known[1]

    def _leaf(self, message: Message, path: tuple[int, ...]) -> Leaf | None:
        blocks = self._blocks(message)
        block, leaf = path[0], path[1]
        if block < len(blocks) and leaf < len(blocks[block].leaves):
            return blocks[block].leaves[leaf]
        return None

    def _message(self, message: Message) -> Facts:
        item = message.item
        children: list[Key] = []
        if isinstance(message, Answer) and message.reasoning:
            children.append(Key(item.id, target=Target(Kind.REASONING, item.id)))
            if message.reasoning_open:
                children.append(Key(item.id, part=THOUGHTS))
        if message.note:
            again = Target(Kind.SHOW_AGAIN, item.id, action=Action.TRY_AGAIN)
            children += [Key(item.id, part=NOTE), Key(item.id, target=again)]
        for block, one in enumerate(self._blocks(message)):
            children += [Key(item.id, (block, leaf)) for leaf in range(len(one.leaves))]
        if item.status and not message.text:
            children.append(Key(item.id, part=STATUS))
        if isinstance(message, Answer):
            children += _notice_keys(item, details_open=message.details_open)
        if not item.streaming:
            children += [_action_key(item, action) for action in _row_actions(item)]
        name = "You" if item.side is Side.PERSON else item.author or "Answer"
        state = "answering" if item.streaming else ""
        return Facts(Role.ListItem, name, state, tuple(children))

    def _image(self, message: Message, key: Key) -> Facts | None:
        told = spoken_image.image(message, self._leaf(message, key.path), key.path)
        if told is None:
            return None
        below = () if told.target is None else (Key(key.item_id, key.path, target=told.target),)
        return Facts(Role.Graphic, told.name, told.description, below)

    def _button(self, message: Message, target: Target) -> Facts | None:
        if target.kind in spoken_code.KINDS:
            leaf = self._leaf(message, (target.block, target.leaf))
            told = spoken_code.told(message, leaf, target)
            if told is None:
                return None
            role = Role.ScrollBar if target.kind is Kind.SIDEWAYS else Role.Button
            words = told.name, told.description
            return Facts(role, *words, (), target, told.unfolded, told.checked)
        if target.kind in spoken_image.KINDS:
            image = spoken_image.button(message, target)
            return Facts(Role.Button, *image[:2], target=target) if image is not None else None
        if target.action is not None:
            return Facts(Role.Button, target.action.value, _purpose(message, target), target=target)
        if target.kind is Kind.COPY_DETAILS:
            return Facts(Role.Button, "Copy details", target=target)
        return _fold_facts(message, target) if isinstance(message, Answer) else None


def _told_of(message: Message) -> Told:
    answer = message if isinstance(message, Answer) else None
    open_ = (answer.reasoning_open, answer.details_open) if answer is not None else ()
    return (
        message.item,
        message.built,
        message.note,
        len(message.text),
        bool(answer is not None and answer.reasoning),
        open_,
    )


def _line_facts(message: Message, part: str) -> Facts | None:
    """Return what is told of a line of a message that is no block of its text."""
    if part == STATUS:
        return Facts(Role.StaticText, message.item.status)
    if part == NOTE:
        return Facts(Role.StaticText, message.note)
    if part == THOUGHTS:
        thoughts = message.reasoning if isinstance(message, Answer) else ""
        return Facts(Role.StaticText, thoughts)
    notice = message.item.notice
    if notice is None:
        return None
    if part == DETAILS:
        return Facts(Role.StaticText, notice.details)
    return Facts(Role.StaticText, notice.sentence)


def _fold_facts(answer: Answer, target: Target) -> Facts:
    """Return what is told of the button of something that unfolds."""
    reasoning = target.kind is Kind.REASONING
    name, open_ = (
        ("Reasoning", answer.reasoning_open) if reasoning else ("Details", answer.details_open)
    )
    state = "shown" if open_ else "folded"
    return Facts(Role.Button, name, state, target=target, unfolded=open_)


def _purpose(message: Message, target: Target) -> str:
    if target.action is not Action.COPY:
        return ""
    return "question" if message.item.side is Side.PERSON else "answer"


def _row_actions(item: Item) -> list[Action]:
    versions = [Action.PREVIOUS_VERSION, Action.NEXT_VERSION] if item.versions > 1 else []
    return [action for action in item.actions if action not in versions] + versions


def _action_key(item: Item, action: Action) -> Key:
    return Key(item.id, target=Target(Kind.ACTION, item.id, action=action))


def _notice_keys(item: Item, *, details_open: bool) -> list[Key]:
    if item.notice is None:
        return []
    keys = [Key(item.id, part=NOTICE)]
    keys += [_action_key(item, action) for action in item.notice.actions]
    if item.notice.details:
        keys.append(Key(item.id, target=Target(Kind.DETAILS, item.id)))
    if item.notice.details and details_open:
        keys.append(Key(item.id, part=DETAILS))
        keys.append(Key(item.id, target=Target(Kind.COPY_DETAILS, item.id)))
    return keys


def _leaf_facts(key: Key, leaf: Leaf) -> Facts | None:
    match leaf:
        case Heading(level=level, inline=inline):
            return _text(key, inline, Facts(Role.Heading, inline.text, f"level {level}"))
        case Paragraph(inline=inline):
            before = marker(leaf)
            role = Role.ListItem if before else Role.Paragraph
            return _text(key, inline, Facts(role, before + inline.text))
        case Code():
            return _code(key, leaf)
        case Table():
            return _table(key, leaf)
        case Rule():
            return Facts(Role.Separator, "")


def _text(key: Key, inline: Inline, facts: Facts) -> Facts | None:
    links = links_in(inline)
    if len(key.path) == 2:
        keys = tuple(Key(key.item_id, (*key.path, number)) for number in range(len(links)))
        images = sum(1 for span in inline.spans if span.style & Style.IMAGE)
        if images:
            paths = [(*key.path, number) for number in range(min(images, MOST_PICTURES))]
            keys += tuple(Key(key.item_id, path, part=spoken_image.IMAGE) for path in paths)
        return Facts(facts.role, facts.name, facts.description, keys)
    if key.path[2] >= len(links):
        return None
    link = links[key.path[2]]
    target = link_press(key.item_id, key.path[0], key.path[1], link)
    return Facts(Role.Link, link.words, _shown_address(link.href), target=target)


def _shown_address(href: str) -> str:
    """Return where a link leads in letters that cannot be mistaken for others."""
    target = link_target(href)
    return target.address if target is not None else href


def _code(key: Key, leaf: Code) -> Facts:
    if key.part == CODE:
        return Facts(Role.StaticText, "\n".join(leaf.lines))
    block, number = key.path
    targets = [
        Target(kind, key.item_id, block=block, leaf=number) for kind in spoken_code.kinds(leaf)
    ]
    if is_formula(leaf):
        below = tuple(Key(key.item_id, key.path, target=target) for target in targets)
        return Facts(Role.Equation, "\n".join(leaf.lines), "formula", below)
    text = Key(key.item_id, key.path, part=CODE)
    children = (text, *(Key(key.item_id, key.path, target=target) for target in targets))
    return Facts(Role.Grouping, description(leaf), children=children)


def _bar(message: Message, key: Key) -> tuple[Key, ...]:
    """Return the bar under a block that is wider than its place."""
    block, leaf = key.path
    if not spoken_code.has_bar(message, block, leaf):
        return ()
    target = Target(Kind.SIDEWAYS, key.item_id, block=block, leaf=leaf)
    return (Key(key.item_id, key.path, target=target),)


def _table(key: Key, leaf: Table) -> Facts | None:
    rows = [leaf.header, *leaf.rows]
    match key.path:
        case (_, _):
            keys = tuple(Key(key.item_id, (*key.path, row)) for row in range(len(rows)))
            return Facts(Role.Table, table_description(leaf), children=keys)
        case (_, _, row) if row < len(rows):
            keys = tuple(Key(key.item_id, (*key.path, cell)) for cell in range(len(rows[row])))
            words = ", ".join(cell.text for cell in rows[row])
            return Facts(Role.Row, words, children=keys)
        case (_, _, row, cell) if row < len(rows) and cell < len(rows[row]):
            role = Role.Cell if row else Role.ColumnHeader
            head = leaf.header[cell].text if row and cell < len(leaf.header) else ""
            return Facts(role, rows[row][cell].text, head)
        case _:
            return None
