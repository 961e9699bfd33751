"""Streams an answer into a real transcript, frame by frame, and measures its thread's CPU time.

A frame brings as many tokens as 1,000 a second do, in one piece, as the runtime hands it over. It
is taken in, laid out and painted, though a service that is faster would bring more at once, which
costs less for each.
"""

from __future__ import annotations

import os
import time
from statistics import median
from typing import TYPE_CHECKING, Final

# Before Qt reads it: what is measured is our work, not a display server's.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication, QPlainTextEdit, QTextBrowser

from desktop_chat.runtime.process.collector import GarbageSchedule
from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.view import TranscriptView
from desktop_chat.ui.look.appearance import Appearance
from tests.benchmarks.answers import cut

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

FRAME_TOKENS: Final = 16
WARM_FRAMES: Final = 50
SIZE: Final = (1000, 800)
RIVAL_ROUNDS: Final = 7


def application() -> QApplication:
    """Return the application, dressed and with garbage collected as in the program."""
    running = QApplication.instance()
    if isinstance(running, QApplication):
        return running
    made = QApplication(["benchmark", "-style", "fusion"])
    garbage = GarbageSchedule(made)
    garbage.start()
    garbage.settle()
    return made


def stream(text: str) -> list[float]:
    """Return the CPU seconds of each frame of an answer that is followed to its end."""
    app = application()
    view = TranscriptView()
    appearance = Appearance(app)
    view.set_look(appearance.look())
    view.resize(*SIZE)
    view.show()
    view.set_items([Item(id="question", side=Side.PERSON, text="Tell me everything.")], None)
    pieces = cut(text)
    answer(app, view, "warm-up", pieces[: FRAME_TOKENS * WARM_FRAMES])
    costs = answer(app, view, "answer", pieces)
    view.close()
    appearance.deleteLater()
    return costs


def answer(
    app: QApplication, view: TranscriptView, item_id: str, pieces: Sequence[str]
) -> list[float]:
    """Stream one answer and return the CPU seconds of each frame."""

    def take(part: Sequence[str]) -> None:
        view.append_text(item_id, "".join(part))
        view.feed.flush()

    view.add_item(Item(id=item_id, side=Side.MODEL, author="model", streaming=True))
    view.follow_end()
    return frames(app, pieces, take)


def frames(
    app: QApplication, pieces: Sequence[str], take: Callable[[Sequence[str]], None]
) -> list[float]:
    """Hand over a frame's tokens at a time, paint, and return the CPU seconds of each."""
    app.processEvents()
    costs = []
    for at in range(0, len(pieces), FRAME_TOKENS):
        begun = time.thread_time()
        take(pieces[at : at + FRAME_TOKENS])
        app.processEvents()
        costs.append(time.thread_time() - begun)
    return costs


def plain_text(text: str) -> list[float]:
    """Return the CPU seconds of each frame in which Qt's plain editor takes in the same text."""
    app = application()
    editor = QPlainTextEdit()
    editor.setReadOnly(True)
    editor.resize(*SIZE)
    editor.show()

    def take(part: Sequence[str]) -> None:
        cursor = editor.textCursor()
        cursor.movePosition(cursor.MoveOperation.End)
        cursor.insertText("".join(part))
        bar = editor.verticalScrollBar()
        bar.setValue(bar.maximum())

    costs = frames(app, cut(text), take)
    editor.close()
    return costs


def set_markdown(text: str, rounds: int = RIVAL_ROUNDS) -> float:
    """Return the CPU seconds in which Qt's own view shows the whole text anew, painted."""
    app = application()
    browser = QTextBrowser()
    browser.resize(*SIZE)
    browser.show()
    costs = []
    for _ in range(rounds):
        begun = time.thread_time()
        browser.setMarkdown(text)
        app.processEvents()
        costs.append(time.thread_time() - begun)
    browser.close()
    return median(costs)


def growth(costs: Sequence[float]) -> tuple[float, float]:
    """Return what the first quarter of the frames cost, and the last over the first."""
    quarter = len(costs) // 4
    first, last = sum(costs[:quarter]), sum(costs[-quarter:])
    return first, last / first
