"""Looking through one message for a pattern: what is seen of it, in slices."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.markdown.blocks import Paragraph, leaf_text
from desktop_chat.markdown.stream import MarkdownStream
from desktop_chat.transcript.messages.message import REASONING, TEXT
from desktop_chat.transcript.text.hits import Hit, Hits
from desktop_chat.transcript.text.plain import PlainStream

if TYPE_CHECKING:
    from collections.abc import Generator, Sequence

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.find.query import Pattern

READ_AT_ONCE: Final = 2048
"""Characters of markdown that are read in one step: one to two milliseconds."""
MOST: Final = 100_000
"""Hits; then it looks no further."""


class _Seen(NamedTuple):
    """What is seen of a block: segments of one paragraph are joined."""

    text: str
    joints: Sequence[int]
    """Where a further segment begins, before which visible text has a line feed more."""

    def range(self, start: int, end: int) -> tuple[int, int]:
        """Return a stretch as visible text counts."""
        joints = self.joints
        return start + bisect_right(joints, start), end + bisect_left(joints, end)


def scan(
    text: str,
    thoughts: str,
    ready: list[Block] | None,
    pattern: Pattern,
    *,
    dollar_maths: bool = False,
) -> Generator[None, None, Hits]:
    """Return the hits in a message's text, `ready` read or still markdown, and its reasoning.

    Yields often, as each step takes a few milliseconds at most. Raises `TooCostlyError`.
    """
    hits = Hits()
    if thoughts:
        yield from _scan_blocks(PlainStream(thoughts).blocks, pattern, REASONING, hits, 0)
    if text:
        blocks = ready if ready is not None else (yield from _read(text, dollar_maths=dollar_maths))
        yield from _scan_blocks(blocks, pattern, TEXT, hits, len(text))
    return hits


def _read(text: str, *, dollar_maths: bool) -> Generator[None, None, list[Block]]:
    """Return the blocks of a markdown text, read step by step."""
    stream = MarkdownStream(dollar_maths=dollar_maths)
    for at in range(0, len(text), READ_AT_ONCE):
        stream.feed(text[at : at + READ_AT_ONCE])
        yield
    stream.finish()
    while stream.late:
        yield
        stream.feed("")
    yield
    return stream.blocks


def _scan_blocks(
    blocks: list[Block], pattern: Pattern, part: int, hits: Hits, length: int
) -> Generator[None, None, None]:
    for number, block in enumerate(blocks):
        seen = _seen(block)
        size = max(len(seen.text), 1)
        for start, end in pattern.ranges(seen.text):
            above = block.start + (block.end - block.start or length) * start / size
            depth = min(above / length, 1.0) if length else 0.0
            hits.add(Hit(part, number, *seen.range(start, end)), depth)
            if len(hits) >= MOST:
                return
            yield
        yield


def _seen(block: Block) -> _Seen:
    texts: list[str] = []
    joints: list[int] = []
    at = 0
    for number, leaf in enumerate(block.leaves):
        if number:
            if isinstance(leaf, Paragraph) and leaf.continues:
                joints.append(at)
            else:
                texts.append("\n")
                at += 1
        text = leaf_text(leaf)
        texts.append(text)
        at += len(text)
    return _Seen("".join(texts), joints)
