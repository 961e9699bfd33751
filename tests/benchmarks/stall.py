"""How long the window is held up while answers stream into it: the whole program, really running.

Beside it beats a bare Qt process. Samples at which that one was late too are void: then the
machine had other things to do.
"""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
import tempfile
from bisect import bisect_left
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import QCoreApplication

from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import KeySource, ModelChoice, Provider
from desktop_chat.runtime.core import Core
from desktop_chat.storage.paths import find_profile
from tests.benchmarks.answers import TOKEN
from tests.benchmarks.heartbeat import Beat
from tests.benchmarks.registry import Result
from tests.display import real_display

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

SECONDS: Final = 10.0
BARE_LATE_S: Final = 0.002
"""A bare loop that is later than this was not let run."""
NOISY_SHARE: Final = 0.1
ARRIVED_SHARE: Final = 0.8
"""How much of all text must have come while it was watched, from the start until the first end."""
DEADLINE_S: Final = 60.0


class Stalls(NamedTuple):
    """How late the window's beats were, in milliseconds, void ones left out."""

    p99: float
    longest: float
    bare_p99: float
    void: float
    """The share of the beats that were void."""


def stall_3tabs_p99_ms() -> Result:
    """Return what one beat in a hundred exceeds, with three tabs at 1,000 tokens a second each."""
    stalls = stalls_of(tabs=3, pace=1000)
    return result("stall_3tabs_p99_ms", stalls, stalls.p99, 16.0)


def stall_3tabs_max_ms() -> Result:
    """Return the longest stall of the same ten seconds."""
    stalls = stalls_of(tabs=3, pace=1000)
    return result("stall_3tabs_max_ms", stalls, stalls.longest, 50.0)


def stall_1tab_p99_ms() -> Result:
    """Return what one beat in a hundred exceeds, with one tab at 300 tokens a second."""
    stalls = stalls_of(tabs=1, pace=300)
    return result("stall_1tab_p99_ms", stalls, stalls.p99, 8.0)


def result(name: str, stalls: Stalls, value: float, bound: float) -> Result:
    """Return one of the figures; where many samples are void, no failure is told."""
    return Result(
        name=name,
        value=round(value, 2),
        unit="ms",
        bound=bound,
        floor=round(stalls.bare_p99, 2),
        ok=value <= bound or ("noisy" if stalls.void > NOISY_SHARE else False),
    )


def stalls_of(tabs: int, pace: float) -> Stalls:
    """Let answers stream into as many tabs, each at a pace, and return how it went."""
    with (
        tempfile.TemporaryDirectory() as profile,
        child("token_server", str(pace), str(SECONDS)) as server,
        real_display() as display,
    ):
        write_service(profile, int(line(server)))
        found, bare = watched(display, profile, "beat", tabs)
    return told(found, bare, tabs * pace * SECONDS * TOKEN)


def watched(display: str, profile: str, mode: str, tabs: int) -> tuple[dict[str, Any], list[Beat]]:
    """Return what a window told, and the bare beats beside it."""
    with child("heartbeat") as bare:
        line(bare)
        found = window(display, profile, mode, tabs)
        beats = bare.communicate(timeout=DEADLINE_S)[0]
    return found, [Beat(*one) for one in json.loads(beats)]


def told(found: dict[str, Any], bare: Sequence[Beat], wanted: float) -> Stalls:
    """Return the stalls that a window told of; most of the wanted letters must have come."""
    if found["characters"] < wanted * ARRIVED_SHARE:
        raise RuntimeError(f"only {found['characters']} of {wanted:.0f} characters came in time")
    pauses = sorted(found["pauses"])
    longest = pauses[-1] * 1e3 if pauses else 0.0
    print(f"garbage: {len(pauses)} pauses, the longest {longest:.1f} ms", file=sys.stderr)
    own = [Beat(*one) for one in found["beats"]]
    return judged(own, bare)


def judged(own: Sequence[Beat], bare: Sequence[Beat]) -> Stalls:
    """Compare the window's beats with the bare ones of the same time."""
    late = [one for one in bare if one.late > BARE_LATE_S]
    ends = [one.at for one in late]

    def void(beat: Beat) -> bool:
        """Whether the bare loop was late during a beat's wait, too."""
        begun = beat.at - beat.late
        at = bisect_left(ends, begun)
        return at < len(late) and late[at].at - late[at].late < beat.at

    good = sorted(one.late * 1e3 for one in own if not void(one))
    times = sorted(one.late * 1e3 for one in bare if own[0].at <= one.at <= own[-1].at)
    everything = sorted(one.late * 1e3 for one in own)
    stalls = Stalls(percentile(good), good[-1], percentile(times), 1 - len(good) / len(own))
    print(
        f"{len(own)} beats, {stalls.void:.0%} void; p99 {stalls.p99:.1f} ms, "
        f"max {stalls.longest:.1f}; all: p99 {percentile(everything):.1f}",
        file=sys.stderr,
    )
    return stalls


def percentile(ordered: Sequence[float], part: float = 0.99) -> float:
    """Return what the given part of some values does not exceed."""
    return ordered[min(int(len(ordered) * part), len(ordered) - 1)]


def write_service(folder: str, port: int) -> None:
    """Set a profile up with one service, which is chosen."""
    QCoreApplication.instance() or QCoreApplication([])
    core = Core(find_profile(folder), window=False)
    core.start()
    provider = Provider(
        id=new_id(),
        name="Steady",
        protocol="openai_chat",
        base_url=f"http://127.0.0.1:{port}/v1",
        model="steady",
        key_source=KeySource.NONE,
    )
    core.preferences.save_provider(provider)
    core.preferences.set_choice(ModelChoice(provider.id, "steady"))
    core.close()


def window(display: str, profile: str, mode: str = "beat", tabs: int = 1) -> dict[str, Any]:
    """Run the program until all answers came, and return what it told."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.busy_window", mode, profile, str(tabs)],
        env={**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"},
        stdout=subprocess.PIPE,
        text=True,
        timeout=DEADLINE_S,
        check=True,
    )
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


@contextlib.contextmanager
def child(module: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """Run one of the modules here in a process of its own, which ends with its input."""
    with subprocess.Popen(
        [sys.executable, "-m", f"tests.benchmarks.{module}", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield process
        process.terminate()


def line(process: subprocess.Popen[str]) -> str:
    if process.stdout is None:
        raise RuntimeError("no output")
    return process.stdout.readline()
