"""What was being drawn when a process ended is known to the next one."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from desktop_chat.storage.drawing import SLOT, DrawingRecord

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.errors import Failure
    from desktop_chat.storage.paths import Profile

PROGRAM = """
import faulthandler, os, sys
from desktop_chat.storage import drawing
from desktop_chat.storage.drawing import DrawingRecord
drawing.HANG_S = 0.1
from desktop_chat.storage.paths import find_profile
record = DrawingRecord(find_profile(sys.argv[1]), lambda write: write())
for word in sys.argv[2:]:
    if word == "leave":
        record.leave()
    elif word == "close":
        record.close()
    elif word == "wait":
        while os.path.getsize(record._path) <= drawing.SLOT:
            pass
        # It waits until the last line of the trace is written, too.
        faulthandler.cancel_dump_traceback_later()
        record._armed_s = 0.0
        drawing.HANG_S = 100.0
    else:
        record.enter(word)
print("ready", flush=True)
sys.stdin.read()
"""


def record(profile: Profile) -> DrawingRecord:
    def post(write: Callable[[], Failure | None]) -> None:
        assert write() is None

    return DrawingRecord(profile, post)


def drawing_process(profile: Profile, *words: str) -> subprocess.Popen[bytes]:
    root = str(profile.run.parent)
    program = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, root, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b"ready\n"
    return program


def end(program: subprocess.Popen[bytes], number: int) -> None:
    program.send_signal(number)
    program.communicate(timeout=10)


def wait_for_trace(profile: Profile) -> None:
    deadline = time.monotonic() + 20
    while not any(one.stat().st_size > SLOT for one in profile.run.glob("*.drawing")):
        assert time.monotonic() < deadline
        time.sleep(0.01)


@pytest.mark.parametrize("number", [signal.SIGABRT, signal.SIGSEGV])
def test_the_message_at_which_a_process_crashed_has_a_strike(profile: Profile, number: int) -> None:
    program = drawing_process(profile, "other", "leave", "poison")
    assert record(profile).strikes == {}
    end(program, number)
    assert record(profile).strikes == {"poison": 1}


def test_the_message_at_which_a_process_hung_has_a_strike(profile: Profile) -> None:
    program = drawing_process(profile, "poison")
    wait_for_trace(profile)
    end(program, signal.SIGKILL)
    assert record(profile).strikes == {"poison": 1}


def test_a_process_that_was_merely_killed_leaves_no_strike(profile: Profile) -> None:
    program = drawing_process(profile, "well", "leave", "wait", "well")
    end(program, signal.SIGKILL)
    assert record(profile).strikes == {}


def test_a_strike_is_remembered_and_counted(profile: Profile) -> None:
    for count in (1, 2):
        end(drawing_process(profile, "poison"), signal.SIGABRT)
        assert record(profile).strikes == {"poison": count}
    assert record(profile).strikes == {"poison": 2}
    assert list(profile.run.glob("*.drawing")) == []


@pytest.mark.parametrize("words", [("leave",), ("close",)])
def test_what_was_drawn_in_full_has_no_strike(profile: Profile, words: tuple[str, ...]) -> None:
    end(drawing_process(profile, "well", *words), signal.SIGABRT)
    assert record(profile).strikes == {}
    assert list(profile.run.glob("*.drawing")) == []


def test_a_forgiven_message_has_no_strike(profile: Profile) -> None:
    end(drawing_process(profile, "poison"), signal.SIGABRT)
    now = record(profile)
    assert now.strikes == {"poison": 1}
    now.forgive("poison")
    assert now.strikes == {}
    assert record(profile).strikes == {}


def test_a_record_that_is_closed_leaves_nothing_behind(profile: Profile) -> None:
    now = record(profile)
    now.enter("well")
    assert len(list(profile.run.glob("*.drawing"))) == 1
    now.close()
    assert list(profile.run.iterdir()) == []


def test_nonsense_in_the_files_is_no_strike(profile: Profile) -> None:
    profile.data.mkdir(parents=True)
    (profile.data / "drawing.json").write_text('{"a": "x", "b": -1, "c": 1, "d": true}')
    profile.run.mkdir(parents=True)
    (profile.run / "empty.drawing").write_bytes(b"")
    (profile.run / "strange.drawing").write_bytes(b"\xff\xfe" * 200)
    assert record(profile).strikes["c"] == 1
    assert "a" not in record(profile).strikes
    assert list(profile.run.glob("*.drawing")) == []


def test_a_folder_that_is_a_file_does_no_harm(profile: Profile) -> None:
    profile.run.parent.mkdir(parents=True)
    profile.run.write_text("in the way")
    now = record(profile)
    assert now.strikes == {}
    now.enter("a")
    now.leave()
    now.close()
