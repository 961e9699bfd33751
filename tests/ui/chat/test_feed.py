"""What a transcript is told of a session, with stand-ins for both."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.chat import Message, MessageState, Part, PartKind, Role
from desktop_chat.domain.stream import Phase
from desktop_chat.domain.tree import MessageTree
from desktop_chat.transcript.items import Action, Item, ReadingPosition
from desktop_chat.ui.chat.feed import ChatFeed

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.code_wraps import CodeWrap
    from desktop_chat.domain.history import MessagePath
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.transcript.messages.outline import Outline
    from desktop_chat.transcript.view import TranscriptView

QUESTION = Message(
    id="q",
    conversation_id="c",
    parent_id=None,
    role=Role.USER,
    parts=(Part(PartKind.TEXT, "Why?"),),
)
ANSWER = Message(
    id="a",
    conversation_id="c",
    parent_id="q",
    role=Role.ASSISTANT,
    state=MessageState.STREAMING,
    provider_name="Groq",
    model="llama",
)


def path_of(*messages: Message) -> MessagePath:
    """Return messages that follow one another."""
    return MessageTree(messages).path(messages[-1].id if messages else None)


class Session(QObject):
    """A session that does what a test says."""

    messages_changed = Signal()
    message_added = Signal(object)
    message_changed = Signal(object)
    message_removed = Signal(str)
    text_arrived = Signal(str, str)
    reasoning_arrived = Signal(str, str)
    phase_changed = Signal()
    busy_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setup = self
        self.messages = path_of()
        self.busy = False
        self.phase: Phase | None = None
        self.phase_since_ms = 0
        self.retry_in_s = 0.0

    def wraps(self, _message_id: str) -> tuple[CodeWrap, ...]:
        return ()

    def keep_wrap(self, message_id: str, wrap: CodeWrap) -> None:
        raise NotImplementedError

    def versions(self, message_id: str) -> tuple[int, int]:
        return 1, 1

    def ask(self) -> None:
        self.messages = path_of(QUESTION)
        self.message_added.emit(QUESTION)
        self.busy = True
        self.go_to(Phase.CONNECTING)
        self.messages = path_of(QUESTION, ANSWER)
        self.message_added.emit(ANSWER)
        self.busy_changed.emit()
        self.phase_changed.emit()

    def go_to(self, phase: Phase, ago_ms: int = 0) -> None:
        self.phase = phase
        self.phase_since_ms = time.monotonic_ns() // 1_000_000 - ago_ms
        self.phase_changed.emit()

    def end(self, state: MessageState = MessageState.COMPLETE) -> None:
        message = replace(ANSWER, state=state, parts=(Part(PartKind.TEXT, "So."),))
        self.messages = path_of(QUESTION, message)
        self.busy = False
        self.message_changed.emit(message)
        self.phase_changed.emit()
        self.busy_changed.emit()

    def set_patient(self, *, patient: bool) -> None:
        self.patient = patient


class Transcript(QObject):
    """Remembers what it was told."""

    wrapped = Signal(str, object)

    def __init__(self) -> None:
        super().__init__()
        self.items: dict[str, Item] = {}
        self.texts: list[str] = []
        self.status = ""
        self.place = ""

    def set_items(self, items: Outline, position: ReadingPosition | None) -> None:
        self.items = {one: items.item(number) for number, one in enumerate(items.ids())}

    def add_item(self, item: Item) -> None:
        self.items[item.id] = item

    update_item = add_item

    def remove_item(self, item_id: str) -> None:
        del self.items[item_id]

    def append_text(self, item_id: str, text: str) -> None:
        self.texts.append(text)

    append_reasoning = append_text

    def set_status(self, item_id: str, text: str) -> None:
        self.status = text

    def anchor(self, item_id: str) -> None:
        self.place = item_id

    def follow_end(self) -> None:
        self.place = "end"

    def reading_position(self) -> ReadingPosition:
        return ReadingPosition("q")


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session()


@pytest.fixture
def transcript() -> Transcript:
    return Transcript()


@pytest.fixture
def feed(session: Session, transcript: Transcript) -> ChatFeed:
    feed = ChatFeed(
        cast("ChatSession", session), cast("TranscriptView", transcript), parent=transcript
    )
    feed.set_watched(watched=True)
    return feed


def test_a_question_and_its_answer_are_shown_and_the_question_anchored(
    feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.ask(session.ask)
    assert list(transcript.items) == ["q", "a"]
    assert transcript.items["a"].streaming
    assert transcript.place == "q"


def test_the_end_is_followed_where_that_is_wished(
    feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.anchors = False
    feed.ask(session.ask)
    assert transcript.place == "end"


def test_a_question_that_was_asked_without_the_person_moves_nothing(
    feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    session.ask()
    assert transcript.place == ""


def test_the_waiting_line_speaks_after_a_moment_of_silence(
    qtbot: QtBot, feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.ask(session.ask)
    assert transcript.status == ""
    qtbot.waitUntil(lambda: transcript.status == "Connecting to Groq…", timeout=2000)


def test_seconds_are_counted_by_one_timer_that_ends_with_the_waiting(
    qtbot: QtBot, feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.ask(session.ask)
    qtbot.waitUntil(lambda: transcript.status != "", timeout=2000)
    session.go_to(Phase.WAITING, ago_ms=7900)
    assert transcript.status == "Waiting for the first word… 7 s"
    qtbot.waitUntil(lambda: transcript.status == "Waiting for the first word… 8 s", timeout=2000)
    feed.set_watched(watched=False)
    assert not feed._tick.isActive()
    feed.set_watched(watched=True)
    assert feed._tick.isActive()
    session.go_to(Phase.ANSWERING)
    assert not feed._tick.isActive()


def test_a_pause_is_told_with_its_buttons_and_goes_away(
    feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.ask(session.ask)
    session.retry_in_s = 4.0
    session.go_to(Phase.RETRYING)
    notice = transcript.items["a"].notice
    assert notice is not None
    assert notice.sentence == "Groq is busy. Trying again in 4 s."
    assert notice.actions == (Action.RETRY_NOW, Action.CANCEL)
    session.go_to(Phase.CONNECTING)
    assert transcript.items["a"].notice is None


def test_text_flows_in_and_the_end_is_final(
    feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.ask(session.ask)
    session.text_arrived.emit("a", "So")
    session.text_arrived.emit("a", ".")
    assert transcript.texts == ["So", "."]
    session.end()
    item = transcript.items["a"]
    assert (item.text, item.streaming, item.notice) == ("So.", False, None)
    assert not feed._tick.isActive()


def test_another_version_is_shown_whole(
    feed: ChatFeed, session: Session, transcript: Transcript
) -> None:
    feed.ask(session.ask)
    session.end()
    session.messages = path_of(QUESTION)
    session.messages_changed.emit()
    assert list(transcript.items) == ["q"]
