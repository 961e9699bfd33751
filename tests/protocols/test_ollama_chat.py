"""Ollama's own protocol: every odd thing that may come, and what a request looks like."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.answers.ollama_reader import OllamaReader
from tests.protocols.cuttings import in_two, pieces
from tests.protocols.replaying import Reading, replay
from tests.protocols.wires import asked, checked, listed

if TYPE_CHECKING:
    from tests.protocols.servers import Call

WIRE = "ollama_chat"
PLACE = Failure(kind=ErrorKind.INTERNAL, service="Service", model="m")


def line(**fields: object) -> bytes:
    return json.dumps(fields).encode() + b"\n"


def say(content: object = "", **more: object) -> bytes:
    return line(model="m", message={"role": "assistant", "content": content, **more}, done=False)


def done(reason: str | None = "stop", **more: object) -> bytes:
    return line(message={"content": ""}, done=True, done_reason=reason, **more)


def read(*parts: bytes) -> Reading:
    """Read a body whole, and make sure that every cut reads the same."""
    body = b"".join(parts)
    reading = replay(WIRE, [body])
    for cutting in (pieces(body, 1), pieces(body, 5), *(in_two(body) if len(body) < 300 else ())):
        assert replay(WIRE, cutting) == reading
    return reading


@pytest.mark.parametrize(
    ("end", "told"),
    [
        (done(), "stop"),
        (done("length"), "length"),
        (done("load"), "unknown"),
        (done(None), "unknown"),
        (line(done=True), "unknown"),
        (done().rstrip(), "stop"),
        (line(error="an error was encountered while running the model"),
         "stream_error: an error was encountered while running the model"),
        (b"", "broken_stream: "),
        (b'{"message":{"content":"', "broken_stream: "),
        (b"data: [DONE]\n", "broken_stream: "),
    ],
)  # fmt: skip
def test_an_answer_ends_as_its_last_line_says_and_by_nothing_else(end: bytes, told: str) -> None:
    reading = read(say("Hel"), say("lo"), end)
    assert (reading.text, reading.end) == ("Hello", told)


def test_the_last_line_may_hold_text_and_more_may_follow() -> None:
    last = line(message={"content": "b"}, done=True, done_reason="stop")
    assert read(say("a"), last, say("c")).text == "abc"


@pytest.mark.parametrize("body", [b"", b"\n\n", done(), done("load"), say("")])
def test_an_answer_of_nothing_is_none(body: bytes) -> None:
    assert read(body).end in ("empty: ", "broken_stream: ")
    assert read(body).text == ""


def test_an_error_before_any_text_has_its_kind() -> None:
    assert read(line(error="model 'x' not found")).end == "no_model: model 'x' not found"
    whole = json.dumps({"error": "model requires more system memory"}, indent=1).encode()
    assert read(whole).end == "stream_error: model requires more system memory"


def test_thinking_stands_apart_or_in_the_text() -> None:
    apart = read(say(thinking="Hm."), say("Yes."), done())
    inline = read(say("<think>H"), say("m.</think>\n\nYes."), done())
    both = read(line(response="", thinking="Hm."), line(response="Yes."), done())
    for reading in (apart, inline, both):
        assert (reading.reasoning, reading.text) == ("Hm.", "Yes.")


def test_tool_calls_come_whole() -> None:
    def call(name: str, **arguments: object) -> dict[str, object]:
        return {"function": {"name": name, "arguments": arguments}}

    first = say(tool_calls=[call("f", a=1), {**call("g"), "id": "c2"}])
    second = say(tool_calls=[{"function": {"name": "h", "arguments": '{"text":1}'}}])
    reading = read(first, second, done())
    assert reading.tools == [("", "f", '{"a": 1}'), ("c2", "g", "{}"), ("", "h", '{"text":1}')]
    assert reading.end == "tool_calls"


def test_counts_are_tokens_and_durations_are_none() -> None:
    counts: dict[str, Any] = {"total_duration": 10**10, "prompt_eval_count": 3, "eval_count": 4,
              "eval_duration": 9_007_199_254_740_993_000}  # fmt: skip
    assert read(say("Hi"), done(**counts)).usage == Usage(3, 4)
    assert read(say("Hi"), done(eval_count=4)).usage == Usage(0, 4)
    assert read(say("Hi"), done()).usage is None


@pytest.mark.parametrize(
    "body",
    [
        line(message=None), line(model="m", message=[1]), say(None), say(["x"]),
        line(x={"deep": [1]}), b"\n", b"[]\n", b"{broken\n", b"words\n", line(done="true"),
        say(images=["AAAA"]), line(error=None), line(error=""), b'{"a":' + b"9" * 5000 + b"}\n",
        b"{" * 100_000 + b"\n",
    ],
)  # fmt: skip
def test_what_makes_no_sense_is_skipped(body: bytes) -> None:
    parts = [say("Be"), body, say("fore"), done()]
    for cutting in ([b"".join(parts)], parts, pieces(b"".join(parts), 1000)):
        reading = replay(WIRE, cutting)
        assert (reading.text, reading.end) == ("Before", "stop")


def test_a_gateway_may_make_an_event_stream_of_it() -> None:
    body = b"".join(b"data: " + one + b"\n" for one in (say("a"), say("b"), done()))
    assert read(body + b"data: [DONE]\n\n") == read(say("a"), say("b"), done())


def test_a_web_page_is_the_wrong_content() -> None:
    assert read(b"<html><title>Bad gateway</title>").end == "wrong_content: Bad gateway"
    assert read(b"Bad gateway\n").end == "wrong_content: Bad gateway"


def test_halves_of_a_character_in_two_lines_are_joined() -> None:
    assert read(say("\ud83d"), say("\ude00"), done()).text == "😀"


def test_a_line_has_its_own_limit() -> None:
    reader = OllamaReader(PLACE, Limits(line_bytes=200))
    reader.feed(say("Hi"))
    reader.feed(say("x" * 500))
    reader.end()
    with pytest.raises(ChatError) as caught:
        reader.outcome(broken=False)
    assert caught.value.failure.kind is ErrorKind.LIMIT
    # An event stream's limit is none here: pictures travel in lines.
    assert replay(WIRE, [say("a"), say(images=["A" * (9 * 2**20)]), done()]).text == "a"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["message", "content", "thinking", "tool_calls", "function", "name",
                         "arguments", "done", "done_reason", "error", "eval_count", "response"]),
        inner, max_size=5),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(JSON, max_size=5), st.integers(1, 50))
def test_no_json_at_all_breaks_it(values: list[object], size: int) -> None:
    body = b"".join(json.dumps(value).encode() + b"\n" for value in values)
    assert replay(WIRE, pieces(body, size)) == replay(WIRE, [body])


# What a request looks like.


async def good(call: Call) -> None:
    await call.stream(say("Hi"), done(), content_type="application/x-ndjson")


@pytest.mark.parametrize(
    "path", ["", "/", "/api", "/api/chat", "/api/generate", "/api/tags", "/v1", "/v1/",
             "/v1/chat/completions"],
)  # fmt: skip
def test_any_form_of_address_leads_to_the_chat(path: str) -> None:
    answer, (request,) = asked(WIRE, good, path)
    assert answer.text == "Hi"
    assert request.line == "POST /api/chat HTTP/1.1"
    assert json.loads(request.body) == {
        "model": "model-1",
        "messages": [{"role": "user", "content": "Hello?"}],
        "stream": True,
    }


def test_a_place_below_a_gateway_is_kept() -> None:
    _, (request,) = asked(WIRE, good, "/ollama/v1")
    assert request.line == "POST /ollama/api/chat HTTP/1.1"


def test_no_key_is_needed_and_one_is_sent_as_a_bearer() -> None:
    _, (without,) = asked(WIRE, good, key="")
    _, (with_one,) = asked(WIRE, good)
    assert without.values("authorization") == []
    assert [value[:7] for value in with_one.values("authorization")] == ["Bearer "]


def test_a_model_that_is_not_there_is_told() -> None:
    async def script(call: Call) -> None:
        await call.answer(b'{"error":"model \'model-1\' not found"}', "404 Not Found")

    answer, _ = asked(WIRE, script)
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.NO_MODEL


TAGS = json.dumps({
    "models": [
        {"name": "llama3:latest", "model": "llama3:latest", "details": {"family": "llama"}},
        {"name": "nomic-embed-text:latest"},
        {"name": "qwen3:8b"},
    ]
}).encode()  # fmt: skip


def test_the_models_on_the_computer_are_listed() -> None:
    async def script(call: Call) -> None:
        assert call.request.line == "GET /api/tags HTTP/1.1"
        await call.answer(TAGS)

    for path in ("", "/v1", "/api/chat"):
        found = listed(WIRE, script, path, key="")
        assert found == ["llama3:latest", "qwen3:8b", "nomic-embed-text:latest"]
        assert checked(WIRE, script, path, key="") == found


def test_a_key_is_proved_by_a_question_for_the_list_is_open() -> None:
    async def script(call: Call) -> None:
        if call.request.line.startswith("GET"):
            await call.answer(TAGS)
        elif call.request.values("authorization") == ["Bearer sk-right-one"]:
            await good(call)
        else:
            await call.answer(b'{"error":"unauthorized"}', "401 Unauthorized")

    assert checked(WIRE, script, key="sk-right-one")[0] == "llama3:latest"
    with pytest.raises(ChatError) as caught:
        checked(WIRE, script, key="sk-wrong-one")
    assert caught.value.failure.kind is ErrorKind.BAD_KEY
