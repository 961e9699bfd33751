"""Anthropic's messages: what is asked, and every odd thing that an answer may hold."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Role, Usage
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import Header
from desktop_chat.domain.stream import ChatRequest, ModelInfo, Turn
from desktop_chat.protocols.answers.anthropic_answer import AnthropicAnswer
from desktop_chat.protocols.anthropic_messages import AnthropicMessages
from tests.protocols.asking import CANARY, Answer, ask, provider, request_for, transport
from tests.protocols.replaying import Reading, assert_fit_at_cuts, read_every_way, replay
from tests.protocols.servers import Call, Request, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

WIRE = "anthropic_messages"


def event(kind: str, **fields: object) -> bytes:
    data = json.dumps({"type": kind, **fields}) + "    "
    return f"event: {kind}\ndata: {data}\n\n".encode()


def start(**usage: object) -> bytes:
    return event("message_start", message={"id": "m", "content": [], "usage": usage})


def block(kind: str, index: int = 0, **fields: object) -> bytes:
    return event("content_block_start", index=index, content_block={"type": kind, **fields})


def delta(kind: str, index: int = 0, **fields: object) -> bytes:
    return event("content_block_delta", index=index, delta={"type": kind, **fields})


def text(words: str, index: int = 0) -> bytes:
    return delta("text_delta", index, text=words)


def stop(index: int = 0) -> bytes:
    return event("content_block_stop", index=index)


def end(reason: str | None = "end_turn", **more: object) -> bytes:
    return event("message_delta", delta={"stop_reason": reason, **more}, usage={"output_tokens": 9})


PING = event("ping")
LAST = event("message_stop")
HI = start(input_tokens=3) + block("text", text="") + PING + text("Hi") + stop()
GOOD = HI + end() + LAST


def read(*parts: bytes) -> Reading:
    return read_every_way(WIRE, *parts)


# How answers end.


@pytest.mark.parametrize(
    ("reason", "ends_as"),
    [
        ("end_turn", "stop"), ("stop_sequence", "stop"), ("max_tokens", "length"),
        ("tool_use", "tool_calls"), ("pause_turn", "pause"), ("refusal", "content_filter"),
        ("model_context_window_exceeded", "length"), ("enlightened", "unknown"), (None, "unknown"),
    ],
)  # fmt: skip
def test_an_answer_ends_for_its_reason(reason: str | None, ends_as: str) -> None:
    assert read(HI, end(reason), LAST).end == ends_as


def test_a_stop_reason_without_the_last_event_is_an_end() -> None:
    assert read(HI, end()).end == "stop"


def test_the_last_event_alone_is_an_end() -> None:
    assert read(HI, LAST).end == "unknown"


def test_no_end_is_a_break_and_keeps_the_text() -> None:
    reading = read(HI)
    assert (reading.text, reading.end) == ("Hi", "broken_stream: ")
    assert read(start()).end == "broken_stream: "


@pytest.mark.parametrize("body", [b"", PING, start() + end() + LAST, LAST])
def test_an_answer_of_nothing_is_empty(body: bytes) -> None:
    assert read(body).end == "empty: "


def test_a_refusal_may_say_why() -> None:
    details = {"type": "refusal", "category": None, "explanation": "I will not."}
    reading = read(start(), end("refusal", stop_details=details), LAST)
    assert (reading.refusal, reading.end) == ("I will not.", "content_filter")


def test_a_done_mark_that_a_proxy_adds_is_no_harm() -> None:
    assert read(GOOD, b"data: [DONE]\n\n").end == "stop"


# Blocks.


def test_names_of_events_are_not_needed() -> None:
    bare = b"\n".join(line for line in GOOD.split(b"\n") if not line.startswith(b"event:"))
    assert read(bare) == read(GOOD)


def test_reasoning_stands_apart_and_its_signature_is_kept() -> None:
    reading = read(
        start(),
        block("thinking", thinking="", signature=""),
        delta("thinking_delta", thinking="Hm, "),
        delta("thinking_delta", thinking="hm."),
        delta("signature_delta", signature="Sig=="),
        stop(),
        block("text", 1, text="Y"),
        text("es.", 1),
        end(),
        LAST,
    )
    assert (reading.reasoning, reading.text) == ("Hm, hm.", "Yes.")
    assert [json.loads(one) for one in reading.opaque] == [
        {"type": "thinking", "thinking": "Hm, hm.", "signature": "Sig=="}
    ]


def test_reasoning_that_is_hidden_is_kept_and_not_shown() -> None:
    reading = read(start(), block("redacted_thinking", data="gibberish"), stop(), HI, end())
    assert (reading.reasoning, reading.text) == ("", "Hi")
    assert [json.loads(one) for one in reading.opaque] == [
        {"type": "redacted_thinking", "data": "gibberish"}
    ]


def test_calls_of_tools_are_gathered_whoever_answers_them() -> None:
    reading = read(
        block("tool_use", 1, id="a", name="weather", input={}),
        delta("input_json_delta", 1, partial_json=""),
        delta("input_json_delta", 1, partial_json='{"ci'),
        block("server_tool_use", 2, id="b", name="web_search", input={}),
        delta("input_json_delta", 1, partial_json='ty": 1}'),
        stop(1),
        delta("input_json_delta", 2, partial_json='{"q": "x"}'),
        stop(2),
        block("web_search_tool_result", 3, tool_use_id="b", content=[{"url": "https://a.test"}]),
        block("mcp_tool_use", 4, id="c", name="echo", input={"whole": "é"}),
        stop(4),
        end("tool_use"),
        LAST,
    )
    assert reading.tools == [
        ("a", "weather", '{"city": 1}'),
        ("b", "web_search", '{"q": "x"}'),
        ("c", "echo", '{"whole": "é"}'),
    ]
    assert reading.end == "tool_calls"


def test_what_a_call_begins_with_gives_way_to_its_pieces() -> None:
    begun = block("tool_use", id="a", name="f", input={"x": 0})
    piece = delta("input_json_delta", partial_json='{"x": 1}')
    assert read(begun, piece, stop(), end("tool_use")).tools == [("a", "f", '{"x": 1}')]
    assert read(begun, stop(), end("tool_use")).tools == [("a", "f", '{"x": 0}')]


def test_sources_are_named_once_each() -> None:
    def cited(**source: object) -> bytes:
        return delta("citations_delta", citation=source)

    reading = read(
        HI,
        cited(type="web_search_result_location", url="https://a.test", title="A", cited_text="x"),
        cited(url="https://a.test", title="A again"),
        cited(type="search_result_location", source="https://b.test", title=None),
        cited(type="char_location", document_title="a document"),
        end(),
    )
    assert reading.citations == [("https://a.test", "A"), ("https://b.test", "")]


def test_counts_are_of_the_whole_so_far_and_those_left_out_stay() -> None:
    begun = start(
        input_tokens=10, cache_read_input_tokens=5, cache_creation_input_tokens=2, output_tokens=1
    )
    usage = {"output_tokens": 9, "output_tokens_details": {"thinking_tokens": 4}}
    last = event("message_delta", delta={"stop_reason": "end_turn"}, usage=usage)
    assert read(begun, HI.removeprefix(start(input_tokens=3)), last, LAST).usage == Usage(
        17, 9, 4, 5
    )


@pytest.mark.parametrize(
    "odd",
    [
        event("future_event", index=[], delta=None), block("future_block", 7, text="no"),
        delta("future_delta", text="no"), delta("compaction_delta", content="no"),
        event("content_block_delta"), event("content_block_delta", index="x", delta=[]),
        event("content_block_start", content_block=None), event("content_block_stop", index=99),
        delta("input_json_delta", 55, partial_json="no"), delta("text_delta", text=None),
        delta("citations_delta", citation=None), event("message_delta", delta=None, usage=None),
        start(input_tokens=None), b"data: {broken\n\n", b"data:\n\n", b": comment\n\n",
        event("ping", more=1), b"event: ping\ndata: {}\n\n", b"data: [1]\n\n",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_skipped(odd: bytes) -> None:
    reading = replay(WIRE, [block("text", text="Be"), odd, text("fore"), end(), LAST])
    assert (reading.text, reading.end) == ("Before", "stop")


def test_a_message_that_comes_at_once_is_an_answer() -> None:
    message = {
        "type": "message", "role": "assistant", "stop_reason": "end_turn",
        "content": [
            {"type": "thinking", "thinking": "Hm", "signature": "S"},
            {"type": "text", "text": "Hi", "citations": [{"url": "https://a.test", "title": "A"}]},
            {"type": "tool_use", "id": "a", "name": "f", "input": {"x": 1}},
        ],
        "usage": {"input_tokens": 1, "output_tokens": 2},
    }  # fmt: skip
    for indent in (None, 1):
        reading = read(json.dumps(message, indent=indent).encode())
        assert (reading.text, reading.reasoning, reading.end) == ("Hi", "Hm", "stop")
        assert reading.tools == [("a", "f", '{"x": 1}')]
        assert reading.citations == [("https://a.test", "A")]
        assert reading.usage == Usage(1, 2)


@pytest.mark.parametrize(
    "flood",
    [
        [block("tool_use", index, id="i", name="n") for index in range(200)],
        [delta("input_json_delta", 1, partial_json="x" * 1000)] * 200,
        [block("redacted_thinking", index, data="x" * 1000) for index in range(200)],
        [delta("signature_delta", 2, signature="x" * 1000)] * 200,
        [event("message_delta", usage={f"n{index}": 1}) for index in range(200)],
    ],
)
def test_a_flood_of_what_is_no_text_has_an_end(flood: list[bytes]) -> None:
    answer = AnthropicAnswer(100_000)
    begun = [block("tool_use", 1, name="n"), block("thinking", 2, thinking="")]
    for one in begun + flood:
        answer.add_chunk("message", json.loads(one.partition(b"data: ")[2]), with_content=True)
    answer.flush()
    kept = sum(len(repr(found)) for found in answer.take_events())
    assert kept < 150_000
    assert len(answer._blocks) + len(answer._counts) < 10


# Errors.


def error(kind: str = "overloaded_error", message: str = "Overloaded") -> bytes:
    return event("error", error={"type": kind, "message": message})


def test_an_error_after_text_keeps_the_text_and_the_services_words() -> None:
    reading = read(HI, error())
    assert (reading.text, reading.end) == ("Hi", "stream_error: Overloaded")


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("overloaded_error", ErrorKind.SERVER_TROUBLE),
        ("api_error", ErrorKind.SERVER_TROUBLE),
        ("rate_limit_error", ErrorKind.RATE_LIMITED),
        ("authentication_error", ErrorKind.BAD_KEY),
        ("future_error", ErrorKind.STREAM_ERROR),
    ],
)
def test_an_error_before_text_is_told_by_its_type(kind: str, told: ErrorKind) -> None:
    assert read(start(), error(kind, "Words")).end == f"{told}: Words"
    whole = json.dumps({"type": "error", "error": {"type": kind, "message": "Words"}})
    assert read(whole.encode()).end == f"{told}: Words"


# Requests.


def asked(
    script: Callable[[Call], Awaitable[None]], times: int = 1, **more: Any
) -> tuple[list[Answer], list[Request]]:
    async def run() -> tuple[list[Answer], list[Request]]:
        async with serving(script) as server:
            one = provider(server.url.removesuffix("/v1"), WIRE)
            one = replace(one, **more)
            return [await ask(one) for _ in range(times)], server.requests

    return asyncio.run(run())


async def good(call: Call) -> None:
    await call.stream(GOOD, content_type="text/event-stream")


def test_a_request_carries_the_key_once_and_the_version() -> None:
    (answer,), (request,) = asked(good)
    assert answer.text == "Hi"
    assert request.line == "POST /v1/messages HTTP/1.1"
    assert request.values("x-api-key") == [CANARY]
    assert request.values("authorization") == []
    assert request.values("anthropic-version") == ["2023-06-01"]
    assert json.loads(request.body) == {
        "model": "model-1",
        "max_tokens": 16_000,
        "messages": [{"role": "user", "content": "Hello?"}],
        "stream": True,
    }


@pytest.mark.parametrize("name", ["Authorization", "X-Api-Key"])
def test_a_key_header_of_the_persons_own_is_the_only_one(name: str) -> None:
    _, (request,) = asked(good, headers=(Header(name, "mine"), Header("anthropic-version", "x")))
    both = request.values("authorization") + request.values("x-api-key")
    assert both == ["mine"]
    assert request.values("anthropic-version") == ["x"]


def test_an_address_with_a_user_adds_no_second_key() -> None:
    async def run() -> Request:
        async with serving(good) as server:
            await ask(provider(f"http://user:pass@127.0.0.1:{server.port}", WIRE))
            return server.requests[0]

    request = asyncio.run(run())
    assert (request.values("x-api-key"), request.values("authorization")) == ([CANARY], [])


def test_instructions_stand_apart_and_turns_alternate() -> None:
    turns = (
        Turn(Role.SYSTEM, "Be brief."), Turn(Role.USER, "One"), Turn(Role.USER, "Two"),
        Turn(Role.ASSISTANT, "Yes"), Turn(Role.ASSISTANT, " "), Turn(Role.SYSTEM, "Be kind."),
        Turn(Role.TOOL, "Three"), Turn(Role.USER, ""),
    )  # fmt: skip

    async def run() -> Request:
        async with serving(good) as server:
            question = ChatRequest(provider=provider(server.url, WIRE), model="m", turns=turns)
            async with transport(server.url) as http:
                assert [one async for one in AnthropicMessages().stream(question, None, http)]
            return server.requests[0]

    body = json.loads(asyncio.run(run()).body)
    assert body["system"] == "Be brief.\n\nBe kind."
    assert body["messages"] == [
        {"role": "user", "content": "One\n\nTwo"},
        {"role": "assistant", "content": "Yes"},
        {"role": "user", "content": "Three"},
    ]


def refusing(words: str) -> Callable[[Call], Awaitable[None]]:
    async def script(call: Call) -> None:
        if json.loads(call.request.body)["max_tokens"] > 4096:
            body = {"type": "error", "error": {"type": "invalid_request_error", "message": words}}
            await call.answer(json.dumps(body).encode(), "400 Bad Request")
        else:
            await good(call)

    return script


def test_a_model_that_answers_at_less_length_is_asked_for_that_and_remembered() -> None:
    words = "max_tokens: 16000 > 4096, which is the maximum allowed number of output tokens for x"
    protocol = AnthropicMessages()

    async def run() -> list[int]:
        async with serving(refusing(words)) as server:
            one = request_for(provider(server.url, WIRE))
            async with transport(server.url) as http:
                for _ in range(2):
                    assert [event async for event in protocol.stream(one, Secret(CANARY), http)]
            return [json.loads(request.body)["max_tokens"] for request in server.requests]

    assert asyncio.run(run()) == [16_000, 4096, 4096]


def test_an_answer_that_has_little_room_is_asked_to_fit() -> None:
    words = "input length and `max_tokens` exceed context limit: 197000 + 16000 > 200000, decrease"
    (answer,), requests = asked(refusing(words))
    assert answer.text == "Hi"
    assert [json.loads(one.body)["max_tokens"] for one in requests] == [16_000, 3000]


@pytest.mark.parametrize(
    "words", ["max_tokens: 16000 > 99999", "context limit: 9 + 9 > 9", "messages: bad"]
)
def test_a_refusal_that_names_no_smaller_length_is_told(words: str) -> None:
    (answer,), requests = asked(refusing(words))
    assert answer.failure is not None
    assert answer.failure.message == words
    assert len(requests) == 1


@pytest.mark.parametrize(
    ("status", "kind", "may_retry", "headers"),
    [
        ("529 Overloaded", ErrorKind.SERVER_TROUBLE, True, {"x_should_retry": "true"}),
        ("400 Bad", ErrorKind.BAD_REQUEST, False, {"x_should_retry": "false"}),
        ("429 Slow", ErrorKind.RATE_LIMITED, True, {"retry_after": "7"}),
    ],
)
def test_what_the_service_says_of_trying_again_is_kept(
    status: str, kind: ErrorKind, may_retry: bool, headers: dict[str, str]
) -> None:
    async def script(call: Call) -> None:
        words = {"type": "error", "error": {"type": "x", "message": "No"}, "request_id": "req_1234"}
        await call.answer(json.dumps(words).encode(), status, **headers)

    (answer,), _ = asked(script)
    failure = answer.failure
    assert failure is not None
    assert (failure.kind, failure.may_retry, failure.message) == (kind, may_retry, "No")
    assert failure.request_id == "req_1234"
    assert failure.seconds == float(headers.get("retry_after", 0))


# The list of models.


def listed(
    script: Callable[[Call], Awaitable[None]], base: str = ""
) -> tuple[tuple[ModelInfo, ...], list[Request]]:
    async def run() -> tuple[tuple[ModelInfo, ...], list[Request]]:
        async with serving(script) as server:
            one = provider(server.url.removesuffix("/v1") + base, WIRE)
            async with transport(server.url) as http:
                return await AnthropicMessages().check(one, Secret(CANARY), http), server.requests

    return asyncio.run(run())


@pytest.mark.parametrize("base", ["", "/", "/v1", "/v1/messages"])
def test_models_are_listed_from_all_pages(base: str) -> None:
    async def script(call: Call) -> None:
        first = "after_id" not in call.request.line
        page = {
            "data": [{"type": "model", "id": "a" if first else "b", "display_name": "A B"}],
            "has_more": first, "first_id": "a", "last_id": "a" if first else "b",
        }  # fmt: skip
        await call.answer(json.dumps(page).encode())

    models, requests = listed(script, base)
    assert models == (ModelInfo("a", "A B"), ModelInfo("b", "A B"))
    assert [one.line.split()[1] for one in requests] == [
        "/v1/models?limit=1000",
        "/v1/models?limit=1000&after_id=a",
    ]
    assert all(one.values("x-api-key") == [CANARY] for one in requests)


def test_pages_without_end_are_not_turned_for_ever() -> None:
    async def script(call: Call) -> None:
        page = {"data": [{"id": f"m{call.number}"}], "has_more": True, "last_id": "again"}
        await call.answer(json.dumps(page).encode())

    models, requests = listed(script)
    assert len(models) == len(requests) == 20


def test_a_wrong_key_is_told_by_the_list() -> None:
    async def script(call: Call) -> None:
        words = {"error": {"type": "authentication_error", "message": "invalid x-api-key"}}
        await call.answer(json.dumps(words).encode(), "401 Unauthorized")

    with pytest.raises(ChatError) as caught:
        listed(script)
    assert caught.value.failure.kind is ErrorKind.BAD_KEY


# Properties.

ATOMS = st.sampled_from(
    [
        start(input_tokens=1), block("text", text="a"), text("b"), text("\ud83d"), text("\ude00"),
        block("thinking", 1), delta("thinking_delta", 1, thinking="r\ud83d"), stop(), stop(1),
        delta("signature_delta", 1, signature="s"), block("tool_use", 2, id="i", name="n"),
        delta("input_json_delta", 2, partial_json='{"a":"\ud83d'), PING, end(), LAST, error(),
        b"data: {\n\n", b"\n", b": c\n\n", b'{"type":"ping"}\n', b"\r\n", b"[", b"<",
    ]
)  # fmt: skip


@given(st.lists(ATOMS, max_size=8), st.lists(st.integers(0, 900), max_size=6))
def test_every_cutting_reads_the_same(atoms: list[bytes], cuts: list[int]) -> None:
    assert_fit_at_cuts(WIRE, atoms, cuts)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "index", "delta", "content_block", "text", "thinking", "message", "usage",
                 "content", "stop_reason", "stop_details", "citation", "input", "error"]
            ),
            inner,
            max_size=4,
        ),
        max_leaves=12,
    ),
    st.sampled_from(
        ["message_start", "content_block_start", "content_block_delta", "message_delta", "message"]
    ),
)  # fmt: skip
def test_no_json_at_all_breaks_it(value: object, kind: str) -> None:
    fields = {"message": value, "delta": value, "content_block": value, "content": value}
    replay(WIRE, [event(kind, index=value, usage=value, **fields), event("x", more=value), GOOD])
