"""The window's doorstep: builds the core, the application and the main window, once."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_chat.runtime.core import Core
from desktop_chat.runtime.process.interrupts import Interrupts
from desktop_chat.runtime.process.one_heap import share_one_heap
from desktop_chat.runtime.process.quick_imports import quick_imports
from desktop_chat.storage.log import start_log
from desktop_chat.storage.paths import find_profile
from desktop_chat.ui.look.appearance import Appearance
from desktop_chat.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from desktop_chat.commands.arguments import Arguments

FIRST_QUESTION: Final = "Show me around"
STARTED_MS: Final = 5000
"""After that long the start is over, though the window was never painted."""
PICTURE_DELAY_MS: Final = 300
"""How long after the answer the window is left to settle before its picture is taken."""


def run_window(arguments: Arguments) -> int:
    """Open the window and run until it is closed; return the exit status."""
    core, window = _build(arguments)
    interrupts = Interrupts(core)
    interrupts.interrupted.connect(lambda _number: window.close())
    window.show()
    status = QCoreApplication.exec()
    interrupts.close()
    _end(core, status)
    return status


def first_chat(arguments: Arguments) -> int:
    """Ask the demo one question without a screen: print the answer, and save a picture."""
    core, window = _build(arguments)
    path = Path(arguments.first_chat or "first-chat.png")
    session = window.tabs.current.session
    session.text_arrived.connect(_print)

    def finish() -> None:
        print(flush=True)  # noqa: T201
        path.parent.mkdir(parents=True, exist_ok=True)
        saved = window.grab().save(str(path))
        print(f"The window's picture: {path}" if saved else f"{path} could not be written.")  # noqa: T201
        QCoreApplication.exit(0 if saved and not session.failed else 1)

    session.finished.connect(lambda _id: QTimer.singleShot(PICTURE_DELAY_MS, window, finish))
    window.first_painted.connect(lambda: session.send(FIRST_QUESTION))
    window.show()
    status = QCoreApplication.exec()
    _end(core, status)
    return status


def _end(core: Core, status: int) -> None:
    """Close the core; where a thread does not end in time, leave it behind: all is saved."""
    if not core.close():
        sys.stdout.flush()
        os._exit(status)


def _build(arguments: Arguments) -> tuple[Core, MainWindow]:
    # Off to the very end, when threads that were left behind may still run: `core.garbage`.
    gc.disable()
    share_one_heap()
    starting = ExitStack()
    starting.enter_context(quick_imports())
    profile = find_profile(arguments.profile)
    start_log(profile)
    QGuiApplication.setDesktopFileName("desktop-chat")
    # `setStyle` would do as well, but its answer has PySide load all of QStyle: 6 ms.
    application = QApplication.instance() or QApplication([*sys.argv[:1], "-style", "fusion"])
    application.setApplicationName("desktop-chat")
    QGuiApplication.setApplicationDisplayName("Desktop Chat")
    core = Core(profile, window=True)
    appearance = Appearance(application, core.preferences, core)  # type: ignore[arg-type]
    window = MainWindow(core, appearance)

    def started() -> None:
        # A slot keeps a function alive, and not what a bound method belongs to.
        starting.close()

    window.first_painted.connect(started)
    window.first_painted.connect(core.settle)
    QTimer.singleShot(STARTED_MS, core, started)
    core.start()
    return core, window


def _print(_message_id: str, text: str) -> None:
    print(text, end="", flush=True)  # noqa: T201
