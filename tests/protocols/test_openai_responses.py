"""OpenAI's Responses: every odd thing that may come, and what a request looks like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import (
    KeepAlive,
    Limits,
    StreamEvent,
    TextCorrected,
    TextDelta,
    ToolCallDelta,
)
from desktop_chat.protocols.answers.responses_reader import ResponsesReader
from tests.protocols.cuttings import in_two, pieces
from tests.protocols.replaying import Reading, replay
from tests.protocols.wires import asked, listed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.protocols.servers import Call

WIRE = "openai_responses"
PLACE = Failure(kind=ErrorKind.INTERNAL, service="Service", model="m")


def event(kind: str, **fields: object) -> bytes:
    return b"data: " + json.dumps({"type": f"response.{kind}", **fields}).encode() + b"\n\n"


def delta(text: str, item: int = 0, part: int = 0, kind: str = "output_text") -> bytes:
    return event(f"{kind}.delta", output_index=item, content_index=part, delta=text)


def whole(text: str, item: int = 0, part: int = 0, kind: str = "output_text") -> bytes:
    return event(f"{kind}.done", output_index=item, content_index=part, text=text, refusal=text)


def item(fields: Mapping[str, object], place: int = 0, kind: str = "done") -> bytes:
    return event(f"output_item.{kind}", output_index=place, item=fields)


def message(*parts: dict[str, object]) -> dict[str, object]:
    return {"type": "message", "id": "m", "content": list(parts)}


DONE = event("completed", response={"status": "completed"})


def read(*parts: bytes) -> Reading:
    """Read a body whole, and make sure that every cut reads the same."""
    body = b"".join(parts)
    reading = replay(WIRE, [body])
    for cutting in (pieces(body, 1), pieces(body, 5), *(in_two(body) if len(body) < 300 else ())):
        assert replay(WIRE, cutting) == reading
    return reading


# How answers end.


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (DONE, "stop"),
        (event("completed", response={}), "stop"),
        (event("done", response={"status": "completed"}), "stop"),
        (event("incomplete", response={}), "unknown"),
        (event("incomplete", response={"incomplete_details": {"reason": "max_output_tokens"}}),
         "length"),
        (event("incomplete", response={"incomplete_details": {"reason": "content_filter"}}),
         "content_filter"),
        (event("completed", response={"status": "incomplete", "incomplete_details": None}),
         "unknown"),
        (event("failed", response={"error": {"code": "server_error", "message": "Oh."}}),
         "stream_error: Oh."),
        (event("failed", response={"status": "failed", "error": None}),
         "stream_error: The service ended the answer with an error."),
        (event("cancelled", response={}),
         "stream_error: The service ended the answer with an error."),
        (b'data: {"type":"error","code":"x","message":"Oh.","param":null}\n\n',
         "stream_error: Oh."),
        (b'event: error\ndata: {"error":{"message":"Oh."}}\n\n', "stream_error: Oh."),
        (b"", "broken_stream: "),
        (b"data: [DONE]\n\n", "broken_stream: "),
        (event("in_progress", response={"status": "in_progress"}), "broken_stream: "),
    ],
)  # fmt: skip
def test_an_answer_ends_as_its_response_says_and_by_nothing_else(end: bytes, told: str) -> None:
    reading = read(delta("Hi"), end)
    assert (reading.text, reading.end) == ("Hi", told)


def test_what_follows_the_end_is_read() -> None:
    assert read(delta("Hi"), DONE, delta("!"), b"data: [DONE]\n\n").text == "Hi!"


@pytest.mark.parametrize(
    ("error", "told"),
    [
        ({"code": "insufficient_quota", "message": "Pay."}, "no_credit: Pay."),
        ({"code": "rate_limit_exceeded", "message": "Slowly."}, "rate_limited: Slowly."),
        ({"code": "server_error", "message": "Oh."}, "server_trouble: Oh."),
    ],
)
def test_a_failure_before_any_text_has_its_kind(error: dict[str, str], told: str) -> None:
    assert read(event("failed", response={"error": error})).end == told


def test_nothing_at_all_is_empty() -> None:
    assert read(DONE).end == "empty: "
    assert read(b"").end == "empty: "
    assert read(delta("Hm.", kind="reasoning_text"), DONE).end == "empty: "


def test_a_queue_is_told_as_one_and_work_is_not() -> None:
    reader = ResponsesReader(PLACE)
    for kind in ("created", "in_progress", "web_search_call.searching", "output_item.added"):
        assert reader.feed(event(kind, response={"status": "in_progress"})) == []
    assert reader.feed(event("queued", response={"status": "queued"})) == [KeepAlive()]
    assert reader.feed(delta("Hi")) == [TextDelta("Hi")]


# What is said.


def test_the_whole_of_a_part_is_trusted_over_its_pieces() -> None:
    assert read(delta("The c"), delta("at"), whole("The cat sat."), DONE).text == "The cat sat."
    # A piece in the middle was lost: what was shown is put right.
    lost = read(delta("The "), delta(" sat."), whole("The cat sat."), delta(" So.", item=1), DONE)
    assert lost.text == "The cat sat.\n\n So."
    assert read(delta("<think>a</think>b"), whole("<think>a</think>c"), DONE).text == "c"


def test_what_came_in_no_pieces_is_taken_from_the_item() -> None:
    said = message({"type": "output_text", "text": "Hi"}, {"type": "refusal", "refusal": "No."})
    thought = {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": "First."}],
        "content": [{"type": "reasoning_text", "text": "Then."}],
    }
    reading = read(item(thought), item(said, 1), DONE)
    assert (reading.text, reading.refusal) == ("Hi", "No.")
    assert reading.reasoning == "First.\n\nThen."


def test_items_and_summaries_are_paragraphs_and_parts_are_not() -> None:
    text = [delta("a"), delta("b", part=1), delta("c", item=1), delta("d", item=1)]
    assert read(*text, DONE).text == "ab\n\ncd"
    thoughts = [
        event("reasoning_summary_text.delta", output_index=0, summary_index=place, delta=said)
        for place, said in ((0, "A"), (0, "b"), (1, "C"))
    ]
    assert read(*thoughts, delta("x", item=1), DONE).reasoning == "Ab\n\nC"


def test_a_refusal_stands_apart() -> None:
    reading = read(delta("I will ", kind="refusal"), whole("I will not.", kind="refusal"), DONE)
    assert (reading.refusal, reading.text, reading.end) == ("I will not.", "", "stop")


def test_sources_are_named_once_each() -> None:
    one = {"type": "url_citation", "url": "https://a.test", "title": "A"}
    two = {"type": "url_citation", "url_citation": {"url": "https://b.test"}}
    file = {"type": "file_citation", "file_id": "f"}
    added = [event("output_text.annotation.added", annotation=note) for note in (one, file)]
    said = message({"type": "output_text", "text": "Hi", "annotations": [one, two, file]})
    assert read(*added, item(said), DONE).citations == [
        ("https://a.test", "A"),
        ("https://b.test", ""),
    ]


def test_encrypted_reasoning_is_kept_and_not_shown() -> None:
    thought = {"type": "reasoning", "id": "r", "summary": [], "encrypted_content": "gAAA"}
    reading = read(item(thought), delta("Hi", item=1), DONE)
    assert (reading.reasoning, reading.text) == ("", "Hi")
    assert reading.opaque == ['{"type": "reasoning", "id": "r", "encrypted_content": "gAAA"}']


def test_encrypted_reasoning_is_fit_to_be_stored_whatever_stands_in_it() -> None:
    thought = {"type": "reasoning", "id": "\ud83d", "encrypted_content": "a\ude00\0b"}
    reading = read(item(thought), delta("Hi", item=1), DONE)
    assert reading.text == "Hi"
    (kept,) = reading.opaque
    assert kept.isascii()
    assert json.loads(kept) == thought


@pytest.mark.parametrize(
    ("kind", "events", "key"),
    [
        ("function_call", "function_call_arguments", "arguments"),
        ("custom_tool_call", "custom_tool_call_input", "input"),
    ],
)
def test_what_a_tool_is_given_is_trusted_as_a_whole(kind: str, events: str, key: str) -> None:
    call = {"type": kind, "id": "fc_1", "call_id": "c1", "name": "f"}
    begun = item({**call, key: ""}, 2, "added")
    part = event(f"{events}.delta", output_index=2, item_id="other", delta='{"a"')
    end = event(f"{events}.done", output_index=2, **{key: '{"a":1}'})
    ended = item({**call, key: '{"a":1}'}, 2)
    wanted = [("c1", "f", '{"a":1}')]
    for parts in ([begun, part, end, ended], [begun, part, end], [begun, ended], [ended]):
        reading = read(*parts, DONE)
        assert (reading.tools, reading.end) == (wanted, "tool_calls")
    broken = read(begun, part)
    assert (broken.tools, broken.end) == ([("c1", "f", '{"a"')], "broken_stream: ")


def test_a_tool_that_the_service_itself_asks_is_shown_and_ends_nothing() -> None:
    call = {"type": "mcp_call", "id": "m1", "name": "look", "arguments": '{"q":1}'}
    reading = read(item(call), delta("Hi", item=1), DONE)
    assert (reading.tools, reading.end) == ([("m1", "look", '{"q":1}')], "stop")


def test_several_calls_have_numbers_of_their_own() -> None:
    reader = ResponsesReader(PLACE)
    body = b"".join(
        item({"type": "function_call", "call_id": f"c{at}", "name": "f", "arguments": "{}"}, at)
        for at in (3, 7)
    )
    found = [one for one in reader.feed(body) if isinstance(one, ToolCallDelta)]
    assert [(one.index, one.call_id, one.arguments) for one in found] == [
        (0, "c3", ""), (0, "", "{}"), (1, "c7", ""), (1, "", "{}"),
    ]  # fmt: skip


def test_places_are_told_by_ids_only_where_there_is_nothing_else() -> None:
    first = event("output_text.delta", item_id="a", delta="One")
    second = event("output_text.delta", item_id="b", delta="Two")
    assert read(first, second, DONE).text == "One\n\nTwo"


def test_the_last_counts_are_the_ones_that_count() -> None:
    counts = {
        "input_tokens": 9, "input_tokens_details": {"cached_tokens": 4},
        "output_tokens": 5, "output_tokens_details": {"reasoning_tokens": 2},
    }  # fmt: skip
    early = event("in_progress", response={"usage": {"input_tokens": 1, "output_tokens": 1}})
    end = event("completed", response={"status": "completed", "usage": counts})
    assert read(early, delta("Hi"), end).usage == Usage(9, 5, 2, 4)
    failed = event("failed", response={"usage": counts, "error": {"message": "Oh."}})
    assert read(delta("Hi"), failed).usage == Usage(9, 5, 2, 4)


def test_halves_of_a_character_in_two_pieces_are_joined() -> None:
    first = event("output_text.delta", output_index=0, delta="\ud83d")
    second = event("output_text.delta", output_index=0, delta="\ude00")
    assert read(first, second, whole("😀"), DONE).text == "😀"


@pytest.mark.parametrize(
    "body",
    [
        event("output_text.delta"), event("output_text.delta", delta=None, output_index="x"),
        event("output_text.done", text=5), event("output_item.done", item=None),
        event("output_item.done", item={"type": "message", "content": [None, 3, {}]}),
        event("output_item.added", item={"type": ["x"]}), event("content_part.done", part=[]),
        event("output_text.annotation.added", annotation="x"), event("enlightened", delta="x"),
        event("in_progress", response=[]), event("in_progress", response={"output": 3}),
        event("image_generation_call.partial_image", partial_image_b64="A" * 5000),
        event("function_call_arguments.done", arguments=None), b"data: {broken\n\n",
        b"data: 5\n\n", b": ping\n\n", b"data:\n\n", b"event: ping\ndata: {}\n\n",
        event("x", a=10**400),
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_skipped(body: bytes) -> None:
    parts = [delta("Be"), body, delta("fore"), DONE]
    for cutting in ([b"".join(parts)], parts, pieces(b"".join(parts), 1000)):
        reading = replay(WIRE, cutting)
        assert (reading.text, reading.end, reading.tools) == ("Before", "stop", [])


def test_pictures_may_travel_in_events_up_to_their_limit() -> None:
    picture = event("image_generation_call.partial_image", partial_image_b64="A" * (9 * 2**20))
    assert replay(WIRE, [picture, delta("Hi"), DONE]).text == "Hi"
    reader = ResponsesReader(PLACE, Limits(picture_event_bytes=1000))
    reader.feed(delta("Hi") + event("x", data="A" * 2000))
    reader.feed(b"A")
    assert reader.ended


def outcome_of(limits: Limits, *parts: bytes) -> tuple[list[StreamEvent], ErrorKind | None]:
    """Read events under limits; give what came of them and how it failed."""
    reader = ResponsesReader(PLACE, limits)
    events = [event for part in parts for event in reader.feed(part)] + reader.end()
    try:
        reader.outcome(broken=False)
    except ChatError as error:
        return events, error.failure.kind
    return events, None


def test_corrections_count_as_text_so_that_they_come_to_an_end() -> None:
    limits = Limits(answer_bytes=10_000)
    liar = [delta("x" * 1000), *(whole(word, item=1) for word in ("no", "yes") * 500), DONE]
    events, kind = outcome_of(limits, *liar)
    corrections = [one for one in events if isinstance(one, TextCorrected)]
    assert 0 < len(corrections) < 10
    assert kind is ErrorKind.LIMIT


def test_what_a_tool_is_given_is_held_up_to_the_limit() -> None:
    part = event("function_call_arguments.delta", output_index=0, delta="x" * 1000)
    events, kind = outcome_of(Limits(answer_bytes=10_000), *[part] * 100)
    assert sum(len(one.arguments) for one in events if isinstance(one, ToolCallDelta)) <= 10_000
    assert kind is ErrorKind.LIMIT


PARTS = st.one_of(
    st.builds(delta, st.text(max_size=4), st.integers(0, 1), st.integers(0, 1)),
    st.builds(whole, st.text(max_size=4), st.integers(0, 1), st.integers(0, 1)),
    st.builds(delta, st.text(max_size=4), kind=st.sampled_from(["reasoning_text", "refusal"])),
    st.sampled_from([
        b": ping\n\n", DONE, b"data: [DONE]\n\n", event("queued"), b"data: {oh\n\n",
        item(message({"type": "output_text", "text": "Hi"})),
        item({"type": "function_call", "name": "f", "arguments": "{}"}, 3),
    ]),
)  # fmt: skip


@given(st.lists(PARTS, max_size=12), st.lists(st.integers(0, 2000), max_size=8))
def test_every_cutting_reads_the_same(parts: list[bytes], cuts: list[int]) -> None:
    body = b"".join(parts)
    places = sorted({min(cut, len(body)) for cut in cuts})
    cut = [body[a:b] for a, b in zip([0, *places], [*places, len(body)], strict=True)]
    assert replay(WIRE, cut) == replay(WIRE, [body])


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "item", "part", "text", "delta", "content", "output",
                         "response", "arguments", "summary", "usage", "status", "output_index"]),
        inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(
    st.sampled_from([
        "output_text.delta", "output_text.done", "output_item.done", "output_item.added",
        "content_part.done", "completed", "failed", "function_call_arguments.done", "refusal.done",
    ]),
    JSON,
)  # fmt: skip
def test_no_json_at_all_breaks_it(kind: str, value: object) -> None:
    fields: dict[str, Any] = value if isinstance(value, dict) else {"item": value}
    body = json.dumps({**fields, "type": f"response.{kind}"}).encode()
    replay(WIRE, [b"data: " + body + b"\n\n"])


# What a request looks like.


@pytest.mark.parametrize("path", ["/v1", "/v1/", "/v1/responses"])
def test_a_question_is_asked_as_the_service_wants_it(path: str) -> None:
    async def script(call: Call) -> None:
        await call.stream(delta("Hi"), DONE, content_type="text/event-stream")

    answer, requests = asked(WIRE, script, path)
    assert (answer.text, answer.failure) == ("Hi", None)
    (request,) = requests
    assert request.line == "POST /v1/responses HTTP/1.1"
    assert [value[:6] for value in request.values("authorization")] == ["Bearer"]
    assert json.loads(request.body) == {
        "model": "model-1",
        "input": [{"role": "user", "content": "Hello?"}],
        "stream": True,
        "store": False,
    }


@pytest.mark.parametrize(
    "words",
    ["Unsupported parameter: 'store'", "store is not permitted here", 'Unknown name "store"'],
)
def test_a_service_that_keeps_nothing_by_itself_need_not_be_told(words: str) -> None:
    async def script(call: Call) -> None:
        if "store" in json.loads(call.request.body):
            await call.answer(json.dumps({"error": {"message": words}}).encode(), "400 Bad")
        else:
            await call.stream(delta("Hi"), DONE)

    answer, requests = asked(WIRE, script)
    assert (answer.text, len(requests)) == ("Hi", 2)


def test_no_other_trouble_has_the_service_keep_the_conversation() -> None:
    async def script(call: Call) -> None:
        words = b'{"error":{"message":"The files in your vector store cannot be read."}}'
        await call.answer(words, "400 Bad")

    answer, requests = asked(WIRE, script)
    assert answer.failure is not None
    assert (answer.failure.kind, len(requests)) == (ErrorKind.BAD_REQUEST, 1)


def test_a_model_that_cannot_stream_is_asked_without() -> None:
    async def script(call: Call) -> None:
        if json.loads(call.request.body)["stream"]:
            await call.answer(b'{"error":{"message":"Streaming is not supported"}}', "400 Bad")
        else:
            said = message({"type": "output_text", "text": "Hi"})
            body = {"object": "response", "status": "completed", "error": None, "output": [said]}
            await call.answer(json.dumps(body, indent=1).encode())

    answer, requests = asked(WIRE, script)
    assert (answer.text, len(requests)) == ("Hi", 2)


def test_an_error_status_over_an_event_stream_gives_the_services_words() -> None:
    async def script(call: Call) -> None:
        body = b'data: {"error":{"message":"No connected db.","code":"400"}}\n\ndata: [DONE]\n\n'
        await call.answer(body, "500 Internal Server Error", content_type="text/event-stream")

    answer, _ = asked(WIRE, script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.SERVER_TROUBLE
    assert answer.failure.message == "No connected db."


def test_models_are_listed_beside_the_answers() -> None:
    async def script(call: Call) -> None:
        assert call.request.line == "GET /v1/models HTTP/1.1"
        await call.answer(b'{"data":[{"id":"gpt-5"},{"id":"o3"}]}')

    for path in ("/v1", "/v1/responses"):
        assert listed(WIRE, script, path) == ["gpt-5", "o3"]
