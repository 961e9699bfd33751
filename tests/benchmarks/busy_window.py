"""The program's own window with answers streaming into it; run in a process of its own.

    python -m tests.benchmarks.busy_window beat|ends|visible|hidden PROFILE TABS

Prints as one line of JSON what went on while the answers came, until the first of them ended: its
beats (where it beats), the pauses for garbage, and the CPU seconds of the window's thread. `ends`
beats too, and waits for all of them, to tell when each ended. `hidden` shows another chat.
"""

from __future__ import annotations

import gc
import json
import math
import os
import sys
import time
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.stream import Phase
from tests.benchmarks.heartbeat import Heartbeat
from tests.benchmarks.windows import door, main_window

if TYPE_CHECKING:
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.ui.window.main_window import MainWindow

SETTLE_MS: Final = 3500
"""What the program does once after its start is over by then."""
OPENED_S: Final = 1.0
"""What opening a tab takes is no part of what an answer takes."""


class Watch:
    """Asks in each tab, and measures from the first word to the last."""

    def __init__(self, window: MainWindow, mode: str, tabs: int) -> None:
        self._window = window
        self._mode = mode
        self._tabs = tabs
        self._heart = Heartbeat()
        self._sessions: list[ChatSession] = []
        self._characters = 0
        self._begun = 0.0
        self._ready_at = 0.0
        self._pauses: list[float] = []
        self._pause_began = 0.0
        self._ends: dict[int, float] = {}
        self._found: dict[str, object] = {}

    def ask(self) -> None:
        """Open the tabs and ask in all of them; the last one is shown."""
        for number in range(self._tabs):
            self._window.tabs.open_new()
            tab = self._window.tabs.current
            self._sessions.append(tab.session)
            tab.session.text_arrived.connect(self._on_text)
            tab.session.finished.connect(lambda _id, number=number: self._on_finished(number))
            self._ready_at = math.inf
            tab.composing.send(f"Question {number}")
            tab.transcript.follow_end()
        if self._mode == "hidden":
            self._window.tabs.open_new()
        self._ready_at = time.monotonic() + OPENED_S

    def _on_text(self, _message_id: str, text: str) -> None:
        if self._begun:
            self._characters += len(text)
        elif time.monotonic() < self._ready_at:
            pass
        elif all(one.phase is Phase.ANSWERING for one in self._sessions):
            self._begun = time.thread_time()
            gc.callbacks.append(self._on_garbage)
            if self._mode in ("beat", "ends"):
                self._heart.start()

    def _on_garbage(self, phase: str, _info: dict[str, int]) -> None:
        if phase == "start":
            self._pause_began = time.perf_counter()
        else:
            self._pauses.append(time.perf_counter() - self._pause_began)

    def _on_finished(self, number: int) -> None:
        self._ends[number] = time.monotonic()
        if not self._found:
            self._note()
        if self._mode == "ends" and len(self._ends) < self._tabs:
            return
        if any(one.failed for one in self._sessions):
            os._exit(1)
        print(json.dumps(self._found | {"ends": self._ends}), flush=True)
        os._exit(0)

    def _note(self) -> None:
        """Keep what was measured up to now."""
        took = time.thread_time() - self._begun
        self._heart.stop()
        self._found = {
            "beats": self._heart.beats,
            "pauses": self._pauses,
            "characters": self._characters,
            "cpu": took,
        }


def main(mode: str, profile: str, tabs: str) -> None:
    """Start the program on a profile that has a service to ask."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415

    def watch() -> None:
        window = main_window()
        window.resize(1180, 820)
        watching = Watch(window, mode, int(tabs))
        window.first_painted.connect(lambda: QTimer.singleShot(SETTLE_MS, watching.ask))

    door(profile, watch)


if __name__ == "__main__":
    main(*sys.argv[1:])
