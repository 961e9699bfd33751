"""What the window holds open: tabs, drafts and places, as they come back after a restart."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """An unsent text and its caret, as an offset in characters."""

    text: str = ""
    caret: int = 0


@dataclass(frozen=True, slots=True)
class OpenTab:
    """One tab: its conversation, and the line that was read in it."""

    conversation_id: str
    preview: bool = False
    item_id: str = ""
    block: int = 0
    offset: int = 0
    following: bool = False
    y: int = 0


@dataclass(frozen=True, slots=True)
class Workspace:
    """The tabs in their order, the active one, and the window's own geometry (Qt's bytes)."""

    tabs: tuple[OpenTab, ...] = ()
    active: int = 0
    geometry: bytes = b""
    sidebar: bool | None = None
    """Whether the person chose to see the sidebar; None: the window's width decides."""
