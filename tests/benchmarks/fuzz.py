"""Whether damaged and hostile answers break a protocol: its own, mutated, by their thousands.

python -m tests.benchmarks.fuzz NUMBER   reads one of the streams again, to see what it does
"""

from __future__ import annotations

import asyncio
import json
import math
import sys
import time
from dataclasses import asdict
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Final

from desktop_chat.protocols.registry import PROTOCOLS
from tests.benchmarks.fuzzed import Corpus, Stream
from tests.benchmarks.registry import Result
from tests.protocols.replaying import Reading, replayed

if TYPE_CHECKING:
    from collections.abc import Iterable

STREAMS: Final = 100_000
MOST_MB: Final = 64
HANG_S: Final = 0.05
HANG_S_PER_BYTE: Final = 50e-6
"""Of CPU time: five times what single bytes cost."""
TRIES: Final = 3
TOLD: Final = 20


def fuzz_streams() -> Result:
    """Return how many of the streams break their protocol, hang it or read otherwise when cut."""
    corpus = Corpus()
    before = peak_mb()
    broken = asyncio.run(broken_of(corpus, range(STREAMS)))
    grown = peak_mb() - before
    failures = broken + (grown > MOST_MB)
    return Result(
        name="fuzz_streams",
        value=failures,
        unit=f"broken, {grown:.0f} MB",
        bound=0,
        floor=STREAMS,
        ok=failures == 0,
    )


async def broken_of(corpus: Corpus, numbers: Iterable[int]) -> int:
    """Return how many of the streams of these numbers are not read as they should be."""
    broken = 0
    for number in numbers:
        stream = corpus.stream(PROTOCOLS[number % len(PROTOCOLS)], Random(number))
        if trouble := await trouble_of(stream):
            broken += 1
            if broken <= TOLD:
                print(f"stream {number} of {stream.wire}: {trouble}", file=sys.stderr)
    return broken


async def trouble_of(stream: Stream) -> str:
    """Return what is wrong with how a stream is read; nothing where it is read as it should be."""
    try:
        cut, took = await timed(stream)
        whole = await replayed(stream.wire, [stream.body], stream.limits)
        json.dumps(asdict(whole), ensure_ascii=False).encode()
    except Exception as error:  # noqa: BLE001 - whatever is raised is what is looked for
        return f"raised {error!r}"
    if took > HANG_S + HANG_S_PER_BYTE * len(stream.body):
        return f"took {took:.2f} s for {len(stream.body)} bytes"
    return "" if cut == whole else "reads otherwise when it is cut"


async def timed(stream: Stream) -> tuple[Reading, float]:
    """Return how a stream reads in its pieces, and the CPU time of that.

    A machine that is busy makes anything slow now and then, and a hang slow each time.
    """
    reading, best = Reading(), math.inf
    for _ in range(TRIES):
        begun = time.thread_time()
        reading = await replayed(stream.wire, stream.parts, stream.limits)
        best = min(best, time.thread_time() - begun)
        if best <= HANG_S:
            break
    return reading, best


def peak_mb() -> float:
    """Return the most memory that this process has had so far, where the system tells."""
    try:
        status = Path("/proc/self/status").read_text("utf-8")
    except OSError:
        return 0.0
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    raise SystemExit(asyncio.run(broken_of(Corpus(), map(int, sys.argv[1:]))))
