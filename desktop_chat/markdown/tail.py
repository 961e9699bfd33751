"""Plain words at the end of the text, shown without reading anything again.

Most tokens of an answer are letters and blanks within a paragraph or a code line: they cannot
change what stands before them. Whatever might is left to the reader.
"""

from __future__ import annotations

import re
from dataclasses import replace

from desktop_chat.markdown.blocks import MATH_LANGUAGE, Block, Change, Code, Inline, Paragraph

LONGEST = 256
"""Characters after which the reader has its turn, to cut a long paragraph into segments."""

_PLAIN = re.compile(r"(?:[^\W_]|[ ,.'\"!?;–—…“”‘’，。！？；、（）「」-])+")
_LAST_WORD = re.compile(r"(?:^|[\s，。！？；、（）「」])([^\W_]+)$")
_WORD = 80
"""Characters that are looked at to find the last word."""
_ADDRESS = "www."
_NO_CODE_TAIL = re.compile(r"[\n`~]")


class Tail:
    """The end of what is shown, and whether words may be appended to it."""

    def __init__(self) -> None:
        self._open = False
        self._blank = ""
        self._length = 0
        self._end = ""
        """The last letters: an address may begin with them."""

    def settle(self, blocks: list[Block], part: str) -> None:
        """Look at what was just read: `part` is the line at the end of the text.

        There are no blocks where the last one ends before: a definition of a link follows it.
        """
        self._blank, self._length, self._end = "", 0, part[-len(_ADDRESS) :]
        leaf = blocks[-1].leaves[-1] if blocks else None
        if isinstance(leaf, Code):
            lead = part.lstrip(" \t>")[:1]
            words = leaf.open and leaf.language != MATH_LANGUAGE and bool(leaf.lines)
            self._open = words and lead not in ("", "`", "~")
        elif isinstance(leaf, Paragraph) and leaf.inline.text:
            word = _LAST_WORD.search(part[-_WORD:])
            self._open = word is not None and not word[1].isdigit()
        else:
            self._open = False

    def append(self, blocks: list[Block], text: str) -> Change | None:
        """Append words and say what changed, or return None if they must be read."""
        if not self._open or self._length + len(text) > LONGEST:
            return None
        block = blocks[-1]
        place = len(block.leaves) - 1
        leaf = block.leaves[place]
        line = 0
        if isinstance(leaf, Paragraph) and self._is_plain(text):
            block.leaves[place] = replace(leaf, inline=self._longer(leaf.inline, text))
        elif isinstance(leaf, Code) and not _NO_CODE_TAIL.search(text):
            line = len(leaf.lines) - 1
            leaf.lines[line] += text
        else:
            return None
        self._length += len(text)
        block.end += len(text)
        return Change(len(blocks) - 1, place, line)

    def _is_plain(self, text: str) -> bool:
        """Return whether words mean nothing but themselves."""
        if not _PLAIN.fullmatch(text):
            return False
        end = self._end + text
        self._end = end[-len(_ADDRESS) :]
        return _ADDRESS not in end.lower()

    def _longer(self, inline: Inline, text: str) -> Inline:
        """Append to running text; blanks at its end are only seen when a word follows."""
        text = self._blank + text
        seen = text.rstrip(" ")
        self._blank = text[len(seen) :]
        return Inline(inline.text + seen, inline.spans)
