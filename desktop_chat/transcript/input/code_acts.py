"""What the buttons of a code block do: wrap, fold, offer it as a file. Places in it are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.domain.code_wraps import CodeWrap
from desktop_chat.markdown.blocks import Table
from desktop_chat.transcript.blocks.box_stack import Spot
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT, Line, Place
from desktop_chat.transcript.reading.position import TOP_MARGIN, State
from desktop_chat.transcript.reading.scroller import Mark
from desktop_chat.transcript.targets import Kind
from desktop_chat.transcript.text.languages import NAMES

if TYPE_CHECKING:
    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.blocks.column import Column
    from desktop_chat.transcript.messages.selection import Point
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Target


class FileOffer(NamedTuple):
    """A text, or bytes, that may become a file."""

    name: str
    """What the file may be called, ending included; never a path."""
    text: str | bytes
    kind: str = "Text"
    """What files of its ending are called."""


class Found(NamedTuple):
    """A box, with what it stands in."""

    message: Answer
    column: Column
    at: int
    top: int
    """Its top, in the message."""

    @property
    def box(self) -> Box:
        """The box itself."""
        return self.column.boxes[self.at]


def find(view: Stage, item_id: str, block: int, leaf: int) -> Found | None:
    """Return the box that shows a leaf of an answer."""
    message = _answer(view, item_id)
    if message is None:
        return None
    for part, column, _, top in message.columns():
        at = column.number_of(block, leaf)
        if part == TEXT and at is not None:
            return Found(message, column, at, top + column.top_of(at))
    return None


def act(view: Stage, target: Target) -> None:
    """Wrap or fold a block as a button says; what is read stays where it is."""
    found = find(view, target.item_id, target.block, target.leaf)
    if found is None or not isinstance(found.box, CodeBox):
        return
    box = found.box
    scroller = view.scroller
    mark = _kept(view, found, target)
    if scroller.reading.state is State.FOLLOWING:
        scroller.reading.free()
    with scroller.steady(mark):
        if target.kind is Kind.WRAP_CODE:
            box.wrap(on=not box.wraps)
            chosen = CodeWrap(target.block, target.leaf, box.wraps)
            view.wrapped.emit(target.item_id, chosen)
        else:
            box.fold(on=not box.folded)
        _resized(view, found)
    if scroller.reading.state is State.FREE:
        scroller.reading.scrolled(scroller.scroll, scroller.extent)
    view.refresh()


def wraps(view: Stage, target: Target) -> bool:
    """Whether the long lines of a block are broken."""
    found = find(view, target.item_id, target.block, target.leaf)
    return found is not None and isinstance(found.box, CodeBox) and found.box.wraps


def reveal(view: Stage, point: Point) -> None:
    """Unfold the block that a place is folded away in; the line that is read stays."""
    found = _at(view, point)
    if found is None or not isinstance(found.box, CodeBox):
        return
    if found.box.hides(point.place.offset - found.box.start):
        with view.changing():
            found.box.fold(on=False)
            _resized(view, found)


def cover_at(view: Stage, point: Point) -> int:
    """Return how much of what stands above a place a header may cover at the view's top."""
    found = _at(view, point)
    return found.box.cover if found is not None else 0


def show(view: Stage, point: Point) -> None:
    """Bring a place into view, unfolded and not under a header that stays at the top."""
    reveal(view, point)
    message = view.document.messages[point.message]
    message.build()
    view.document.measured(point.message)
    found = _at(view, point)
    rect = message.caret(point.place)
    if found is not None and found.box.sideways is not None:
        bar = found.box.sideways
        bar.show(rect.left() - found.box.left + bar.x, TOP_MARGIN)
    cover = cover_at(view, point)
    top = view.document.top(point.message) + round(rect.top())
    view.scroller.show(top - cover, top + round(rect.height()))
    view.refresh()


def scroll_block(view: Stage, target: Target, dx: int) -> bool:
    """Scroll the block that a target belongs to sideways; whether it can."""
    found = find(view, target.item_id, target.block, target.leaf) if target.block >= 0 else None
    bar = found.box.sideways if found is not None else None
    if bar is None or not bar.move(dx):
        return False
    view.show_bar(bar)
    view.viewport().update()
    return True


def offer(view: Stage, target: Target) -> FileOffer | None:
    """Return a code block or a table as a file."""
    from desktop_chat.domain.code_names import proposed_name  # noqa: PLC0415 - for the first file

    view.feed.flush()
    found = find(view, target.item_id, target.block, target.leaf)
    if found is None:
        return None
    leaf = found.column.leaf(found.at)
    if isinstance(leaf, Table):
        return FileOffer("table.csv", clipboard.table_copy(leaf).csv, "CSV")
    if not isinstance(found.box, CodeBox):
        return None
    code = found.box.code
    name = proposed_name(code.lines, code.language)
    text = "".join(line + "\n" for line in code.lines)
    return FileOffer(name, text, NAMES.get(code.language.lower(), "Text"))


def _answer(view: Stage, item_id: str) -> Answer | None:
    if not view.document.has(item_id):
        return None
    number = view.document.number(item_id)
    message = view.document.messages[number]
    if not isinstance(message, Answer):
        return None
    message.build()
    view.document.measured(number)
    return message


def _at(view: Stage, point: Point) -> Found | None:
    """Return the box that holds a place."""
    message = _answer(view, view.document.messages[point.message].item.id)
    if message is None:
        return None
    for part, column, _, top in message.columns():
        if part == point.place.part == TEXT and column.boxes:
            at = column.box_of(Spot(point.place.block, point.place.offset))
            return Found(message, column, at, top + column.top_of(at))
    return None


def _resized(view: Stage, found: Found) -> None:
    found.column.resized(found.at)
    found.message.resized()
    view.document.measured(view.document.number(found.message.item.id))


def _kept(view: Stage, found: Found, target: Target) -> Mark:
    """Return the line that stays: under the header, or, where lines go, what follows the block."""
    box, message = found.box, found.message
    assert isinstance(box, CodeBox)  # noqa: S101
    item_id = message.item.id
    top = view.document.top(view.document.number(item_id)) - view.scroller.scroll
    if target.kind is Kind.FOLD_CODE and not box.folded:
        end = found.top + box.height
        return Mark(item_id, Line(None, end - message.height), top + end)
    if target.kind is Kind.WRAP_CODE and box.header_top:
        y = box.header_top + box.cover
        offset = box.start + box.line_start(0, y)
        line_top = found.top + box.caret(offset - box.start).top
        return Mark(item_id, Line(Place(TEXT, box.block, offset), 0), top + line_top)
    return view.scroller.mark_of(item_id, found.top)
