"""A message that hangs or crashes the program does so once: the next start shows it as text."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import Conversation, Message, Part, PartKind, Role
from desktop_chat.domain.workspace import OpenTab, Workspace
from desktop_chat.storage.commands import AddMessage, SaveConversation, SaveWorkspace
from desktop_chat.storage.conversations import open_store
from desktop_chat.storage.drawing import SLOT
from desktop_chat.storage.paths import find_profile
from desktop_chat.transcript.messages.plain_message import PLAIN_NOTE

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = Path(__file__).with_name("poisoned_program.py")
DEADLINE_S = 60.0
TRAP = "step into the trap"
"""In bold it is the poison of the program that is started, in plain text it is not."""
CHAT = "00000000-0000-7000-8000-000000000001"


class Starts:
    """Starts the program on one profile, again and again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._running: list[subprocess.Popen[str]] = []

    def start(self, *words: str) -> subprocess.Popen[str]:
        """Start it."""
        program = subprocess.Popen(
            [sys.executable, str(PROGRAM), words[0], str(self._folder), *words[1:]],
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(ROOT)},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self._running.append(program)
        return program

    def fall(self, doing: str) -> None:
        """Start it and have it meet its end at the poison."""
        program = self.start(doing)
        assert program.stdout is not None
        assert program.stdout.readline() == "trapped\n"
        if doing == "hang":
            self._wait_for_trace()
            program.kill()
        program.communicate(timeout=DEADLINE_S)
        assert program.returncode < 0

    def _wait_for_trace(self) -> None:
        """Wait until it is known that the program hangs, as a person would."""
        run = find_profile(str(self._folder)).run
        deadline = time.monotonic() + DEADLINE_S
        while not any(one.stat().st_size > SLOT for one in run.glob("*.drawing")):
            assert time.monotonic() < deadline
            time.sleep(0.02)

    def notes(self, *words: str) -> list[str]:
        """Start it, and return what is said of each message that is drawn."""
        out, _ = self.start(*words).communicate(timeout=DEADLINE_S)
        said = json.loads(out)
        assert all(built for _, built in said)
        return [note for note, _ in said]

    def end(self) -> None:
        """End what still runs."""
        for program in self._running:
            if program.poll() is None:
                program.kill()
                program.communicate(timeout=DEADLINE_S)


@pytest.fixture
def starts(tmp_path: Path) -> Iterator[Starts]:
    """The program, with the poisoned chat as the one that was open last."""
    folder = tmp_path / "profile"
    store, failure = open_store(find_profile(str(folder)), "test")
    assert failure is None
    texts = ["Why?", f"Now **{TRAP}** and see.", "Well?", "A **good** answer."]
    messages: list[Message] = []
    for number, text in enumerate(texts):
        messages.append(
            Message(
                id=f"00000000-0000-7000-8000-{number + 10:012d}",
                conversation_id=CHAT,
                parent_id=messages[-1].id if messages else None,
                role=Role.ASSISTANT if number % 2 else Role.USER,
                parts=(Part(PartKind.TEXT, text),),
                created_ms=number + 1,
            )
        )
    chat = Conversation(id=CHAT, title="Poison", head_id=messages[-1].id, created_ms=1)
    store.apply(
        [
            SaveConversation(chat),
            *(AddMessage(one) for one in messages),
            SaveWorkspace(Workspace((OpenTab(CHAT),))),
        ],
        durable=True,
    )
    store.close()
    made = Starts(folder)
    yield made
    made.end()


@pytest.mark.parametrize("doing", ["hang", "abort"])
def test_a_message_that_ends_the_program_opens_as_plain_text_next_time(
    starts: Starts, doing: str
) -> None:
    starts.fall(doing)
    assert starts.notes(doing) == ["", PLAIN_NOTE, "", ""]
    assert starts.notes(doing) == ["", PLAIN_NOTE, "", ""]


def test_try_again_is_believed_and_another_end_is_remembered_again(starts: Starts) -> None:
    starts.fall("hang")
    assert starts.notes("well", "again") == ["", "", "", ""]
    assert starts.notes("well") == ["", "", "", ""]
    starts.fall("abort")
    assert starts.notes("abort") == ["", PLAIN_NOTE, "", ""]
