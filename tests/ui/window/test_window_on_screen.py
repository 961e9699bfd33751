"""The program itself on a real display, under real keys."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import pytest

from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.paths import find_profile
from tests.display import ending

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

pytestmark = pytest.mark.needs("Xvfb", "openbox", "xdotool")

DEADLINE_S: Final = 30.0
QUIT_S: Final = 3.0

Environment = dict[str, str]


@contextmanager
def _program(environment: Environment) -> Iterator[subprocess.Popen[bytes]]:
    program = subprocess.Popen([sys.executable, "-m", "desktop_chat"], env=environment)
    with ending(program):
        yield program


def _xdotool(environment: Environment, *words: str) -> str:
    done = subprocess.run(
        ["xdotool", *words], env=environment, capture_output=True, timeout=DEADLINE_S, check=False
    )
    return done.stdout.decode().strip()


def _wait_until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.02)


def _title(environment: Environment) -> str:
    # The window that has the keys: openbox names the active one a moment before.
    return _xdotool(environment, "getwindowfocus", "getwindowname")


def _drafts(environment: Environment) -> list[str]:
    file = find_profile(environment["DESKTOP_CHAT_PROFILE"]).chats_file
    if not file.exists():
        return []
    store = ConversationStore(file, "test", read_only=True)
    drafts = [draft.text for draft in store.drafts().values() if draft.text]
    store.close()
    return drafts


def test_keys_typed_as_soon_as_the_window_is_there_are_in_the_message(
    program_environment: Environment,
) -> None:
    with _program(program_environment) as program:
        _wait_until(lambda: "Desktop Chat" in _title(program_environment))
        _xdotool(program_environment, "type", "--delay", "1", "typed at once")
        _wait_until(lambda: _drafts(program_environment) == ["typed at once"])
        _xdotool(program_environment, "key", "ctrl+q")
        assert program.wait(QUIT_S) == 0


def test_a_chat_is_there_again_after_a_restart(program_environment: Environment) -> None:
    with _program(program_environment) as program:
        _wait_until(lambda: "Desktop Chat" in _title(program_environment))
        _xdotool(program_environment, "type", "--delay", "1", "long 5")
        _xdotool(program_environment, "key", "Return")
        _wait_until(lambda: _title(program_environment).startswith("long 5"))
        _xdotool(program_environment, "key", "ctrl+q")
        assert program.wait(QUIT_S) == 0
    with _program(program_environment) as program:
        _wait_until(lambda: _title(program_environment).startswith("long 5"))
        _xdotool(program_environment, "key", "ctrl+w")
        _wait_until(lambda: _title(program_environment).startswith("New chat"))
        _xdotool(program_environment, "key", "ctrl+shift+t")
        _wait_until(lambda: _title(program_environment).startswith("long 5"))
        _xdotool(program_environment, "key", "ctrl+q")
        assert program.wait(QUIT_S) == 0
