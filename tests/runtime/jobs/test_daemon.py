"""Blocking calls run on daemon threads: awaited, cancelled, left behind."""

from __future__ import annotations

import asyncio
import threading

import pytest

from desktop_chat.runtime.jobs.daemon import call_in_daemon


def test_it_gives_what_the_function_returns() -> None:
    assert asyncio.run(call_in_daemon("sum", lambda: 1 + 1)) == 2
    assert asyncio.run(call_in_daemon("nothing", lambda: None)) is None


def test_it_raises_what_the_function_raises() -> None:
    def fail() -> None:
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space left"):
        asyncio.run(call_in_daemon("fail", fail))


def test_it_runs_on_a_daemon_thread_of_that_name() -> None:
    thread = asyncio.run(call_in_daemon("look-up", threading.current_thread))
    assert thread.daemon
    assert thread.name == "look-up"


def test_a_call_that_never_answers_is_given_up_at_once() -> None:
    never = threading.Event()

    async def wait_a_little() -> None:
        async with asyncio.timeout(0.05):
            await call_in_daemon("never", never.wait)

    try:
        with pytest.raises(TimeoutError):
            asyncio.run(wait_a_little())
    finally:
        never.set()


def test_a_result_that_comes_after_the_loop_closed_is_dropped() -> None:
    answer = threading.Event()
    began = threading.Event()
    threads: list[threading.Thread] = []

    def late() -> str:
        threads.append(threading.current_thread())
        began.set()
        answer.wait()
        return "late"

    async def abandon() -> None:
        task = asyncio.ensure_future(call_in_daemon("late", late))
        await call_in_daemon("began", began.wait)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(abandon())
    # An exception in the thread would fail the test: pytest makes errors of them.
    answer.set()
    threads[0].join(5)
    assert not threads[0].is_alive()
