"""The real program's command line, started as a process of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.paths import find_profile

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Message

ROOT: Final = Path(__file__).resolve().parents[1]
DEADLINE_S: Final = 30.0


class CommandLine:
    """Runs commands on one profile, without a display and without a keyring."""

    def __init__(self, folder: Path) -> None:
        self.profile = find_profile(str(folder))
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if name not in ("DISPLAY", "WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS")
        }
        self.environment |= {
            "DESKTOP_CHAT_PROFILE": str(folder),
            "PYTHONPATH": str(ROOT),
            "XDG_RUNTIME_DIR": str(folder.parent),
        }

    def start(
        self,
        *arguments: str | bytes,
        stdin: int = subprocess.DEVNULL,
        stdout: int = subprocess.PIPE,
    ) -> subprocess.Popen[bytes]:
        """Start the program; the caller waits for it."""
        command: list[str | bytes] = [sys.executable, "-m", "desktop_chat", *arguments]
        return subprocess.Popen(
            command, stdin=stdin, stdout=stdout, stderr=subprocess.PIPE, env=self.environment
        )

    def run(
        self, *arguments: str | bytes, given: bytes = b""
    ) -> subprocess.CompletedProcess[bytes]:
        """Run the program to its end."""
        with self.start(*arguments, stdin=subprocess.PIPE) as program:
            try:
                out, err = program.communicate(given, DEADLINE_S)
            except subprocess.TimeoutExpired:
                program.kill()
                raise
        return subprocess.CompletedProcess(program.args, program.returncode, out, err)

    def messages(self) -> list[Message]:
        """Return all messages of all chats, the chat that changed last first."""
        store = ConversationStore(self.profile.chats_file, "", read_only=True)
        try:
            chats = store.conversations(limit=99)
            return [one for chat in chats for one in store.messages(chat.id)]
        finally:
            store.close()

    def files(self) -> list[Path]:
        """Return every file of the profile."""
        return [one for one in self.profile.data.parent.rglob("*") if one.is_file()]


def until_it_says(program: subprocess.Popen[bytes], words: bytes) -> bytes:
    """Read a program's answer up to and with these words."""
    assert program.stdout is not None
    said = b""
    while words not in said:
        piece = os.read(program.stdout.fileno(), 4096)
        assert piece, f"it ended after {said!r}"
        said += piece
    return said
