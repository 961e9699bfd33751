"""Keys are asked for off the main thread, with a deadline, and kept for a session on request."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QThread
from typing_extensions import override

from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.domain.providers import KeyPlace, KeySource
from desktop_chat.runtime.network import keys
from desktop_chat.runtime.network.vault import Vault
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.network.keys import KeyJob
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


class Refusing(MemorySecrets):
    """A keyring that opens a window at each question, unless it is only looked at."""

    def __init__(self, outcome: KeyOutcome, *, can_peek: bool = False) -> None:
        super().__init__()
        self.outcome: KeyOutcome | None = outcome
        self.can_peek = can_peek
        self.asked = 0

    @override
    def read(self, provider_id: str, slot: str = "key") -> KeyResult:
        self.asked += 1
        return KeyResult(self.outcome) if self.outcome else super().read(provider_id, slot)

    @override
    def peek(self, provider_id: str, slot: str = "key") -> KeyResult | None:
        if not self.can_peek:
            return None
        return KeyResult(self.outcome) if self.outcome else super().read(provider_id, slot)


FAILURES = [KeyOutcome.LOCKED, KeyOutcome.NONE, KeyOutcome.REFUSED]


@pytest.mark.parametrize("outcome", FAILURES)
def test_after_the_first_failure_the_keyring_is_left_alone_until_somebody_says_so(
    outcome: KeyOutcome,
) -> None:
    keyring = Refusing(outcome)
    vault = Vault(keyring)
    for provider_id in ("p", "q", "p"):
        assert vault.read(provider_id).outcome is outcome
    assert keyring.asked == 1
    assert vault.latched == KeyResult(outcome)
    keyring.outcome = None
    keyring.write("p", "key", KEY)
    assert vault.read("p").outcome is outcome
    vault.try_again()
    assert vault.read("p").secret == KEY
    assert vault.latched is None


def test_a_keyring_that_was_unlocked_meanwhile_is_noticed_without_a_question() -> None:
    keyring = Refusing(KeyOutcome.LOCKED, can_peek=True)
    keyring.write("p", "key", KEY)
    vault = Vault(keyring)
    assert vault.read("p").outcome is KeyOutcome.LOCKED
    assert vault.read("p").outcome is KeyOutcome.LOCKED
    assert keyring.asked == 1
    keyring.outcome = None
    assert vault.read("p").secret == KEY


def test_a_key_that_is_missing_closes_nothing() -> None:
    vault = Vault(MemorySecrets())
    assert vault.read("p").outcome is KeyOutcome.MISSING
    assert vault.latched is None


def test_a_status_asks_nobody_where_it_can_be_seen() -> None:
    keyring = Refusing(KeyOutcome.LOCKED, can_peek=True)
    assert Vault(keyring).status("p").outcome is KeyOutcome.LOCKED
    assert keyring.asked == 0


def test_a_key_kept_for_the_session_needs_no_keyring() -> None:
    keyring = Refusing(KeyOutcome.LOCKED)
    vault = Vault(keyring)
    vault.keep_for_session("p", KEY, "key-2")
    assert vault.read("p", "key-2").secret == KEY
    assert vault.holds_for_session("p", "key-2")
    assert not vault.holds_for_session("p")
    assert keyring.asked == 0


def test_only_one_question_stands_open_at_a_keyring_that_does_not_answer() -> None:
    class Waiting(Refusing):
        def __init__(self) -> None:
            super().__init__(KeyOutcome.LOCKED)
            self.open = threading.Event()
            self.entered = threading.Event()

        @override
        def read(self, provider_id: str, slot: str = "key") -> KeyResult:
            self.entered.set()
            self.open.wait(20)
            return super().read(provider_id, slot)

    keyring = Waiting()
    vault = Vault(keyring)
    thread = threading.Thread(target=vault.read, args=("p",))
    thread.start()
    keyring.entered.wait(20)
    vault.give_up()
    assert vault.read("q").outcome is KeyOutcome.SLOW
    keyring.outcome = None
    keyring.open.set()
    thread.join(20)
    assert vault.latched is None
    assert keyring.asked == 1


def test_writing_is_tried_whatever_reading_said_and_shows_that_all_is_well() -> None:
    keyring = Refusing(KeyOutcome.REFUSED)
    vault = Vault(keyring)
    vault.read("p")
    keyring.outcome = None
    assert vault.write("p", KEY).outcome is KeyOutcome.OK
    assert vault.read("p").secret == KEY


def test_all_keys_of_a_removed_provider_leave_the_keyring(core: Core, qtbot: QtBot) -> None:
    provider = provider_at("http://127.0.0.1:9/v1", key_source=KeySource.KEYRING)
    provider = replace(provider, spare_keys=(KeyPlace("key-2"),))
    for slot in ("key", "key-2"):
        with qtbot.waitSignal(core.keys.save(provider.id, KEY, slot).finished):
            pass
        core.keys.note_use(provider.id, slot)
    with qtbot.waitSignal(core.keys.save("another", KEY, "key-2").finished):
        pass
    core.preferences.save_provider(provider)
    core.preferences.remove_provider(provider.id)
    with qtbot.waitSignal(core.keys.changed):
        core.preferences.finish_removal()
    for slot in ("key", "key-2"):
        assert outcome(core.keys.status(provider.id, slot), qtbot) is KeyOutcome.MISSING
        assert core.keys.last_used_ms(provider.id, slot) == 0
    assert outcome(core.keys.status("another", "key-2"), qtbot) is KeyOutcome.OK
