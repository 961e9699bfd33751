"""Keys are asked for off the main thread, with a deadline, and kept for a session on request."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QThread
from typing_extensions import override

from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.runtime import keys
from desktop_chat.runtime.keys import Vault
from desktop_chat.storage.secrets import MemorySecrets

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.keys import KeyJob
    from tests.runtime.conftest import CoreMaker

KEY = Secret("sk-0123456789")


class Stuck(MemorySecrets):
    """A keyring whose window to unlock it nobody sees."""

    def __init__(self) -> None:
        super().__init__()
        self.answers = threading.Event()
        self.threads: list[threading.Thread] = []

    @override
    def write(self, provider_id: str, slot: str, secret: Secret) -> KeyResult:
        self.threads.append(threading.current_thread())
        self.answers.wait()
        return super().write(provider_id, slot, secret)


@pytest.fixture
def stuck() -> Iterator[Stuck]:
    keyring = Stuck()
    yield keyring
    keyring.answers.set()


def outcome(job: KeyJob, qtbot: QtBot) -> KeyOutcome:
    with qtbot.waitSignal(job.finished) as finished:
        pass
    (result,) = finished.args or [None]
    assert isinstance(result, KeyResult)
    return result.outcome


def test_a_key_is_saved_found_and_removed(core: Core, qtbot: QtBot) -> None:
    changed: list[str] = []
    core.keys.changed.connect(changed.append)
    assert outcome(core.keys.status("p"), qtbot) is KeyOutcome.MISSING
    assert outcome(core.keys.save("p", KEY), qtbot) is KeyOutcome.OK
    assert outcome(core.keys.status("p"), qtbot) is KeyOutcome.OK
    assert outcome(core.keys.remove("p"), qtbot) is KeyOutcome.OK
    assert outcome(core.keys.status("p"), qtbot) is KeyOutcome.MISSING
    assert changed == ["p", "p"]


def test_a_status_gives_no_key(core: Core, qtbot: QtBot) -> None:
    assert outcome(core.keys.save("p", KEY), qtbot) is KeyOutcome.OK
    with qtbot.waitSignal(core.keys.status("p").finished) as finished:
        pass
    (result,) = finished.args or [None]
    assert result.secret is None


def test_the_keyring_is_not_asked_on_the_main_thread(
    make_core: CoreMaker, stuck: Stuck, qtbot: QtBot
) -> None:
    job = make_core(keyring=stuck).keys.save("p", KEY)
    qtbot.waitUntil(lambda: bool(stuck.threads))
    stuck.answers.set()
    assert outcome(job, qtbot) is KeyOutcome.OK
    (thread,) = stuck.threads
    assert thread is not threading.main_thread()
    assert thread.daemon
    assert QThread.currentThread().isMainThread()


def test_a_keyring_that_takes_long_is_told_of_and_then_given_up(
    make_core: CoreMaker, stuck: Stuck, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keys, "SLOW_MS", 20)
    monkeypatch.setattr(keys, "DEADLINE_MS", 100)
    job = make_core(keyring=stuck).keys.save("p", KEY)
    with qtbot.waitSignals([job.slow, job.finished], order="strict") as signals:
        pass
    assert signals.signal_triggered
    assert stuck.threads


def test_what_is_given_up_ends_once_as_slow(
    make_core: CoreMaker, stuck: Stuck, qtbot: QtBot
) -> None:
    job = make_core(keyring=stuck).keys.save("p", KEY)
    ends: list[KeyResult] = []
    job.finished.connect(ends.append)
    job.give_up()
    job.give_up()
    assert [one.outcome for one in ends] == [KeyOutcome.SLOW]


def test_a_key_kept_for_the_session_goes_before_the_keyring_and_never_into_it() -> None:
    keyring = MemorySecrets()
    vault = Vault(keyring)
    vault.keep_for_session("p", KEY)
    assert vault.holds_for_session("p")
    assert vault.read("p").secret == KEY
    assert keyring.read("p").outcome is KeyOutcome.MISSING


def test_a_key_in_the_keyring_is_no_longer_kept_for_the_session() -> None:
    vault = Vault(MemorySecrets())
    vault.keep_for_session("p", KEY)
    assert vault.write("p", Secret("sk-new-0123456789")).outcome is KeyOutcome.OK
    assert not vault.holds_for_session("p")
    assert vault.read("p").secret == Secret("sk-new-0123456789")


def test_a_removed_key_leaves_the_session_too() -> None:
    vault = Vault(MemorySecrets())
    vault.keep_for_session("p", KEY)
    vault.delete("p")
    assert vault.read("p").outcome is KeyOutcome.MISSING


def test_the_core_closes_in_time_beside_a_stuck_keyring(
    make_core: CoreMaker, stuck: Stuck, qtbot: QtBot
) -> None:
    core = make_core(keyring=stuck)
    core.keys.save("p", KEY)
    qtbot.waitUntil(lambda: bool(stuck.threads))
    assert core.close()
    assert all(one.is_alive() for one in stuck.threads)
