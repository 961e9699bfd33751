"""What assistive technology is told of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desktop_chat.transcript.linked import pictures_in
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Leaf
    from desktop_chat.transcript.message import Message

IMAGE = "image"
"""The part of a node that is an image; the last of its path is its number."""
KINDS = frozenset({Kind.LOAD_IMAGE, Kind.IMAGE})


class Told(NamedTuple):
    """What is told of an image, and what can be pressed for it."""

    name: str
    description: str
    target: Target | None


def image(message: Message, leaf: Leaf | None, path: tuple[int, ...]) -> Told | None:
    """Return what is told of an image: its words, its address, and how far it is."""
    found = pictures_in(leaf) if leaf is not None else []
    if len(path) != 3 or path[2] >= len(found):
        return None
    words, address = found[path[2]]
    picture = message.picture(address)
    if picture is None:
        return Told(words, address[:500], None)
    told = f"{picture.shown_address} {picture.sentence}".rstrip()
    kind = Kind.IMAGE if picture.image is not None else Kind.LOAD_IMAGE
    target = Target(kind, message.item.id, href=address, block=path[0], leaf=path[1])
    return Told(words, told, target if picture.button else None)


def button(message: Message, target: Target) -> Told | None:
    """Return what is told of an image's button."""
    picture = message.picture(target.href)
    if picture is None or not picture.button:
        return None
    return Told(picture.button, picture.shown_address, target)
