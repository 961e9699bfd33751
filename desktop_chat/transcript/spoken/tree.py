"""What assistive technology is told: the conversation as a tree of facts, without any layout."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from desktop_chat.markdown.blocks import Code, Heading, Paragraph, Rule, Table
from desktop_chat.transcript.messages.speech import marker
from desktop_chat.transcript.spoken import code as spoken_code
from desktop_chat.transcript.spoken import image as spoken_image
from desktop_chat.transcript.spoken import message as spoken_message
from desktop_chat.transcript.spoken import text as spoken_text
from desktop_chat.transcript.spoken.facts import CODE, FORMULA, IMAGE, WORDED, Facts, Key, Role
from desktop_chat.transcript.spoken.table import Tables
from desktop_chat.transcript.spoken.text import Texts
from desktop_chat.transcript.targets import Kind

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Block, Inline, Leaf
    from desktop_chat.transcript.messages.document import Document
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.targets import Target
    from desktop_chat.transcript.text.linked import Link

CACHED: Final = 64
"""Messages whose blocks are kept for the next question."""
FEW: Final = 16
"""Children among which one is quickly found without an index."""
OF_LEAVES: Final = frozenset({"", CODE, IMAGE, FORMULA})
"""The parts that stand in the blocks of a message."""


class Spoken:
    """Answers what a node is. Blocks of messages that are not alive are read for the moment."""

    def __init__(self) -> None:
        self._read: OrderedDict[str, tuple[int, list[Block]]] = OrderedDict()
        self._told: OrderedDict[str, tuple[tuple[object, ...], Facts]] = OrderedDict()
        self._places: tuple[tuple[Key, ...], dict[Key, int]] = ((), {})
        """The children of the node that was last asked for the place of one."""
        self._texts = Texts()
        self._tables = Tables(self._texts)

    def facts(self, document: Document, key: Key) -> Facts | None:
        """Return what is to be told of a node, or None where there is none any more."""
        if not document.has(key.item_id):
            return None
        message = document.messages[document.number(key.item_id)]
        if key.target is not None:
            return self._button(message, key.target)
        if key.part not in OF_LEAVES:
            return spoken_message.line(message, key.part)
        if not key.path:
            return self._message(message)
        leaf = self._leaf(message, key.path)
        return self._of_leaf(message, key, leaf) if leaf is not None else None

    def way(self, document: Document, target: Target) -> list[Key]:
        """Return the nodes from a message down to what the keyboard is at; none: it is nowhere."""
        whole = Key(target.item_id)
        message = self.facts(document, whole)
        if message is None or target.kind is Kind.MESSAGE:
            return [whole] if message is not None else []
        if target.block < 0:
            key = Key(target.item_id, target=target)
            return [whole, key] if key in message.children else []
        leaf = Key(target.item_id, (target.block, target.leaf))
        facts = self.facts(document, leaf)
        if facts is None:
            return []
        way = [whole, leaf]
        if facts.role is Role.Table and target.kind is not Kind.SIDEWAYS:
            found = self._leaf(document.messages[document.number(target.item_id)], leaf.path)
            place = self._tables.place(found, target) if isinstance(found, Table) else ()
            ends = range(3, 3 + len(place))
            way += [Key(target.item_id, (*leaf.path, *place)[:end]) for end in ends]
        below = self._below(document, way[-1], target)
        return [*way, *below] if below else []

    def stretch(self, document: Document, key: Key) -> Link | None:
        """Return where a link, image or formula stands in the text of its leaf."""
        inside = len(key.path) in (3, 5) and key.target is None
        if not inside or not document.has(key.item_id):
            return None
        message = document.messages[document.number(key.item_id)]
        leaf = self._leaf(message, key.path)
        at, inline = 0, leaf.inline if isinstance(leaf, Heading | Paragraph) else None
        if isinstance(leaf, Table) and len(key.path) == 5:
            inline, at = self._tables.cell(key, leaf) or (None, 0)
        piece = self._texts.piece(key, inline) if inline is not None else None
        return piece.link(at) if piece is not None else None

    def _below(self, document: Document, key: Key, target: Target) -> list[Key]:
        """Return the nodes that lead from a text or a block of code to what is pressed in it."""
        facts = self.facts(document, key)
        for child in facts.children if facts is not None else ():
            told = self.facts(document, child)
            if told is not None and told.target == target:
                return [child]
            if told is not None and told.role is Role.Graphic:
                for button in told.children:
                    if button.target == target:
                        return [child, button]
        return []

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

    def _message(self, message: Message) -> Facts:
        """Return what is told of a message: looked at again only where it has changed."""
        now = spoken_message.state(message)
        known = self._told.get(message.item.id)
        if known is None or known[0] != now:
            known = (now, spoken_message.told(message, self._blocks(message)))
            self._told[message.item.id] = known
            while len(self._told) > CACHED:
                self._told.popitem(last=False)
        return known[1]

    def _of_leaf(self, message: Message, key: Key, leaf: Leaf) -> Facts | None:
        match leaf:
            case Heading(level=level, inline=inline):
                facts = Facts(Role.Heading, inline.text, f"level {level}", level=level)
                return self._text(message, key, inline, facts)
            case Paragraph(inline=inline):
                before = marker(leaf)
                role = Role.ListItem if before else Role.Paragraph
                return self._text(message, key, inline, Facts(role, before + inline.text))
            case Code():
                return spoken_code.block(message, key, leaf)
            case Table():
                return self._table(message, key, leaf)
            case Rule():
                return Facts(Role.Separator, "")

    def _text(self, message: Message, key: Key, inline: Inline, facts: Facts) -> Facts | None:
        if len(key.path) > 2:
            return self._piece(message, key, inline, 0)
        keys = self._texts.keys(key, inline)
        return Facts(facts.role, facts.name, facts.description, keys, level=facts.level)

    def _table(self, message: Message, key: Key, table: Table) -> Facts | None:
        if len(key.path) == 2:
            return self._tables.table(key, table, spoken_code.bar(message, key))
        if len(key.path) < 5:
            return self._tables.part(key, table)
        cell = self._tables.cell(key, table)
        if cell is None:
            return None
        return self._piece(message, key, *cell, table)

    def _piece(
        self, message: Message, key: Key, inline: Inline, at: int, table: Table | None = None
    ) -> Facts | None:
        """Return what is told of a link, an image or a formula in running text."""
        piece = self._texts.piece(key, inline)
        if piece is None or piece.part != IMAGE:
            return spoken_text.told(key, piece, at) if piece is not None else None
        placed = table is None or self._tables.shows(table, piece.href)
        return spoken_image.told(message, key, piece, placed=placed)

    def _button(self, message: Message, target: Target) -> Facts | None:
        if target.kind in spoken_code.KINDS:
            leaf = self._leaf(message, (target.block, target.leaf))
            return spoken_code.button(message, leaf, target)
        if target.kind in spoken_image.KINDS:
            return spoken_image.button(message, target)
        return spoken_message.button(message, target)

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
