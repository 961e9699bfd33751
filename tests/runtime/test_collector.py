"""Full collections wait until nothing streams."""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING

import pytest

from desktop_chat.runtime import collector
from desktop_chat.runtime.collector import NEVER, GarbageSchedule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


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
    monkeypatch.setattr(collector, "IDLE_MS", 30)
    made = GarbageSchedule()
    made.start()
    yield made
    made.stop()


def test_pythons_own_full_collections_are_off(schedule: GarbageSchedule) -> None:
    assert gc.get_threshold()[2] == NEVER


def test_python_has_its_schedule_back_afterwards(qtbot: QtBot) -> None:
    before = gc.get_threshold()
    schedule = GarbageSchedule()
    schedule.start()
    schedule.stop()
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0


def test_one_runs_when_the_last_stream_has_ended(
    schedule: GarbageSchedule, collections: list[int], qtbot: QtBot
) -> None:
    schedule.stream_began()
    schedule.stream_began()
    schedule.stream_ended()
    qtbot.wait(60)
    assert 2 not in collections
    schedule.stream_ended()
    qtbot.waitUntil(lambda: 2 in collections)


def test_a_new_stream_puts_it_off(
    schedule: GarbageSchedule, collections: list[int], qtbot: QtBot
) -> None:
    schedule.stream_began()
    schedule.stream_ended()
    schedule.stream_began()
    qtbot.wait(60)
    assert 2 not in collections
