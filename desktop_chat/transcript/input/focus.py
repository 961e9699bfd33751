"""Where the keyboard is in the transcript: targets by Tab, messages and code blocks by steps."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.markdown.blocks import leaf_text
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.input import address_strip, stops
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.speech import author
from desktop_chat.transcript.reading.position import TOP_MARGIN
from desktop_chat.transcript.spoken import assistive
from desktop_chat.transcript.targets import Kind, Target
from desktop_chat.transcript.text.languages import description

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.markdown.blocks import Code
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Button


FEW: Final = 200
"""Characters of a message that are said when the keyboard goes to it."""


def put(view: Stage, target: Target | None) -> None:
    """Put the keyboard's focus on a target."""
    if target != view.focused:
        view.focused = target
        assistive.tell_focus(view)
        view.viewport().update()
        address_strip.show(view)


def follow_picture(view: Stage, picture: Picture) -> None:
    """Go with an image from its button to itself, and back."""
    kinds = (Kind.LOAD_IMAGE, Kind.IMAGE)
    kind = kinds[picture.image is not None]
    target, same = view.focused, (picture.item_id, picture.address)
    if target is not None and target.kind in kinds and (target.item_id, target.href) == same:
        put(view, replace(target, kind=kind))


def step_target(view: Stage, step: int) -> bool:
    """Move the focus to the next or previous target; False where there is none left."""
    document = view.document
    number = _start(view, step)
    after = view.focused
    if after is not None and after.kind is Kind.MESSAGE:
        after = None
        number -= step < 0
    while 0 <= number < len(document.messages):
        message = document.messages[number]
        message.build()
        document.measured(number)
        for stop in stops.stops(message, after, step):
            _focus(view, number, stop)
            return True
        after = None
        number += step
    put(view, None)
    return False


def step_message(view: Stage, step: int) -> None:
    """Bring the next or previous message to the top of the view, and the keyboard to it."""
    document, scroll = view.document, view.scroller.scroll
    if not document.messages:
        return
    held = _held(view, Kind.MESSAGE)
    here = held if held is not None else document.at(scroll + TOP_MARGIN + 1)
    if held is None and step < 0 and scroll > _message_top(view, here):
        step += 1
    number = max(0, min(here + step, len(document.messages) - 1))
    go_to_message(view, number)
    message = document.messages[number]
    put(view, Target(Kind.MESSAGE, message.item.id))
    name = "" if view.hasFocus() else f"{author(message.item)}. "
    assistive.announce(view, name + _first_words(message))


def keep(view: Stage, number: int, target: Target) -> None:
    """Keep the keyboard's place, also where another message took that of the focused one."""
    document = view.document
    if document.has(target.item_id):
        view.focused = target
    elif 0 <= number < len(document.messages):
        item_id = document.messages[number].item.id
        same = target.kind is Kind.ACTION
        view.focused = replace(target, item_id=item_id) if same else Target(Kind.MESSAGE, item_id)
    assistive.tell_focus(view)


def go_to_message(view: Stage, number: int) -> None:
    """Bring a message to the top of the view."""
    # Heights on the way become exact at the first step, and move it.
    view.scroll_to(_message_top(view, number))
    view.scroll_to(_message_top(view, number))


def step_code(view: Stage, step: int) -> None:
    """Bring the next or previous code block to the top of the view, and the keyboard to it."""
    wanted = _next_code(view, step)
    if wanted is None:
        return
    view.scroll_to(wanted.top)
    put(view, wanted.copy)
    if not view.hasFocus():
        assistive.announce(view, description(wanted.code))


def _message_top(view: Stage, number: int) -> int:
    return view.document.top(number) + view.document.messages[number].lead - TOP_MARGIN


def _held(view: Stage, kind: Kind) -> int | None:
    """Return the message in view that the keyboard went to: near an edge it is not at the top."""
    document, target = view.document, view.focused
    if target is None or target.kind is not kind or not document.has(target.item_id):
        return None
    number = document.number(target.item_id)
    top, scroll = document.top(number), view.scroller.scroll
    below = top >= scroll + view.scroller.view
    return None if below or top + document.messages[number].height <= scroll else number


def _next_code(view: Stage, step: int) -> _CodeBlock | None:
    scroll, held = view.scroller.scroll, _held(view, Kind.COPY_CODE)
    if held is not None:
        seen = range(scroll - TOP_MARGIN, scroll + view.scroller.view)
        blocks = _code_blocks(view, step, held)
        if any(one.copy == view.focused and one.top in seen for one in blocks):
            return next(blocks, None)
    number = view.document.at(scroll + TOP_MARGIN) if view.document.messages else 0
    blocks = _code_blocks(view, step, number)
    return next((one for one in blocks if (one.top - scroll) * step > 0), None)


def _first_words(message: Message) -> str:
    blocks = message.ready_blocks or message.blocks
    texts = (leaf_text(leaf) for block in blocks for leaf in block.leaves)
    return next((text for text in texts if text), "")[:FEW]


class _CodeBlock(NamedTuple):
    """A code block, where it comes to stand at the view's top, and its Copy."""

    top: int
    code: Code
    copy: Target


def _code_blocks(view: Stage, step: int, number: int) -> Iterator[_CodeBlock]:
    """Yield the code blocks from a message on."""
    document = view.document
    while 0 <= number < len(document.messages):
        message = document.messages[number]
        if (isinstance(message, Answer) and "```" in message.text) or message.built:
            message.build()
            document.measured(number)
            for _, column, _, top in message.columns()[:: 1 if step > 0 else -1]:
                boxes = list(enumerate(column.boxes))
                for at, box in boxes[::step]:
                    if isinstance(box, CodeBox):
                        y = document.top(number) + top + column.top_of(at) - TOP_MARGIN
                        yield _code_block(message, box, y)
        number += step


def _code_block(message: Message, box: CodeBox, top: int) -> _CodeBlock:
    copy = Target(Kind.COPY_CODE, message.item.id, block=box.block, leaf=box.number)
    return _CodeBlock(top, box.code, copy)


def _start(view: Stage, step: int) -> int:
    document, scroll = view.document, view.scroller.scroll
    if view.focused is not None and document.has(view.focused.item_id):
        return document.number(view.focused.item_id)
    return document.at(scroll if step > 0 else scroll + view.viewport().height())


def _focus(view: Stage, number: int, stop: Button) -> None:
    top = view.document.top(number)
    put(view, stop.target)
    place = stops.exact(view.document.messages[number], stop)
    scroller = view.scroller
    seen = range(scroller.scroll, scroller.scroll + scroller.view)
    if top + place.top() in seen and top + place.bottom() in seen:
        # A header that stays at the view's top moves with every scrolling.
        return
    view.scroller.show(top + place.top(), top + place.bottom())
    view.refresh()
