"""Facts reach the main thread in order, once a frame, in bounded time and memory."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication, QThread

from desktop_chat.runtime.jobs import mailbox as mailbox_module
from desktop_chat.runtime.jobs.mailbox import BUDGET_S, FULL_BYTES, RUN, Mailbox

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


@pytest.fixture
def mailbox(qtbot: QtBot) -> Mailbox:
    return Mailbox()


def in_thread(work: threading.Thread) -> None:
    work.start()
    work.join()


def test_facts_of_one_job_come_in_the_order_in_which_they_were_posted(
    mailbox: Mailbox, qtbot: QtBot
) -> None:
    got: list[object] = []
    job = mailbox.open(got.extend)

    def post() -> None:
        for number in range(5000):
            mailbox.post(job, number)

    in_thread(threading.Thread(target=post))
    qtbot.waitUntil(lambda: len(got) == 5000)
    assert got == list(range(5000))


def test_facts_are_handed_out_on_the_main_thread(mailbox: Mailbox, qtbot: QtBot) -> None:
    threads: list[QThread] = []
    job = mailbox.open(lambda _facts: threads.append(QThread.currentThread()))
    in_thread(threading.Thread(target=lambda: mailbox.post(job, "fact")))
    qtbot.waitUntil(lambda: bool(threads))
    assert threads == [mailbox.thread()]


def test_two_jobs_do_not_get_each_others_facts(mailbox: Mailbox, qtbot: QtBot) -> None:
    first: list[object] = []
    second: list[object] = []
    one, other = mailbox.open(first.extend), mailbox.open(second.extend)
    for number in range(100):
        mailbox.post(one if number % 2 else other, number)
    qtbot.waitUntil(lambda: len(first) + len(second) == 100)
    assert first == list(range(1, 100, 2))
    assert second == list(range(0, 100, 2))


def test_one_emptying_keeps_to_its_budget_and_leaves_the_rest_for_the_next_frame(
    mailbox: Mailbox, qtbot: QtBot
) -> None:
    def work_hard(facts: list[object]) -> None:
        got.extend(facts)
        until = time.perf_counter() + BUDGET_S / 2
        while time.perf_counter() < until:
            pass

    got: list[object] = []
    jobs = [mailbox.open(work_hard) for _ in range(40)]
    for job in jobs:
        mailbox.post(job, job)
    mailbox.empty()
    assert 0 < len(got) < 10
    qtbot.waitUntil(lambda: len(got) == 40)
    assert got == jobs


def test_many_posts_are_announced_once(mailbox: Mailbox, qtbot: QtBot) -> None:
    announced: list[None] = []
    mailbox.ready.connect(lambda: announced.append(None))
    got: list[object] = []
    job = mailbox.open(got.extend)
    for number in range(1000):
        mailbox.post(job, number)
    qtbot.waitUntil(lambda: len(got) == 1000)
    assert len(announced) == 1


def test_a_post_after_an_emptying_is_announced_again(mailbox: Mailbox, qtbot: QtBot) -> None:
    got: list[object] = []
    job = mailbox.open(got.extend)
    for number in range(20):
        mailbox.post(job, number)
        qtbot.waitUntil(lambda wanted=number + 1: len(got) == wanted)  # type: ignore[misc]


def test_what_waits_for_a_closed_job_is_dropped(mailbox: Mailbox, qtbot: QtBot) -> None:
    got: list[object] = []
    job = mailbox.open(got.extend)
    other = mailbox.open(got.extend)
    mailbox.post(job, "dropped")
    mailbox.close(job)
    mailbox.post(job, "dropped too")
    mailbox.post(other, "kept")
    qtbot.waitUntil(lambda: got == ["kept"])


def test_taking_a_jobs_facts_leaves_those_of_others(mailbox: Mailbox, qtbot: QtBot) -> None:
    got: list[object] = []
    job, other = mailbox.open(got.extend), mailbox.open(got.extend)
    for number in range(6):
        mailbox.post(job if number % 2 else other, number)
    assert mailbox.take(job) == [1, 3, 5]
    assert mailbox.take(job) == []
    qtbot.waitUntil(lambda: got == [0, 2, 4])


def test_a_full_box_says_so_until_it_is_emptied(mailbox: Mailbox, qtbot: QtBot) -> None:
    job = mailbox.open(lambda _facts: None)
    mailbox.post(job, "a", size=FULL_BYTES)
    assert not mailbox.is_full()
    mailbox.post(job, "b", size=1)
    assert mailbox.is_full()
    qtbot.waitUntil(lambda: not mailbox.is_full())


def test_who_waits_for_room_is_called_once_there_is_some(mailbox: Mailbox, qtbot: QtBot) -> None:
    job = mailbox.open(lambda _facts: None)
    mailbox.post(job, "a", size=FULL_BYTES + 1)
    called: list[None] = []
    mailbox.when_room(lambda: called.append(None))
    assert not called
    qtbot.waitUntil(lambda: called == [None])


def test_taking_facts_makes_room_too(mailbox: Mailbox) -> None:
    job = mailbox.open(lambda _facts: None)
    mailbox.post(job, "a", size=FULL_BYTES + 1)
    called: list[None] = []
    mailbox.when_room(lambda: called.append(None))
    mailbox.take(job)
    assert called == [None]


def test_who_asks_for_room_just_after_it_was_made_does_not_wait_for_ever(mailbox: Mailbox) -> None:
    called: list[None] = []
    mailbox.when_room(lambda: called.append(None))
    assert called == [None]


def test_what_nobody_sees_waits_longer_but_keeps_nothing_else_waiting(
    mailbox: Mailbox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_chat.runtime.jobs.mailbox.PATIENT_MS", 60_000)
    unseen: list[object] = []
    seen: list[object] = []
    patient, other = mailbox.open(unseen.extend), mailbox.open(seen.extend)
    mailbox.set_patient(patient, patient=True)
    mailbox.empty()
    mailbox.post(patient, "later")
    QCoreApplication.processEvents()
    assert mailbox._frame.remainingTime() > 1000
    assert unseen == []
    mailbox.post(other, "now")
    qtbot.waitUntil(lambda: seen == ["now"])
    assert unseen == []
    assert mailbox._frame.remainingTime() > 1000


def test_what_is_seen_again_waits_no_longer(
    mailbox: Mailbox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop_chat.runtime.jobs.mailbox.PATIENT_MS", 60_000)
    got: list[object] = []
    job = mailbox.open(got.extend)
    mailbox.set_patient(job, patient=True)
    mailbox.set_patient(job, patient=False)
    mailbox.empty()
    mailbox.post(job, "now")
    qtbot.waitUntil(lambda: got == ["now"])


def test_facts_of_one_job_wait_together_and_are_handed_out_as_they_are(
    mailbox: Mailbox, qtbot: QtBot
) -> None:
    runs: list[list[object]] = []
    first, second = mailbox.open(runs.append), mailbox.open(runs.append)
    for fact in range(RUN + 2):
        mailbox.post(first, fact, size=1)
    mailbox.post(second, "other", size=1)
    waiting = [run.facts for run in mailbox._pile._runs]
    assert list(map(len, waiting)) == [RUN, 2, 1]
    qtbot.waitUntil(lambda: len(runs) == 3)
    assert all(one is other for one, other in zip(runs, waiting, strict=True))
    assert mailbox._waiting_bytes == 0


def test_what_is_looked_out_for_waits_for_no_frame(
    mailbox: Mailbox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "FRAME_MS", 60_000)
    got: list[object] = []
    job = mailbox.open(got.extend)
    mailbox.empty()
    mailbox.post(job, "can wait for the frame")
    QCoreApplication.processEvents()
    assert got == []
    mailbox.post(job, "first word", prompt=True)
    qtbot.waitUntil(lambda: got == ["can wait for the frame", "first word"])


def test_what_nobody_sees_waits_though_it_is_a_first_word(
    mailbox: Mailbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "PATIENT_MS", 60_000)
    got: list[object] = []
    job = mailbox.open(got.extend)
    mailbox.set_patient(job, patient=True)
    mailbox.empty()
    mailbox.post(job, "first word", prompt=True)
    QCoreApplication.processEvents()
    assert got == []


def test_what_waited_unseen_comes_first_when_it_is_seen_again(
    mailbox: Mailbox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "PATIENT_MS", 60_000)
    got: list[object] = []
    job = mailbox.open(got.extend)
    mailbox.set_patient(job, patient=True)
    mailbox.empty()
    mailbox.post(job, "unseen")
    mailbox.set_patient(job, patient=False)
    mailbox.post(job, "seen")
    qtbot.waitUntil(lambda: got == ["unseen", "seen"])


def test_what_nobody_sees_comes_in_the_end_though_others_are_seen_all_the_time(
    mailbox: Mailbox, qtbot: QtBot
) -> None:
    unseen: list[object] = []
    seen: list[object] = []
    patient, other = mailbox.open(unseen.extend), mailbox.open(seen.extend)
    mailbox.set_patient(patient, patient=True)
    mailbox.empty()
    mailbox.post(patient, "later")

    def later_came() -> bool:
        mailbox.post(other, "now")
        return unseen == ["later"]

    qtbot.waitUntil(later_came)
    assert len(seen) > 1


def test_a_box_that_is_full_of_what_nobody_sees_is_emptied(
    mailbox: Mailbox, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox_module, "PATIENT_MS", 60_000)
    got: list[object] = []
    job = mailbox.open(got.extend)
    mailbox.set_patient(job, patient=True)
    mailbox.empty()
    mailbox.post(job, "much", size=FULL_BYTES + 1)
    qtbot.waitUntil(lambda: got == ["much"])
    assert not mailbox.is_full()


def test_a_stop_takes_what_waits_unseen_too(mailbox: Mailbox) -> None:
    job = mailbox.open(lambda _facts: None)
    mailbox.post(job, 1)
    mailbox.set_patient(job, patient=True)
    mailbox.post(job, 2)
    assert mailbox.take(job) == [1, 2]
    assert mailbox.take(job) == []


def test_jobs_that_talk_at_once_are_handed_out_one_after_the_other(
    mailbox: Mailbox, qtbot: QtBot
) -> None:
    runs: list[list[object]] = []
    jobs = [mailbox.open(runs.append) for _ in range(3)]
    for number in range(4):
        for job in jobs:
            mailbox.post(job, (job, number))
    qtbot.waitUntil(lambda: len(runs) == 3)
    assert runs == [[(job, number) for number in range(4)] for job in jobs]
