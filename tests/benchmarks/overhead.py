"""What the program adds to a request, until its first word is on the main thread."""

from __future__ import annotations

import sys
import tempfile
import time
from statistics import median
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEventLoop

from desktop_chat.domain.chat import Role
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import KeySource, ModelChoice, Provider
from desktop_chat.domain.stream import ChatRequest, TextDelta, Turn
from desktop_chat.runtime.core import Core
from desktop_chat.storage.paths import find_profile
from tests.benchmarks.quick_server import QUESTION
from tests.benchmarks.registry import Result
from tests.benchmarks.stall import child, line

if TYPE_CHECKING:
    import subprocess

PAIRS: Final = 100
WARM: Final = 20
"""Connections stand, and everything is imported, before anything is measured."""
BOUND: Final = 1.5


def overhead_ratio() -> Result:
    """Return the median of pairs: the core's time to the first word by the library's alone."""
    QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder, child("quick_server") as server:
        port = int(line(server))
        with child("bare_client", str(port)) as bare:
            core = Core(find_profile(folder), window=False)
            core.start()
            core.settle()
            service = provider(port)
            core.preferences.save_provider(service)
            core.preferences.set_choice(ModelChoice(service.id, service.model))
            pairs = [
                (ask_bare(bare), ask_core(core, service), ask_chat(core))
                for _ in range(WARM + PAIRS)
            ][WARM:]
            core.close()
    floor = median(one for one, _, _ in pairs)
    value = median(core / bare for bare, core, _ in pairs)
    chat = median(chat / bare for bare, _, chat in pairs)
    print(
        f"bare {floor * 1e3:.2f} ms; the core {value:.2f} times that; "
        f"a chat, whose question is on the disk before it is sent, {chat:.2f}",
        file=sys.stderr,
    )
    return Result(
        name="overhead_ratio",
        value=round(value, 3),
        unit="x bare httpx",
        bound=BOUND,
        floor=round(floor * 1e3, 3),
        ok=value <= BOUND,
    )


def provider(port: int) -> Provider:
    """Return the service that answers at once."""
    return Provider(
        id=new_id(),
        name="Quick",
        protocol="openai_chat",
        base_url=f"http://127.0.0.1:{port}/v1",
        model="m",
        key_source=KeySource.NONE,
    )


def ask_bare(bare: subprocess.Popen[str]) -> float:
    """Return how long the library alone took to the first bytes."""
    if bare.stdin is None:
        raise RuntimeError("no input")
    bare.stdin.write("?\n")
    bare.stdin.flush()
    return float(line(bare))


def ask_core(core: Core, service: Provider) -> float:
    """Return how long the core took to the first word, on the main thread."""
    words: list[float] = []
    over = QEventLoop()
    request = ChatRequest(provider=service, model=service.model, turns=(Turn(Role.USER, QUESTION),))
    begun = time.perf_counter()
    reply = core.network.ask(request, core)
    reply.arrived.connect(
        lambda event: words.append(time.perf_counter()) if isinstance(event, TextDelta) else None
    )
    reply.done.connect(over.quit)
    reply.failed.connect(over.quit)
    over.exec()
    reply.deleteLater()
    return words[0] - begun


def ask_chat(core: Core) -> float:
    """Return how long a chat's question took to the first word of its answer."""
    words: list[float] = []
    over = QEventLoop()
    session = core.library.new_session()
    session.text_arrived.connect(lambda _id, _text: words.append(time.perf_counter()))
    session.finished.connect(over.quit)
    begun = time.perf_counter()
    session.send(QUESTION)
    over.exec()
    core.library.close_session(session)
    return words[0] - begun
