"""A program that is killed in mid-answer loses next to nothing, and the next start says so."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState, Role
from tests.command_line import CommandLine, until_it_says
from tests.end_to_end.window import open_window
from tests.runtime.loopback import Loopback, begin, refuse, text

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.protocols.servers import Call

PIECE_S = 0.01
LOST_S = 0.5


class Pacer:
    """Answers with numbered lines at a steady pace, and remembers when each was sent."""

    def __init__(self) -> None:
        self.sent: list[float] = []

    async def __call__(self, call: Call) -> None:
        if call.request.line.startswith("GET"):  # for a list of models, in the background
            await refuse(call, "404 Not Found")
            return
        await begin(call)
        while True:
            await call.chunk(text(f"{len(self.sent)}\n"))
            self.sent.append(time.monotonic())
            await asyncio.sleep(PIECE_S)

    def lines_before(self, moment: float) -> int:
        """Return how many lines were sent before a moment."""
        return sum(1 for one in self.sent if one <= moment)


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def pacer() -> Pacer:
    return Pacer()


@pytest.fixture
def line(tmp_path: Path, loopback: Loopback, pacer: Pacer) -> CommandLine:
    made = CommandLine(tmp_path / "profile")
    url = loopback.serve(pacer).url
    added = made.run(
        "provider", "add", "Here", "--protocol", "openai_chat", "--base-url", url, "--model", "m"
    )
    assert added.returncode == 0, added.stderr
    return made


def assert_kept(line: CommandLine, pacer: Pacer, killed: float) -> None:
    """The next start marks the answer as interrupted; half a second at most is missing."""
    assert line.run("ask", "--provider", "Demo", "--temporary", "long 1").returncode == 0
    question, answer = line.messages()
    assert (question.role, question.text) == (Role.USER, "count")
    assert answer.state is MessageState.INTERRUPTED
    lines = answer.text.splitlines()
    assert lines == [str(number) for number in range(len(lines))]
    assert len(lines) >= pacer.lines_before(killed - LOST_S)


@pytest.mark.parametrize("after_lines", [60, 77, 95, 130])
def test_the_command_line_is_killed(line: CommandLine, pacer: Pacer, after_lines: int) -> None:
    with line.start("ask", "count") as program:
        until_it_says(program, f"\n{after_lines}\n".encode())
        killed = time.monotonic()
        program.kill()
        assert program.wait(5) == -9
    assert_kept(line, pacer, killed)


@pytest.mark.needs("Xvfb", "openbox", "xdotool")
def test_the_window_is_killed_and_shows_it_afterwards(
    line: CommandLine, pacer: Pacer, program_environment: dict[str, str]
) -> None:
    with open_window(program_environment) as window:
        window.type("count")
        window.press("Return")
        window.until(lambda: len(pacer.sent) > 80)
        killed = time.monotonic()
        window.program.kill()
        window.program.wait(5)
    assert_kept(line, pacer, killed)
    with open_window(program_environment) as window:
        window.until(lambda: window.title.startswith("count"))
        window.quit()
    assert [one.state for one in line.messages()][1:] == [MessageState.INTERRUPTED]


@pytest.mark.needs("Xvfb", "openbox", "xdotool")
def test_a_window_beside_it_lets_a_living_answer_alone(
    line: CommandLine, program_environment: dict[str, str]
) -> None:
    with line.start("ask", "count") as program:
        until_it_says(program, b"\n60\n")
        with open_window(program_environment) as window:
            assert line.messages()[1].state is MessageState.STREAMING
            window.quit()
        assert line.messages()[1].state is MessageState.STREAMING
        program.terminate()
        assert program.wait(5) == 143
    assert line.messages()[1].state is MessageState.STOPPED
