"""Code gets its colours once its language is ready, which no event of the window waits for."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QApplication

from desktop_chat.markdown import preparing
from desktop_chat.markdown.preparing import Preparer
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.messages import colourist
from tests.transcript.conversations import answer

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.view import TranscriptView


def code(view: TranscriptView) -> CodeBox:
    """Return the only block of code."""
    message = view.document.messages[0]
    (box,) = [one for _, column, _, _ in message.columns() for one in column.boxes]
    assert isinstance(box, CodeBox)
    return box


@pytest.mark.parametrize("streaming", [True, False])
def test_a_language_that_is_not_ready_colours_its_code_later(
    view: TranscriptView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, *, streaming: bool
) -> None:
    go_on = threading.Event()
    threads: list[threading.Thread] = []

    def make_ready(_name: str) -> None:
        threads.append(threading.current_thread())
        go_on.wait(30)

    languages = Preparer()
    monkeypatch.setattr(preparing, "make_ready", make_ready)
    monkeypatch.setattr(colourist, "preparer", lambda: languages)
    end = "" if streaming else "```\n"
    view.set_items([answer("a", f"```python\nx = 1\n{end}", streaming=streaming)])
    view.grab()
    QApplication.processEvents()
    assert not any(code(view).runs)
    go_on.set()
    qtbot.waitUntil(lambda: any(code(view).runs))
    assert threads
    assert threading.main_thread() not in threads


def test_a_block_that_is_gone_is_not_waited_for(
    view: TranscriptView, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(preparing, "make_ready", lambda _name: None)
    languages = Preparer()
    monkeypatch.setattr(colourist, "preparer", lambda: languages)
    view.set_items([answer("a", "```rust\nlet x = 1;\n```\n")])
    view.grab()
    view.set_items([])
    qtbot.waitUntil(lambda: not view._colourist._languages.isActive())
