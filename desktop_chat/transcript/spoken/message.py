"""What assistive technology is told of a message: its parts in reading order, and its buttons."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript.items import Action, Side
from desktop_chat.transcript.messages.action_row import VERSION_ACTIONS, in_order
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.speech import author
from desktop_chat.transcript.spoken.facts import (
    ANNEXE,
    DETAILS,
    NOTE,
    NOTICE,
    STATUS,
    THOUGHTS,
    Facts,
    Key,
    Role,
)
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.markdown.blocks import Block
    from desktop_chat.transcript.items import Item
    from desktop_chat.transcript.messages.message import Message


def state(message: Message) -> tuple[object, ...]:
    """Return what the facts of a message follow from."""
    answer = message if isinstance(message, Answer) else None
    return (
        message.item,
        message.built,
        message.note,
        len(message.text),
        bool(answer is not None and answer.reasoning),
        answer is not None and answer.reasoning_open,
        message.details_open,
        answer.unfolded if answer is not None else None,
    )


def told(message: Message, blocks: Sequence[Block]) -> Facts:
    """Return what is told of a whole message."""
    item = message.item
    children: list[Key] = []
    if isinstance(message, Answer) and message.reasoning:
        children.append(Key(item.id, target=Target(Kind.REASONING, item.id)))
        if message.reasoning_open:
            children.append(Key(item.id, part=THOUGHTS))
    if message.note:
        again = Target(Kind.SHOW_AGAIN, item.id, action=Action.TRY_AGAIN)
        children += [Key(item.id, part=NOTE), Key(item.id, target=again)]
    for block, one in enumerate(blocks):
        children += [Key(item.id, (block, leaf)) for leaf in range(len(one.leaves))]
    if item.status and not message.text:
        children.append(Key(item.id, part=STATUS))
    if isinstance(message, Answer) and (item.calls or item.sources):
        from desktop_chat.transcript.spoken import annexe  # noqa: PLC0415 - few answers have one

        children += annexe.keys(message)
    children += _notice_keys(message)
    if not item.streaming:
        children += [_action_key(item, action) for action in in_order(item)]
    return Facts(
        Role.ListItem, author(item), "answering" if item.streaming else "", tuple(children)
    )


def line(message: Message, part: str) -> Facts | None:
    """Return what is told of a line of a message that is no block of its text."""
    if part == STATUS:
        return Facts(Role.StaticText, message.item.status)
    if part == NOTE:
        return Facts(Role.StaticText, message.note)
    if part.startswith(ANNEXE):
        from desktop_chat.transcript.spoken import annexe  # noqa: PLC0415 - as above

        return annexe.line(message, part)
    if part == THOUGHTS:
        return Facts(Role.StaticText, message.reasoning)
    notice = message.item.notice
    if notice is None:
        return None
    return Facts(Role.StaticText, notice.details if part == DETAILS else notice.sentence)


def button(message: Message, target: Target) -> Facts | None:
    """Return what is told of a button that belongs to no block."""
    if target.action is not None:
        return Facts(Role.Button, target.action.value, _purpose(message, target), target=target)
    if target.kind in (Kind.CALL, Kind.COPY_CALL, Kind.SOURCES, Kind.LINK):
        from desktop_chat.transcript.spoken import annexe  # noqa: PLC0415 - as above

        return annexe.button(message, target)
    if target.kind is Kind.COPY_DETAILS:
        return Facts(Role.Button, "Copy details", target=target)
    return _fold(message, target)


def _fold(message: Message, target: Target) -> Facts | None:
    """Return what is told of the button of something that unfolds."""
    if target.kind is Kind.DETAILS:
        name, open_ = "Details", message.details_open
    elif isinstance(message, Answer):
        name, open_ = "Reasoning", message.reasoning_open
    else:
        return None
    words = "shown" if open_ else "folded"
    return Facts(Role.Button, name, words, target=target, unfolded=open_)


def _purpose(message: Message, target: Target) -> str:
    """Return what a button is for, where its name does not say it."""
    item = message.item
    if target.action in VERSION_ACTIONS:
        return f"version {item.version} of {item.versions}"
    if target.action is not Action.COPY:
        return ""
    return "question" if message.item.side is Side.PERSON else "answer"


def _action_key(item: Item, action: Action) -> Key:
    return Key(item.id, target=Target(Kind.ACTION, item.id, action=action))


def _notice_keys(message: Message) -> list[Key]:
    item = message.item
    if item.notice is None:
        return []
    keys = [Key(item.id, part=NOTICE)]
    keys += [_action_key(item, action) for action in item.notice.actions]
    if not item.notice.details:
        return keys
    keys.append(Key(item.id, target=Target(Kind.DETAILS, item.id)))
    if message.details_open:
        keys.append(Key(item.id, part=DETAILS))
        keys.append(Key(item.id, target=Target(Kind.COPY_DETAILS, item.id)))
    return keys
