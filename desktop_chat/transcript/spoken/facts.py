"""The words in which assistive technology is told: what a node stands for, and what is so of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QAccessible

if TYPE_CHECKING:
    from desktop_chat.transcript.targets import Target

Role = QAccessible.Role
LINK: Final = ""
"""The part of a node that is a link; the last of its path is its number."""
IMAGE: Final = "image"
FORMULA: Final = "formula"
CODE: Final = "code"
THOUGHTS: Final = "thoughts"
NOTICE: Final = "notice"
DETAILS: Final = "details"
NOTE: Final = "note"
ANNEXE: Final = "annexe"
"""How the parts of an answer's annexe begin; after it stands which."""
STATUS: Final = "status"
WORDED: Final = frozenset(
    {
        Role.ListItem,
        Role.Heading,
        Role.Paragraph,
        Role.StaticText,
        Role.Cell,
        Role.ColumnHeader,
        Role.Equation,
    }
)
"""What has a text that can be read piece by piece."""


@dataclass(frozen=True, slots=True)
class Key:
    """What a node stands for; `path` leads from the message down to it."""

    item_id: str
    path: tuple[int, ...] = ()
    """Block, leaf, in a table row and cell, and the number of a link, image or formula in a text;
    empty: the message."""
    target: Target | None = None
    part: str = ""
    """`code`: the text of a code block. `image` and `formula`: what stands in running text. No
    blocks are `thoughts`, `notice`, `details`, `status`, `note` and those of the annexe."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What is told of one node."""

    role: Role
    name: str
    description: str = ""
    children: tuple[Key, ...] = ()
    target: Target | None = None
    unfolded: bool | None = None
    """Whether what the button unfolds is shown; None: it unfolds nothing."""
    checked: bool | None = None
    """Whether what the button turns on is on; None: it turns nothing on."""
    level: int = 0
    """Of a heading."""
