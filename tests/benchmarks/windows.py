"""Opens a window in a process of its own and tells when: a bare one, or the program's.

    python -m tests.benchmarks.windows bare|program MODE [PROFILE]

MODE is `start` (tell the first paint, then end), `answered` (after an answer of the demo service,
let `SETTLE_S` pass, tell, and stay until the standard input is closed) or `prepare` (end well
after the answer, so that the next start finds a chat). What is told is the monotonic clock.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from typing import TYPE_CHECKING, Final, NoReturn

from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QPaintEvent

    from desktop_chat.ui.window.main_window import MainWindow

QUESTION: Final = "Show me around"
SETTLE_S: Final = 10


def tell() -> None:
    """Print what the clock says, which is one for all processes."""
    print(time.monotonic(), flush=True)


def tell_and_end() -> NoReturn:
    """Print the time and end without any cleaning up."""
    tell()
    os._exit(0)


def tell_and_stay() -> None:
    """Print the time after a pause, and end when the parent is done."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415  # what is measured decides when Qt comes

    def stay() -> None:
        tell()
        threading.Thread(target=lambda: (sys.stdin.read(), os._exit(0)), daemon=True).start()

    QTimer.singleShot(SETTLE_S * 1000, stay)


def bare(mode: str) -> None:
    """Open the smallest window that PySide6 can paint with a word in it."""
    from PySide6.QtCore import QTimer  # noqa: PLC0415
    from PySide6.QtWidgets import QApplication, QLabel, QMainWindow  # noqa: PLC0415

    class Word(QLabel):
        """A word, since there is no window without text."""

        painted = False

        @override
        def paintEvent(self, event: QPaintEvent) -> None:
            super().paintEvent(event)
            if not self.painted:
                self.painted = True
                QTimer.singleShot(0, tell_and_end if mode == "start" else tell_and_stay)

    application = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setCentralWidget(Word("Ready"))
    window.resize(1000, 700)
    window.show()
    application.exec()


def program(mode: str, profile: str) -> None:
    """Open the program's own window and tell what the mode waits for."""
    door(profile, lambda: watched(mode))


def door(profile: str, watch: Callable[[], None]) -> NoReturn:
    """Open the program's own window by its own door; `watch` is called before any event."""
    for name in ("click", "rich"):
        # An installed program lacks them, and then httpx leaves its command line out.
        sys.modules[name] = None  # type: ignore[assignment]
    from PySide6.QtCore import QCoreApplication  # noqa: PLC0415

    from desktop_chat import __main__ as entrance  # noqa: PLC0415

    execute = QCoreApplication.exec

    def watch_first() -> int:
        """Watch the window, which is shown by now and painted only when events are handled."""
        watch()
        return execute()

    replace(QCoreApplication, exec=watch_first)
    raise SystemExit(entrance.main(["--profile", profile]))


def replace(owner: type, **values: object) -> None:
    """Set attributes of a class that its type declarations do not let one set."""
    for name, value in values.items():
        setattr(owner, name, value)


def main_window() -> MainWindow:
    """Return the program's window."""
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415

    from desktop_chat.ui.window.main_window import MainWindow  # noqa: PLC0415

    (window,) = [one for one in QApplication.topLevelWidgets() if isinstance(one, MainWindow)]
    return window


def watched(mode: str) -> None:
    """Make the program's window tell what the mode waits for."""
    window = main_window()

    def ask() -> None:
        session.finished.connect(lambda _id: answered())
        session.send(QUESTION)

    def answered() -> None:
        if session.failed:
            os._exit(1)
        if mode == "answered":
            tell_and_stay()
        else:
            tell()
            window.close()

    session = window.tabs.current.session
    window.first_painted.connect(tell_and_end if mode == "start" else ask)


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare(sys.argv[2])
    else:
        program(*sys.argv[2:4])
