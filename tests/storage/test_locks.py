"""Locks between processes, and who is held to be alive."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.ids import new_id
from desktop_chat.storage.locks import FileLock, OwnerLock, WindowLock, hold, is_alive, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.storage.paths import Profile

ROOT = Path(__file__).resolve().parents[2]
OWNER = """
import sys
from desktop_chat.storage.locks import OwnerLock, WindowLock
from desktop_chat.storage.paths import find_profile
profile = find_profile(sys.argv[1])
lock, window = OwnerLock(profile), WindowLock(profile)
print(lock.id, window.acquire(), flush=True)
sys.stdin.read()
"""


@contextlib.contextmanager
def another_process(profile: Profile) -> Iterator[tuple[subprocess.Popen[str], str, bool]]:
    with subprocess.Popen(
        [sys.executable, "-c", OWNER, str(profile.run.parent)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None
        owner_id, window = process.stdout.readline().split()
        try:
            yield process, owner_id, window == "True"
        finally:
            process.kill()


def test_an_owner_is_alive_until_it_lets_go(profile: Profile) -> None:
    lock = OwnerLock(profile)
    assert lock.held
    assert is_alive(profile, lock.id)
    lock.release()
    assert not is_alive(profile, lock.id)
    assert list(profile.run.iterdir()) == []


def test_an_owner_in_another_process_is_alive_until_it_is_killed(profile: Profile) -> None:
    with another_process(profile) as (process, owner_id, _):
        assert is_alive(profile, owner_id)
        process.kill()
        process.wait()
        assert not is_alive(profile, owner_id)


@pytest.mark.parametrize(
    "owner_id", ["", "owner", "../window", "x" * 36, pytest.param(new_id(), id="a new one")]
)
def test_an_owner_that_never_was_is_not_alive(profile: Profile, owner_id: str) -> None:
    profile.run.mkdir(parents=True)
    (profile.run / "window.lock").touch()
    assert not is_alive(profile, owner_id)
    assert (profile.run / "window.lock").exists()


def test_only_one_window_holds_a_profile(profile: Profile) -> None:
    with another_process(profile) as (process, _, has_window):
        assert has_window
        mine = WindowLock(profile)
        assert not mine.acquire()
        process.kill()
        process.wait()
        assert mine.acquire()
        assert mine.acquire()
        mine.release()


def test_a_window_can_be_taken_over_after_a_release(profile: Profile) -> None:
    first, second = WindowLock(profile), WindowLock(profile)
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()


def test_a_lock_on_a_file_that_was_removed_meanwhile_does_not_count(tmp_path: Path) -> None:
    old, new = FileLock(tmp_path / "a.lock"), FileLock(tmp_path / "a.lock")
    assert old.acquire()
    (tmp_path / "a.lock").unlink()
    assert new.acquire()
    third = FileLock(tmp_path / "a.lock")
    assert not third.acquire()
    old.release()
    assert not third.acquire()
    new.release()


def test_holding_waits_for_another(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    lock = FileLock(path)
    assert lock.acquire()
    timer = threading.Timer(0.1, lock.release)
    timer.start()
    with hold(path, patience_s=10):
        assert not lock.held
    timer.join()


def test_holding_gives_up_with_a_typed_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.lock"
    lock = FileLock(path)
    assert lock.acquire()
    with pytest.raises(ChatError) as caught, hold(path, patience_s=0.05):
        raise AssertionError("it was held")
    assert caught.value.failure.kind is ErrorKind.STORE_BUSY
    assert caught.value.failure.target == str(path)
    assert lock.held
    lock.release()


def test_locks_in_an_impossible_place_say_so_and_do_not_raise(profile: Profile) -> None:
    profile.run.parent.mkdir(parents=True)
    profile.run.write_text("a file where the folder should be")
    lock = OwnerLock(profile)
    assert not lock.held
    lock.release()
    assert not WindowLock(profile).acquire()
    with pytest.raises(ChatError) as caught, hold(profile.run / "x" / "a.lock", patience_s=0):
        raise AssertionError("it was held")
    assert caught.value.failure.kind is ErrorKind.STORE_REFUSED


def test_a_released_lock_leaks_no_file_descriptor(tmp_path: Path) -> None:
    fds = Path("/proc/self/fd")
    if not fds.is_dir():
        pytest.skip("this system does not list open files")
    before = len(os.listdir(fds))  # noqa: PTH208 - a Path of each would open files itself
    for _ in range(20):
        with hold(tmp_path / "a.lock", patience_s=0):
            other = FileLock(tmp_path / "a.lock")
            assert not other.acquire()
    assert len(os.listdir(fds)) == before  # noqa: PTH208


def test_what_killed_processes_left_is_swept_away_and_the_living_are_left_alone(
    profile: Profile,
) -> None:
    own = OwnerLock(profile)
    with another_process(profile) as (process, other, _):
        process.kill()
        process.wait()
        assert (profile.run / f"{other}.lock").exists()

        sweep(profile)

    assert [path.name for path in profile.run.glob("*-*.lock")] == [f"{own.id}.lock"]
    own.release()
