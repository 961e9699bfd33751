"""How long a stop takes, in each phase of an answer: until its socket is gone."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication

from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import KeySource, ModelChoice, Provider
from desktop_chat.runtime.core import Core
from desktop_chat.storage.paths import find_profile
from tests.benchmarks.registry import Result

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop_chat.runtime.chats.session import ChatSession

PHASES: Final = ("connecting", "headers", "silent", "flood")
ROUNDS: Final = 12
BOUND_MS: Final = 50.0
WORST_MS: Final = 150.0
DEADLINE_S: Final = 20.0
ESTABLISHED, SYN_SENT = "01", "02"


def stop_ms() -> Result:
    """Return the slowest phase's median, from the command until session and socket have ended."""
    QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder:
        core = Core(find_profile(folder), window=False)
        core.start()
        times = {phase: rounds(core, phase) for phase in PHASES}
        core.close()
    medians = {phase: median(took) for phase, took in times.items()}
    for phase, took in times.items():
        print(f"stop {phase}: median {medians[phase]:.1f} ms, max {max(took):.1f}", file=sys.stderr)
    value = max(medians.values())
    worst = max(max(took) for took in times.values())
    return Result(
        name="stop_ms",
        value=round(value, 2),
        unit="ms, slowest phase",
        bound=BOUND_MS,
        floor=round(min(min(took) for took in times.values()), 2),
        ok=value <= BOUND_MS and (worst <= WORST_MS or "noisy"),
    )


def rounds(core: Core, phase: str) -> list[float]:
    """Return how long each of some stops took, in milliseconds."""
    with stuck_service(phase) as port:
        provider = Provider(
            id=new_id(),
            name=f"Stuck {phase}",
            protocol="openai_chat",
            base_url=f"http://127.0.0.1:{port}/v1",
            model="stuck",
            key_source=KeySource.NONE,
        )
        core.preferences.save_provider(provider)
        core.preferences.set_choice(ModelChoice(provider.id, "stuck"))
        return [one_stop(core, phase, port) for _ in range(ROUNDS)]


def one_stop(core: Core, phase: str, port: int) -> float:
    """Ask, wait until the answer is stuck, stop, and return the milliseconds until it ended."""
    session = core.library.new_session(temporary=True)
    came: list[int] = []
    session.text_arrived.connect(lambda _id, text: came.append(len(text)))
    if not session.send("Are you there?"):
        raise RuntimeError("the question was not sent")
    wait_for(lambda: is_stuck(phase, session, port, sum(came)))
    begun = time.perf_counter()
    session.stop()
    wait_for(lambda: not session.busy and not states(port))
    took = (time.perf_counter() - begun) * 1000
    core.library.close_session(session)
    return took


def is_stuck(phase: str, session: ChatSession, port: int, came: int) -> bool:
    """Whether the answer got as far as the phase says."""
    if not session.busy:
        raise RuntimeError(f"the answer ended before it could be stopped: {session.messages[-1]}")
    match phase:
        case "connecting":
            return SYN_SENT in states(port)
        case "headers":
            return ESTABLISHED in states(port) and session.phase == "waiting"
        case "silent":
            return came > 0
        case _:
            return came > 100_000


def states(port: int) -> set[str]:
    """Return how far this process's connections to a port are, those that still take part."""
    own = set()
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  # names are all that is wanted
        with contextlib.suppress(OSError):
            own.add(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115
    found = set()
    for line in Path("/proc/net/tcp").read_text("ascii").splitlines()[1:]:
        fields = line.split()
        if int(fields[2].partition(":")[2], 16) == port and f"socket:[{fields[9]}]" in own:
            found.add(fields[3])
    return found & {ESTABLISHED, SYN_SENT}


def wait_for(condition: Callable[[], bool]) -> None:
    """Let the main thread live until a condition holds."""
    end = time.monotonic() + DEADLINE_S
    while not condition():
        if time.monotonic() > end:
            raise TimeoutError("it never came about")
        QCoreApplication.processEvents()
        time.sleep(0.0002)


@contextlib.contextmanager
def stuck_service(phase: str) -> Iterator[int]:
    """Run the service of a phase in a process of its own, and give its port."""
    command = [sys.executable, "-m", "tests.benchmarks.silent_server", phase]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as server:
        if server.stdout is None:
            raise RuntimeError("no output")
        yield int(server.stdout.readline())
        server.terminate()
