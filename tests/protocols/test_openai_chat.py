"""Chat completions: dialects, errors in every shape, and what a request looks like."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import (
    CitationFound,
    Finished,
    FinishReason,
    KeepAlive,
    Limits,
    ReasoningDelta,
    RefusalDelta,
    StreamEvent,
    TextDelta,
    ToolCallDelta,
    UsageReported,
)
from desktop_chat.protocols.answers.chat_reader import ChatReader
from desktop_chat.protocols.openai_chat import OpenAiChat
from desktop_chat.protocols.registry import PROTOCOLS, protocol
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import route_for
from tests.protocols.asking import SHORT, ask, provider
from tests.protocols.cuttings import in_two, pieces
from tests.protocols.servers import Call, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PLACE = Failure(kind=ErrorKind.INTERNAL, service="Service", model="m")


def event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def delta(finish: str | None = None, **content: object) -> bytes:
    return event({"choices": [{"index": 0, "delta": content, "finish_reason": finish}]})


STOP = delta("stop")
DONE = b"data: [DONE]\n\n"


class Result:
    """What a body was read as."""

    def __init__(self, parts: list[bytes], limits: Limits | None = None) -> None:
        reader = ChatReader(PLACE, limits)
        self.events: list[StreamEvent] = []
        for part in parts:
            self.events += reader.feed(part)
            if reader.ended:
                break
        self.events += reader.end()
        self.bad_events = reader.bad_events
        self.failure: Failure | None = None
        self.finished: Finished | None = None
        try:
            self.finished = reader.outcome(broken=False)
        except ChatError as error:
            self.failure = error.failure

    @property
    def kind(self) -> ErrorKind | None:
        return self.failure.kind if self.failure else None

    def of(self, kind: type[TextDelta | ReasoningDelta | RefusalDelta]) -> str:
        return "".join(one.text for one in self.events if isinstance(one, kind))

    @property
    def text(self) -> str:
        return self.of(TextDelta)

    @property
    def reasoning(self) -> str:
        return self.of(ReasoningDelta)

    def told(self) -> tuple[Any, ...]:
        said = [
            one
            for one in self.events
            if not isinstance(one, (TextDelta, ReasoningDelta, KeepAlive))
        ]
        return self.text, self.reasoning, said, self.failure, self.finished


def read(*parts: bytes, limits: Limits | None = None) -> Result:
    """Read a body whole, and make sure that every cut reads the same."""
    body = b"".join(parts)
    whole = Result([body], limits)
    for cutting in (pieces(body, 1), pieces(body, 5), *(in_two(body) if len(body) < 700 else ())):
        assert Result(cutting, limits).told() == whole.told(), cutting
    return whole


# How answers end.


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (STOP + DONE, FinishReason.STOP),
        (STOP, FinishReason.STOP),
        (DONE, FinishReason.UNKNOWN),
        (b"data: [DONE]", FinishReason.UNKNOWN),
        (delta("") + DONE, FinishReason.UNKNOWN),
        (delta("length"), FinishReason.LENGTH),
        (delta("content_filter"), FinishReason.SAFETY),
        (delta("tool_calls"), FinishReason.TOOL_CALLS),
        (delta("enlightened"), FinishReason.UNKNOWN),
        (delta("stop", content=""), FinishReason.STOP),
        (b"event: done\ndata: {}\n\n", FinishReason.UNKNOWN),
    ],
)
def test_an_answer_is_whole_once_its_terminal_came(end: bytes, reason: FinishReason) -> None:
    result = read(delta(content="Hi"), end)
    assert result.text == "Hi"
    assert result.finished == Finished(reason)


def test_a_last_chunk_may_hold_text_and_the_finish() -> None:
    result = read(delta(content="Hel"), delta("stop", content="lo"))
    assert (result.text, result.finished) == ("Hello", Finished(FinishReason.STOP))


def test_text_after_the_finish_is_kept() -> None:
    usage = event({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 2}})
    result = read(delta(content="a"), STOP, delta(content="b"), usage, DONE)
    assert result.text == "ab"
    assert UsageReported(Usage(1, 2)) in result.events


def test_an_empty_reason_in_every_chunk_is_none() -> None:
    parts = [delta("", content=word) for word in ("Hel", "lo")]
    assert read(*parts, STOP, DONE).finished == Finished(FinishReason.STOP)
    assert read(*parts, DONE).finished == Finished(FinishReason.UNKNOWN)
    broken = read(*parts)
    assert (broken.text, broken.kind) == ("Hello", ErrorKind.BROKEN_STREAM)


def test_ids_models_and_times_may_change_with_every_chunk() -> None:
    parts = [
        event(
            {
                "id": f"chatcmpl-{number}",
                "model": ["router", "", None][number % 3],
                "created": [1.7e12, None, -1][number % 3],
                "object": ["chat.completion.chunk", "", "chat.completion.done"][number % 3],
                "choices": [{"index": 0, "delta": {"role": "assistant", "content": word}}],
            }
        )
        for number, word in enumerate(("Wh", "o ", "sp", "ea", "ks"))
    ]
    result = read(*parts, STOP, DONE)
    assert (result.text, result.finished) == ("Who speaks", Finished(FinishReason.STOP))


def test_no_terminal_is_a_break() -> None:
    assert read(delta(content="Hi")).kind is ErrorKind.BROKEN_STREAM
    assert read(delta(role="assistant")).kind is ErrorKind.BROKEN_STREAM


@pytest.mark.parametrize(
    "body", [b"", b"\n\n", b": ping\n\n", DONE, STOP, delta(content=None) + DONE]
)
def test_an_answer_of_nothing_is_empty(body: bytes) -> None:
    assert read(body).kind is ErrorKind.EMPTY


def test_reasoning_alone_is_an_empty_answer() -> None:
    result = read(delta(reasoning_content="Hm."), STOP, DONE)
    assert (result.reasoning, result.kind) == ("Hm.", ErrorKind.EMPTY)


@pytest.mark.parametrize("reason", ["length", "content_filter"])
def test_an_answer_of_nothing_may_say_why(reason: str) -> None:
    assert read(delta(reason), DONE).finished == Finished(FinishReason(reason))


# Dialects.


@pytest.mark.parametrize(
    "said",
    [
        {"reasoning_content": "Think"},
        {"reasoning": "Think"},
        {"reasoning": {"text": "Think"}},
        {"thinking": "Think"},
        {"reasoning_details": [{"type": "reasoning.text", "text": "Think"}]},
        {"reasoning_details": [{"type": "reasoning.summary", "summary": "Think"}]},
        {"reasoning": "Think", "reasoning_details": [{"text": "Think"}]},
        {"reasoning": "Think", "reasoning_content": "Think", "content": None},
        {"content": [{"type": "thinking", "thinking": [{"type": "text", "text": "Think"}]}]},
        {"content": [{"type": "reasoning", "text": "Think"}]},
    ],
)
def test_reasoning_is_found_wherever_it_stands(said: dict[str, Any]) -> None:
    result = read(delta(**said), delta(content="Answer"), STOP)
    assert (result.reasoning, result.text) == ("Think", "Answer")


def test_encrypted_reasoning_is_not_shown() -> None:
    secret = [{"type": "reasoning.encrypted", "data": "gibberish"}, None, 5]
    assert read(delta(reasoning_details=secret, content="Hi"), STOP).reasoning == ""


@pytest.mark.parametrize(
    "content",
    [
        [{"type": "text", "text": "Hi"}],
        {"type": "text", "text": "Hi"},
        [{"text": "H"}, {"type": "image_url"}, {"type": "reference", "ids": [1]}, {"text": "i"}],
    ],
)
def test_content_may_be_parts(content: object) -> None:
    assert read(delta(content=content), STOP).text == "Hi"


def test_a_refusal_stands_apart() -> None:
    result = read(delta(refusal="I will "), delta(refusal="not."), STOP)
    assert (result.of(RefusalDelta), result.kind) == ("I will not.", None)


def test_the_first_choice_alone_is_the_answer() -> None:
    two = {
        "choices": [
            {"index": 0, "delta": {"content": "A"}},
            {"index": 1, "delta": {"content": "B"}},
        ]
    }
    one = {"choices": [{"index": 1, "delta": {"content": "B"}}]}
    assert read(event(two), event(one), event(two), DONE).text == "AA"


@pytest.mark.parametrize(
    "body",
    [
        event({"choices": None}), event({"choices": [None, 3, "x"]}), event([]), event(3),
        event({"choices": [{"delta": None}]}), event({"choices": [{"delta": []}]}), b"data:\n\n",
        event({"choices": {}}), b"data:   \n\n", b"data: : ping\n\n", event({"usage": []}),
        b"data: {broken\n\n", event({"choices": [], "prompt_filter_results": [{}]}),
        event({"choices": [{"delta": {"tool_calls": [None, 1]}}], "usage": {"prompt_tokens": "x"}}),
        b"event: ping\ndata: {}\n\n", b"id: 1\n\n", b"data: " + b"[" * 100_000 + b"\n\n",
        b'data: {"a": ' + b"9" * 5000 + b"}\n\n",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_skipped(body: bytes) -> None:
    parts = [delta(content="Be"), body, delta(content="fore"), STOP, DONE]
    for cutting in ([b"".join(parts)], parts, pieces(b"".join(parts), 1000)):
        result = Result(cutting)
        assert (result.text, result.kind) == ("Before", None)


def test_skipped_events_are_counted() -> None:
    assert read(delta(content="a"), b"data: {broken\n\ndata: words\n\n", STOP).bad_events == 2


def test_two_objects_in_one_event_are_both_read() -> None:
    both = delta(content="a").strip() + delta(content="b").removeprefix(b"data: ")
    assert read(both, STOP).text == "ab"


def test_bare_json_lines_are_read() -> None:
    line = delta(content="b").removeprefix(b"data: ")
    assert read(delta(content="a"), line, STOP).text == "ab"
    assert read(line, line, STOP.removeprefix(b"data: ")).text == "bb"


def test_halves_of_a_character_in_two_chunks_are_joined() -> None:
    halves = [
        b'data: {"choices":[{"delta":{"content":"%s"}}]}\n\n' % half
        for half in (b"\\ud83d", b"\\ude00")
    ]
    assert read(*halves, STOP).text == "😀"
    assert read(halves[0], STOP).text == "\ufffd"


def test_no_nul_enters_an_answer() -> None:
    assert read(delta(content="a\0b"), STOP).text == "a␀b"


@pytest.mark.parametrize(
    ("pieces_of_text", "reasoning", "text"),
    [
        (["<think>Hm.</think>\n\nYes."], "Hm.", "Yes."),
        (["<th", "ink>H", "m.</thi", "nk>", "\n", "Yes."], "Hm.", "Yes."),
        (["\n<think>\nHm.", "</think>Yes."], "\nHm.", "Yes."),
        (["<thin", "g> is a tag"], "", "<thing> is a tag"),
        (["Use <think>x</think> so"], "", "Use <think>x</think> so"),
        (["<think>never closed"], "never closed", ""),
        (["<think>a</think>b</think>c<think>"], "a", "b</think>c<think>"),
        (["<t"], "", "<t"),
        (["            <think>x</think>"], "x", ""),
        (["No opening ", "tag.</think>", "\n\nYes."], "", "No opening tag.</think>\n\nYes."),
        (["```html\n<think>", "</think>\n```"], "", "```html\n<think></think>\n```"),
    ],
)
def test_inline_reasoning_is_split_at_the_start_alone(
    pieces_of_text: list[str], reasoning: str, text: str
) -> None:
    result = read(*(delta(content=one) for one in pieces_of_text), STOP)
    assert (result.reasoning, result.text) == (reasoning, text)


def test_inline_tags_are_text_where_reasoning_came_apart() -> None:
    result = read(delta(reasoning="Hm."), delta(content="<think> is a tag"), STOP)
    assert (result.reasoning, result.text) == ("Hm.", "<think> is a tag")


# Tools, sources, counts.


def call(name: str = "", arguments: str = "", **more: object) -> bytes:
    return delta(tool_calls=[{"function": {"name": name, "arguments": arguments}, **more}])


@pytest.mark.parametrize(
    "parts",
    [
        [call("f", "", index=0, id="a"), call("", "{1", index=0), call("", "}", index=0),
         call("g", "", index=1, id="b"), call("", "{2}", index=1)],
        [call("f", "", index=1, id="a"), call("", "{1}", index=1),
         call("g", "", index=2, id="b"), call("", "{2}", index=2)],
        [call("f", "{1}", id="a"), call("g", "{2}", id="b")],
        [call("f", "{1}", id="a", index=0), call("g", "{2}", id="b", index=0)],
        [call("f", "", index=0, id="a"), call("", "{1}", index=0, id=""),
         call("g", "", index=1, id="b"), call("", "{2}", index=1, id="")],
        [call("f", "{", index=0, id="a"), call("", "1}", index=0, id="new"),
         call("g", "{2}", index=1, id="b")],
        [call("f", "{", index=0, id="a"), call("f", "1}", index=0, id="a"),
         call("g", "{2}", index=1, id="b")],
        [delta(tool_calls=[
            {"index": 0, "id": "a", "function": {"name": "f", "arguments": "{1}"}},
            {"index": 1, "id": "b", "function": {"name": "g", "arguments": "{2}"}},
        ])],
    ],
)  # fmt: skip
def test_pieces_of_tool_calls_find_each_other(parts: list[bytes]) -> None:
    result = read(*parts, delta("tool_calls"))
    calls: dict[int, list[str]] = {}
    for one in result.events:
        if isinstance(one, ToolCallDelta):
            mine = calls.setdefault(one.index, ["", "", ""])
            mine[0] += one.call_id
            mine[1] += one.name
            mine[2] += one.arguments
    assert list(calls.values()) == [["a", "f", "{1}"], ["b", "g", "{2}"]]
    assert result.kind is None


def test_the_old_form_of_a_tool_call_is_read() -> None:
    parts = [
        delta(function_call={"name": "f", "arguments": "{"}),
        delta(function_call={"arguments": "}"}),
    ]
    result = read(*parts, delta("function_call"))
    assert [one for one in result.events if isinstance(one, ToolCallDelta)] == [
        ToolCallDelta(0, "", "f", "{"),
        ToolCallDelta(0, "", "", "}"),
    ]


def test_sources_are_named_once_each() -> None:
    annotations = [
        {"type": "url_citation", "url_citation": {"url": "https://a.test", "title": "A"}},
        {"url": "https://b.test"},
        {"type": "file"},
    ]
    parts = [
        delta(annotations=annotations, content="x"),
        event({"citations": ["https://c.test", "https://a.test", "", 5], "choices": []}),
        event({"search_results": [{"url": "https://d.test", "title": "D"}], "choices": []}),
    ]
    found = [one for one in read(*parts, STOP).events if isinstance(one, CitationFound)]
    assert found == [
        CitationFound("https://a.test", "A"),
        CitationFound("https://b.test"),
        CitationFound("https://c.test"),
        CitationFound("https://d.test", "D"),
    ]


def test_the_last_counts_are_the_ones_that_count() -> None:
    def counts(count: int) -> bytes:
        return event({"choices": [], "usage": {"prompt_tokens": 5, "completion_tokens": count}})

    nothing = event({"choices": [], "usage": None})
    parts = [delta(content="x"), counts(1), counts(1), counts(2), nothing, STOP]
    reports = [one for one in read(*parts).events if isinstance(one, UsageReported)]
    assert reports == [UsageReported(Usage(5, 1)), UsageReported(Usage(5, 2))]


@pytest.mark.parametrize(
    "chunk",
    [
        {"x_groq": {"usage": {"prompt_tokens": 1, "completion_tokens": 2}}},
        {"usage": {"input_tokens": 1, "output_tokens": 2}},
        {"usage": {"prompt_tokens": 1.0, "completion_tokens": 2, "prompt_tokens_details": None}},
    ],
)
def test_counts_are_found_under_every_name(chunk: dict[str, Any]) -> None:
    result = read(delta(content="x"), event({"choices": [], **chunk}), STOP)
    assert UsageReported(Usage(1, 2)) in result.events


# A document in place of a stream.

MESSAGE = {"role": "assistant", "content": "Hi", "reasoning": "Hm"}
WHOLE = {
    "object": "chat.completion",
    "choices": [{"index": 0, "message": MESSAGE, "finish_reason": "stop"}],
    "usage": {"prompt_tokens": 1, "completion_tokens": 1},
}


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize("around", [("", ""), ("\n ", "\n"), ("\ufeff", "\n\n")])
def test_a_json_document_is_an_answer_too(indent: int | None, around: tuple[str, str]) -> None:
    body = around[0] + json.dumps(WHOLE, indent=indent) + around[1]
    result = read(body.encode())
    assert (result.text, result.reasoning) == ("Hi", "Hm")
    assert result.finished == Finished(FinishReason.STOP)
    assert UsageReported(Usage(1, 1)) in result.events


def test_a_json_document_without_a_finish_is_whole_all_the_same() -> None:
    body = json.dumps({"choices": [{"message": {"content": "Hi"}}]}).encode()
    assert read(body).finished == Finished(FinishReason.UNKNOWN)
    assert read(b"[" + body + b"]").text == "Hi"


def test_a_message_that_repeats_what_was_streamed_is_not_shown_twice() -> None:
    end = event({"choices": [{"message": {"content": "Hi"}, "finish_reason": "stop"}]})
    assert read(delta(content="Hi"), end, DONE).text == "Hi"


def test_a_json_document_that_is_cut_is_a_break() -> None:
    assert read(json.dumps(WHOLE, indent=1).encode()[:-30]).kind is ErrorKind.BROKEN_STREAM


@pytest.mark.parametrize(
    "body", [b"<!DOCTYPE html><title>Log in</title>", b"\n <html><h1>Log in</h1>"]
)
def test_a_web_page_is_the_wrong_content(body: bytes) -> None:
    result = read(body)
    assert result.failure is not None
    assert (result.failure.kind, result.failure.message) == (ErrorKind.WRONG_CONTENT, "Log in")


def test_words_that_are_no_stream_are_the_wrong_content() -> None:
    result = read(b"Proxy could not reach the service\nTry again later\n")
    assert result.failure is not None
    assert result.failure.kind is ErrorKind.WRONG_CONTENT
    assert "could not reach" in result.failure.message


# Errors inside an answer of status 200.


@pytest.mark.parametrize(
    ("body", "kind", "message"),
    [
        (event({"error": {"message": "Busy", "type": "overloaded_error"}}),
         ErrorKind.SERVER_TROUBLE, "Busy"),
        (event({"error": "no such thing"}), ErrorKind.STREAM_ERROR, "no such thing"),
        (event({"error": {"code": 401, "message": "bad key"}}), ErrorKind.BAD_KEY, "bad key"),
        (event({"error": {"code": "429", "message": "slow"}}) + DONE,
         ErrorKind.RATE_LIMITED, "slow"),
        (event({"type": "error", "message": "odd"}), ErrorKind.STREAM_ERROR, "odd"),
        (event({"object": "error", "message": "odd"}), ErrorKind.STREAM_ERROR, "odd"),
        (event({"error_type": "x", "error_message": "odd"}), ErrorKind.STREAM_ERROR, "odd"),
        (event({"detail": "odd"}), ErrorKind.STREAM_ERROR, "odd"),
        (b"event: error\n" + event({"message": "odd"}), ErrorKind.STREAM_ERROR, "odd"),
        (b"event: error\ndata: just words\n\n", ErrorKind.STREAM_ERROR, "just words"),
        (b'event: error\ndata: "words"\n\n', ErrorKind.STREAM_ERROR, "words"),
        (b'error: {"code":500,"message":"odd"}\n\n', ErrorKind.SERVER_TROUBLE, "odd"),
        (b'{"error":{"message":"odd"}}', ErrorKind.STREAM_ERROR, "odd"),
        (b'{"error":{"message":"odd"}}\n', ErrorKind.STREAM_ERROR, "odd"),
        (b'{\n"error":\n{"message":"odd"}}', ErrorKind.STREAM_ERROR, "odd"),
        (b'{"detail":"odd"}', ErrorKind.STREAM_ERROR, "odd"),
        (b'{"code":402,"message":"pay"}', ErrorKind.NO_CREDIT, "pay"),
        (event({"error": {"message": "x" * 900}}), ErrorKind.STREAM_ERROR, "x" * 299 + "…"),
    ],
)  # fmt: skip
def test_an_error_is_found_in_every_shape(body: bytes, kind: ErrorKind, message: str) -> None:
    result = read(body)
    assert result.failure is not None
    assert (result.failure.kind, result.failure.message) == (kind, message)
    assert result.failure.service == "Service"


@pytest.mark.parametrize("also", [{}, {"choices": [{"index": 0, "delta": {"content": ""}}]}])
def test_an_error_after_text_keeps_the_text_and_the_services_words(also: dict[str, Any]) -> None:
    bad = event({"error": {"code": 502, "message": "Provider went away"}, **also})
    result = read(delta(content="So far. "), bad, DONE)
    assert result.text == "So far. "
    assert result.failure is not None
    assert result.failure.kind is ErrorKind.STREAM_ERROR
    assert result.failure.message == "Provider went away"


def test_a_finish_by_error_is_an_error() -> None:
    assert read(delta(content="x"), delta("error")).kind is ErrorKind.STREAM_ERROR


@pytest.mark.parametrize(
    "chunk", [{"type": "ping"}, {"id": "1", "message": {"content": "x"}}, {"message": ""}]
)
def test_what_only_resembles_an_error_is_none(chunk: dict[str, Any]) -> None:
    assert read(event(chunk), delta(content="Hi"), STOP).text == "Hi"


def test_an_empty_error_is_none() -> None:
    chunk = {"choices": [{"delta": {"content": "Hi"}, "finish_reason": "stop"}], "error": None}
    assert read(event(chunk)).text == "Hi"


# Limits.


def test_text_and_reasoning_beyond_the_limit_are_cut_there() -> None:
    parts = [delta(reasoning="é" * 20), delta(content="x" * 50), delta(content="ü" * 10), DONE]
    result = read(*parts, limits=Limits(answer_bytes=101))
    assert result.reasoning == "é" * 20
    assert result.text == "x" * 50 + "ü" * 5
    assert result.failure is not None
    assert result.failure.kind is ErrorKind.LIMIT


def test_a_document_beyond_the_limit_is_cut() -> None:
    body = b"[" + b" " * 500
    assert read(body, limits=Limits(answer_bytes=100)).kind is ErrorKind.LIMIT


def test_signs_of_life_are_told_while_nothing_else_comes() -> None:
    reader = ChatReader(PLACE)
    assert reader.feed(b": OPENROUTER PROCESSING\n\n") == [KeepAlive()]
    assert reader.feed(b"data: \n\n") == [KeepAlive()]
    assert reader.feed(b"data: : ping\n\n") == [KeepAlive()]
    assert reader.bad_events == 0
    assert reader.feed(b": ping\n\n" + delta(content="x")) == [TextDelta("x")]


# Properties.

ATOMS = st.sampled_from(
    [
        delta(content="a"), delta(content="<think>"), delta(content="</think>"),
        delta(reasoning="r"),
        delta(content="\ud83d"), delta(content="\ude00"), STOP, DONE, b": c\n\n", b"data: {\n\n",
        event({"error": "e"}), event(WHOLE), b"\n", b"{", b"<", b'{"a":1}\n', b"data: x\n\n",
        b"\xef\xbb\xbf", b"event: output\ndata: w\n\n", b'error: {"message":"m"}\n', b"\r\n",
        event({"choices": [], "usage": {"prompt_tokens": 1}}), call("f", "{}", index=0),
    ]
)  # fmt: skip


@given(st.lists(ATOMS, max_size=8), st.lists(st.integers(0, 900), max_size=6))
def test_every_cutting_reads_the_same(atoms: list[bytes], cuts: list[int]) -> None:
    body = b"".join(atoms)
    places = sorted({min(cut, len(body)) for cut in cuts})
    parts = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
    assert Result(parts).told() == Result([body]).told()


@given(st.binary(max_size=200), st.integers(1, 9))
def test_no_bytes_at_all_break_it(body: bytes, size: int) -> None:
    assert Result(pieces(body, size)).told() == Result([body]).told()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["choices", "delta", "content", "error", "usage", "index", "message", "text",
                 "tool_calls", "function", "type", "thinking", "annotations", "prompt_tokens"]
            ),
            inner,
            max_size=4,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_no_json_at_all_breaks_it(value: object) -> None:
    Result([event(value), event({"choices": [{"delta": value}]}), event({"choices": value}), STOP])


# Requests.


def served(
    script: Callable[[Call], Awaitable[None]], path: str = "/v1", times: int = 1
) -> tuple[list[Any], list[Any]]:
    async def run() -> tuple[list[Any], list[Any]]:
        async with serving(script) as server:
            base = server.url.removesuffix("/v1") + path
            return [await ask(base) for _ in range(times)], server.requests

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ("/v1", "POST /v1/chat/completions HTTP/1.1"),
        ("/v1/", "POST /v1/chat/completions HTTP/1.1"),
        ("", "POST /chat/completions HTTP/1.1"),
        ("/v1/chat/completions", "POST /v1/chat/completions HTTP/1.1"),
        ("/v1?api-version=7", "POST /v1/chat/completions?api-version=7 HTTP/1.1"),
    ],
)
def test_any_form_of_base_address_works(path: str, line: str) -> None:
    async def script(call: Call) -> None:
        await call.stream(delta(content="Hi"), STOP, DONE)

    (answer,), requests = served(script, path)
    assert answer.text == "Hi"
    assert requests[0].line == line


@pytest.mark.parametrize("status", ["400 Bad", "422 Unprocessable"])
def test_stream_options_are_left_out_where_they_are_refused(
    status: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        if "stream_options" in json.loads(call.request.body):
            words = {"detail": [{"loc": ["body", "stream_options"], "msg": "Extra inputs"}]}
            await call.answer(json.dumps(words).encode(), status)
        else:
            await call.stream(delta(content="Hi"), STOP, DONE)

    answers, requests = served(script, times=2)
    assert [answer.text for answer in answers] == ["Hi", "Hi"]
    # Once refused, twice answered: the second question does not try again.
    assert len(requests) == 3


def test_a_model_that_cannot_stream_is_asked_without() -> None:
    async def script(call: Call) -> None:
        if json.loads(call.request.body)["stream"]:
            await call.answer(b'{"error":{"message":"Streaming is not supported"}}', "400 Bad")
        else:
            await call.answer(json.dumps(WHOLE).encode(), content_type="application/json")

    (answer,), requests = served(script)
    assert answer.text == "Hi"
    assert len(requests) == 2


def test_a_refusal_of_something_else_is_told() -> None:
    async def script(call: Call) -> None:
        await call.answer(b'{"error":{"message":"Unknown role"}}', "400 Bad")

    (answer,), requests = served(script)
    assert answer.failure.kind is ErrorKind.BAD_REQUEST
    assert len(requests) == 1


def test_a_service_that_refuses_for_ever_is_asked_no_more_than_thrice() -> None:
    async def script(call: Call) -> None:
        words = b'{"error":"stream_options and streaming are not supported"}'
        await call.answer(words, "400 Bad")

    (answer,), requests = served(script)
    assert answer.failure.kind is ErrorKind.BAD_REQUEST
    assert len(requests) <= 3


def models(body: bytes, status: str = "200 OK") -> list[tuple[str, str, tuple[str, ...]]]:
    async def script(call: Call) -> None:
        assert call.request.line.startswith("GET /v1/models")
        await call.answer(body, status)

    async def run() -> list[tuple[str, str, tuple[str, ...]]]:
        async with serving(script) as server:
            client = make_client(route_for(server.url))
            http = Http(client, "Service", lambda phase: None, SHORT)
            one = provider(f"{server.url}/chat/completions")
            try:
                found = await OpenAiChat().list_models(one, None, http)
            finally:
                await client.aclose()
            assert server.requests[0].values("authorization") == []
            return [(model.id, model.name, model.tags) for model in found]

    return asyncio.run(run())


@pytest.mark.parametrize(
    ("body", "ids"),
    [
        ({"data": [{"id": "b"}, {"id": "a"}, {"id": "b"}]}, ["b", "a"]),
        ([{"id": "x", "type": "chat"}, {"id": "y", "type": "image"}], ["x", "y"]),
        ({"models": [{"name": "llama3:8b"}, {"model": "m"}]}, ["llama3:8b", "m"]),
        ({"data": ["one", "two", "", None, 5, {"no": "id"}, {"id": 7}]}, ["one", "two"]),
        ({"data": None}, []),
        ({"object": "list", "data": []}, []),
        ({"data": [{"id": "text-embedding-3"}, {"id": "gpt-x"}]}, ["gpt-x", "text-embedding-3"]),
    ],
)
def test_models_are_listed_in_the_services_order_those_for_chat_first(
    body: object, ids: list[str]
) -> None:
    assert [model for model, _, _ in models(json.dumps(body).encode())] == ids


def test_a_models_name_is_kept_where_it_says_more_than_its_id() -> None:
    body = json.dumps({"data": [{"id": "a/b", "name": "A: B"}]}).encode()
    assert models(body) == [("a/b", "A: B", ())]


@pytest.mark.parametrize(
    "body", [b"<html><title>Hi</title>", b"words", b'{"a":1}', b"3", b"[" * 9999]
)
def test_what_is_no_list_of_models_is_the_wrong_content(body: bytes) -> None:
    with pytest.raises(ChatError) as caught:
        models(body)
    assert caught.value.failure.kind is ErrorKind.WRONG_CONTENT
    assert caught.value.failure.service == "Service"


def test_a_wrong_key_is_told_while_listing() -> None:
    with pytest.raises(ChatError) as caught:
        models(b'{"error":{"message":"Invalid token"}}', "401 No")
    assert caught.value.failure.kind is ErrorKind.BAD_KEY


def test_a_list_that_never_comes_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def script(call: Call) -> None:
        await call.hold()

    async def run() -> None:
        async with serving(script) as server:
            client = make_client(route_for(server.url))
            http = Http(client, "Service", lambda phase: None)
            with pytest.raises(ChatError) as caught:
                await OpenAiChat().list_models(provider(server.url), None, http)
            await client.aclose()
            assert caught.value.failure.kind is ErrorKind.SILENCE
            await asyncio.wait_for(server.closed.wait(), 1)

    monkeypatch.setattr("desktop_chat.protocols.requests.listing._MODELS_S", 0.2)
    asyncio.run(run())


# The registry.


def test_every_protocol_is_found_by_its_id() -> None:
    known = {"openai_chat", "openai_responses", "anthropic_messages", "gemini", "ollama_chat"}
    known |= {"azure_openai", "light_chat"}
    assert set(PROTOCOLS) >= known
    for wire in PROTOCOLS:
        assert protocol(wire).id == wire
        assert protocol(wire).label
        assert protocol(wire) is protocol(wire)
    with pytest.raises(KeyError):
        protocol("telepathy")
