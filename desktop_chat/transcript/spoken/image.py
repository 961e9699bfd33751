"""What assistive technology is told of images."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.transcript.spoken.facts import Facts, Key, Role
from desktop_chat.transcript.targets import Kind, Target

if TYPE_CHECKING:
    from desktop_chat.transcript.messages.message import Message
    from desktop_chat.transcript.spoken.text import Piece

KINDS: Final = frozenset({Kind.LOAD_IMAGE, Kind.IMAGE})
LONGEST: Final = 500
"""Characters of an address that are told where nothing shorter is known."""


def told(message: Message, key: Key, piece: Piece, *, placed: bool) -> Facts:
    """Return what is told of an image: its words, its address, how far it is, its button."""
    picture = message.picture(piece.href) if placed else None
    if picture is None:
        return Facts(Role.Graphic, piece.words, f"{piece.title} {piece.href[:LONGEST]}".lstrip())
    words = " ".join(filter(None, (piece.title, picture.shown_address, picture.sentence)))
    if not picture.button:
        return Facts(Role.Graphic, piece.words, words)
    kind = Kind.IMAGE if picture.image is not None else Kind.LOAD_IMAGE
    block, leaf = key.path[:2]
    target = Target(kind, message.item.id, href=piece.href, block=block, leaf=leaf)
    return Facts(Role.Graphic, piece.words, words, (Key(key.item_id, key.path[:2], target=target),))


def button(message: Message, target: Target) -> Facts | None:
    """Return what is told of an image's button."""
    picture = message.picture(target.href)
    if picture is None or not picture.button:
        return None
    return Facts(Role.Button, picture.button, picture.shown_address, target=target)
