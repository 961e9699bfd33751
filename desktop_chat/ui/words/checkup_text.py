"""An examined connection in words, for the window, the clipboard and the terminal alike."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from desktop_chat import __version__
from desktop_chat.domain.checkup import Checkup, Layer, Step, Verdict
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.redaction import redact_all
from desktop_chat.ui.words.error_text import details, sentence

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure

NAMES: Final = {
    Layer.DNS: "Name look-up",
    Layer.TCP: "Connection",
    Layer.PROXY: "Proxy",
    Layer.TLS: "Encryption",
    Layer.HTTP: "HTTP",
    Layer.KEY: "Key",
    Layer.MODEL: "Model",
    Layer.FIRST_TOKEN: "First word",
}
VERDICTS: Final = {
    Verdict.OK: "works",
    Verdict.FAILED: "broke off",
    Verdict.NOT_USED: "not used",
    Verdict.NOT_REACHED: "not reached",
    Verdict.WAITING: "waiting…",
}


def took(step: Step) -> str:
    """Return how long a layer took; empty where it did nothing, or nothing of its own."""
    if step.verdict not in (Verdict.OK, Verdict.FAILED) or not step.seconds:
        return ""
    return f"{step.seconds:.1f} s" if step.seconds >= 1 else f"{round(step.seconds * 1000)} ms"


def lines(checkup: Checkup) -> list[str]:
    """Return a line for each layer."""
    rows = [(NAMES[one.layer], VERDICTS[one.verdict], took(one), one.seen) for one in checkup.steps]
    return [
        f"{name:<14}{verdict:<12}{time:>8}  {seen}".rstrip() for name, verdict, time, seen in rows
    ]


def outcome(checkup: Checkup) -> str:
    """Return what came of it all, in a sentence with its next step."""
    if checkup.failure is not None:
        return _sentence(checkup.failure)
    count = len(checkup.models)
    if not count:
        return "It answers."
    return f"It answers. {'1 model' if count == 1 else f'{count} models'}."


def _sentence(failure: Failure) -> str:
    # Those of a chat speak of a text that is kept.
    match failure.kind:
        case ErrorKind.OFFLINE:
            return "You are offline. Reconnect, then test again."
        case ErrorKind.SILENCE:
            return f"Nothing came for {failure.seconds:g} s. Test again, or choose another model."
        case ErrorKind.BROKEN_STREAM:
            return "The connection broke off in the middle. Test again in a moment."
        case ErrorKind.INTERNAL:
            return "Something in this program went wrong. Test again, or copy the diagnostics."
        case _:
            return sentence(failure)


def report(checkup: Checkup) -> str:
    """Return everything that helps to mend it, without a secret, to be given to others."""
    provider = checkup.provider
    parts = urlsplit(provider.base_url)
    # Whatever somebody wrote into the file by hand: no password and no token of the address.
    where = f"{provider.origin}{parts.path}" if provider.host else "no address"
    head = [
        f"Desktop Chat {__version__}: test of {provider.name}",
        f"{provider.protocol} at {where}",
        "",
    ]
    text = "\n".join([*head, *lines(checkup), "", outcome(checkup)])
    more = details(checkup.failure) if checkup.failure is not None else ""
    return redact_all(f"{text}\n\n{more}" if more else text)
