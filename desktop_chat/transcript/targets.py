"""What a person can press in the transcript: links, Copy, folds, the actions of a message."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

    from desktop_chat.transcript.items import Action


class Kind(Enum):
    """What pressing does."""

    ACTION = "action"
    LINK = "link"
    COPY_CODE = "copy code"
    WRAP_CODE = "wrap code"
    SAVE_CODE = "save code"
    FOLD_CODE = "fold code"
    SIDEWAYS = "sideways"
    """The bar under wide code or a wide table; Left and Right move it."""
    REASONING = "reasoning"
    CALL = "call"
    """A tool call, by its number; pressing it shows what the tool was given."""
    COPY_CALL = "copy call"
    SOURCES = "sources"
    """The rest of a long list of sources."""
    DETAILS = "details"
    COPY_DETAILS = "copy details"
    LOAD_IMAGE = "load image"
    IMAGE = "image"
    """A picture that is shown."""
    SHOW_AGAIN = "show again"
    """A message that stands there as plain text, as it should be."""
    MESSAGE = "message"
    """A whole message, which the keyboard went to; pressing it edits a question."""


WITH_ADDRESS = frozenset({Kind.LINK, Kind.LOAD_IMAGE, Kind.IMAGE})
"""What has an address that is shown before it is pressed."""


@dataclass(frozen=True, slots=True)
class Target:
    """One thing to press, known by what it is and never by where it stands."""

    kind: Kind
    item_id: str
    action: Action | None = None
    href: str = ""
    block: int = -1
    leaf: int = -1
    start: int = -1
    """Where a link's text begins, as its leaf counts."""
    words: str = ""
    """What a link's text says."""


@dataclass(frozen=True, slots=True)
class Button:
    """A target with its place, in the coordinates of its message."""

    target: Target
    rect: QRect
    name: str
    description: str = ""
    tip: str = ""
    """What is shown besides, to who points at it."""
