"""What the person reads when something went wrong: one sentence with its next step.

The window and the command line use the same sentences; the service's own words stand in the
details.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.keys import KeyOutcome
from desktop_chat.ui.words import network_text

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import KeyResult

_NO_KEYRING: Final = "This computer has no keyring; the key is kept until you quit."
_LOCKED: Final = "The keyring is locked. Unlock it, then try again."
_REFUSED_KEY: Final = "The keyring refused the key. Keep it until you quit, or try again."
_CONTINUE: Final = "Continue or retry; what had arrived is kept."
_RETRY: Final = "Retry; the question is kept."
_SLOW_KEYRING: Final = (
    "The keyring does not answer. Unlock it, then try again, or keep the key until you quit."
)


def sentence(  # noqa: C901, PLR0911, PLR0912, PLR0915 - one line a kind
    failure: Failure, *, has_text: bool = True
) -> str:
    """Return what happened and what to do next; `has_text`: some of an answer had come."""
    service = failure.service or "The service"
    host = failure.host or service
    match failure.kind:
        case ErrorKind.OFFLINE:
            return "You are offline. Reconnect, then retry; the question is kept."
        case ErrorKind.DNS:
            return f"{host} cannot be found. Check the address or your network."
        case ErrorKind.REFUSED:
            return _refused(failure, host)
        case ErrorKind.CONNECT_TIMEOUT:
            wait = _seconds(failure.seconds, 10)
            return f"{host} did not answer within {wait} s. Check your network or proxy."
        case ErrorKind.TLS:
            return network_text.certificate(failure, host)
        case ErrorKind.PROXY:
            return network_text.proxy(failure)
        case ErrorKind.CLEARTEXT:
            return network_text.cleartext(host)
        case ErrorKind.REDIRECT:
            return _redirect(failure, host)
        case ErrorKind.BAD_REQUEST:
            return _bad_request(failure, service)
        case ErrorKind.BAD_KEY:
            return f"{service} does not know this key. Paste a new one."
        case ErrorKind.NO_KEY:
            return _no_key(failure, service)
        case ErrorKind.NO_CREDIT:
            account = f"The {failure.service} account" if failure.service else "The account"
            return f"{account} has no credit left. Add credit there, or choose another model."
        case ErrorKind.FORBIDDEN:
            return f"This key may not use {failure.model or 'this model'}. Choose another model."
        case ErrorKind.NO_MODEL:
            wanted = f"model “{failure.model}”" if failure.model else "such model"
            return f"{service} has no {wanted}. Choose another."
        case ErrorKind.NO_PATH:
            return f"{host} has no chat service at this address. It often ends in /v1."
        case ErrorKind.TOO_LONG:
            return (
                f"This chat is longer than {failure.model or 'the model'} can read. "
                "Start a new chat, or choose a model with a larger memory."
            )
        case ErrorKind.RATE_LIMITED:
            return _pause(failure, service)
        case ErrorKind.SERVER_TROUBLE:
            return f"{service} has trouble of its own right now. Try again in a moment."
        case ErrorKind.SILENCE:
            silence = f"Nothing came for {_seconds(failure.seconds, 300)} s."
            return f"{silence} {_CONTINUE if has_text else _RETRY}"
        case ErrorKind.BROKEN_STREAM:
            return _broken(failure, has_text=has_text)
        case ErrorKind.STREAM_ERROR:
            return _broken_by_service(failure, service)
        case ErrorKind.WRONG_CONTENT:
            return f"{host} sent a web page, not an answer. Check the address."
        case ErrorKind.EMPTY:
            return f"{service} sent an empty answer. Retry, or choose another model."
        case ErrorKind.SAFETY_STOP:
            return f"{service} ended this answer by its content rules. Change the question."
        case ErrorKind.LENGTH_STOP:
            return "The answer reached its length limit. Continue it, or raise the limit."
        case ErrorKind.PAUSED:
            return f"{service} paused in this answer, and has more to say. Continue it."
        case ErrorKind.LIMIT:
            return _limit(failure)
        case ErrorKind.KEYRING_LOCKED:
            return _LOCKED
        case ErrorKind.KEYRING_NONE:
            # A chat asks for a key that was kept until the program ended, and it has ended since.
            return f"This computer has no keyring to keep the key of {service}. Paste it again."
        case ErrorKind.KEYRING_REFUSED:
            return _REFUSED_KEY
        case ErrorKind.KEY_COMMAND:
            return _key_command(failure, service)
        case ErrorKind.NOT_REMOVED:
            return (
                f"{service} is back, for the keyring did not let its key go. "
                "Unlock the keyring, then remove the service again."
            )
        case ErrorKind.NOT_KEPT:
            return network_text.not_kept(failure)
        case ErrorKind.BAD_ADDRESS:
            return (
                "This is not the address of a service. "
                "Write it like https://api.example.org/v1 and try again."
            )
        case ErrorKind.DISK_FULL:
            return "The disk is full; new text is held in memory. Free some space."
        case ErrorKind.STORE_DAMAGED:
            return _damaged(failure, "The chat file", "you start with a new one")
        case ErrorKind.STORE_NEWER:
            return (
                f"A newer version of this program wrote {failure.target or 'the chat file'}. "
                "It is left as it is; install that version to open it."
            )
        case ErrorKind.STORE_BUSY:
            return (
                f"Another program holds {failure.target or 'the chat file'}. "
                "Close that program, then try again."
            )
        case ErrorKind.STORE_REFUSED:
            return (
                f"The system does not let {failure.target or 'the chat file'} be read or written. "
                "Change its permissions, then try again."
            )
        case ErrorKind.SETTINGS_DAMAGED:
            return _damaged(failure, "The settings file", "the settings start anew")
        case ErrorKind.PRICES_DAMAGED:
            return (
                f"Some prices in {failure.target or 'the price table'} cannot be read "
                f"({failure.detail}). Correct them; they do not count until then."
            )
        case ErrorKind.CAPS_DAMAGED:
            return (
                "A spending limit in the settings cannot be read and does not hold. "
                "Set it anew under Usage and limits."
            )
        case ErrorKind.PRICE_UNKNOWN:
            return (
                f"No price is known for {failure.model or 'this model'} at {service}, so what it "
                "costs does not count towards your limits. Set one under Usage and limits."
            )
        case ErrorKind.NO_PROVIDER:
            return "The service of this chat is no longer set up. Choose another model."
        case ErrorKind.INTERNAL:
            return "Something in this program went wrong. Try again; your text is kept."
        case _:
            assert_never(failure.kind)


def details(failure: Failure) -> str:
    """Return the service's own words, the status and the request's id; empty where none came."""
    lines = [
        failure.message,
        failure.detail if failure.detail != failure.message else "",
        f"Status: {failure.status}" if failure.status else "",
        f"Request: {failure.request_id}" if failure.request_id else "",
        f"Pointed to: {failure.target}" if failure.target and _points(failure) else "",
    ]
    known = [line for line in lines if line]
    if not known:
        return ""
    where = _address(failure)
    if where:
        known.append(f"Address: {where}")
    if failure.model:
        known.append(f"Model: {failure.model}")
    return "\n".join(known)


def key_sentence(result: KeyResult) -> str:
    """Return what a keyring's answer means and what to do; empty where all is well."""
    match result.outcome:
        case KeyOutcome.OK:
            return ""
        case KeyOutcome.MISSING:
            return "The keyring holds no key for this service. Paste one."
        case KeyOutcome.LOCKED:
            return _LOCKED
        case KeyOutcome.NONE:
            return _NO_KEYRING
        case KeyOutcome.REFUSED:
            return _REFUSED_KEY
        case KeyOutcome.SLOW:
            return _SLOW_KEYRING
        case _:
            assert_never(result.outcome)


def _refused(failure: Failure, host: str) -> str:
    if failure.local and failure.service:
        return f"{failure.service} is not running on this computer. Start it, then retry."
    where = _address(failure) or host
    return f"Nothing answers at {where}. Start the server there, or correct the address."


def _redirect(failure: Failure, host: str) -> str:
    where = f" to {failure.target}" if failure.target else " elsewhere"
    return f"{host} points{where}. The key was not sent there; correct the address if it moved."


def _bad_request(failure: Failure, service: str) -> str:
    if failure.parameter:
        said = f": “{failure.message.rstrip('.')}”" if failure.message else ""
        return (
            f"{service} does not take “{failure.parameter}” as it is set{said}. Change or clear it."
        )
    if not failure.message:
        return f"{service} did not accept the request. Choose another model, or see the details."
    return f"{service} did not accept the request: {_quoted(failure)} Change what it names."


def _broken(failure: Failure, *, has_text: bool) -> str:
    # A cut after a silence is some proxy's doing, and told apart from a bad network.
    if failure.seconds:
        how = f"was cut after {round(failure.seconds)} s of silence, as proxies do"
    else:
        how = "broke off in the middle" if has_text else "broke off before an answer came"
    return f"The connection {how}. {_CONTINUE if has_text else _RETRY}"


def _broken_by_service(failure: Failure, service: str) -> str:
    if not failure.message:
        return f"{service} broke off its answer. Retry, or choose another model."
    return f"{service} broke off: {_quoted(failure)} Retry, or choose another model."


def _quoted(failure: Failure) -> str:
    """Return the service's words with their own end, or one of ours."""
    words = f"“{failure.message}”"
    return words if failure.message.endswith((".", "!", "?", "…")) else f"{words}."


def _no_key(failure: Failure, service: str) -> str:
    if failure.target:
        return f"There is no key for {service} in {failure.target}. Set it, or paste a key."
    if failure.message:
        # A header of the person's own is read from a variable, and that is not set.
        return f"{failure.message} Set it, then start this program again."
    return f"There is no key for {service} yet. Paste one."


def _key_command(failure: Failure, service: str) -> str:
    why = f": {failure.message}" if failure.message else ""
    return f"The command gave no key for {service}{why}. Mend the command, then retry."


def _pause(failure: Failure, service: str) -> str:
    if not failure.seconds:
        return f"{service} asks for a pause. Try again in a moment."
    return f"{service} asks for a pause of {_seconds(failure.seconds, 1)} s. Retry then."


def _limit(failure: Failure) -> str:
    size = failure.limit or "its limit"
    return f"This answer passed {size} and was cut here. Ask for less at a time."


def _damaged(failure: Failure, what: str, then: str) -> str:
    kept = f"It is kept as {failure.target}" if failure.target else "It is kept aside"
    return f"{what} was damaged. {kept}; {then}."


def _address(failure: Failure) -> str:
    if not failure.host:
        return ""
    return f"{failure.host}:{failure.port}" if failure.port else failure.host


def _points(failure: Failure) -> bool:
    return failure.kind is ErrorKind.REDIRECT


def _seconds(seconds: float, otherwise: int) -> int:
    return max(1, round(seconds)) if seconds else otherwise
