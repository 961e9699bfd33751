"""The program's own window over a stored chat of 10,000 messages; run in a process of its own.

    python -m tests.benchmarks.long_window MODE PROFILE

MODE is `open` (tell the milliseconds from the wish to see the chat to its first paint), `empty` or
`held` (tell when an empty chat, or the long one, has been shown for a while, and stay), `scroll`
(tell what each step of scrolling took) or `find` (tell what the first match took) or
`read` (tell what reading the texts alone takes, without a window).
"""

from __future__ import annotations

import json
import os
import sqlite3
import sys
import threading
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt, QTimer
from PySide6.QtGui import QKeyEvent, QWheelEvent

from desktop_chat.storage.paths import find_profile
from desktop_chat.transcript.find.query import Query
from tests.benchmarks.long_chat import CHAT, LAST, MESSAGES
from tests.benchmarks.windows import door, main_window

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QScrollBar

    from desktop_chat.transcript.view import TranscriptView
    from desktop_chat.ui.window.main_window import MainWindow

SETTLE_MS: Final = 3500
"""What the program does once after its start is over by then."""
CLOSED_MS: Final = 500
HELD_MS: Final = 3000
STEPS: Final = 200
DRAGS: Final = 100
GOLDEN: Final = 0.618034
"""Of its multiples, the parts after the point are spread evenly and in no order."""
SLICE_S: Final = 0.02
"""Between two steps the program does what it does when idle."""


class Clock:
    """How long something takes that a person waits for, and how much of that is this thread's."""

    def __init__(self) -> None:
        self._begun = time.perf_counter(), time.thread_time()

    def since(self) -> tuple[float, float]:
        """Return the milliseconds that went by, and those of CPU time."""
        wall, cpu = self._begun
        return (time.perf_counter() - wall) * 1000, (time.thread_time() - cpu) * 1000


def tell(found: object) -> None:
    """Print what was found and end."""
    print(json.dumps(found), flush=True)
    os._exit(0)


def open_long(window: MainWindow, then: Callable[[tuple[float, float]], None]) -> None:
    """Open the long chat as a person does; `then` gets the time to its first paint."""
    clock = Clock()
    window.tabs.open_chat(CHAT)
    tab = window.tabs.current
    tab.painted.connect(lambda: then(clock.since()))
    tab.watch_first_paint()


def stay() -> None:
    """Print a line after a while, and end when the parent is done."""
    print("held", flush=True)
    threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()


def timed(act: Callable[[], object]) -> float:
    """Return the milliseconds of CPU that an act and its paint took."""
    begun = time.thread_time()
    act()
    QCoreApplication.sendPostedEvents()
    QCoreApplication.processEvents()
    return (time.thread_time() - begun) * 1000


def rest() -> None:
    """Let the program be idle for a moment."""
    end = time.perf_counter() + SLICE_S
    while time.perf_counter() < end:
        QCoreApplication.processEvents()
        time.sleep(0.001)


def scroll(view: TranscriptView) -> dict[str, list[float]]:
    """Return what the steps of each way of scrolling took."""
    return {
        "page": [timed(act) for act in pages(view)],
        "wheel": [timed(act) for act in wheels(view)],
        "drag": [timed(act) for act in drags(view)],
    }


def pages(view: TranscriptView) -> Iterator[Callable[[], object]]:
    """Yield presses of Page Up."""
    for _ in range(STEPS):
        press: QEvent = QKeyEvent(
            QEvent.Type.KeyPress, Qt.Key.Key_PageUp, Qt.KeyboardModifier.NoModifier
        )
        yield partial(QCoreApplication.sendEvent, view, press)
        rest()


def wheels(view: TranscriptView) -> Iterator[Callable[[], object]]:
    """Yield turns of the wheel by one notch."""
    at = QPointF(view.viewport().rect().center())
    for _ in range(STEPS):
        turn: QEvent = QWheelEvent(
            at,
            view.viewport().mapToGlobal(at),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        yield partial(QCoreApplication.sendEvent, view.viewport(), turn)
        rest()


def drags(view: TranscriptView) -> Iterator[Callable[[], object]]:
    """Yield moves of the held handle to anywhere."""
    bar = view.verticalScrollBar()
    bar.setSliderDown(True)
    for number in range(DRAGS):
        part = number * GOLDEN % 1
        yield partial(drag_to, bar, part)
        rest()
    bar.setSliderDown(False)


def drag_to(bar: QScrollBar, part: float) -> None:
    """Move the held handle."""
    bar.setSliderPosition(int(part * bar.maximum()))


def find(view: TranscriptView) -> None:
    """Look for what stands in the last message alone, seen from the first one."""
    view.scroll_to(0)
    rest()
    clock = Clock()
    view.finder.found.connect(lambda: tell(clock.since()))
    view.finder.search(Query(LAST))


def measure(mode: str, window: MainWindow) -> None:
    """Do what the mode says."""
    if mode == "empty":
        QTimer.singleShot(HELD_MS, stay)
        return

    def opened(took: tuple[float, float]) -> None:
        view = window.tabs.current.transcript
        if mode == "open":
            tell(took)
        elif mode == "held":
            QTimer.singleShot(HELD_MS, stay)
        elif mode == "scroll":
            QTimer.singleShot(HELD_MS, lambda: tell(scroll(view)))
        else:
            QTimer.singleShot(HELD_MS, lambda: find(view))

    # An earlier run may have left it open, and then it would not be painted again.
    window.tabs.close_chat(CHAT)
    QTimer.singleShot(CLOSED_MS, lambda: open_long(window, opened))


def main(mode: str, profile: str) -> None:
    """Start the program."""

    def watch() -> None:
        window = main_window()
        window.resize(1180, 820)
        window.first_painted.connect(
            lambda: QTimer.singleShot(SETTLE_MS, lambda: measure(mode, window))
        )

    if mode == "read":
        tell(read(profile))
    door(profile, watch)


def read(profile: str) -> float:
    """Return the milliseconds in which the texts alone are read from the file, without order."""
    connection = sqlite3.connect(find_profile(profile).chats_file)
    begun = time.perf_counter()
    texts = connection.execute("SELECT CAST(text AS BLOB) FROM part").fetchall()
    took = (time.perf_counter() - begun) * 1000
    connection.close()
    if len(texts) != MESSAGES:
        raise ValueError(f"{len(texts)} texts")
    return took


if __name__ == "__main__":
    main(*sys.argv[1:])
