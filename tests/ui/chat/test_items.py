"""Messages as items."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_chat.domain.chat import Message, MessageState, Part, PartKind, Role, Usage
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.stream import Phase
from desktop_chat.domain.tree import MessageTree
from desktop_chat.transcript.items import Action, Item, Side, Source, ToolCall
from desktop_chat.ui.chat.items import (
    ROW,
    ConversationItems,
    Versions,
    item_of,
    notice_of,
    tooltip,
)
from desktop_chat.ui.chat.waiting_line import Waiting

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
    parts=(Part(PartKind.REASONING, "Hm."), Part(PartKind.TEXT, "Because.")),
    provider_name="Groq",
    model="llama-3",
    reasoning_ms=6000,
)
SILENT = replace(ANSWER, parts=())


def item_of_one(message: Message) -> Item:
    return item_of(message, Versions())


def _waiting(phase: Phase) -> Waiting:
    return Waiting(phase=phase, service="Groq", asked_ms=7400, phase_ms=7400, retry_in_s=4)


def test_a_question_stands_on_the_persons_side() -> None:
    item = item_of(QUESTION, Versions(2, 3))
    assert (item.side, item.text, item.version, item.versions) == (Side.PERSON, "Why?", 2, 3)
    assert item.actions == (Action.COPY, Action.EDIT)


def test_an_answer_names_its_model_alone_over_its_text() -> None:
    item = item_of(ANSWER, Versions())
    assert (item.side, item.author) == (Side.MODEL, "llama-3")
    assert (item.text, item.reasoning, item.reasoning_ms) == ("Because.", "Hm.", 6000)
    assert item.actions == ROW
    assert item.notice is None


def test_an_answer_that_arrives_has_no_actions_but_its_waiting_line() -> None:
    arriving = replace(SILENT, state=MessageState.STREAMING)
    item = item_of(arriving, Versions(), _waiting(Phase.WAITING))
    assert item.streaming
    assert item.actions == ()
    assert item.status == "Waiting for the first word… 7 s"


def test_a_pause_before_a_retry_can_be_cut_short_or_called_off() -> None:
    arriving = replace(SILENT, state=MessageState.STREAMING)
    item = item_of(arriving, Versions(), _waiting(Phase.RETRYING))
    assert item.status == ""
    assert item.notice is not None
    assert item.notice.sentence == "Groq is busy. Trying again in 4 s."
    assert item.notice.actions == (Action.RETRY_NOW, Action.CANCEL)


@pytest.mark.parametrize(
    ("message", "sentence", "actions"),
    [
        (ANSWER, "Stopped.", (Action.CONTINUE, Action.REGENERATE)),
        (SILENT, "Stopped before the first word.", (Action.RETRY, Action.EDIT)),
    ],
)
def test_a_stopped_answer_says_so_quietly(
    message: Message, sentence: str, actions: tuple[Action, ...]
) -> None:
    notice = notice_of(replace(message, state=MessageState.STOPPED))
    assert notice is not None
    assert (notice.sentence, notice.actions, notice.danger) == (sentence, actions, False)


def test_an_answer_that_the_end_of_the_program_cut_offers_to_go_on() -> None:
    notice = notice_of(replace(ANSWER, state=MessageState.INTERRUPTED))
    assert notice is not None
    assert notice.sentence == "Interrupted when the program closed."
    assert notice.actions == (Action.CONTINUE, Action.REGENERATE)


def test_a_failure_is_told_in_its_own_sentence_with_details() -> None:
    failure = Failure(kind=ErrorKind.BAD_KEY, service="Groq", status=401, message="no such key")
    notice = notice_of(replace(SILENT, state=MessageState.FAILED, failure=failure))
    assert notice is not None
    assert notice.sentence == "Groq does not know this key. Paste a new one."
    assert Action.CHANGE_KEY in notice.actions
    assert "401" in notice.details
    assert notice.danger


def test_an_answer_cut_by_its_length_can_be_continued() -> None:
    notice = notice_of(replace(ANSWER, finish_reason="length"))
    assert notice is not None
    assert Action.CONTINUE in notice.actions


def test_an_answer_that_the_service_pauses_can_be_continued() -> None:
    notice = notice_of(replace(ANSWER, finish_reason="pause", provider_name="Claude"))
    assert notice is not None
    assert notice.sentence == "Claude paused in this answer, and has more to say. Continue it."
    assert notice.actions[0] is Action.CONTINUE


def test_only_questions_and_answers_are_shown() -> None:
    system = replace(QUESTION, id="s", role=Role.SYSTEM)
    path = MessageTree([system, replace(QUESTION, parent_id="s"), ANSWER]).path("a")
    items = ConversationItems(path, item_of_one)
    assert items.ids() == ["q", "a"]
    assert [items.side(at) for at in range(2)] == [Side.PERSON, Side.MODEL]
    assert [items.item(at).text for at in range(2)] == ["Why?", "Because."]
    assert items.words(1) == ("Because.", "Hm.")


def test_what_is_told_on_demand_names_service_and_tokens() -> None:
    words = tooltip(replace(ANSWER, usage=Usage(12, 34), first_ms=740, took_ms=2500))
    assert "First word after 0.7 s, whole answer in 2.5 s" in words
    assert "llama-3 at Groq" in words
    assert "12 tokens read, 34 written" in words


def test_tool_calls_and_sources_stand_beside_the_text() -> None:
    parts = (
        Part(PartKind.TEXT, "Look."),
        Part(PartKind.TOOL_CALL, '{"a": 1}', '{"id": "c", "name": "search"}'),
        Part(PartKind.TOOL_CALL, "", "damaged"),
        Part(PartKind.CITATION, "A title", '{"url": "https://a.example"}'),
        Part(PartKind.CITATION, "No address", "[]"),
        Part("from a newer version", "?", "{}"),
    )
    item = item_of_one(replace(ANSWER, parts=parts))
    assert item.calls == (ToolCall("search", '{"a": 1}'), ToolCall("", ""))
    assert item.sources == (Source("https://a.example", "A title"),)
    assert item.text == "Look."
    assert not item_of_one(ANSWER).calls
    assert not item_of_one(ANSWER).sources


@pytest.mark.parametrize("state", [MessageState.FAILED, MessageState.STOPPED])
def test_an_answer_without_a_word_still_has_its_details(state: MessageState) -> None:
    failure = Failure(kind=ErrorKind.BAD_REQUEST) if state is MessageState.FAILED else None
    silent = replace(SILENT, state=state, failure=failure)
    item = item_of(silent, Versions())
    assert item.actions == (Action.MORE,)
