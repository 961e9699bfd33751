"""The real program in a real window, under the hands of xdotool."""

from __future__ import annotations

import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.paths import find_profile

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.workspace import Workspace

Result = TypeVar("Result")

DEADLINE_S: Final = 30.0
LOOK_S: Final = 0.02
KEPT_S: Final = 1.5
"""Within this, a draft is in the file."""


class Window:
    """A running program, its keys, its clipboard and its files."""

    def __init__(self, program: subprocess.Popen[bytes], environment: dict[str, str]) -> None:
        self.program = program
        self._environment = environment
        self.profile = find_profile(environment["DESKTOP_CHAT_PROFILE"])

    @property
    def title(self) -> str:
        """The title of the window in front."""
        return self._tool("getactivewindow", "getwindowname")

    def press(self, *keys: str) -> None:
        """Press key combinations, one after the other."""
        for key in keys:
            self._tool("key", "--clearmodifiers", key)

    def type(self, text: str) -> None:
        """Type a text."""
        self._tool("type", "--delay", "2", text)

    def ask(self, question: str) -> None:
        """Type a question and send it."""
        self.type(question)
        self.press("Return")
        self.until(lambda: any(one.text == question for one in self.messages()))

    def until(self, condition: Callable[[], object], within_s: float = DEADLINE_S) -> None:
        """Wait for a condition."""
        end = time.monotonic() + within_s
        while not condition():
            assert self.program.poll() is None, f"it ended with {self.program.returncode}"
            assert time.monotonic() < end, f"{self.title}: {self.drafts()} {self.messages()}"
            time.sleep(LOOK_S)

    def wait_for_keys(self, draft: str) -> None:
        """Wait until what is typed reaches the composer, which holds `draft`."""

        def arrived() -> bool:
            return any(one.startswith(f"{draft}.") for one in self.drafts())

        self.until(lambda: self._type_and_look(".", arrived))
        self.press("ctrl+a", "BackSpace")
        self.type(draft)

    def _type_and_look(self, text: str, arrived: Callable[[], bool]) -> bool:
        """Type, and give the draft its time to be kept."""
        self.type(text)
        end = time.monotonic() + KEPT_S
        while not (there := arrived()) and time.monotonic() < end:
            time.sleep(LOOK_S)
        return there

    def clipboard(self, target: str) -> str:
        """Return what the clipboard holds of a kind; empty where it holds none."""
        done = subprocess.run(
            ["xclip", "-out", "-selection", "clipboard", "-target", target],
            env=self._environment,
            capture_output=True,
            check=False,
            timeout=DEADLINE_S,
        )
        return done.stdout.decode() if done.returncode == 0 else ""

    def messages(self) -> list[Message]:
        """Return all messages of all chats, the chat that changed last first."""
        return self._read(
            lambda store: [
                one for chat in store.conversations(limit=99) for one in store.messages(chat.id)
            ],
            [],
        )

    def drafts(self) -> list[str]:
        """Return the texts that are not sent yet."""
        return self._read(lambda store: [one.text for one in store.drafts().values()], [])

    def workspace(self) -> Workspace | None:
        """Return what the window holds open."""
        return self._read(lambda store: store.workspace(), None)

    def quit(self, *keys: str) -> float:
        """Quit, and return how long that took."""
        begun = time.monotonic()
        self.press(*(keys or ("ctrl+q",)))
        assert self.program.wait(DEADLINE_S) == 0
        return time.monotonic() - begun

    def _read(self, read: Callable[[ConversationStore], Result], nothing: Result) -> Result:
        if not self.profile.chats_file.exists():
            return nothing
        store = ConversationStore(self.profile.chats_file, "", read_only=True)
        try:
            return read(store)
        finally:
            store.close()

    def _tool(self, *words: str) -> str:
        done = subprocess.run(
            ["xdotool", *words],
            env=self._environment,
            capture_output=True,
            check=False,
            timeout=DEADLINE_S,
        )
        return done.stdout.decode().strip()


@contextmanager
def open_window(environment: dict[str, str], draft: str = "") -> Iterator[Window]:
    """Start the program and wait until its window is in front and takes keys.

    `draft` is what its composer holds from last time.
    """
    log = Path(environment["DESKTOP_CHAT_PROFILE"]).with_name("output.txt")
    with log.open("ab") as output:
        program = subprocess.Popen(
            [sys.executable, "-m", "desktop_chat"],
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
        )
    try:
        window = Window(program, environment)
        window.until(lambda: "Desktop Chat" in window.title)
        window.wait_for_keys(draft)
        yield window
    finally:
        if program.poll() is None:
            program.kill()
        program.wait(DEADLINE_S)
    said = log.read_text("utf-8")
    assert "Traceback" not in said, said
