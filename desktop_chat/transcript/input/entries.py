"""What a menu offers for what stands under the pointer, section by section."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Code, Table
from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.copying import copies as copying
from desktop_chat.transcript.copying.copies import Kind
from desktop_chat.transcript.input import code_acts, selecting
from desktop_chat.transcript.targets import Kind as Press
from desktop_chat.transcript.targets import Target
from desktop_chat.transcript.text.languages import is_formula
from desktop_chat.transcript.text.links import link_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.input.under import Under
    from desktop_chat.transcript.stage import Stage


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a menu, or, where others are below it, the name of a menu of its own."""

    text: str
    run: Callable[[], object] | None = None
    below: tuple[Entry, ...] = ()
    checked: bool | None = None
    """Whether what it turns on is on; None: it turns nothing on."""


SEPARATOR = Entry("")


def sections(view: Stage, under: Under | None) -> list[list[Entry]]:
    """Return the sections of the menu; a line stands between two of them."""
    found = [_selection(view)]
    if under is not None:
        # What is said of another kind of block is one more line here.
        found += [
            _picture(view, under),
            _link(view, under),
            _code(view, under),
            _table(view, under),
            _message(view, under),
        ]
    found.append([Entry("Select all", partial(selecting.select_all, view))])
    return [section for section in found if section]


def message_kinds(view: Stage, item_id: str, shown_by: Target | None = None) -> list[Entry]:
    """Return the flavours that a message can be copied as, and the whole chat."""
    read = partial(copying.message, view, item_id)
    return [*_kinds(view, read, shown_by=shown_by), *_whole_chat(view, shown_by)]


def _selection(view: Stage) -> list[Entry]:
    if not view.has_selection():
        return []
    read = partial(copying.selected, view)
    kinds = (*_kinds(view, read, table=copying.is_table(view)), *_whole_chat(view))
    return [
        Entry("Copy", partial(copying.copy_selection, view)),
        Entry("Copy as", below=kinds),
        Entry("Quote in message", partial(_quote, view, read)),
        Entry("Find", view.find_requested.emit),
    ]


def _picture(view: Stage, under: Under) -> list[Entry]:
    target = under.target
    if target is None or target.kind not in (Press.IMAGE, Press.LOAD_IMAGE):
        return []
    from desktop_chat.transcript.input import picture_acts  # noqa: PLC0415 - few have any

    picture = view.pictures().of(target.item_id, target.href)
    found = []
    if picture.image is not None:
        found = [
            Entry("Copy image", partial(picture_acts.copy, picture)),
            Entry("Save image…", partial(_save_picture, view, picture)),
        ]
    if picture.host:
        found.append(
            Entry("Copy image address", partial(clipboard.put_text, picture.shown_address))
        )
    return found


def _save_picture(view: Stage, picture: Picture) -> None:
    from desktop_chat.transcript.input import picture_acts  # noqa: PLC0415 - few have any

    view.save_requested.emit(picture_acts.offer(picture))


def _link(view: Stage, under: Under) -> list[Entry]:
    target = under.target
    link = link_target(target.href) if target is not None and target.kind is Press.LINK else None
    if target is None or link is None:
        return []
    return [
        Entry("Open", partial(view.pressed.emit, target)),
        Entry("Copy address", partial(clipboard.put_text, link.address)),
    ]


def _code(view: Stage, under: Under) -> list[Entry]:
    leaf = under.leaf
    if not isinstance(leaf, Code):
        return []
    copy = partial(copying.copy, view, partial(clipboard.code_copy, leaf))
    if is_formula(leaf):
        return [Entry("Copy formula", copy)]
    block, number = under.at
    save, wrap = (
        Target(kind, under.message.item.id, block=block, leaf=number)
        for kind in (Press.SAVE_CODE, Press.WRAP_CODE)
    )
    wraps = code_acts.wraps(view, wrap)
    return [
        Entry("Copy code", copy),
        Entry("Save code…", partial(view.pressed.emit, save)),
        Entry("Wrap", partial(view.pressed.emit, wrap), checked=wraps),
    ]


def _table(view: Stage, under: Under) -> list[Entry]:
    leaf = under.leaf
    if not isinstance(leaf, Table):
        return []
    read = partial(clipboard.table_copy, leaf)
    return [
        Entry("Copy table", partial(copying.copy, view, read)),
        Entry("Copy table as", below=tuple(_kinds(view, read, table=True))),
    ]


def _message(view: Stage, under: Under) -> list[Entry]:
    item_id = under.message.item.id
    if not under.message.text:
        return []
    read = partial(copying.message, view, item_id)
    return [
        Entry("Copy message", partial(copying.copy, view, read)),
        Entry("Copy message as", below=tuple(message_kinds(view, item_id))),
        Entry("Quote message", partial(_quote, view, read)),
    ]


def _kinds(
    view: Stage,
    read: Callable[[], Flavours | None],
    *,
    table: bool = False,
    shown_by: Target | None = None,
) -> list[Entry]:
    kinds = [Kind.MARKDOWN, Kind.PLAIN, Kind.HTML, *([Kind.CSV, Kind.TSV] if table else [])]
    return [
        Entry(kind.value, partial(copying.copy_as, view, read, kind, shown_by)) for kind in kinds
    ]


def _whole_chat(view: Stage, shown_by: Target | None = None) -> list[Entry]:
    return [
        SEPARATOR,
        Entry("Whole chat as Markdown", partial(copying.copy_chat, view, shown_by)),
    ]


def _quote(view: Stage, read: Callable[[], Flavours | None]) -> None:
    flavours = read()
    if flavours is not None:
        view.quote_requested.emit(flavours.markdown)
