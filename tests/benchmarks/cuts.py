"""Whether recorded answers are read the same wherever they are cut in two."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop_chat.protocols.framing.ndjson import JsonLines
from desktop_chat.protocols.framing.sse import SseDecoder
from tests.benchmarks.registry import Result

if TYPE_CHECKING:
    from desktop_chat.protocols.framing.sse import SseEvent

ROOT: Final = Path(__file__).resolve().parents[2]
LARGEST: Final = 32 * 1024
LIMIT: Final = 2**20


def cuts_read_wrong() -> Result:
    """Return how many cuts change what is read: every place in each recording of 32 KiB or less."""
    shared = Path(os.environ.get("DESKTOP_CHAT_SHARED") or ROOT.parent / "shared")
    wrong = cuts = 0
    for file in sorted((shared / "wire/streams").glob("*.*")):
        body = file.read_bytes()
        if len(body) <= LARGEST:
            wrong += wrong_cuts(body, lines=file.suffix == ".ndjson")
            cuts += len(body) - 1
    return Result(
        name="cuts_read_wrong",
        value=wrong,
        unit=f"of {cuts} cuts",
        bound=0,
        floor=cuts,
        # Without recordings beside the checkout nothing was measured.
        ok=wrong == 0 if cuts else "noisy",
    )


def wrong_cuts(body: bytes, *, lines: bool) -> int:
    """Return how many cuts of a body into two pieces give other events than the whole."""
    whole = decoded([body], lines=lines)
    return sum(decoded([body[:at], body[at:]], lines=lines) != whole for at in range(1, len(body)))


def decoded(parts: list[bytes], *, lines: bool) -> list[SseEvent]:
    """Return the events in pieces of a body."""
    decoder = JsonLines(LIMIT) if lines else SseDecoder(LIMIT, lenient=True)
    return [event for part in parts for event in decoder.feed(part)] + decoder.end()
