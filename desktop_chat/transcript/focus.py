"""Where the keyboard is in the transcript: targets by Tab, messages and code blocks by steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript import address_strip, assistive, stops
from desktop_chat.transcript.answer import Answer
from desktop_chat.transcript.code import CodeBox
from desktop_chat.transcript.position import TOP_MARGIN

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.transcript.stage import Stage
    from desktop_chat.transcript.targets import Button, Target


def put(view: Stage, target: Target | None) -> None:
    """Put the keyboard's focus on a target."""
    if target != view.focused:
        view.focused = target
        assistive.tell_focus(view)
        view.viewport().update()
        address_strip.show(view)


def step_target(view: Stage, step: int) -> bool:
    """Move the focus to the next or previous target; False where there is none left."""
    document = view.document
    number = _start(view, step)
    after = view.focused
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
    """Bring the next or previous message to the top of the view."""
    document, scroll = view.document, view.scroller.scroll
    if not document.messages:
        return
    here = document.at(scroll + TOP_MARGIN + 1)
    top = _message_top(view, here)
    if step < 0 and scroll > top:
        step += 1
    number = max(0, min(here + step, len(document.messages) - 1))
    go_to_message(view, number)


def go_to_message(view: Stage, number: int) -> None:
    """Bring a message to the top of the view."""
    # Heights on the way become exact at the first step, and move it.
    view.scroll_to(_message_top(view, number))
    view.scroll_to(_message_top(view, number))


def step_code(view: Stage, step: int) -> None:
    """Bring the next or previous code block to the top of the view."""
    scroll = view.scroller.scroll
    tops = _code_tops(view, step)
    wanted = next((top for top in tops if (top - scroll) * step > 0), None)
    if wanted is not None:
        view.scroll_to(wanted)


def _message_top(view: Stage, number: int) -> int:
    return view.document.top(number) + view.document.messages[number].lead - TOP_MARGIN


def _code_tops(view: Stage, step: int) -> Iterator[int]:
    document = view.document
    if not document.messages:
        return
    number = document.at(view.scroller.scroll + TOP_MARGIN)
    while 0 <= number < len(document.messages):
        message = document.messages[number]
        if (isinstance(message, Answer) and "```" in message.text) or message.built:
            message.build()
            document.measured(number)
            for _, column, _, top in message.columns()[:: 1 if step > 0 else -1]:
                found = [at for at, box in enumerate(column.boxes) if isinstance(box, CodeBox)]
                for at in found[::step]:
                    yield document.top(number) + top + column.top_of(at) - TOP_MARGIN
        number += step


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
