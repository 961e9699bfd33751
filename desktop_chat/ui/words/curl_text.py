"""A request as a command for a POSIX shell. Secrets are read from environment variables."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.exchange import Hidden, joined

if TYPE_CHECKING:
    from desktop_chat.domain.exchange import Exchange, Passage, Words

_FRAMING: Final = ("host", "content-length", "transfer-encoding", "connection")
"""What curl writes itself."""
_LONGEST_ARGUMENT: Final = 96 * 1024
"""Linux takes no argument over 128 KiB; what a shell prints itself has no such bound."""


def curl_command(exchange: Exchange) -> str:
    """Return the command that repeats a request."""
    before = f"printf %s {_quoted(exchange.body)} |\n" if _is_long(exchange) else ""
    return before + " \\\n  ".join(command_words(exchange))


def command_words(exchange: Exchange) -> list[str]:
    """Return curl and its options, each as it stands in a shell."""
    words = ["curl -sS -N --globoff", *_passage_words(exchange.passage)]
    words.append(f"-X {_quoted((exchange.method,))}")
    words += [
        f"-H {_header(name, value)}"
        for name, value in exchange.headers
        if name.lower() not in _FRAMING
    ]
    if _is_long(exchange):
        words.append("--data-binary @-")
    elif exchange.body:
        words.append(f"--data-raw {_quoted(exchange.body)}")
    return [*words, _quoted(exchange.url)]


def set_first(exchange: Exchange) -> str:
    """Return what must be set before the command is run; empty: nothing."""
    names = exchange.variables
    if not names:
        return ""
    if len(names) == 1:
        return f"Set {names[0]} first: it stands for the key."
    return f"Set {', '.join(names)} first: they stand for keys and secrets."


def _passage_words(passage: Passage) -> list[str]:
    """Return the options that have curl take the same way."""
    ours = passage.proxy.startswith("https:")
    options: list[tuple[str, Words]] = [
        ("--proxy", (passage.proxy,)),
        ("--proxy-user", passage.login),
        ("--noproxy", ("*" if passage.past_proxies else "",)),
        ("--proxy-cacert", (passage.ca_file if ours else "",)),
        ("--cacert", (passage.ca_file,)),
        ("--cert", (re.sub(r"([\\:])", r"\\\1", passage.certificate),)),
        ("--key", (passage.certificate_key,)),
        ("--pass", passage.passphrase),
    ]
    return [f"{name} {_quoted(words)}" for name, words in options if any(words)]


def _is_long(exchange: Exchange) -> bool:
    return len(_quoted(exchange.body).encode()) > _LONGEST_ARGUMENT


def _header(name: str, words: Words) -> str:
    if not words:
        return _quoted((f"{name};",))  # curl leaves out a header with nothing after its colon
    return _quoted((f"{name}: ", *words))


def _quoted(words: Words) -> str:
    """Return a text as one word of a shell; variables stand in double quotes."""
    return "".join(
        f'"${{{one.variable}}}"' if isinstance(one, Hidden) else shlex.quote(one)
        for one in joined(words)
    )
