"""Gemini: what is asked, and every odd thing that an answer may hold."""

from __future__ import annotations

import asyncio
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Role, Usage
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.providers import Header
from desktop_chat.domain.stream import ChatRequest, Limits, ModelInfo, Turn
from desktop_chat.protocols.gemini import Gemini
from desktop_chat.protocols.requests.model_lists import NOT_FOR_CHAT
from tests.protocols.asking import CANARY, Answer, ask, provider, transport
from tests.protocols.cuttings import pieces
from tests.protocols.replaying import Reading, assert_fit_at_cuts, read_every_way, replay
from tests.protocols.servers import Call, Request, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

WIRE = "gemini"


def event(value: object) -> bytes:
    return b"data: " + json.dumps(value).encode() + b"\r\n\r\n"


def candidate(*parts: dict[str, Any], **more: object) -> dict[str, object]:
    return {"candidates": [{"content": {"role": "model", "parts": list(parts)}, **more}]}


def said(*parts: dict[str, Any], **more: object) -> bytes:
    return event(candidate(*parts, **more))


def text(words: str, **more: object) -> bytes:
    return said({"text": words}, **more)


STOP = event({"candidates": [{"finishReason": "STOP", "content": {"role": "model"}}]})
GOOD = text("Hi") + STOP


def read(*parts: bytes) -> Reading:
    return read_every_way(WIRE, *parts)


# How answers end.


@pytest.mark.parametrize(
    ("reason", "ends_as"),
    [
        ("STOP", "stop"), ("MAX_TOKENS", "length"), ("SAFETY", "content_filter"),
        ("RECITATION", "content_filter"), ("BLOCKLIST", "content_filter"),
        ("PROHIBITED_CONTENT", "content_filter"), ("SPII", "content_filter"),
        ("IMAGE_SAFETY", "content_filter"), ("MODEL_ARMOR", "content_filter"),
        ("LANGUAGE", "unknown"), ("OTHER", "unknown"), ("ENLIGHTENED", "unknown"),
    ],
)  # fmt: skip
def test_an_answer_ends_for_its_reason(reason: str, ends_as: str) -> None:
    assert read(text("Hi"), text("", finishReason=reason)).end == ends_as


@pytest.mark.parametrize("reason", ["", None, "FINISH_REASON_UNSPECIFIED"])
def test_no_reason_is_no_end(reason: str | None) -> None:
    reading = read(text("Hi", finishReason=reason))
    assert (reading.text, reading.end) == ("Hi", "broken_stream: ")


def test_a_reason_in_the_middle_is_not_the_end_of_the_text() -> None:
    reading = read(text("One, ", finishReason="STOP"), text("two"), text(".", finishReason="STOP"))
    assert (reading.text, reading.end) == ("One, two.", "stop")
    assert read(text("a", finishReason="STOP"), text("b", finishReason="SAFETY")).end == (
        "content_filter"
    )


def test_what_stops_for_safety_may_say_nothing() -> None:
    assert read(event({"candidates": [{"finishReason": "SAFETY"}]})).end == "content_filter"


def test_a_question_that_is_refused_says_so() -> None:
    feedback = {"blockReason": "PROHIBITED_CONTENT", "safetyRatings": []}
    assert read(event({"promptFeedback": feedback})).end == "content_filter"
    told = {"blockReason": "OTHER", "blockReasonMessage": "Not this."}
    reading = read(event({"promptFeedback": told, "usageMetadata": {"promptTokenCount": 4}}))
    assert (reading.refusal, reading.end) == ("Not this.", "content_filter")
    assert reading.usage == Usage(4)


@pytest.mark.parametrize(
    "reason",
    ["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "MISSING_THOUGHT_SIGNATURE", "NO_IMAGE"],
)
def test_an_answer_that_went_wrong_says_so_and_keeps_its_text(reason: str) -> None:
    reading = read(text("So far"), text("", finishReason=reason, finishMessage="A bad call."))
    assert (reading.text, reading.end) == ("So far", "stream_error: A bad call.")
    assert reason in read(text("So far"), text("", finishReason=reason)).end


@pytest.mark.parametrize("body", [b"", STOP, event({"candidates": []}) + STOP, b"\r\n\r\n"])
def test_an_answer_of_nothing_is_empty(body: bytes) -> None:
    assert read(body).end == "empty: "


def test_a_done_mark_that_a_proxy_adds_is_no_harm() -> None:
    assert read(GOOD, b"data: [DONE]\n\n").end == "stop"


# Parts.


def test_thoughts_stand_apart_and_signatures_are_kept() -> None:
    reading = read(
        said({"text": "Hm.", "thought": True}),
        said({"text": "Yes.", "thought": False}, {"text": "", "thoughtSignature": "Sig=="}),
        STOP,
    )
    assert (reading.reasoning, reading.text) == ("Hm.", "Yes.")
    assert [json.loads(one) for one in reading.opaque] == [
        {"type": "thoughtSignature", "data": "Sig=="}
    ]


def test_calls_come_whole_and_each_is_one_of_its_own() -> None:
    reading = read(
        said(
            {"functionCall": {"name": "f", "args": {"x": "é"}}, "thoughtSignature": "S"},
            {"functionCall": {"id": "7", "name": "f"}},
        ),
        said({"toolCall": {"id": "8", "toolType": "GOOGLE_SEARCH", "args": {"q": "x"}}}),
        said({"toolResponse": {"id": "8", "response": {}}}),
        STOP,
    )
    assert reading.tools == [
        ("", "f", '{"x": "é"}'),
        ("7", "f", ""),
        ("8", "google_search", '{"q": "x"}'),
    ]
    assert reading.end == "stop"


@pytest.mark.parametrize(
    ("before", "code", "language", "shown"),
    [
        ("", "x", "PYTHON", "```python\nx\n```\n\nEnd"),
        ("Text", "x\n", "PYTHON", "Text\n\n```python\nx\n```\n\nEnd"),
        ("Text\n", "x", "", "Text\n\n```\nx\n```\n\nEnd"),
        ("Text\n\n", "x", "LANGUAGE_UNSPECIFIED", "Text\n\n```\nx\n```\n\nEnd"),
        ("", "a\n```\nb", "PYTHON", "````python\na\n```\nb\n````\n\nEnd"),
        ("", "x", "a`b\nc d", "```abcd\nx\n```\n\nEnd"),
        ("", "", "PYTHON", "End"),
    ],
)
def test_code_that_ran_is_shown_as_code(before: str, code: str, language: str, shown: str) -> None:
    part = {"executableCode": {"code": code, "language": language}}
    reading = read(text(before), said(part), text("End"), STOP)
    assert reading.text == shown


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        ({"outcome": "OUTCOME_OK", "output": "1\n2\n"}, "```\n1\n2\n```\n"),
        ({"outcome": "OUTCOME_FAILED", "output": "Trace"}, "```\nfailed\nTrace\n```\n"),
        ({"outcome": "OUTCOME_DEADLINE_EXCEEDED"}, "```\ndeadline_exceeded\n```\n"),
    ],
)
def test_what_came_of_the_code_is_shown_as_code(result: dict[str, str], shown: str) -> None:
    assert read(said({"codeExecutionResult": result}), STOP).text == shown


def test_data_is_named_and_takes_no_room() -> None:
    data = {"mimeType": "image/png<b>", "data": "QUFB" * 100_000}
    reading = replay(WIRE, pieces(text("Look:") + said({"inlineData": data}) + STOP, 1460))
    assert reading.text == "Look:\n\n`[image/pngb, 300 kB]`\n"
    assert reading.end == "stop"


def test_sources_are_named_once_each() -> None:
    grounding = {
        "groundingChunks": [
            {"web": {"uri": "https://a.test", "title": "A"}},
            {"retrievedContext": {"uri": "https://b.test"}},
            {"web": {"uri": "https://a.test", "title": "A"}},
            {"web": None},
        ],
        "webSearchQueries": ["q"],
    }
    quoted = {"citationSources": [{"uri": "https://c.test"}, {"startIndex": 5}]}
    reading = read(text("x", groundingMetadata=grounding, citationMetadata=quoted), STOP)
    assert reading.citations == [
        ("https://a.test", "A"),
        ("https://b.test", ""),
        ("https://c.test", ""),
    ]


def test_counts_are_of_the_whole_so_far() -> None:
    def counts(**usage: object) -> bytes:
        return event({"usageMetadata": usage})

    reading = read(
        counts(promptTokenCount=5, totalTokenCount=5),
        text("Hi"),
        counts(trafficType="ON_DEMAND"),
        counts(
            promptTokenCount=5, candidatesTokenCount=7, thoughtsTokenCount=3,
            cachedContentTokenCount=2,
        ),
        STOP,
    )  # fmt: skip
    assert reading.usage == Usage(5, 10, 3, 2)


def test_the_first_candidate_alone_is_the_answer() -> None:
    def of(index: int, words: str) -> dict[str, object]:
        return {"index": index, "content": {"parts": [{"text": words}]}, "finishReason": "STOP"}

    two = {"candidates": [of(0, "A"), of(1, "B")]}
    assert read(event(two), event({"candidates": [of(1, "B")]})).text == "A"


@pytest.mark.parametrize(
    "odd",
    [
        event({"candidates": None}), event({"candidates": [None, 3, {}]}), event([]), event(3),
        event({"candidates": [{"content": None}]}), event({"promptFeedback": {}}),
        event({"candidates": [{"content": {"parts": None}}]}), event({"usageMetadata": None}),
        said({"futurePart": {"text": "no"}}), said({"text": None}), said({"functionCall": None}),
        said({"inlineData": {}}), said({"executableCode": {}}), text("", safetyRatings=[{}]),
        b"data: {broken\n\n", b"data:\n\n", b": comment\n\n", b"event: x\ndata: {}\n\n",
        event({"event_type": "step.future", "delta": {"type": "future"}}),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_skipped(odd: bytes) -> None:
    reading = replay(WIRE, [text("Be"), odd, text("fore"), STOP])
    assert (reading.text, reading.end) == ("Before", "stop")


# A list in the place of a stream.

LIST = json.dumps([candidate({"text": 'O, "[{\\'}), candidate({"text": "k"}, finishReason="STOP")],
                  indent=2).encode()  # fmt: skip


def test_a_list_is_read_while_it_comes_and_kept_where_it_breaks() -> None:
    assert read(LIST).text == 'O, "[{\\k'
    assert read(LIST).end == "stop"
    half = LIST[: LIST.index(b"STOP")]
    assert (read(half).text, read(half).end) == ('O, "[{\\', "broken_stream: ")
    assert read(LIST[:-1]).end == "stop"  # the reason was there: only the bracket is missing
    assert read(b"[]").end == "empty: "


def test_an_error_in_a_list_is_an_error() -> None:
    error = {"error": {"code": 503, "message": "Overloaded", "status": "UNAVAILABLE"}}
    assert read(json.dumps([error], indent=1).encode()).end == "server_trouble: Overloaded"
    late = json.dumps([candidate({"text": "Hi"}), error], indent=1).encode()
    assert (read(late).text, read(late).end) == ("Hi", "stream_error: Overloaded")


# Errors.


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        ({"code": 400, "message": "API key not valid.", "status": "INVALID_ARGUMENT"},
         ErrorKind.BAD_KEY),
        ({"code": 429, "message": "Slow", "status": "RESOURCE_EXHAUSTED"}, ErrorKind.RATE_LIMITED),
        ({"code": 503, "message": "Busy", "status": "UNAVAILABLE"}, ErrorKind.SERVER_TROUBLE),
    ],
)  # fmt: skip
def test_an_error_is_told_by_its_code_and_after_text_in_its_words(
    error: dict[str, Any], kind: ErrorKind
) -> None:
    assert read(event({"error": error})).end.startswith(f"{kind}: ")
    reading = read(text("Hi"), event({"error": error}))
    assert (reading.text, reading.end) == ("Hi", f"stream_error: {error['message']}")


# Requests.


def asked(
    script: Callable[[Call], Awaitable[None]], base: str = "", model: str = "model-1", **more: Any
) -> tuple[Answer, list[Request]]:
    async def run() -> tuple[Answer, list[Request]]:
        async with serving(script) as server:
            one = provider(server.url.removesuffix("/v1") + base, WIRE, **more)
            turns = (Turn(Role.SYSTEM, "Be brief."), Turn(Role.USER, "a"), Turn(Role.USER, "b"),
                     Turn(Role.ASSISTANT, "c"), Turn(Role.USER, "d"))  # fmt: skip
            answer = Answer()
            try:
                question = ChatRequest(provider=one, model=model, turns=turns)
                async with transport(server.url) as http:
                    async for found in Gemini().stream(question, Secret(CANARY), http):
                        answer.events.append(found)
            except ChatError as error:
                answer.failure = error.failure
            return answer, server.requests

    return asyncio.run(run())


async def good(call: Call) -> None:
    await call.stream(GOOD, content_type="text/event-stream")


PATH = "/v1beta/models/model-1:streamGenerateContent?alt=sse"


@pytest.mark.parametrize(
    ("base", "path"),
    [
        ("", PATH), ("/", PATH), ("/v1", PATH), ("/v1beta", PATH), ("/v1beta/", PATH),
        ("/v1beta/models", PATH), ("/v1beta/openai/", PATH),
        ("/v1beta/models/other:generateContent", PATH),
        ("/v1alpha", PATH.replace("v1beta", "v1alpha")),
        ("/google", "/google" + PATH),
        ("/v1/publishers/google", "/v1/publishers/google" + PATH.removeprefix("/v1beta")),
        ("/?tenant=7", PATH.replace("?", "?tenant=7&")),
    ],
)  # fmt: skip
def test_any_form_of_base_address_works(base: str, path: str) -> None:
    answer, (request,) = asked(good, base)
    assert answer.text == "Hi"
    assert request.line == f"POST {path} HTTP/1.1"


@pytest.mark.parametrize(
    ("model", "path"),
    [
        ("models/gemini-x", "/v1beta/models/gemini-x:streamGenerateContent"),
        ("tunedModels/mine", "/v1beta/tunedModels/mine:streamGenerateContent"),
        ("../x?y#z", "/v1beta/models/..%2Fx%3Fy%23z:streamGenerateContent"),
    ],
)
def test_a_models_name_stands_in_the_address(model: str, path: str) -> None:
    _, (request,) = asked(good, model=model)
    assert request.line == f"POST {path}?alt=sse HTTP/1.1"


def test_a_request_carries_the_key_once_and_the_turns_as_the_service_wants_them() -> None:
    _, (request,) = asked(good)
    assert request.values("x-goog-api-key") == [CANARY]
    assert request.values("authorization") == []
    assert CANARY not in request.line
    assert json.loads(request.body) == {
        "systemInstruction": {"parts": [{"text": "Be brief."}]},
        "contents": [
            {"role": "user", "parts": [{"text": "a\n\nb"}]},
            {"role": "model", "parts": [{"text": "c"}]},
            {"role": "user", "parts": [{"text": "d"}]},
        ],
    }


def test_a_key_header_of_the_persons_own_is_the_only_one() -> None:
    _, (request,) = asked(good, headers=(Header("Authorization", "Bearer mine"),))
    assert request.values("authorization") == ["Bearer mine"]
    assert request.values("x-goog-api-key") == []


def test_a_pause_that_only_the_words_ask_for_is_no_lack_of_credit() -> None:
    async def script(call: Call) -> None:
        error = {
            "code": 429, "message": "You exceeded your current quota", "status": "X",
            "details": [{"@type": "RetryInfo", "retryDelay": "37.5s"}],
        }  # fmt: skip
        await call.answer(json.dumps([{"error": error}], indent=1).encode(), "429 Too Many")

    failure = asked(script)[0].failure
    assert failure is not None
    assert (failure.kind, failure.seconds) == (ErrorKind.RATE_LIMITED, 37.5)


def test_a_picture_may_be_larger_than_text_may() -> None:
    async def run(size: int) -> Answer:
        async def script(call: Call) -> None:
            data = {"mimeType": "image/png", "data": "Q" * size}
            await call.stream(said({"inlineData": data}) + STOP)

        async with serving(script) as server:
            limits = Limits(event_bytes=10_000, picture_event_bytes=40_000)
            return await ask(provider(server.url, WIRE), limits=limits)

    assert asyncio.run(run(30_000)).text == "`[image/png, 22 kB]`\n"
    failure = asyncio.run(run(50_000)).failure
    assert failure is not None
    assert failure.kind is ErrorKind.LIMIT


def test_a_reason_in_the_middle_leaves_the_service_time_to_go_on(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(text("One, ", finishReason="STOP"))
        await asyncio.sleep(0.5)
        await call.chunk(text("two.", finishReason="STOP"))
        await call.hold()

    monkeypatch.setattr("desktop_chat.protocols.requests.reading.AFTER_TERMINAL_S", 0.3)
    answer, _ = asked(script)
    assert answer.failure is None
    assert answer.text == "One, two."


# The list of models.


def test_models_are_listed_from_all_pages_those_for_chat_first() -> None:
    def model(name: str, method: str) -> dict[str, object]:
        return {
            "name": f"models/{name}", "displayName": name.upper(),
            "supportedGenerationMethods": [method],
        }  # fmt: skip

    async def script(call: Call) -> None:
        page: dict[str, object] = {"models": [model("b", "generateContent")]}
        if "pageToken" not in call.request.line:
            page = {"models": [model("a", "embedContent")], "nextPageToken": "t/1="}
        await call.answer(json.dumps(page).encode())

    async def run() -> tuple[tuple[ModelInfo, ...], list[Request]]:
        async with serving(script) as server:
            one = provider(server.url, WIRE)
            async with transport(server.url) as http:
                return await Gemini().check(one, Secret(CANARY), http), server.requests

    models, requests = asyncio.run(run())
    assert models == (ModelInfo("b", "B"), ModelInfo("a", "A", (NOT_FOR_CHAT,)))
    assert [one.line.split()[1] for one in requests] == [
        "/v1beta/models?pageSize=1000",
        "/v1beta/models?pageSize=1000&pageToken=t%2F1%3D",
    ]
    assert all(one.values("x-goog-api-key") == [CANARY] for one in requests)


# Properties.

ATOMS = st.sampled_from(
    [
        text("a"), text("\ud83d"), text("\ude00"), said({"text": "r\ud83d", "thought": True}),
        said({"executableCode": {"code": "```", "language": "PYTHON"}}), STOP,
        said({"functionCall": {"name": "\ud83d", "args": {"\ud83d": 1}}}), event({"error": "e"}),
        said({"text": "", "thoughtSignature": "s"}), text("b", finishReason="SAFETY"), LIST,
        event({"usageMetadata": {"promptTokenCount": 1}}), b"data: {\n\n", b"\n", b": c\n\n",
        event({"promptFeedback": {"blockReason": "X"}}), b"[", b"]", b"<", b"{", b"\xef\xbb\xbf",
        event({"event_type": "step.delta", "delta": {"type": "text", "text": "s"}}),
    ]
)  # fmt: skip


@given(st.lists(ATOMS, max_size=8), st.lists(st.integers(0, 900), max_size=6))
def test_every_cutting_reads_the_same(atoms: list[bytes], cuts: list[int]) -> None:
    assert_fit_at_cuts(WIRE, atoms, cuts)


@given(st.binary(max_size=200), st.integers(1, 9))
def test_no_bytes_at_all_break_it(body: bytes, size: int) -> None:
    assert replay(WIRE, pieces(body, size)) == replay(WIRE, [body])


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["candidates", "content", "parts", "text", "thought", "functionCall", "args",
                 "executableCode", "code", "inlineData", "data", "index", "finishReason",
                 "groundingMetadata", "groundingChunks", "web", "uri", "usageMetadata", "error"]
            ),
            inner,
            max_size=4,
        ),
        max_leaves=12,
    )
)  # fmt: skip
def test_no_json_at_all_breaks_it(value: object) -> None:
    body = event(value) + event({"candidates": value}) + event({"candidates": [value]})
    replay(WIRE, [body, event({"candidates": [{"content": value}]}), event([value]), GOOD])
