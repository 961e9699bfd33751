"""A paragraph's text, read piece by piece, so that a long one that grows is not read again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Inline
from desktop_chat.markdown.pieces import LONGEST, next_cut

if TYPE_CHECKING:
    from desktop_chat.markdown.inline import InlineMemo

SEGMENT = 2000
"""Characters after which the rest of a paragraph becomes a leaf of its own."""
PEEK = 200
"""What is shown of a long address that has not ended yet."""


class RunningText:
    """The text of one paragraph. `extend` it; `inlines` are its segments."""

    def __init__(self, memo: InlineMemo) -> None:
        self.done: list[Inline] = []
        """Segments that nothing can change."""
        self.begun = False
        """Whether segments were taken from `done` by now."""
        self.raw: str | None = ""
        """The whole source, as long as it is short."""
        self._memo = memo
        self._current = Inline()
        self._size = 0
        self._rest = ""

    def copy(self) -> RunningText:
        """Return a text that may be extended apart from this one."""
        twin = RunningText(self._memo)
        twin.done, twin.begun, twin.raw = list(self.done), self.begun, self.raw
        twin._current, twin._size, twin._rest = self._current, self._size, self._rest
        return twin

    def extend(self, text: str) -> None:
        """Append source text."""
        if self.raw is not None:
            self.raw = self.raw + text if len(self.raw) + len(text) <= SEGMENT else None
        self._rest += text
        at = 0
        while (cut := self._next_cut(at)) is not None:
            self._current = join(self._current, self._memo.read(self._rest[at:cut]))
            self._size += cut - at
            at = cut
            if self._size >= SEGMENT:
                self.done.append(self._current)
                self._current, self._size = Inline(), 0
        self._rest = self._rest[at:]

    def take_done(self) -> list[Inline]:
        """Return the segments that are done and leave them out from now on."""
        done, self.done = self.done, []
        self.begun = self.begun or bool(done)
        return done

    def inlines(self, *, growing: bool = False) -> list[Inline]:
        """Return all segments, the last one as it is now."""
        rest = self._rest.rstrip(" \t\n")
        waits = growing and len(rest) > LONGEST
        shown = Inline(rest[:PEEK] + "…") if waits else self._memo.read(rest)
        last = join(self._current, shown)
        if len(last.text) > 2 * LONGEST + SEGMENT:
            # An address that has no end is text, and as long as it likes.
            starts = range(0, len(last.text), SEGMENT)
            return [*self.done, *(clip_inline(last, at, at + SEGMENT) for at in starts)]
        return [*self.done, last] if last.text or not (self.done or self.begun) else self.done

    def _next_cut(self, at: int) -> int | None:
        return next_cut(self._rest, at, dollar_maths=self._memo.dollar_maths)


class TextMemo:
    """The paragraph that was read last: read again a little longer, only the rest is read."""

    def __init__(self) -> None:
        self._base: RunningText | None = None
        self._content = ""
        self._text: RunningText | None = None

    def forget(self) -> None:
        """Read everything anew."""
        self._text = None

    def read(self, memo: InlineMemo, content: str, base: RunningText | None) -> RunningText:
        """Return the text of a paragraph which may go on with a settled one."""
        text = self._text
        known = text is not None and base is self._base and content.startswith(self._content)
        if text is None or not known:
            text = base.copy() if base else RunningText(memo)
            self._content = ""
        text.extend(content[len(self._content) :])
        self._base, self._content, self._text = base, content, text
        return text


def clip_inline(inline: Inline, begin: int, end: int) -> Inline:
    """Return a part of running text in its styles."""
    spans = tuple(
        span._replace(start=max(span.start, begin) - begin, end=min(span.end, end) - begin)
        for span in inline.spans
        if span.start < end and span.end > begin
    )
    return Inline(inline.text[begin:end], spans)


def join(first: Inline, second: Inline) -> Inline:
    """Return two texts as one."""
    if not first.text:
        return second
    shift = len(first.text)
    moved = tuple(
        span._replace(start=span.start + shift, end=span.end + shift) for span in second.spans
    )
    return Inline(first.text + second.text, first.spans + moved)
