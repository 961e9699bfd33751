"""Which buttons stand under a sentence that says what went wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.transcript.items import Action

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure

_ACTIONS: Final[dict[ErrorKind, tuple[Action, ...]]] = {
    ErrorKind.OFFLINE: (Action.RETRY, Action.SEND_WHEN_ONLINE),
    ErrorKind.DNS: (Action.RETRY, Action.EDIT_ADDRESS),
    ErrorKind.REFUSED: (Action.RETRY, Action.EDIT_ADDRESS),
    ErrorKind.CONNECT_TIMEOUT: (Action.RETRY, Action.EDIT_ADDRESS),
    ErrorKind.TLS: (Action.RETRY, Action.SETTINGS),
    ErrorKind.PROXY: (Action.RETRY, Action.SETTINGS),
    ErrorKind.CLEARTEXT: (Action.EDIT_ADDRESS, Action.ALLOW_CLEARTEXT),
    ErrorKind.REDIRECT: (Action.EDIT_ADDRESS, Action.RETRY),
    ErrorKind.BAD_REQUEST: (Action.RETRY, Action.PARAMETERS),
    ErrorKind.BAD_KEY: (Action.CHANGE_KEY,),
    ErrorKind.NO_KEY: (Action.CHANGE_KEY,),
    ErrorKind.NO_CREDIT: (Action.CHOOSE_MODEL, Action.OPEN_SITE),
    ErrorKind.FORBIDDEN: (Action.CHOOSE_MODEL,),
    ErrorKind.NO_MODEL: (Action.CHOOSE_MODEL,),
    ErrorKind.NO_PATH: (Action.EDIT_ADDRESS,),
    ErrorKind.TOO_LONG: (Action.NEW_CHAT, Action.CHOOSE_MODEL),
    ErrorKind.RATE_LIMITED: (Action.RETRY, Action.CHOOSE_MODEL),
    ErrorKind.SERVER_TROUBLE: (Action.RETRY, Action.CHOOSE_MODEL),
    ErrorKind.SILENCE: (Action.CONTINUE, Action.RETRY),
    ErrorKind.BROKEN_STREAM: (Action.CONTINUE, Action.RETRY),
    ErrorKind.STREAM_ERROR: (Action.CONTINUE, Action.RETRY, Action.CHOOSE_MODEL),
    ErrorKind.WRONG_CONTENT: (Action.EDIT_ADDRESS,),
    ErrorKind.EMPTY: (Action.RETRY, Action.CHOOSE_MODEL),
    ErrorKind.SAFETY_STOP: (Action.EDIT_QUESTION,),
    ErrorKind.LENGTH_STOP: (Action.CONTINUE, Action.PARAMETERS),
    ErrorKind.PAUSED: (Action.CONTINUE, Action.RETRY),
    ErrorKind.LIMIT: (),
    ErrorKind.KEYRING_LOCKED: (Action.TRY_AGAIN, Action.KEEP_UNTIL_QUIT),
    ErrorKind.KEYRING_NONE: (Action.CHANGE_KEY, Action.TRY_AGAIN),
    ErrorKind.KEYRING_REFUSED: (Action.TRY_AGAIN, Action.KEEP_UNTIL_QUIT),
    ErrorKind.KEY_COMMAND: (Action.RETRY, Action.CHANGE_KEY),
    ErrorKind.NOT_KEPT: (),
    ErrorKind.NOT_REMOVED: (),
    ErrorKind.BAD_ADDRESS: (Action.EDIT_ADDRESS,),
    ErrorKind.DISK_FULL: (Action.TRY_AGAIN,),
    ErrorKind.STORE_DAMAGED: (Action.OPEN_FOLDER,),
    ErrorKind.STORE_NEWER: (Action.OPEN_FOLDER,),
    ErrorKind.STORE_BUSY: (Action.TRY_AGAIN,),
    ErrorKind.STORE_REFUSED: (Action.TRY_AGAIN, Action.OPEN_FOLDER),
    ErrorKind.SETTINGS_DAMAGED: (Action.OPEN_FOLDER,),
    ErrorKind.PRICES_DAMAGED: (Action.OPEN_FOLDER,),
    ErrorKind.CAPS_DAMAGED: (Action.USAGE,),
    ErrorKind.PRICE_UNKNOWN: (Action.USAGE,),
    ErrorKind.NO_PROVIDER: (Action.CHOOSE_MODEL,),
    ErrorKind.INTERNAL: (Action.RETRY,),
}


def actions(failure: Failure, *, has_text: bool) -> tuple[Action, ...]:
    """Return at most two next steps. Without any text there is nothing to continue."""
    offered = _ACTIONS[failure.kind]
    if not has_text:
        instead = (Action.RETRY if one is Action.CONTINUE else one for one in offered)
        offered = tuple(dict.fromkeys(instead))
    return offered[:2]
