"""Where keys are and when they were used, in a person's words. Never a key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QDateTime, QLocale

from desktop_chat.domain.keys import KeyOutcome, take_variable
from desktop_chat.domain.provider_words import command_text
from desktop_chat.domain.providers import KeySource
from desktop_chat.ui.words.error_text import key_sentence

if TYPE_CHECKING:
    from desktop_chat.domain.keys import KeyResult
    from desktop_chat.domain.providers import KeyPlace

ASKING: Final = "Asking the keyring…"
UNTIL_QUIT: Final = "Kept until you quit"
UNLOCKED: Final = "unlocked"
NOT_USED: Final = "not used yet"
_SHOWN: Final = 60


def outside_words(place: KeyPlace) -> str:
    """Return where a key is that no keyring holds."""
    if place.source is KeySource.COMMAND:
        words = command_text(place.command)
        return f"From the command {words if len(words) <= _SHOWN else words[: _SHOWN - 1] + '…'}"
    unset = "" if take_variable(place.variable) else ", which is not set"
    return f"From the environment variable {place.variable}{unset}"


def keyring_words(result: KeyResult) -> str:
    """Return where a key in the keyring is, in few words."""
    keyring = result.backend or "the keyring"
    match result.outcome:
        case KeyOutcome.OK:
            return f"In {keyring}"
        case KeyOutcome.MISSING:
            return f"No key in {keyring}"
        case KeyOutcome.LOCKED:
            return f"In {keyring}, which is locked"
        case KeyOutcome.NONE:
            return "Nowhere: this computer has no keyring"
        case KeyOutcome.SLOW:
            return f"In {keyring}, which does not answer"
        case _:
            return f"In {keyring}, which refuses to give it"


def unread_sentence(result: KeyResult) -> str:
    """Return why a stored key cannot be read, and what to do; nothing is being kept here."""
    match result.outcome:
        case KeyOutcome.NONE:
            return "No keyring runs on this computer. Start it, then try again, or paste the key."
        case KeyOutcome.SLOW:
            return "The keyring does not answer. Unlock it, then try again."
        case KeyOutcome.REFUSED:
            return "The keyring does not give the key. Try again, or paste the key anew."
        case _:
            return key_sentence(result)


def used_words(last_ms: int) -> str:
    """Return when a key was last used, by the day; empty where it never was."""
    if not last_ms:
        return ""
    day, today = QDateTime.fromMSecsSinceEpoch(last_ms).date(), QDateTime.currentDateTime().date()
    if day >= today:
        return "used today"
    if day.addDays(1) == today:
        return "used yesterday"
    return f"used on {QLocale().toString(day, QLocale.FormatType.ShortFormat)}"


def joined(*words: str) -> str:
    """Return what is known, in one line."""
    return " · ".join(one for one in words if one)
