"""What went over the wire for one answer, with every secret's place taken by a variable's name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.keys import MASK

if TYPE_CHECKING:
    from collections.abc import Iterable

KEPT_BYTES: Final = 1024 * 1024
"""So much of a request, and of its answer, is kept."""


@dataclass(frozen=True, slots=True)
class Hidden:
    """Stands where a secret was."""

    variable: str
    """The environment variable that a person may put the secret in, to repeat the request."""


Words = tuple[str | Hidden, ...]
"""A text whose secrets are hidden."""


def shown(words: Words) -> str:
    """Return a text for reading: secrets are dots."""
    return "".join(MASK if isinstance(one, Hidden) else one for one in words)


def joined(words: Iterable[str | Hidden]) -> Words:
    """Return words without empty ones, neighbouring texts made one."""
    found: list[str | Hidden] = []
    for one in words:
        last = found[-1] if found else None
        if isinstance(one, str) and isinstance(last, str):
            found[-1] = last + one
        elif one:
            found.append(one)
    return tuple(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """How a request came to the service."""

    proxy: str = ""
    """Scheme, host and port; empty: none."""
    past_proxies: bool = False
    """It went straight, though programs are told of a proxy here."""
    login: Words = ()
    """As whom the proxy was asked: name, colon, password."""
    ca_file: str = ""
    certificate: str = ""
    certificate_key: str = ""
    passphrase: Words = ()
    """What opens the certificate's key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One request and what came back so far."""

    method: str
    url: Words
    headers: tuple[tuple[str, Words], ...]
    body: Words = ()
    request_cut: int = 0
    """How many bytes of the body were too many to keep."""
    status: int = 0
    """0: no answer came."""
    answer_headers: tuple[tuple[str, str], ...] = ()
    answer: str = ""
    """What the service sent, as text; keys that it repeats are dots."""
    answer_cut: int = 0
    passage: Passage = Passage()

    @property
    def variables(self) -> tuple[str, ...]:
        """The variables that must be set to repeat the request."""
        way = (self.passage.login, self.passage.passphrase)
        texts = (*way, self.url, *(words for _, words in self.headers), self.body)
        found = [one.variable for words in texts for one in words if isinstance(one, Hidden)]
        return tuple(dict.fromkeys(found))
