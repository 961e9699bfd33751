"""Text that nobody means well with is shown in bounded time and space."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.answer import Answer
from tests.transcript.conversations import answer, question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.view import TranscriptView

ZALGO = "Z" + "\u0310\u0334\u0489" * 300
POISON = {
    "one line of a megabyte": "word " * 200_000,
    "one word of 200,000 letters": "w" * 200_000,
    "one line of code of a megabyte": "```\n" + "x = 1; " * 150_000 + "\n```",
    "a table of 500 columns": "|" + " h |" * 500 + "\n|" + "-|" * 500 + "\n|" + " c |" * 500,
    "zalgo": ZALGO * 30,
    "bidirectional overrides": "\u202eabc\u202d \u2066def\u2069 שלום עולם mixed " * 100,
    "control characters": "a\x00b\x01c\x1bd\x7f\x85\u2028e\u2029f" * 50,
    "quotes in quotes": "> " * 500 + "deep",
    "nested lists": "\n".join("  " * depth + "- item" for depth in range(200)),
    "fifty thousand lines": "the same line again\n\n" * 50_000,
    "a block of code of 20,000 lines": "```python\n" + "x = [1, 2]\n" * 20_000 + "```",
    "links without end": "[a](https://example.org/) " * 5_000,
}


@pytest.mark.parametrize("name", list(POISON))
def test_poison_is_shown_scrolled_and_painted(view: TranscriptView, name: str) -> None:
    view.set_items([question(), answer("a", POISON[name])])
    begun = time.thread_time()
    for at in (0, 400, view.scroller.maximum // 2, view.scroller.maximum):
        view.scroll_to(at)
        QApplication.processEvents()
        view.grab()
    view.resize(600, 500)
    QApplication.processEvents()
    assert view.scroller.scroll <= view.scroller.maximum
    assert time.thread_time() - begun < 5


def test_a_text_of_megabytes_is_read_slice_by_slice(view: TranscriptView, qtbot: QtBot) -> None:
    text = "".join(f"Paragraph {number}.\n\n" for number in range(30_000)) + "The very end."
    begun = time.thread_time()
    view.set_items([question(), answer("a", text)])
    view.grab()
    assert time.thread_time() - begun < 0.5
    message = view.document.messages[1]
    assert isinstance(message, Answer)
    assert message.unread
    qtbot.waitUntil(lambda: not message.unread, timeout=30_000)
    assert message.column is not None
    assert len(message.column.boxes) == 30_001
    assert view.scroller.scroll == view.scroller.maximum


def test_what_was_not_read_yet_is_copied_all_the_same(view: TranscriptView) -> None:
    view.set_items([answer("a", "Words.\n\n" * 30_000 + "The very end.")])
    view.select_all()
    view.copy()
    assert QGuiApplication.clipboard().text().endswith("The very end.")


@pytest.mark.parametrize("name", list(POISON))
def test_a_question_may_hold_poison_too(view: TranscriptView, name: str) -> None:
    view.set_items([question("q", POISON[name]), answer()])
    view.scroll_to(0)
    view.grab()
    view.select_all()
    view.grab()
    assert view.document.height > 100
