"""From a body's bytes to stream events: what every protocol's reader offers, and the loop."""

from __future__ import annotations

from contextlib import aclosing
from typing import TYPE_CHECKING, Final, Protocol

from desktop_chat.domain.errors import ChatError

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from desktop_chat.domain.stream import Finished, StreamEvent
    from desktop_chat.protocols.transport.http import Body

AFTER_TERMINAL_S: Final = 2.0
"""How long what may follow the end of an answer, such as token counts, is waited for."""


class BodyReader(Protocol):
    """Reads one answer's bytes. Does no I/O and raises in `outcome` alone."""

    @property
    def patience(self) -> int:
        """How many times `AFTER_TERMINAL_S` more is waited for once the answer is complete."""

    @property
    def complete(self) -> bool:
        """Whether the protocol's own terminal came: nothing after it can be missed."""

    @property
    def ended(self) -> bool:
        """Whether further bytes have no meaning: the last word came, or a failure."""

    def feed(self, data: bytes) -> list[StreamEvent]:
        """Return what these bytes bring."""

    def end(self) -> list[StreamEvent]:
        """Return what was held back, at the end of the body, however it ended."""

    def outcome(self, *, broken: bool) -> Finished:
        """Return how the answer ended, or raise `ChatError`.

        `broken` says that the body did not reach its own end.
        """


async def read_answer(body: Body, reader: BodyReader) -> AsyncGenerator[StreamEvent, None]:
    """Yield an answer's events, `Finished` last; raises `ChatError` where it ended otherwise."""
    failure: ChatError | None = None
    try:
        async with aclosing(body.chunks()) as chunks:
            async for data in chunks:
                for event in reader.feed(data):
                    yield event
                if reader.ended:
                    break
                if reader.complete:
                    body.hurry(AFTER_TERMINAL_S * reader.patience)
    except ChatError as error:
        failure = error
    for event in reader.end():
        yield event
    if failure is not None and not (reader.complete or reader.ended):
        raise failure
    yield reader.outcome(broken=failure is not None)
