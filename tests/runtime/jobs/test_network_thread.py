"""Jobs on the network thread: each ends once, and all end with the thread."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.runtime.jobs.facts import Done, Failed
from desktop_chat.runtime.jobs.mailbox import Mailbox
from desktop_chat.runtime.jobs.network_thread import NetworkThread

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


@pytest.fixture
def mailbox(qtbot: QtBot) -> Mailbox:
    return Mailbox()


@pytest.fixture
def thread(mailbox: Mailbox) -> Iterator[NetworkThread]:
    made = NetworkThread(mailbox)
    yield made
    assert made.stop()


async def seven() -> int:
    return 7


def test_a_job_ends_with_its_result(mailbox: Mailbox, thread: NetworkThread, qtbot: QtBot) -> None:
    got: list[object] = []
    thread.start()
    thread.submit(mailbox.open(got.extend), seven)
    qtbot.waitUntil(lambda: got == [Done(7)])


def test_work_may_be_given_before_the_loop_runs(
    mailbox: Mailbox, thread: NetworkThread, qtbot: QtBot
) -> None:
    got: list[object] = []
    thread.submit(mailbox.open(got.extend), seven)
    thread.start()
    qtbot.waitUntil(lambda: got == [Done(7)])


def test_a_job_ends_with_its_failure(mailbox: Mailbox, thread: NetworkThread, qtbot: QtBot) -> None:
    failure = Failure(kind=ErrorKind.DNS, host="h.example")

    async def fail() -> None:
        raise ChatError(failure)

    got: list[object] = []
    thread.start()
    thread.submit(mailbox.open(got.extend), fail)
    qtbot.waitUntil(lambda: got == [Failed(failure)])


def test_a_mistake_in_a_job_ends_that_job_alone_and_is_logged(
    mailbox: Mailbox, thread: NetworkThread, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    async def mistake() -> None:
        raise ZeroDivisionError

    got: list[object] = []
    thread.start()
    thread.submit(mailbox.open(got.extend), mistake)
    thread.submit(mailbox.open(got.extend), seven)
    qtbot.waitUntil(lambda: len(got) == 2)
    failure = Failure(kind=ErrorKind.INTERNAL, detail="ZeroDivisionError")
    assert got == [Failed(failure), Done(7)]
    assert "ZeroDivisionError" in caplog.text


def test_a_cancelled_job_posts_nothing_and_runs_its_own_ends(
    mailbox: Mailbox, thread: NetworkThread, qtbot: QtBot
) -> None:
    begun, cleaned = threading.Event(), threading.Event()

    async def never() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cleaned.set()

    got: list[object] = []
    thread.start()
    job = mailbox.open(got.extend)
    thread.submit(job, never)
    qtbot.waitUntil(begun.is_set)
    thread.cancel(job)
    qtbot.waitUntil(cleaned.is_set)
    after: list[object] = []
    thread.submit(mailbox.open(after.extend), seven)
    qtbot.waitUntil(lambda: bool(after))
    assert got == []


def test_cancelling_what_is_unknown_or_ended_changes_nothing(
    mailbox: Mailbox, thread: NetworkThread, qtbot: QtBot
) -> None:
    got: list[object] = []
    job = mailbox.open(got.extend)
    thread.start()
    thread.cancel(job)
    thread.cancel(12345)
    thread.submit(job, seven)
    qtbot.waitUntil(lambda: got == [Done(7)])
    thread.cancel(job)


def test_stop_cancels_all_jobs_and_awaits_what_is_to_be_closed(
    mailbox: Mailbox, qtbot: QtBot
) -> None:
    events: list[str] = []

    async def never() -> None:
        events.append("begun")
        try:
            await asyncio.Event().wait()
        finally:
            events.append("cancelled")

    async def close() -> None:
        events.append("closed")

    thread = NetworkThread(mailbox)
    thread.on_close(close)
    thread.start()
    for number in range(10):
        thread.submit(number, never)
    qtbot.waitUntil(lambda: events == ["begun"] * 10)
    assert thread.stop()
    assert sorted(events[10:]) == ["cancelled"] * 10 + ["closed"]
    assert thread.isFinished()


def test_stop_leaves_a_close_behind_that_hangs(mailbox: Mailbox) -> None:
    async def hang() -> None:
        await asyncio.Event().wait()

    thread = NetworkThread(mailbox)
    thread.on_close(hang)
    thread.start()
    assert thread.stop()


def test_stop_of_a_thread_that_never_ran_is_harmless(mailbox: Mailbox) -> None:
    assert NetworkThread(mailbox).stop()


def test_work_and_cancelling_after_stop_are_dropped(mailbox: Mailbox) -> None:
    thread = NetworkThread(mailbox)
    thread.start()
    assert thread.stop()
    thread.submit(1, seven)
    thread.cancel(1)
    assert thread.stop()
