"""The program ends within a second, whatever hangs, and what had come is saved."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState
from desktop_chat.runtime.process.interrupts import Interrupts
from desktop_chat.storage.conversations import ConversationStore

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.storage.paths import Profile

ROOT = Path(__file__).resolve().parents[2]
HANGING = Path(__file__).with_name("hanging_program.py")


def test_a_program_in_which_everything_hangs_ends_within_a_second(profile: Profile) -> None:
    """A resolver, a keyring and five servers that never answer, and one answer half way."""
    with ExitStack() as stack:
        silent = []
        for _ in range(5):
            server = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
            silent.append(str(server.getsockname()[1]))
        folder = str(profile.data.parent)
        with subprocess.Popen(
            [sys.executable, str(HANGING), folder, *silent],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        ) as program:
            assert program.stdout is not None
            assert program.stdout.readline() == "everything hangs\n"
            begun = time.monotonic()
            program.send_signal(signal.SIGTERM)
            assert program.wait(10) == 0
            took = time.monotonic() - begun
    assert took <= 1.0
    store = ConversationStore(profile.chats_file, "", read_only=True)
    answers = [store.messages(one.id)[-1] for one in store.conversations(limit=99)]
    store.close()
    assert len(answers) == 8
    assert {one.state for one in answers} == {MessageState.INTERRUPTED}
    assert [one.text for one in answers if one.text] == ["half an answer"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_reaches_an_idle_event_loop(qtbot: QtBot, number: int) -> None:
    interrupts = Interrupts()
    try:
        with qtbot.waitSignal(interrupts.interrupted, timeout=500) as interrupted:
            os.kill(os.getpid(), number)
        assert interrupted.args == [number]
    finally:
        interrupts.close()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
