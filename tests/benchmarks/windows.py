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
    from PySide6.QtGui import QPaintEvent

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
    """Open the program's own window, by its own door."""
    for name in ("click", "rich"):
        # An installed program lacks them, and then httpx leaves its command line out.
        sys.modules[name] = None  # type: ignore[assignment]
    from desktop_chat import __main__ as door  # noqa: PLC0415
    from desktop_chat import app  # noqa: PLC0415
    from desktop_chat.ui.main_window import MainWindow  # noqa: PLC0415

    class Watched(MainWindow):
        """The window, which tells of itself."""

        @override
        def show(self) -> None:
            """Show it, and watch for what the mode waits for."""
            super().show()
            self.first_painted.connect(tell_and_end if mode == "start" else self.ask)

        def ask(self) -> None:
            """Ask the demo service."""
            session = self.tabs.current.session
            session.finished.connect(lambda _id: self.answered())
            session.send(QUESTION)

        def answered(self) -> None:
            """Go on when the answer is whole."""
            if self.tabs.current.session.failed:
                os._exit(1)
            if mode == "answered":
                tell_and_stay()
            else:
                tell()
                self.close()

    vars(app)["MainWindow"] = Watched
    raise SystemExit(door.main(["--profile", profile]))


if __name__ == "__main__":
    if sys.argv[1] == "bare":
        bare(sys.argv[2])
    else:
        program(*sys.argv[2:4])
