"""An answer that nobody sees is collected, and laid out when somebody does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.view import TranscriptView

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

ARRIVING = Item(id="a", side=Side.MODEL, author="model", streaming=True)
ENDED = Item(id="a", side=Side.MODEL, author="model", text="One.\n\nTwo.\n\nThree.")


def begun(qtbot: QtBot) -> TranscriptView:
    """Return a view whose answer began before it was hidden."""
    view = TranscriptView()
    qtbot.addWidget(view)
    view.resize(800, 600)
    view.show()
    view.add_item(ARRIVING)
    view.append_text("a", "One.")
    view.feed.flush()
    view.hide()
    view.append_text("a", "\n\nTwo.")
    view.update_item(ENDED)
    return view


def blocks(view: TranscriptView) -> int:
    return len(view.document.messages[0].blocks)


def test_the_end_of_an_answer_that_nobody_sees_is_not_laid_out(qtbot: QtBot) -> None:
    view = begun(qtbot)
    assert blocks(view) == 1


def test_it_is_laid_out_when_somebody_sees_it(qtbot: QtBot) -> None:
    view = begun(qtbot)
    view.show()
    message = view.document.messages[0]
    assert (message.text, message.item) == (ENDED.text, ENDED)
    assert blocks(view) == 3


def test_it_is_there_for_whoever_reads_the_texts_before(qtbot: QtBot) -> None:
    view = begun(qtbot)
    view.add_item(Item(id="next", side=Side.PERSON, text="And?"))
    assert [one.text for one in view.document.messages] == [ENDED.text, "And?"]


def test_what_was_removed_meanwhile_does_not_come_back(qtbot: QtBot) -> None:
    view = begun(qtbot)
    view.remove_item("a")
    view.show()
    assert len(view.document.messages) == 0
