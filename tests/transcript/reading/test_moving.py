"""What only moves while an answer grows is not painted again, and yet looks as if it were."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QCoreApplication

from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.view import TranscriptView
from tests.benchmarks.answers import fence, mixed, nested_list, paragraph, table

if TYPE_CHECKING:
    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

LINES = "A short paragraph of its own.\n\n"
STEP = 90
"""Characters in a frame: about one line."""


def on_screen(view: TranscriptView) -> QImage:
    QCoreApplication.processEvents()
    return view.screen().grabWindow(view.winId()).toImage()


@pytest.mark.parametrize(
    "text",
    [mixed(2500), fence(40) + "```\n\n" + paragraph(4000, LINES), nested_list(120), table(90)],
    ids=["mixed", "fence", "list", "table"],
)
def test_what_moved_looks_as_if_painted_anew(qtbot: QtBot, text: str) -> None:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.resize(800, 500)
    view.show()
    view.set_items([Item(id="q", side=Side.PERSON, text="Tell me.")])
    view.add_item(Item(id="a", side=Side.MODEL, author="model", streaming=True))
    view.follow_end()
    for at in range(0, len(text), STEP):
        view.append_text("a", text[at : at + STEP])
        view.feed.flush()
        if at // STEP % 4 == 0:
            seen = on_screen(view)
            view.viewport().update()
            assert on_screen(view) == seen, f"after {at} characters"
    assert view.scroller.scroll > 1000
