"""Garbage is collected on the main thread alone, in full when nothing streams."""

from __future__ import annotations

import gc
import subprocess
import sys
import threading
from typing import TYPE_CHECKING, ClassVar

import pytest
from PySide6.QtCore import QCoreApplication, QObject

from desktop_chat.runtime.process import collector
from desktop_chat.runtime.process.collector import GarbageSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Ring:
    """Garbage that only a collection finds. Notes on which thread that happened."""

    destroyed_on: ClassVar[list[int]] = []

    def __init__(self, thing: object = None) -> None:
        self.thing = thing
        self.me = self

    def __del__(self) -> None:
        self.destroyed_on.append(threading.get_ident())


class RingedObject(QObject):
    """An object of Qt in a circle with itself."""

    def __init__(self) -> None:
        super().__init__()
        self.ring = Ring(self)


@pytest.fixture
def destroyed_on(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The threads on which rings were destroyed."""
    found: list[int] = []
    monkeypatch.setattr(Ring, "destroyed_on", found)
    return found


@pytest.fixture
def collections() -> Iterator[list[int]]:
    """The generations that were collected, as they are."""
    seen: list[int] = []

    def note(phase: str, info: dict[str, int]) -> None:
        if phase == "start":
            seen.append(info["generation"])

    gc.callbacks.append(note)
    yield seen
    gc.callbacks.remove(note)


@pytest.fixture
def schedule(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[GarbageSchedule]:
    monkeypatch.setattr(collector, "BUSY_MS", 2)
    monkeypatch.setattr(collector, "QUIET_MS", 8)
    monkeypatch.setattr(collector, "IDLE_MS", 30)
    made = GarbageSchedule()
    made.start()
    made.settle()
    yield made
    made.stop()


def lists(count: int) -> list[list[int]]:
    """Return so many objects that the collector looks at."""
    return [[] for _ in range(count)]


def test_circles_of_qt_objects_are_destroyed_on_the_main_thread_alone(
    schedule: GarbageSchedule, destroyed_on: list[int], qtbot: QtBot
) -> None:
    del schedule
    ending = threading.Event()
    made = [0]

    def allocate() -> None:
        while not ending.is_set():
            made[0] += len(lists(5000))

    threads = [threading.Thread(target=allocate) for _ in range(3)]
    for thread in threads:
        thread.start()

    def drop_some() -> bool:
        for _ in range(50):
            RingedObject()
        return len(destroyed_on) > 2000 and made[0] > 1_000_000

    try:
        qtbot.waitUntil(drop_some, timeout=60_000)
    finally:
        ending.set()
        for thread in threads:
            thread.join()
    assert set(destroyed_on) == {threading.main_thread().ident}


def test_what_a_thread_leaves_in_circles_is_collected_too(
    schedule: GarbageSchedule, destroyed_on: list[int], qtbot: QtBot
) -> None:
    del schedule
    thread = threading.Thread(target=lambda: [Ring() for _ in range(5000)])
    thread.start()
    thread.join()
    assert not destroyed_on
    qtbot.waitUntil(lambda: len(destroyed_on) == 5000)
    assert set(destroyed_on) == {threading.main_thread().ident}


@pytest.mark.usefixtures("python_collects")
def test_python_has_the_work_back_afterwards(qtbot: QtBot) -> None:
    del qtbot
    schedule = GarbageSchedule()
    schedule.start()
    assert not gc.isenabled()
    schedule.settle()
    schedule.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0


def test_where_it_was_off_it_stays_off(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    del qtbot
    monkeypatch.setattr(gc, "isenabled", lambda: False)
    enabled: list[bool] = []
    monkeypatch.setattr(gc, "enable", lambda: enabled.append(True))
    schedule = GarbageSchedule()
    schedule.start()
    schedule.stop()
    assert not enabled


def test_no_full_one_runs_while_anything_streams(
    schedule: GarbageSchedule,
    collections: list[int],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collector, "WORTH", 1000)
    schedule.stream_began()
    schedule.stream_began()
    kept = lists(3000)
    schedule.stream_ended()
    qtbot.wait(100)
    assert collections
    assert 2 not in collections
    schedule.stream_ended()
    qtbot.waitUntil(lambda: 2 in collections)
    assert len(kept) == 3000


def test_a_full_one_does_not_wait_where_memory_grows_without_end(
    schedule: GarbageSchedule,
    collections: list[int],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(collector, "MOST", 20_000)
    schedule.stream_began()
    kept: list[list[int]] = []

    def grow() -> bool:
        kept.extend(lists(1000))
        return 2 in collections

    qtbot.waitUntil(grow)
    assert len(kept) > 20_000


def test_where_little_was_made_none_runs(
    schedule: GarbageSchedule, collections: list[int], qtbot: QtBot
) -> None:
    schedule.stream_began()
    schedule.stream_ended()
    qtbot.wait(100)
    assert 2 not in collections


def test_it_looks_seldom_where_nothing_happens(schedule: GarbageSchedule, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: schedule._look.interval() == collector.QUIET_MS)
    schedule.stream_began()
    assert schedule._look.interval() == collector.BUSY_MS


def test_the_window_lets_no_other_thread_collect(tmp_path: object) -> None:
    code = (
        "import gc, sys\n"
        "from desktop_chat import app\n"
        "from desktop_chat.commands.arguments import parse\n"
        "from PySide6.QtCore import QCoreApplication, QTimer\n"
        "core, window = app._build(parse(['--profile', sys.argv[1]]))\n"
        "seen = [gc.isenabled()]\n"
        "window.first_painted.connect(lambda: QTimer.singleShot(0, QCoreApplication.quit))\n"
        "window.show()\n"
        "QCoreApplication.exec()\n"
        "seen += [gc.isenabled(), core.garbage._look.isActive()]\n"
        "core.close()\n"
        "print(*seen, gc.isenabled())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.split() == ["False", "False", "True", "False"]


def test_the_tests_themselves_collect_on_the_main_thread_alone() -> None:
    assert QCoreApplication.instance() is None or not gc.isenabled()
