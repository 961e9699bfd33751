"""Events become one message, whatever their order and cut."""

from __future__ import annotations

import json

from desktop_chat.domain.chat import Message, MessageState, PartKind, Role, Usage
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.stream import (
    CitationFound,
    Finished,
    FinishReason,
    KeepAlive,
    Opaque,
    RawTail,
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.runtime.chats.answer import GrowingAnswer


def grown(*events: StreamEvent) -> GrowingAnswer:
    empty = Message(
        id="a",
        conversation_id="c",
        parent_id="q",
        role=Role.ASSISTANT,
        state=MessageState.STREAMING,
        model="m",
    )
    answer = GrowingAnswer(empty)
    for event in events:
        answer.take(event)
    return answer


def test_nothing_came() -> None:
    answer = grown(KeepAlive())
    assert not answer.has_text
    assert answer.message(MessageState.STOPPED).parts == ()


def test_pieces_are_joined_and_kinds_kept_apart() -> None:
    answer = grown(
        ReasoningDelta("hm "),
        ReasoningDelta("hm"),
        TextDelta("Hel"),
        TextDelta("lo"),
        Finished(FinishReason.STOP),
    )
    message = answer.message(MessageState.COMPLETE)
    assert [(one.kind, one.text) for one in message.parts] == [
        (PartKind.REASONING, "hm hm"),
        (PartKind.TEXT, "Hello"),
    ]
    assert (message.finish_reason, message.model) == ("stop", "m")
    assert answer.has_text


def test_a_correction_takes_the_place_of_the_text_before_it() -> None:
    pieces = (TextDelta("The "), ReasoningDelta("Hm."), TextDelta(" sat."))
    answer = grown(*pieces, TextCorrected("The cat sat."), TextDelta(" So."))
    parts = answer.message(MessageState.COMPLETE).parts
    assert [(part.kind, part.text) for part in parts] == [
        (PartKind.REASONING, "Hm."),
        (PartKind.TEXT, "The cat sat. So."),
    ]


def test_a_refusal_is_text_that_a_person_reads() -> None:
    message = grown(RefusalDelta("I can"), RefusalDelta("not.")).message(MessageState.COMPLETE)
    assert message.text == "I cannot."
    assert message.parts[0].kind == PartKind.REFUSAL


def test_the_last_usage_counts() -> None:
    answer = grown(UsageReported(Usage(1, 1)), UsageReported(Usage(5, 7, 2)))
    assert answer.message(MessageState.COMPLETE).usage == Usage(5, 7, 2)


def test_pieces_of_tool_calls_are_joined_by_their_index() -> None:
    answer = grown(
        ToolCallDelta(1, "id-b", "second", "{}"),
        ToolCallDelta(0, "id-a", "first", '{"x"'),
        ToolCallDelta(0, arguments=": 1}"),
    )
    first, second = answer.message(MessageState.COMPLETE).parts
    assert (first.text, json.loads(first.data)["name"]) == ('{"x": 1}', "first")
    assert (second.text, json.loads(second.data)["id"]) == ("{}", "id-b")


def test_a_source_named_twice_is_kept_once() -> None:
    source = CitationFound("https://example.org", "Example")
    (part,) = grown(source, source).message(MessageState.COMPLETE).parts
    assert (part.kind, part.text) == (PartKind.CITATION, "Example")
    assert json.loads(part.data)["url"] == "https://example.org"


def test_state_failure_and_raw_tail_are_noted() -> None:
    failure = Failure(kind=ErrorKind.BROKEN_STREAM)
    message = grown(TextDelta("x"), RawTail("undefined")).message(MessageState.INTERRUPTED, failure)
    assert (message.state, message.failure, message.raw_tail) == (
        MessageState.INTERRUPTED,
        failure,
        "undefined",
    )


def test_empty_pieces_are_no_text() -> None:
    assert not grown(TextDelta(""), ReasoningDelta("")).has_text


def test_what_only_the_service_understands_is_kept_and_never_shown() -> None:
    answer = grown(ReasoningDelta("hm"), Opaque('{"sig":1}'), TextDelta("Hi"), Opaque('{"sig":2}'))
    message = answer.message(MessageState.COMPLETE)
    assert (message.reasoning, message.text) == ("hm", "Hi")
    kept = [one.data for one in message.parts if one.kind == PartKind.REASONING and one.data]
    assert kept == ['{"sig":1}', '{"sig":2}']


def test_marks_of_the_service_alone_are_nothing_to_read() -> None:
    assert not grown(Opaque("{}")).has_text
