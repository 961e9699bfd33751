"""`desktop-chat ask`: the answer's text alone, as it comes, and an honest end."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import subprocess
import sys
import termios
import time
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState, Role
from desktop_chat.storage.conversations import ConversationStore
from tests.command_line import CommandLine, until_it_says
from tests.runtime.loopback import Loopback, begin, delta, end, finish, refuse, say, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.protocols.servers import Call
    from tests.runtime.loopback import Script


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "profile")


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def service(line: CommandLine, loopback: Loopback) -> ServiceMaker:
    return ServiceMaker(line, loopback)


class ServiceMaker:
    """Sets a loopback service up from the command line, as a person does."""

    def __init__(self, line: CommandLine, loopback: Loopback) -> None:
        self._line = line
        self._loopback = loopback

    def __call__(self, script: Script, name: str = "Here") -> None:
        url = self._loopback.serve(script).url
        added = self._line.run(
            "provider", "add", name, "--protocol", "openai_chat", "--base-url", url, "--model", "m"
        )
        assert added.returncode == 0, added.stderr


async def hello(call: Call) -> None:
    await say(call, "Hel", "lo, 你好")


async def half(call: Call) -> None:
    await begin(call, text("half an answer"))
    await call.hold()


def test_the_answer_is_all_that_stands_on_stdout(line: CommandLine, service: ServiceMaker) -> None:
    service(hello)
    done = line.run("ask", "Why?")
    assert (done.returncode, done.stdout.decode(), done.stderr) == (0, "Hello, 你好", b"")


def test_it_is_kept_in_the_history(line: CommandLine, service: ServiceMaker) -> None:
    service(hello)
    line.run("ask", "Why?")
    question, answer = line.messages()
    assert (question.role, question.text) == (Role.USER, "Why?")
    assert (answer.text, answer.state) == ("Hello, 你好", MessageState.COMPLETE)
    assert (answer.provider_name, answer.model) == ("Here", "m")


def test_a_temporary_chat_is_not_kept(line: CommandLine, service: ServiceMaker) -> None:
    service(hello)
    done = line.run("ask", "--temporary", "xyzzy?")
    assert done.stdout.decode() == "Hello, 你好"
    assert line.messages() == []
    assert all(b"xyzzy" not in one.read_bytes() for one in line.files())


def test_the_text_comes_as_it_arrives(
    line: CommandLine, service: ServiceMaker, loopback: Loopback
) -> None:
    gate = loopback.gate()

    async def script(call: Call) -> None:
        await begin(call, text("first, "))
        await gate.passed()
        await finish(call, text("then"))

    service(script)
    with line.start("ask", "Why?") as program:
        assert until_it_says(program, b"first, ") == b"first, "
        gate.open()
        assert until_it_says(program, b"then") == b"then"
        assert program.wait(5) == 0


def test_the_question_may_come_from_stdin(line: CommandLine, service: ServiceMaker) -> None:
    service(hello)
    done = line.run("ask", "-", given="\ufeffWarum 'so' \"viel\"?\nZeile 2\n".encode())
    assert done.returncode == 0
    assert line.messages()[0].text == "Warum 'so' \"viel\"?\nZeile 2"


@pytest.mark.parametrize("given", [b"", b" \n\t"])
def test_without_a_question_nothing_is_asked(line: CommandLine, given: bytes) -> None:
    done = line.run("ask", "-", given=given)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.count(b"\n") == 1


def test_bytes_that_are_no_text_do_no_harm(line: CommandLine, service: ServiceMaker) -> None:
    service(hello)
    assert line.run("ask", b"half \xff a \xed\xa0\x80 word").returncode == 0
    assert line.run("ask", "-", given=b"half \xff\0").returncode == 0
    assert line.messages()[0].text == "half \ufffd␀"


def test_another_service_and_another_model_may_be_asked(
    line: CommandLine, service: ServiceMaker
) -> None:
    async def which(call: Call) -> None:
        (model,) = re.findall(r'"model":\s*"(\w+)"', call.request.body.decode())
        await say(call, f"there: {model}")

    service(hello)
    service(which, "There")
    assert line.run("ask", "--provider", "tHERE", "Why?").stdout == b"there: m"
    assert line.run("ask", "--provider", "There", "--model", "n", "Why?").stdout == b"there: n"
    assert line.run("ask", "Why?").stdout.decode() == "Hello, 你好"


def test_an_unknown_service_is_one_line_and_no_question(line: CommandLine) -> None:
    done = line.run("ask", "--provider", "Nowhere", "Why?")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode() == (
        "No service is called Nowhere. See them with: desktop-chat provider list\n"
    )
    assert line.messages() == []


def test_without_any_service_the_demo_answers(line: CommandLine) -> None:
    done = line.run("ask", "long 20")
    assert done.returncode == 0
    assert done.stdout
    assert done.stderr == b""


def test_reasoning_is_left_out(line: CommandLine, service: ServiceMaker) -> None:
    async def script(call: Call) -> None:
        await begin(call, delta(reasoning_content="hm, 嗯"))
        await finish(call, text("Yes."))

    service(script)
    done = line.run("ask", "Why?")
    assert (done.stdout, done.stderr) == (b"Yes.", b"")
    done = line.run("ask", "--reasoning", "Why?")
    assert (done.stdout, done.stderr.decode()) == (b"Yes.", "hm, 嗯")


@pytest.mark.parametrize(
    ("status", "sentence"),
    [
        ("401 Unauthorized", "Here does not know this key. Paste a new one."),
        ("402 Payment Required", "The Here account has no credit left."),
        ("403 Forbidden", "This key may not use m. Choose another model."),
    ],
)
def test_a_failure_is_one_line_on_stderr(
    line: CommandLine, service: ServiceMaker, status: str, sentence: str
) -> None:
    async def script(call: Call) -> None:
        await refuse(call, status)

    service(script)
    done = line.run("ask", "Why?")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().startswith(sentence)
    assert done.stderr.count(b"\n") == 1
    question, answer = line.messages()
    assert question.text == "Why?"
    assert answer.state is MessageState.FAILED


def test_nobody_listens(line: CommandLine) -> None:
    line.run("provider", "add", "Gone", "--protocol", "openai_chat", "--base-url",
             "http://127.0.0.1:9/v1", "--model", "m")  # fmt: skip
    done = line.run("ask", "Why?")
    assert done.returncode == 1
    assert done.stderr == b"Gone is not running on this computer. Start it, then retry.\n"


def test_a_connection_that_breaks_keeps_what_came(line: CommandLine, service: ServiceMaker) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("half an "))
        call.reset()

    service(script)
    done = line.run("ask", "Why?")
    assert (done.returncode, done.stdout) == (1, b"half an ")
    assert done.stderr.startswith(b"The connection broke off in the middle.")
    assert line.messages()[1].state is MessageState.INTERRUPTED


def test_an_answer_cut_at_its_length_says_so(line: CommandLine, service: ServiceMaker) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("long"), end("length"))
        await call.chunk(b"")

    service(script)
    done = line.run("ask", "Why?")
    assert (done.returncode, done.stdout) == (1, b"long")
    assert done.stderr.startswith(b"The answer reached its length limit.")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_stops_at_once_and_keeps_what_came(
    line: CommandLine, service: ServiceMaker, number: int, status: int
) -> None:
    service(half)
    with line.start("ask", "Why?") as program:
        until_it_says(program, b"half an answer")
        begun = time.monotonic()
        program.send_signal(number)
        assert program.wait(5) == status
        assert time.monotonic() - begun < 1.0
        out, err = program.communicate()
    assert (out, err) == (b"", b"")
    answer = line.messages()[1]
    assert (answer.text, answer.state) == ("half an answer", MessageState.STOPPED)


def test_ctrl_c_stops_while_the_service_is_silent(
    line: CommandLine, service: ServiceMaker, loopback: Loopback
) -> None:
    asked = os.pipe()

    async def script(call: Call) -> None:
        os.write(asked[1], b"asked")
        await call.hold()

    service(script)
    with line.start("ask", "Why?") as program:
        assert os.read(asked[0], 5) == b"asked"
        begun = time.monotonic()
        program.send_signal(signal.SIGINT)
        assert program.wait(5) == 130
        assert time.monotonic() - begun < 1.0
    for one in asked:
        os.close(one)
    assert line.messages()[1].state is MessageState.STOPPED


def test_ctrl_c_stops_while_nobody_reads_stdout(line: CommandLine, service: ServiceMaker) -> None:
    async def flood(call: Call) -> None:
        await begin(call)
        piece = text("0123456789" * 100)
        while True:
            await call.chunk(piece)

    service(flood)
    with line.start("ask", "Why?") as program:
        until_it_says(program, b"0123456789" * 1000)
        # From now on nobody reads; the pipe is full at 64 KiB.
        end_s = time.monotonic() + 10
        while _stored(line) < 300_000:
            assert time.monotonic() < end_s
        begun = time.monotonic()
        program.send_signal(signal.SIGINT)
        assert program.wait(5) == 130
        assert time.monotonic() - begun < 1.0
        program.communicate()
    assert line.messages()[1].state is MessageState.STOPPED


def _stored(line: CommandLine) -> int:
    messages = line.messages()
    return len(messages[1].text) if len(messages) > 1 else 0


def test_ctrl_c_while_a_question_is_typed(line: CommandLine) -> None:
    with line.start("ask", "-", stdin=subprocess.PIPE) as program:
        assert program.stdin is not None
        program.stdin.write(b"half a quest")
        program.stdin.flush()
        end_s = time.monotonic() + 10
        while _unread(program.stdin.fileno()):
            assert time.monotonic() < end_s
        program.send_signal(signal.SIGINT)
        assert program.wait(5) == 130
        assert program.stderr is not None
        assert program.stderr.read() == b""
        program.stdin.close()


def _unread(pipe: int) -> int:
    """Return how many bytes of a pipe nobody has read yet."""
    count = bytearray(4)
    fcntl.ioctl(pipe, termios.FIONREAD, count)
    return int.from_bytes(count, sys.byteorder)


def test_a_reader_that_goes_away_ends_it_quietly(line: CommandLine, service: ServiceMaker) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("line 1\n"))
        for number in range(2, 1000):
            await call.chunk(text(f"line {number}\n"))
        await call.hold()

    service(script)
    with line.start("ask", "Why?") as program:
        until_it_says(program, b"line 1\n")
        assert program.stdout is not None
        program.stdout.close()
        assert program.wait(5) == 0
        assert program.stderr is not None
        assert program.stderr.read() == b""
    answer = line.messages()[1]
    assert answer.text.startswith("line 1\nline 2\n")
    assert answer.state in (MessageState.STOPPED, MessageState.COMPLETE)


def test_a_terminal_gets_a_new_line_at_the_end_and_no_commands(
    line: CommandLine, service: ServiceMaker
) -> None:
    async def script(call: Call) -> None:
        await say(call, "\x1b]0;owned\x07", "fine")

    service(script)
    main, terminal = pty.openpty()
    with line.start("ask", "Why?", stdout=terminal) as program:
        os.close(terminal)
        assert program.wait(10) == 0
    said = os.read(main, 4096)
    os.close(main)
    assert said.decode() == "␛]0;owned␇fine\r\n"


def test_a_damaged_chat_file_is_told_of_and_the_answer_comes(
    line: CommandLine, service: ServiceMaker
) -> None:
    service(hello)
    line.run("ask", "Why?")
    line.profile.chats_file.write_bytes(b"no database at all" * 100)
    done = line.run("ask", "Why?")
    assert (done.returncode, done.stdout.decode()) == (0, "Hello, 你好")
    assert done.stderr.startswith(b"The chat file was damaged. It is kept as ")
    assert done.stderr.count(b"\n") == 1
    assert len(line.messages()) == 2


def test_two_at_once_do_each_other_no_harm(line: CommandLine, service: ServiceMaker) -> None:
    service(hello)
    programs = [line.start("ask", f"question {number}") for number in range(4)]
    for program in programs:
        out, err = program.communicate(timeout=30)
        assert (program.returncode, out.decode(), err) == (0, "Hello, 你好", b"")
    assert len(line.messages()) == 8


def test_a_limit_to_spending_stops_before_anything_is_asked(
    line: CommandLine, service: ServiceMaker
) -> None:
    asked: list[bytes] = []

    async def counted(call: Call) -> None:
        asked.append(call.request.body)
        await say(call, "Hello")

    service(counted)
    line.profile.prices_file.write_text('[[price]]\nmodels = ["m"]\ninput = 100\noutput = 100\n')
    settings = {"spending_caps": "day\t\t0.03"}
    line.profile.settings_file.write_text(json.dumps(settings))
    stopped = line.run("ask", "--provider", "Here", "Hello?")
    assert (stopped.returncode, stopped.stdout) == (1, b"")
    assert "Today’s limit of $0.03 has $0.03 left" in stopped.stderr.decode()
    assert asked == []
    assert line.messages() == []
    line.profile.settings_file.write_text(json.dumps({"spending_caps": "day\t\t0.06"}))
    warned = line.run("ask", "--provider", "Here", "Hello?")
    assert (warned.returncode, warned.stdout) == (0, b"Hello")
    assert "nearly spent" in warned.stderr.decode()
    assert len(asked) == 1


def test_an_answer_that_a_kill_cut_off_is_in_the_ledger(
    line: CommandLine, service: ServiceMaker
) -> None:
    service(half)
    line.profile.prices_file.write_text('[[price]]\nmodels = ["m"]\ninput = 1\noutput = 10\n')
    with line.start("ask", "--provider", "Here", "Hello?") as asking:
        until_it_says(asking, b"half an answer")
        asking.kill()
    (answer,) = [one for one in line.messages() if one.role is Role.ASSISTANT]
    store = ConversationStore(line.profile.chats_file, "", read_only=True)
    use = store.ledger().use(answer.id)
    store.close()
    assert use is not None
    assert use.about
    assert use.cost is not None
    assert use.cost > 0


def test_what_is_set_on_the_line_is_sent(line: CommandLine, service: ServiceMaker) -> None:
    bodies: list[dict[str, object]] = []

    async def script(call: Call) -> None:
        assert call.request.values("x-a") == ["b"]
        bodies.append(json.loads(call.request.body))
        await say(call, "Yes.")

    service(script)
    done = line.run(
        "ask", "--system", "Be brief.", "--temperature", "0", "--top-p", "0.5", "--max-tokens",
        "7", "--seed", "1", "--stop", "END", "--stop", "\\n", "--header", "X-A: b",
        "--effort", "low", "--extra", '{"top_k": 4}', "Why?",
    )  # fmt: skip
    assert (done.returncode, done.stdout) == (0, b"Yes."), done.stderr
    (body,) = bodies
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Why?"},
    ]
    wanted = {"temperature": 0, "top_p": 0.5, "max_tokens": 7, "seed": 1, "stop": ["END", "\n"],
              "reasoning_effort": "low", "top_k": 4}  # fmt: skip
    assert {name: body[name] for name in wanted} == wanted


def test_what_cannot_be_set_is_told_before_anything_is_asked(line: CommandLine) -> None:
    done = line.run("ask", "--temperature", "hot", "Why?")
    assert done.returncode == 1
    assert done.stdout == b""
    assert b"Temperature is a number from 0 to 2." in done.stderr


def test_an_assistant_answers_and_an_unknown_one_is_told(
    line: CommandLine, service: ServiceMaker, tmp_path: Path
) -> None:
    bodies: list[dict[str, object]] = []

    async def script(call: Call) -> None:
        bodies.append(json.loads(call.request.body))
        await say(call, "Arr.")

    service(script)
    pirate = {"id": "a", "name": "Pirate", "parameters": {"system": "Be a pirate."}}
    file = tmp_path / "profile" / "settings" / "assistants.json"
    file.write_text(json.dumps({"assistants": [pirate]}), encoding="utf-8")
    assert line.run("ask", "--assistant", "pirate", "Why?").stdout == b"Arr."
    assert bodies[0]["messages"][0]["content"] == "Be a pirate."  # type: ignore[index]
    done = line.run("ask", "--assistant", "nobody", "Why?")
    assert done.returncode == 1
    assert b"There are: Pirate." in done.stderr
