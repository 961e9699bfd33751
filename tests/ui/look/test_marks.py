"""The one mark of a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QObject, Signal

from desktop_chat.ui.look import marks as marks_module
from desktop_chat.ui.look.marks import Mark, Marks

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.chats.session import ChatSession


class Session(QObject):
    """What marks know of a session."""

    busy_changed = Signal()
    finished = Signal(str)

    def __init__(self, session_id: str) -> None:
        super().__init__()
        self.id = session_id
        self.busy = False
        self.failed = False

    def answer(self, *, failed: bool = False) -> None:
        self.busy = True
        self.busy_changed.emit()
        self.busy = False
        self.failed = failed
        self.busy_changed.emit()
        self.finished.emit("message")


def _watch(marks: Marks, session_id: str = "a") -> Session:
    session = Session(session_id)
    marks.watch(cast("ChatSession", session))
    return session


def test_a_chat_that_answers_shows_it_wherever_it_is(qtbot: QtBot) -> None:
    marks = Marks()
    session = _watch(marks)
    marks.set_shown("a", in_front=True)
    session.busy = True
    with qtbot.waitSignal(marks.changed):
        session.busy_changed.emit()
    assert marks.mark("a") is Mark.ANSWERING


def test_an_answer_that_nobody_saw_is_news(qtbot: QtBot) -> None:
    marks = Marks()
    session = _watch(marks)
    marks.set_shown("other", in_front=True)
    with qtbot.waitSignal(marks.news):
        session.answer()
    assert marks.mark("a") is Mark.NEWS


def test_the_chat_that_is_read_shows_no_mark(qtbot: QtBot) -> None:
    marks = Marks(drafts=["a"])
    session = _watch(marks)
    marks.set_shown("a", in_front=True)
    with qtbot.assertNotEmitted(marks.news):
        session.answer(failed=True)
    assert marks.mark("a") is Mark.NONE
    marks.set_shown("a", in_front=False)
    assert marks.mark("a") is Mark.FAILED


def test_what_failed_before_the_chat_was_opened_is_no_mark() -> None:
    marks = Marks()
    session = _watch(marks)
    session.failed = True
    marks.set_shown("a", in_front=True)
    marks.set_shown("other", in_front=True)
    assert marks.mark("a") is Mark.NONE


def test_news_is_read_after_half_a_second_in_front(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert marks_module.READ_AFTER_MS == 500
    monkeypatch.setattr(marks_module, "READ_AFTER_MS", 30)
    marks = Marks()
    session = _watch(marks)
    session.answer()
    marks.set_shown("a", in_front=True)
    marks.set_shown("other", in_front=True)
    assert marks.mark("a") is Mark.NEWS
    marks.set_shown("a", in_front=True)
    with qtbot.waitSignal(marks.changed):
        pass
    marks.set_shown("other", in_front=True)
    assert marks.mark("a") is Mark.NONE


@pytest.mark.parametrize("watched", [True, False])
def test_a_failure_that_was_read_is_no_mark_to_come_back(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, watched: bool
) -> None:
    monkeypatch.setattr(marks_module, "READ_AFTER_MS", 30)
    marks = Marks()
    session = _watch(marks)
    marks.set_shown("a", in_front=watched)
    session.answer(failed=True)
    marks.set_shown("other", in_front=True)
    assert marks.mark("a") is Mark.FAILED
    marks.set_shown("a", in_front=watched)
    session.answer(failed=True)
    if not watched:
        marks.set_shown("a", in_front=True)
    with qtbot.waitSignal(marks.changed):
        pass
    marks.set_shown("other", in_front=True)
    assert marks.mark("a") is Mark.NONE
    session.answer(failed=True)
    assert marks.mark("a") is Mark.FAILED


def test_an_unsent_text_is_the_least_of_the_marks(qtbot: QtBot) -> None:
    marks = Marks(drafts=["a", "b"])
    session = _watch(marks)
    assert marks.mark("a") is Mark.DRAFT
    assert marks.mark("b") is Mark.DRAFT
    session.answer()
    assert marks.mark("a") is Mark.NEWS
    session.answer(failed=True)
    assert marks.mark("a") is Mark.FAILED
    with qtbot.waitSignal(marks.changed):
        marks.set_draft("b", has_draft=False)
    assert marks.mark("b") is Mark.NONE


def test_a_closed_chat_is_followed_no_more(qtbot: QtBot) -> None:
    marks = Marks()
    session = _watch(marks)
    session.answer()
    marks.forget("a")
    assert marks.mark("a") is Mark.NONE
    with qtbot.assertNotEmitted(marks.changed):
        session.answer()
