"""Text that nobody means well with is shown in bounded time and space."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_chat.markdown.stream import MarkdownStream
from desktop_chat.transcript.blocks import prose, table
from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.text import slices
from desktop_chat.transcript.text.flow import Flow
from tests.transcript.conversations import answer, question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.markdown.blocks import Change, Inline
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


MOST_FLOWS = 1500
"""Pieces of text laid out to look at a few places, in two widths."""


@pytest.mark.parametrize("name", list(POISON))
def test_poison_is_shown_scrolled_and_painted(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    made = flows_made(monkeypatch)
    view.set_items([question(), answer("a", POISON[name])])
    for at in (0, 400, view.scroller.maximum // 2, view.scroller.maximum):
        view.scroll_to(at)
        QApplication.processEvents()
        view.grab()
    view.resize(600, 500)
    QApplication.processEvents()
    assert view.scroller.scroll <= view.scroller.maximum
    assert len(made) < MOST_FLOWS


def test_a_text_of_megabytes_is_read_slice_by_slice(view: TranscriptView, qtbot: QtBot) -> None:
    text = "".join(f"Paragraph {number}.\n\n" for number in range(30_000)) + "The very end."
    view.set_items([question(), answer("a", text)])
    view.grab()
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


def flows_made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return what is laid out in cells from now on."""
    made: list[str] = []

    class Counted(Flow):
        def __init__(self, inline: Inline, *rest: object) -> None:
            made.append(inline.text)
            super().__init__(inline, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(table, "Flow", Counted)
    monkeypatch.setattr(prose, "Flow", Counted)
    return made


def test_of_a_table_of_500_columns_what_is_seen_is_laid_out(
    view: TranscriptView, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = flows_made(monkeypatch)
    head = "|" + "h|" * 500 + "\n|" + "-|" * 500 + "\n"
    view.set_items([question(), answer("a", head + ("|" + "c|" * 500 + "\n") * 60)])
    message = view.document.messages[1]
    assert isinstance(message, Answer)
    message.stream  # noqa: B018 - reads all of it
    view.scroll_to(view.scroller.maximum // 2)
    view.grab()
    assert 0 < len(made) < 1500


def test_rows_that_went_by_are_not_kept_laid_out(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_text("a", "|a|b|\n|-|-|\n")
    for _ in range(60):
        view.append_text("a", "|**c**|é|\n" * 20)
        view.feed.flush()
        view.jump_to_end()
        view.grab()
    message = view.document.messages[1]
    assert isinstance(message, Answer)
    assert message.column is not None
    box = message.column.boxes[0]
    assert isinstance(box, TableBox)
    assert box.height > 20_000
    assert len(box._flows) < 300


@pytest.mark.parametrize(
    "text", ["[^1]: a[^1]\n" * 2000, "# h\n" * 10_000, "|a|b|\n|-|-|\n" + "|c|d|\n" * 8000]
)
def test_a_long_text_is_opened_in_many_small_steps(
    view: TranscriptView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    fed: list[tuple[MarkdownStream, int]] = []
    feed = MarkdownStream.feed

    def counted(self: MarkdownStream, piece: str) -> Change | None:
        fed.append((self, len(piece)))
        return feed(self, piece)

    monkeypatch.setattr(MarkdownStream, "feed", counted)
    # A busy machine would make it rest, and read more at once then.
    monkeypatch.setattr(MarkdownStream, "rests", lambda _self: False)
    view.set_items([question(), answer("a", text)])
    message = view.document.messages[1]
    assert isinstance(message, Answer)
    qtbot.waitUntil(lambda: not message.unread, timeout=30_000)
    # Others read late links again.
    own = [size for stream, size in fed if stream is message.stream]
    assert sum(own) == len(text)
    assert max(size for _, size in fed) <= slices.PIECE
