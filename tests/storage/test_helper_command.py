"""A helper command gives the first line that it prints, or one sentence that holds no key."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.keys import MASK, Secret, take_variable
from desktop_chat.storage.helper_command import HelperCommand, HelperError

if TYPE_CHECKING:
    from pathlib import Path

KEY = "canary.helper-2c7f01"


def python(program: str, *arguments: str) -> tuple[str, ...]:
    return (sys.executable, "-c", program, *arguments)


def complaint(*argv: str, limit_s: float = 20.0) -> str:
    with pytest.raises(HelperError) as error:
        HelperCommand(argv, limit_s).run()
    return str(error.value)


@pytest.mark.parametrize(
    "printed", [f"{KEY}\n", KEY, f"{KEY}\r\nuser: me\nurl: there\n", f"  {KEY}  \nmore"]
)
def test_the_first_line_is_the_key(printed: str) -> None:
    program = "import sys; sys.stdout.write(sys.argv[1])"
    assert HelperCommand(python(program, printed)).run() == Secret(KEY)


def test_no_shell_reads_its_words(tmp_path: Path) -> None:
    trap = tmp_path / "made"
    words = (f"; touch {trap}", f"$(touch {trap})", f"`touch {trap}`", "$HOME", "*", "~")
    show = "import json, sys; print(json.dumps(sys.argv[1:]).encode().hex())"
    seen = HelperCommand(python(show, *words)).run()
    assert json.loads(bytes.fromhex(seen.reveal())) == list(words)
    assert not trap.exists()


def test_a_program_in_the_persons_own_folder_is_found(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "key"
    script.write_text(f"#!/bin/sh\necho {KEY}\n", "utf-8")
    script.chmod(0o700)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert HelperCommand(["~/key"]).run() == Secret(KEY)


def test_a_failure_tells_what_the_program_said_without_keys() -> None:
    Secret(KEY)
    program = f"""
import sys
print("{KEY}-half")
print("gpg: no {KEY}-half and no {KEY}", "sk-abcdef0123456789", file=sys.stderr)
sys.exit(3)
"""
    said = complaint(*python(program))
    assert said.startswith("it ended with status 3: gpg: no ")
    assert "canary" not in said
    assert "abcdef" not in said
    assert MASK in said


def test_a_long_story_is_cut() -> None:
    said = complaint(*python("import sys; sys.exit('no ' * 100_000)"))
    assert len(said) < 350
    assert "\n" not in said


@pytest.mark.parametrize(
    ("program", "words"),
    [
        ("pass", "it printed nothing"),
        ("print()", "it printed nothing"),
        ("print('a\\tb')", "its first line is no key"),
        ("print('schlüssel')", "its first line is no key"),
        ("print('k' * 5000)", "its first line is no key"),
        ("import sys; sys.stdout.buffer.write(b'\\xff\\xfe')", "its first line is no key"),
        ("import os; os.kill(os.getpid(), 9)", "it ended with status -9: it said nothing"),
    ],
)
def test_what_is_no_key_is_told(program: str, words: str) -> None:
    assert complaint(*python(program)).startswith(words)


def test_a_program_that_is_not_there_is_told() -> None:
    assert "no-such-program cannot be started" in complaint("no-such-program")
    assert complaint() == "there is no command"


def test_a_program_that_does_not_end_is_ended_with_what_it_started(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    # Both hold the pipe open for writing as long as they live.
    program = """
import subprocess, sys
pipe = open(sys.argv[1], "w")
command = [sys.executable, "-c", "import time; time.sleep(99)"]
child = subprocess.Popen(command, pass_fds=[pipe.fileno()])
print("begun", flush=True)
child.wait()
"""
    reader = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    assert complaint(*python(program, str(fifo)), limit_s=1.5) == "it did not end within 1.5 s"
    os.set_blocking(reader, True)
    assert os.read(reader, 1) == b""
    os.close(reader)


def test_endless_output_takes_no_endless_memory() -> None:
    said = complaint(*python("while True: print('y' * 4096)"), limit_s=1.0)
    assert said == "it did not end within 1 s"


def test_it_can_be_stopped_from_another_thread() -> None:
    helper = HelperCommand(python("import time; time.sleep(99)"))
    ends: list[str] = []

    def run() -> None:
        try:
            helper.run()
        except HelperError as error:
            ends.append(str(error))

    thread = threading.Thread(target=run)
    thread.start()
    while helper._process is None:
        pass
    helper.stop()
    thread.join(20)
    assert ends == ["it ended with status -9: it said nothing"]


def test_what_was_stopped_before_is_not_started() -> None:
    helper = HelperCommand(python("print('k')"))
    helper.stop()
    with pytest.raises(HelperError, match="stopped"):
        helper.run()


def test_it_knows_of_no_other_key_and_reads_no_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTHER_KEY", KEY)
    monkeypatch.setenv("COPY_OF_IT", f"Bearer {KEY}")
    monkeypatch.setenv("HARMLESS", "stays")
    take_variable("OTHER_KEY")
    program = """
import os, sys
found = [name for name in ("OTHER_KEY", "COPY_OF_IT", "HARMLESS") if name in os.environ]
print("_".join(found) + str(len(sys.stdin.read())))
"""
    assert HelperCommand(python(program)).run().reveal() == "HARMLESS0"
