"""Secrets as the network thread reads them: on daemon threads, with a deadline."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final, Protocol

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.runtime.jobs.daemon import call_in_daemon

if TYPE_CHECKING:
    from collections.abc import Mapping

KEYRING_S: Final = 15.0
"""How long a keyring may take to give a secret: a person may have to unlock it."""

KEY_TROUBLE: Final[Mapping[KeyOutcome, ErrorKind]] = {
    KeyOutcome.MISSING: ErrorKind.NO_KEY,
    KeyOutcome.LOCKED: ErrorKind.KEYRING_LOCKED,
    KeyOutcome.SLOW: ErrorKind.KEYRING_LOCKED,
    KeyOutcome.NONE: ErrorKind.KEYRING_NONE,
    KeyOutcome.REFUSED: ErrorKind.KEYRING_REFUSED,
}


class SecretReader(Protocol):
    """The vault, as the network thread sees it."""

    def read(self, provider_id: str, slot: str) -> KeyResult:
        """Return a secret of a provider; blocks, and is called on a daemon thread."""

    def give_up(self) -> None:
        """Note that the keyring did not answer in time."""


async def read_in_time(reader: SecretReader, provider_id: str, slot: str) -> KeyResult:
    """Ask a keyring, and give up after a while."""
    try:
        async with asyncio.timeout(KEYRING_S):
            return await call_in_daemon("keyring", lambda: reader.read(provider_id, slot))
    except TimeoutError:
        reader.give_up()
        return KeyResult(KeyOutcome.SLOW)
