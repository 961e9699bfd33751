"""What a thousand requests in a row leave behind, through the whole core: nothing.

But for what is kept on purpose, within bounds: what went over the wire, and pages of the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import sys
import tempfile
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import QCoreApplication, QEventLoop, QObject, QTimer

from desktop_chat.domain.providers import ModelChoice
from desktop_chat.runtime.core import Core
from desktop_chat.storage.paths import find_profile
from tests.benchmarks.overhead import provider
from tests.benchmarks.quick_server import QUESTION
from tests.benchmarks.registry import Result
from tests.benchmarks.stall import child, line

if TYPE_CHECKING:
    from desktop_chat.runtime.chats.session import ChatSession

WARM: Final = 200
"""By then every pool and cache has its size."""
REQUESTS: Final = 1000
BOUND_MB: Final = 3.0
IN_A_CHAT: Final = 20
"""How many questions a chat gets before another begins: both are part of a day."""
DEADLINE_MS: Final = 5000
SETTLE_MS: Final = 300
MEGABYTE: Final = 1024 * 1024


class Held(NamedTuple):
    """What the process holds."""

    tasks: int
    files: int
    """Open descriptors, sockets among them."""
    sockets: int
    threads: int
    timers_and_jobs: int
    """Qt objects below the core."""
    rss: float


def leak_1000() -> Result:
    """Return the megabytes that the process grew by, from the 200th request to the 1,000th."""
    QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder, child("quick_server") as server:
        core = Core(find_profile(folder), window=False)
        core.start()
        core.settle()
        service = provider(int(line(server)))
        core.preferences.save_provider(service)
        core.preferences.set_choice(ModelChoice(service.id, service.model))
        ask(core, WARM)
        before = held(core)
        ask(core, REQUESTS - WARM)
        after = held(core)
        core.close()
    print(f"before {before}\nafter  {after}", file=sys.stderr)
    grown = after.rss - before.rss
    left = [name for name in Held._fields[:-1] if getattr(after, name) > getattr(before, name)]
    return Result(
        name="leak_1000",
        value=round(grown, 3),
        unit=f"MB{', and left ' + ', '.join(left) if left else ''}",
        bound=BOUND_MB,
        floor=round(before.rss, 1),
        ok=grown <= BOUND_MB and not left,
    )


def ask(core: Core, number: int) -> None:
    """Ask as many questions, one after the other."""
    for first in range(0, number, IN_A_CHAT):
        session = core.library.new_session()
        for _ in range(first, min(first + IN_A_CHAT, number)):
            ask_once(session)
        core.library.close_session(session)


def ask_once(session: ChatSession) -> None:
    """Ask and wait for the end of the answer."""
    over = QEventLoop()
    session.finished.connect(over.quit)
    session.send(QUESTION)
    over.exec()
    session.finished.disconnect(over.quit)
    if session.failed:
        raise RuntimeError(f"it failed: {session.messages[-1].failure}")


def held(core: Core) -> Held:
    """Return what is held once all that was let go of is gone."""
    pause = QEventLoop()
    QTimer.singleShot(SETTLE_MS, pause.quit)
    pause.exec()
    gc.collect()
    loop = core.network._thread._loop
    if loop is None:
        raise RuntimeError("nothing was asked")
    links = list(descriptors())
    return Held(
        tasks=len(asyncio.all_tasks(loop._loop)),
        files=len(links),
        sockets=sum(one.startswith("socket:") for one in links),
        threads=threading.active_count(),
        timers_and_jobs=len(core.findChildren(QObject)),
        rss=resident() / MEGABYTE,
    )


def descriptors() -> list[str]:
    """Return what this process has open."""
    found = []
    for name in os.listdir("/proc/self/fd"):  # noqa: PTH208  # names are all that is wanted
        with contextlib.suppress(OSError):
            found.append(os.readlink(f"/proc/self/fd/{name}"))  # noqa: PTH115
    return found


def resident() -> int:
    """Return how many bytes of this process are in memory."""
    pages = int(Path("/proc/self/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")
