"""What every command says and asks at the terminal, and how it refuses."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING, cast

from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.ui.words.error_text import key_sentence, sentence
from desktop_chat.ui.words.network_text import cleartext

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.commands.arguments import Arguments
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.preferences import Preferences


class Refusal(Exception):  # noqa: N818 - no mistake of the program's
    """A command cannot be carried out; the message is the sentence for the person."""


def complain(sentence: str) -> None:
    """Say one line on stderr, if anybody listens."""
    line = " ".join(sentence.split())
    if sys.stderr is not None:
        with contextlib.suppress(OSError, ValueError):
            print(line, file=sys.stderr, flush=True)


def failure_sentence(failure: object, *, has_text: bool = True) -> str:
    """Return what a failure means, with what to do next; `has_text`: an answer had begun."""
    return sentence(cast("Failure", failure), has_text=has_text)


def refused_key_sentence(result: KeyResult) -> str:
    """Return what a keyring's answer means here, where no program goes on to hold the key."""
    instead = "Put the key into a variable and name it with --key-env."
    match result.outcome:
        case KeyOutcome.NONE:
            return f"This computer has no keyring that is safe for keys. {instead}"
        case KeyOutcome.REFUSED:
            return f"The keyring refused the key. {instead}"
        case KeyOutcome.SLOW:
            return "The keyring does not answer. Unlock it, then try again."
        case _:
            return key_sentence(result)


def once(tell: Callable[[object], None]) -> Callable[[object], None]:
    """Return a slot that tells each failure once: a full disk reports itself every second."""
    told: list[object] = []

    def tell_new(failure: object) -> None:
        if failure not in told:
            told.append(failure)
            tell(failure)

    return tell_new


def allow_cleartext(
    core: Core, provider: Provider | None, arguments: Arguments, *, must: bool = True
) -> None:
    """Ask, once for each origin, before a key goes to another computer without encryption."""
    if provider is None or not provider.shows_secrets:
        return
    if provider.origin in core.preferences.network().clear_origins:
        return

    warning = f"{cleartext(provider.host)} The option for that is --allow-http."
    if arguments.allow_http or _agrees(warning):
        core.preferences.allow_cleartext(provider.origin)
    elif must:
        raise Refusal(warning)
    else:
        complain(warning)


def _agrees(warning: str) -> bool:
    """Ask at the terminal, where there is one."""
    if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
        return False
    print(f"{warning}\nSend the key all the same? [y/N] ", end="", file=sys.stderr, flush=True)
    return sys.stdin.readline().strip().lower() in ("y", "yes")


def read_stdin(limit: int = -1) -> bytes:
    """Read stdin, to its end or a limit in bytes."""
    return sys.stdin.buffer.read(limit) if sys.stdin is not None else b""


def provider_called(preferences: Preferences, name: str) -> Provider:
    """Return the provider of a name, or whose name differs in case alone."""
    providers = preferences.providers()
    exact = (one for one in providers if one.name == name)
    alike = (one for one in providers if one.name.casefold() == name.casefold())
    found = next(exact, None) or next(alike, None)
    if found is None:
        called = name.encode("utf-8", "replace").decode()
        raise Refusal(f"No service is called {called}. See them with: desktop-chat provider list")
    return found
