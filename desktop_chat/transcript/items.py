"""What the transcript shows, as values: it knows nothing of sessions, services or stores."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_chat.domain.code_wraps import CodeWrap


class Side(Enum):
    """Whose words they are."""

    PERSON = "person"
    """In a tinted bubble at the right, as plain text."""
    MODEL = "model"
    """At full width, as markdown."""


class Action(Enum):
    """What a person may ask of a message. Each has an icon and an accessible name."""

    COPY = "Copy"
    COPY_AS = "Copy as"
    """Opens a menu of flavours."""
    REGENERATE = "Regenerate"
    REGENERATE_WITH = "Regenerate with another model"
    """Opens a menu of models."""
    MORE = "More actions"
    """Opens a menu of what is rarely wanted."""
    RETRY = "Retry"
    CONTINUE = "Continue"
    EDIT = "Edit"
    PREVIOUS_VERSION = "Previous version"
    NEXT_VERSION = "Next version"
    CHANGE_KEY = "Change key"
    CHOOSE_MODEL = "Choose model"
    PARAMETERS = "Parameters"
    EDIT_ADDRESS = "Edit address"
    SETTINGS = "Settings"
    NEW_CHAT = "New chat"
    OPEN_SITE = "Open site"
    SEND_WHEN_ONLINE = "Send when online"
    RETRY_NOW = "Retry now"
    CANCEL = "Cancel"
    EDIT_QUESTION = "Edit question"
    KEEP_UNTIL_QUIT = "Keep until I quit"
    TRY_AGAIN = "Try again"
    OPEN_FOLDER = "Open folder"
    USAGE = "Usage and limits"
    ALLOW_CLEARTEXT = "Send it all the same"


@dataclass(frozen=True, slots=True)
class Notice:
    """How a message ended other than well: a card under its text, or a plain line."""

    sentence: str
    actions: tuple[Action, ...] = ()
    details: str = ""
    """What `Details` unfolds, with `Copy details`; empty: no such button."""
    danger: bool = True
    """A card with a danger bar; else a quiet line, as for "Stopped."."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A tool that the model wished to be used, and what it is to be given, as text."""

    name: str
    arguments: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """What an answer says that it stands on. The address is a stranger's: it is only shown."""

    href: str
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One message as it is shown. Replaced whole by `TranscriptView.update_item`, but for text."""

    id: str
    side: Side
    text: str = ""
    author: str = ""
    """The header over an answer: the model's name."""
    tooltip: str = ""
    """Details on demand over the header."""
    reasoning: str = ""
    reasoning_ms: int = 0
    calls: tuple[ToolCall, ...] = ()
    sources: tuple[Source, ...] = ()
    streaming: bool = False
    status: str = ""
    """The waiting line on the first text line of an answer that has no text yet."""
    notice: Notice | None = None
    wraps: tuple[CodeWrap, ...] = ()
    """The code blocks for which a person chose whether their long lines are broken."""
    version: int = 1
    versions: int = 1
    actions: tuple[Action, ...] = (Action.COPY,)
    """The row under a finished message."""


@dataclass(frozen=True, slots=True)
class ReadingPosition:
    """Where a person reads: a line, and how far below the view's top it stands.

    The line begins at an offset in a block of a message; without a block (-1) it is so many
    pixels below the message's top. `following`: they follow the end instead.
    """

    item_id: str = ""
    block: int = 0
    offset: int = 0
    following: bool = False
    y: int = 0
