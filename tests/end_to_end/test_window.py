"""A person's way through the real window: ask, watch, stop, copy, leave and come back."""

from __future__ import annotations

import signal
import time
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import Message, MessageState, Role
from tests.command_line import CommandLine
from tests.end_to_end.window import open_window

if TYPE_CHECKING:
    from tests.end_to_end.window import Window

pytestmark = pytest.mark.needs("Xvfb", "openbox", "xdotool")

ALL_S = 1.0


def answers(window: Window) -> list[Message]:
    return [one for one in window.messages() if one.role is Role.ASSISTANT]


def has_answer(window: Window, state: MessageState) -> bool:
    """Whether there is an answer, the question being stored before it, and how it ended."""
    return [one.state for one in answers(window)] == [state]


def streaming(window: Window) -> list[Message]:
    return [one for one in answers(window) if one.state is MessageState.STREAMING and one.text]


def test_ask_watch_the_text_arrive_and_stop(program_environment: dict[str, str]) -> None:
    with open_window(program_environment) as window:
        window.ask("long 3000")
        window.until(lambda: streaming(window))
        first = len(streaming(window)[0].text)
        window.until(lambda: len(streaming(window)[0].text) > first)
        window.press("Escape")
        window.until(lambda: has_answer(window, MessageState.STOPPED))
        (answer,) = answers(window)
        assert len(answer.text) > first
        assert window.quit() < ALL_S


@pytest.mark.needs("xclip")
def test_an_answer_is_copied_in_three_flavours(program_environment: dict[str, str]) -> None:
    with open_window(program_environment) as window:
        window.ask("code 3")
        window.until(lambda: has_answer(window, MessageState.COMPLETE))
        window.press("ctrl+shift+c")
        window.until(lambda: window.clipboard("text/markdown"))
        source = answers(window)[0].text
        assert window.clipboard("text/markdown").strip() == source.strip()
        html = window.clipboard("text/html")
        assert "<pre" in html
        assert "style=" in html
        plain = window.clipboard("UTF8_STRING")
        assert plain
        assert "```" not in plain
        assert "<" not in plain or "<" in source


def test_several_tabs_answer_at_the_same_time(program_environment: dict[str, str]) -> None:
    with open_window(program_environment) as window:
        for number in range(1, 4):
            window.ask(f"long 300{number}")
            window.press("ctrl+t")
            window.until(lambda: "New chat" in window.title)
        window.until(lambda: len(streaming(window)) == 3)
        before = {one.id: len(one.text) for one in streaming(window)}
        window.until(lambda: all(len(one.text) > before[one.id] for one in streaming(window)))
        assert window.quit() < ALL_S
    # Every answer is kept as far as it had come.
    after = answers(window)
    assert {one.state for one in after} == {MessageState.INTERRUPTED}
    assert all(len(one.text) > before[one.id] for one in after)


@pytest.mark.parametrize("how", ["ctrl+q", "SIGTERM", "SIGINT"])
def test_leaving_in_mid_answer_takes_less_than_a_second_and_keeps_it(
    program_environment: dict[str, str], how: str
) -> None:
    with open_window(program_environment) as window:
        window.ask("long 3000")
        window.until(lambda: streaming(window))
        before = len(streaming(window)[0].text)
        if how.startswith("SIG"):
            begun = time.monotonic()
            window.program.send_signal(signal.Signals[how])
            assert window.program.wait(10) == 0
            took = time.monotonic() - begun
        else:
            took = window.quit(how)
    assert took < ALL_S
    (answer,) = answers(window)
    assert answer.state is MessageState.INTERRUPTED
    assert len(answer.text) >= before


def test_tabs_and_drafts_are_there_again(program_environment: dict[str, str]) -> None:
    with open_window(program_environment) as window:
        window.ask("long 5")
        window.press("ctrl+t")
        window.until(lambda: "New chat" in window.title)
        window.ask("long 6")
        window.until(lambda: len(answers(window)) == 2)
        window.type("half a thought")
        window.until(lambda: "half a thought" in window.drafts())
        window.quit()
    with open_window(program_environment, "half a thought") as window:
        window.until(lambda: window.title.startswith("long 6"))
        # The draft is in the composer again, with its caret at the end.
        window.type(" and the rest")
        window.until(lambda: "half a thought and the rest" in window.drafts())
        window.press("ctrl+shift+Tab")
        window.until(lambda: window.title.startswith("long 5"))
        workspace = window.workspace()
        assert workspace is not None
        assert len(workspace.tabs) == 2
        window.quit()


def test_what_the_command_line_asks_beside_the_window_does_no_harm(
    program_environment: dict[str, str],
) -> None:
    with open_window(program_environment) as window:
        window.ask("long 3000")
        window.until(lambda: streaming(window))
        line = CommandLine(window.profile.data.parent)
        assert line.run("ask", "long 7").returncode == 0
        (still,) = streaming(window)
        before = len(still.text)
        window.until(lambda: len(streaming(window)[0].text) > before)
        window.quit()
    states = {one.state for one in answers(window)}
    assert states == {MessageState.INTERRUPTED, MessageState.COMPLETE}
