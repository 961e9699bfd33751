"""What assistive technology is told of tool calls and sources."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript.items import Source
from desktop_chat.transcript.messages.annexe import (
    ALL_SOURCES,
    FEW,
    MOST_CALLS,
    SOURCES,
    call_name,
    listed,
    shown_arguments,
    source_target,
    source_words,
)
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.spoken.facts import ANNEXE, Facts, Key, Role
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.message import Message

_HEAD = f"{ANNEXE} sources"
_CALL = f"{ANNEXE} call "
_SOURCE = f"{ANNEXE} source "


def keys(message: Answer) -> list[Key]:
    """Return the nodes of an annexe in reading order."""
    item, found = message.item, []
    for number in range(len(item.calls[:MOST_CALLS])):
        found.append(Key(item.id, target=Target(Kind.CALL, item.id, leaf=number)))
        if number in message.unfolded:
            found.append(Key(item.id, part=f"{_CALL}{number}"))
            copy = Target(Kind.COPY_CALL, item.id, leaf=number)
            found.append(Key(item.id, target=copy))
    if item.sources:
        found.append(Key(item.id, part=_HEAD))
    for number, source in enumerate(listed(item.sources, whole=ALL_SOURCES in message.unfolded)):
        target = source_target(item.id, number, source)
        part = f"{_SOURCE}{number}" if target is None else ""
        found.append(Key(item.id, target=target, part=part))
    if len(item.sources) > FEW:
        found.append(Key(item.id, target=Target(Kind.SOURCES, item.id)))
    return found


def line(message: Message, part: str) -> Facts | None:
    """Return what is told of what is read and not pressed."""
    item = message.item
    if part == _HEAD:
        return Facts(Role.StaticText, SOURCES)
    number = int(part.rpartition(" ")[2])
    if part.startswith(_CALL):
        calls = item.calls
        words = shown_arguments(calls[number].arguments) if number < len(calls) else ""
        return Facts(Role.StaticText, words or "No arguments")
    source = item.sources[number] if number < len(item.sources) else Source("")
    return Facts(Role.StaticText, source_words(source), source.href)


def button(message: Message, target: Target) -> Facts | None:
    """Return what is told of what can be pressed."""
    item, number = message.item, target.leaf
    if target.kind is Kind.LINK:
        return Facts(Role.Link, target.words, target.href, target=target)
    if not isinstance(message, Answer):
        return None
    if target.kind is Kind.COPY_CALL:
        return Facts(Role.Button, "Copy arguments", target=target)
    open_ = number in message.unfolded
    words = "shown" if open_ else "folded"
    if target.kind is Kind.SOURCES:
        name = "Show fewer sources" if open_ else f"Show all {len(item.sources)} sources"
        return Facts(Role.Button, name, words, target=target, unfolded=open_)
    if number >= len(item.calls):
        return None
    return Facts(Role.Button, call_name(item.calls[number]), words, target=target, unfolded=open_)
