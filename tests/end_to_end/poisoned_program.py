"""The real program with a message in it that it cannot draw, to be started as a process.

Arguments: what the drawing does (`hang`, `abort` or `well`), the profile's folder, and `again`
where `Try again` is to be pressed. Says when the drawing begins to go wrong, else what stands
in the window once that is painted, and whether `Try again` brought the markdown back.
"""

from __future__ import annotations

import json
import os
import sys

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtWidgets import QApplication

from desktop_chat import __main__ as door
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.targets import Kind
from desktop_chat.ui.window.main_window import MainWindow

TRAP = "step into the trap"
LOOK_MS = 300

doing, profile, *wishes = sys.argv[1:]
settle = ProseBox.settle


def say(words: str) -> None:
    """Tell the test."""
    sys.stdout.write(words + "\n")
    sys.stdout.flush()


def spring(box: ProseBox, top: int, bottom: int) -> None:
    """Lay out a paragraph, unless the trap is in it."""
    if doing != "well" and box._inline.spans and TRAP in box._inline.text:
        say("trapped")
        while doing == "hang":
            pass
        os.abort()
    settle(box, top, bottom)


def tell(window: MainWindow, *, again: bool) -> None:
    """Say what is shown; press `Try again` first where that is wished."""
    view = window.tabs.current.transcript
    if again:
        for message in view.document.messages:
            for button in message.buttons(0, message.height):
                if button.target.kind is Kind.SHOW_AGAIN:
                    view.pressed.emit(button.target)
        view.grab()
    said = [[one.note, one.built] for one in view.document.messages]
    say(json.dumps(said))
    window.close()


def begin() -> int:
    """Run the program, and tell when its window was painted."""
    windows = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    again = wishes == ["again"]
    windows[0].first_painted.connect(
        lambda: QTimer.singleShot(LOOK_MS, lambda: tell(windows[0], again=again))
    )
    return execute()


execute = QCoreApplication.exec
QCoreApplication.exec = begin  # type: ignore[method-assign]
ProseBox.settle = spring  # type: ignore[assignment, method-assign]
door.main(["--profile", profile])
