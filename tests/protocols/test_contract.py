"""What every protocol promises, each over a real server: only `DIALECTS` knows how they speak."""

from __future__ import annotations

import asyncio
import gzip
import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.stream import (
    CitationFound,
    Finished,
    FinishReason,
    Limits,
    RefusalDelta,
    ToolCallDelta,
)
from desktop_chat.protocols.registry import PROTOCOLS, protocol
from tests.protocols.asking import CANARY, SHORT, Answer, ask, ask_with, provider, transport
from tests.protocols.cuttings import pieces
from tests.protocols.dialects import DIALECTS, Dialect
from tests.protocols.extras import EXTRAS, Extras
from tests.protocols.servers import Call, RawServer, Request, serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ModelInfo

    Script = Callable[[Call], Awaitable[None]]


@pytest.fixture(params=sorted(PROTOCOLS))
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def dialect(wire: str) -> Dialect:
    return DIALECTS[wire]


@pytest.fixture
def with_errors(dialect: Dialect) -> Dialect:
    if not dialect.error:
        pytest.skip("it knows no errors in mid-stream")
    return dialect


@pytest.fixture
def with_end(dialect: Dialect) -> Dialect:
    if not dialect.end:
        pytest.skip("it knows no end but the body's")
    return dialect


def service(server: RawServer, wire: str) -> Provider:
    return provider(f"http://127.0.0.1:{server.port}{DIALECTS[wire].base}", wire)


def asked(
    wire: str, script: Script, limits: Limits = SHORT, key: str = CANARY
) -> tuple[Answer, list[Request]]:
    """Ask a server that follows the script; give the answer and what it was asked."""

    async def run() -> tuple[Answer, list[Request]]:
        async with serving(script) as server:
            return await ask(service(server, wire), limits=limits, key=key), server.requests

    return asyncio.run(run())


def streaming(*parts: bytes) -> Script:
    async def script(call: Call) -> None:
        await call.stream(*parts, content_type="text/event-stream")

    return script


def answering(body: bytes, status: str = "200 OK", **headers: str) -> Script:
    async def script(call: Call) -> None:
        await call.answer(body, status, **headers)

    return script


def kind_of(answer: Answer) -> ErrorKind | None:
    return answer.failure.kind if answer.failure else None


def test_every_protocol_has_its_row() -> None:
    assert set(DIALECTS) == set(EXTRAS) == set(PROTOCOLS)


def test_every_protocol_is_named(wire: str) -> None:
    assert protocol(wire).id == wire
    assert protocol(wire).label


def test_a_service_loads_no_protocol_but_its_own() -> None:
    code = """
import sys
from desktop_chat.protocols.registry import PROTOCOLS, protocol
import desktop_chat.runtime.network.requests
loaded = [one for one in PROTOCOLS if f"desktop_chat.protocols.{one}" in sys.modules]
assert not loaded, loaded
protocol("gemini")
loaded = [one for one in PROTOCOLS if f"desktop_chat.protocols.{one}" in sys.modules]
assert loaded == ["gemini"], loaded
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# A question and its answer.


def test_a_good_answer_is_given_whole_and_ends_once(wire: str, dialect: Dialect) -> None:
    answer, (request,) = asked(wire, streaming(dialect.good))
    assert answer.failure is None
    assert answer.text == "Good answer."
    assert sum(isinstance(one, Finished) for one in answer.events) == 1
    assert answer.finished is not None
    assert request.line == f"POST {dialect.path} HTTP/1.1"
    assert json.loads(request.body)


def test_an_answer_in_single_bytes_is_the_same(wire: str, dialect: Dialect) -> None:
    answer, _ = asked(wire, streaming(*pieces(dialect.good, 1)))
    assert (answer.text, answer.failure) == ("Good answer.", None)


def test_the_key_is_sent_once_in_its_place(wire: str, dialect: Dialect) -> None:
    _, (request,) = asked(wire, streaming(dialect.good))
    carrying = [name for name, value in request.headers if CANARY in value]
    assert carrying == ([dialect.key_header] if dialect.key_header else [])
    assert request.body.count(CANARY.encode()) == (0 if dialect.key_header else 1)
    assert CANARY not in request.line


def test_a_service_without_a_key_is_asked_without_one(wire: str, dialect: Dialect) -> None:
    answer, (request,) = asked(wire, streaming(dialect.good), key="")
    assert answer.text == "Good answer."
    secret = {"authorization", "x-api-key", "api-key", "x-goog-api-key"}
    assert secret.isdisjoint(name for name, _ in request.headers)


def test_a_key_that_cannot_be_one_is_not_sent_and_not_told(wire: str, dialect: Dialect) -> None:
    answer, requests = asked(wire, streaming(dialect.good), key=CANARY + "é")
    assert kind_of(answer) is ErrorKind.BAD_KEY
    assert CANARY not in repr(answer.failure)
    assert requests == []


@pytest.mark.parametrize("label", ["application/json", "text/event-stream", "text/plain"])
def test_a_document_in_the_place_of_a_stream_is_an_answer(
    wire: str, dialect: Dialect, label: str
) -> None:
    if not dialect.whole:
        pytest.skip("it knows no such document")
    answer, _ = asked(wire, answering(dialect.whole, content_type=label))
    assert (answer.text, answer.failure) == ("Good answer.", None)
    assert answer.finished is not None


def test_text_is_fit_to_be_stored_whatever_stands_in_it(wire: str, dialect: Dialect) -> None:
    halves = [dialect.piece(one) for one in ("a\0", "\ud83d", "\ude00", "\ude00", "b")]
    answer, _ = asked(wire, streaming(*halves, dialect.end))
    assert answer.text.startswith("a␀")
    assert answer.text.endswith("\ufffdb")
    assert answer.text.encode()
    if wire != "light_chat":  # it sends characters, never their halves
        assert answer.text == "a␀😀\ufffdb"


def test_only_line_ends_end_a_line(wire: str, dialect: Dialect) -> None:
    # What `str.splitlines` takes for more of them, bare as some services send it.
    others = "a\x0b\x0c\x1c\x1d\x1e\x85\u2028\u2029b"
    body = dialect.piece("@").replace(b"@", others.encode()) + dialect.end
    for parts in ([body], pieces(body, 1)):
        answer, _ = asked(wire, streaming(*parts))
        assert (answer.text, answer.failure) == (others, None)


def test_a_byte_that_is_no_utf8_costs_one_character(wire: str, dialect: Dialect) -> None:
    body = dialect.piece("a@b@").replace(b"@", b"\xff") + dialect.piece("c") + dialect.end
    for parts in ([body], pieces(body, 1)):
        answer, _ = asked(wire, streaming(*parts))
        assert (answer.text, answer.failure) == ("a\ufffdb\ufffdc", None)


def test_a_backslash_that_json_does_not_know_loses_that_piece_alone(
    wire: str, with_end: Dialect
) -> None:
    bad = with_end.piece("@").replace(b"@", b"\\x")
    body = with_end.piece("Good ") + bad + with_end.piece("answer.") + with_end.end
    answer, _ = asked(wire, streaming(body))
    assert (answer.text, answer.failure) == ("Good answer.", None)


# What comes beside the text.


@pytest.fixture
def extras(wire: str) -> Extras:
    return EXTRAS[wire]


def told(wire: str, dialect: Dialect, extra: bytes, end: bytes | None = None) -> Answer:
    """Ask where something comes between two pieces of text; every cutting tells the same."""
    if not extra and not end:
        pytest.skip("it knows no such thing")
    end = dialect.end if end is None else end
    body = dialect.piece("Good ") + extra + dialect.piece("answer.") + end
    whole, _ = asked(wire, streaming(body))
    cut, _ = asked(wire, streaming(*pieces(body, 7)))
    assert (cut.text, cut.reasoning, cut.usage) == (whole.text, whole.reasoning, whole.usage)
    assert whole.text == "Good answer."
    assert whole.failure is None
    return whole


def test_reasoning_stands_apart(wire: str, dialect: Dialect, extras: Extras) -> None:
    assert told(wire, dialect, extras.reasoning).reasoning == "Hm."


def test_a_refusal_stands_apart(wire: str, dialect: Dialect, extras: Extras) -> None:
    answer = told(wire, dialect, extras.refusal)
    assert "".join(one.text for one in answer.events if isinstance(one, RefusalDelta)) == "No."


def test_a_tool_call_is_given_with_its_name_and_arguments(
    wire: str, dialect: Dialect, extras: Extras
) -> None:
    events = told(wire, dialect, extras.call).events
    calls = [one for one in events if isinstance(one, ToolCallDelta)]
    assert {one.index for one in calls} == {0}
    assert "".join(one.call_id for one in calls) == "c1"
    assert "".join(one.name for one in calls) == "look"
    assert "".join(one.arguments for one in calls) == '{"q": 1}'


def test_a_source_is_named_once(wire: str, dialect: Dialect, extras: Extras) -> None:
    events = told(wire, dialect, extras.source * 2).events
    found = [one for one in events if isinstance(one, CitationFound)]
    assert found == [CitationFound("https://a.test", "A")]


def test_the_tokens_are_counted(wire: str, dialect: Dialect, extras: Extras) -> None:
    assert told(wire, dialect, extras.usage).usage == Usage(3, 4)


def test_further_answers_are_not_mixed_in(wire: str, dialect: Dialect, extras: Extras) -> None:
    told(wire, dialect, extras.other * 2)


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        ("length", FinishReason.LENGTH),
        ("safety", FinishReason.SAFETY),
        ("calling", FinishReason.TOOL_CALLS),
    ],
)
def test_why_an_answer_ended_is_told(
    wire: str, dialect: Dialect, extras: Extras, end: str, reason: FinishReason
) -> None:
    ending = getattr(extras, end)
    if not ending:
        pytest.skip("it knows no such end")
    assert told(wire, dialect, b"", ending).finished == Finished(reason)


def test_a_tool_call_alone_is_an_answer(wire: str, dialect: Dialect, extras: Extras) -> None:
    if not extras.call:
        pytest.skip("it knows no tools")
    answer, _ = asked(wire, streaming(extras.call, dialect.end))
    assert (answer.text, answer.failure) == ("", None)


# The same answer in odd clothes, as services and what stands between are known to send it.


def bare(body: bytes) -> bytes:
    """Return the JSON objects of a stream, a line each, without their field's name."""
    lines = [line.removeprefix(b"data: ") for line in body.split(b"\n")]
    return b"\n".join(line for line in lines if line.startswith(b"{")) + b"\n"


ODD: dict[str, Callable[[bytes], bytes]] = {
    "CRLF": lambda body: body.replace(b"\n", b"\r\n"),
    "CR alone": lambda body: body.replace(b"\n", b"\r"),
    "no space": lambda body: body.replace(b"data: ", b"data:"),
    "a mark of byte order": lambda body: b"\xef\xbb\xbf" + body,
    "no empty line at the end": lambda body: body.rstrip(b"\n"),
    "comments": lambda body: b": hello\n\n" + body.replace(b"\n\n", b"\n\n: ping\n\n"),
    "empty data": lambda body: b"data:\n\ndata:  \n\ndata: : ping\n\n" + body,
    "ids": lambda body: body.replace(b"data: ", b"id: 7\nretry: 5\ndata: "),
    "comments after ids": lambda body: (
        b"id: 7\n\n: ping\n\n" + body.replace(b"\n\n", b"\n\n: ping\n\n:\n\n")
    ),
    "names that differ": lambda body: body.replace(b"data: {", b"event: some.thing\ndata: {"),
    "a bare line": lambda body: body.replace(b"\n\ndata: {", b"\n\n{", 1),
    "bare lines": bare,
    "nonsense between": lambda body: body.replace(b"\n\n", b"\n\ndata: {broken\n\n", 1),
    "depth between": lambda body: b"data: " + b"[" * 100_000 + b"\n\n" + body,
    "a long number": lambda body: b'data: {"a":' + b"9" * 5000 + b"}\n\n" + body,
    "a list between": lambda body: b"data: [1, null]\n\n" + body,
    "the unknown": lambda body: b'event: new\ndata: {"type": "brand.new", "a": []}\n\n' + body,
    "packed": gzip.compress,
}


@pytest.mark.parametrize("odd", ODD)
def test_odd_clothes_change_nothing(wire: str, dialect: Dialect, odd: str) -> None:
    if not dialect.good.startswith(b"data: {"):
        pytest.skip("it is no event stream")
    body = ODD[odd](dialect.good)
    for parts in ([body], pieces(body, 7)):
        answer, _ = asked(wire, streaming(*parts))
        assert (answer.text, answer.failure) == ("Good answer.", None)


def test_two_objects_in_one_event_are_both_read(wire: str, dialect: Dialect) -> None:
    if not dialect.good.startswith(b"data: {"):
        pytest.skip("it is no event stream")
    both = dialect.piece("Good ").strip() + dialect.piece("answer.").removeprefix(b"data: ")
    answer, _ = asked(wire, streaming(both, dialect.end))
    assert (answer.text, answer.failure) == ("Good answer.", None)


@pytest.mark.parametrize(
    "label", ["", "text/plain", "application/json", "application/octet-stream"]
)
def test_the_label_of_a_body_says_nothing(wire: str, dialect: Dialect, label: str) -> None:
    async def script(call: Call) -> None:
        await call.stream(dialect.good, **({"content_type": label} if label else {}))

    answer, _ = asked(wire, script)
    assert (answer.text, answer.failure) == ("Good answer.", None)


def test_an_end_that_comes_twice_is_one_end(wire: str, with_end: Dialect) -> None:
    body = with_end.piece("Good ") + with_end.piece("answer.") + with_end.end * 2
    answer, _ = asked(wire, streaming(body))
    assert (answer.text, answer.failure) == ("Good answer.", None)
    assert sum(isinstance(one, Finished) for one in answer.events) == 1


# Answers that do not end as they should.


def test_an_error_after_text_keeps_the_text_and_the_services_words(
    wire: str, with_errors: Dialect
) -> None:
    answer, _ = asked(wire, streaming(with_errors.piece("So far."), with_errors.error))
    assert answer.text == "So far."
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.message) == (ErrorKind.STREAM_ERROR, "Went away")
    assert answer.failure.service == "Service"
    assert answer.finished is None


@pytest.mark.parametrize("end", [b"", b"data: [DONE]\n\n"])
def test_an_error_before_text_is_told(wire: str, with_errors: Dialect, end: bytes) -> None:
    answer, _ = asked(wire, streaming(with_errors.error, end))
    assert answer.failure is not None
    assert (answer.text, answer.failure.message) == ("", "Went away")
    assert answer.finished is None


@pytest.mark.parametrize("end", [b"data: [DONE]\n\n", b""])
def test_an_error_in_an_odd_field_is_told(wire: str, with_errors: Dialect, end: bytes) -> None:
    if not with_errors.good.startswith(b"data: {"):
        pytest.skip("it is no event stream")
    odd = b'error: {"code": 500, "message": "Went away"}\n\n'
    answer, _ = asked(wire, streaming(with_errors.piece("So far."), odd, end))
    assert answer.failure is not None
    assert (answer.text, answer.failure.message) == ("So far.", "Went away")


def test_a_clean_end_without_the_protocols_own_is_a_break(wire: str, with_end: Dialect) -> None:
    answer, _ = asked(wire, streaming(with_end.piece("Half")))
    assert (answer.text, kind_of(answer)) == ("Half", ErrorKind.BROKEN_STREAM)


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_connection_that_breaks_keeps_what_came(wire: str, dialect: Dialect, how: str) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(dialect.piece("Half. "))
        await asyncio.sleep(0.05)
        await call.chunk(dialect.piece("é")[:-6] if dialect.end else b"\xc3")
        await asyncio.sleep(0.05)
        if how == "reset":
            call.reset()
        else:
            call.writer.close()

    answer, _ = asked(wire, script)
    assert answer.text.removesuffix("\ufffd") == "Half. "
    assert kind_of(answer) is ErrorKind.BROKEN_STREAM


def test_silence_ends_at_its_limit_and_keeps_what_came(wire: str, dialect: Dialect) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(dialect.piece("Half an answer"))
        await call.hold()

    answer, _ = asked(wire, script, limits=Limits(idle_s=0.2))
    assert (answer.text, kind_of(answer)) == ("Half an answer", ErrorKind.SILENCE)


def test_an_answer_of_no_bytes_is_empty(wire: str) -> None:
    assert kind_of(asked(wire, streaming())[0]) is ErrorKind.EMPTY


def test_an_end_without_words_is_empty(wire: str, with_end: Dialect) -> None:
    assert kind_of(asked(wire, streaming(with_end.end))[0]) is ErrorKind.EMPTY


def test_a_socket_held_open_after_the_end_is_no_trouble(
    wire: str, with_end: Dialect, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(with_end.good)
        await call.hold()

    async def run() -> Answer:
        async with serving(script) as server:
            answer = await ask(service(server, wire))
            await asyncio.wait_for(server.closed.wait(), 1)
            return answer

    monkeypatch.setattr("desktop_chat.protocols.requests.reading.AFTER_TERMINAL_S", 0.2)
    answer = asyncio.run(run())
    assert (answer.text, answer.failure) == ("Good answer.", None)


def test_what_is_too_large_is_left_and_what_came_is_kept(wire: str, dialect: Dialect) -> None:
    limits = Limits(event_bytes=1000, answer_bytes=4000)
    flood = [dialect.piece("x" * 100_000)] * 10
    answer, _ = asked(wire, streaming(dialect.piece("Kept. "), *flood, dialect.end), limits=limits)
    assert answer.text.startswith("Kept. ")
    assert len(answer.text) <= 4000
    assert kind_of(answer) is ErrorKind.LIMIT


def test_stopping_in_the_middle_closes_the_socket(wire: str, dialect: Dialect) -> None:
    async def script(call: Call) -> None:
        await call.head(transfer_encoding="chunked")
        await call.chunk(dialect.piece("The first words of it"))
        await call.hold()

    async def run() -> None:
        begun = asyncio.Event()
        async with serving(script) as server:
            one = service(server, wire)
            answer = Answer(on_event=lambda _: begun.set())
            async with transport(one.base_url) as http:
                task = asyncio.create_task(ask_with(http, one, answer))
                await asyncio.wait_for(begun.wait(), 5)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await asyncio.wait_for(server.closed.wait(), 1)

    asyncio.run(run())


# Answers that are none.

NO = json.dumps({"error": {"message": "No, because."}}).encode()


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", ErrorKind.BAD_REQUEST),
        ("401 Unauthorized", ErrorKind.BAD_KEY),
        ("402 Payment Required", ErrorKind.NO_CREDIT),
        ("403 Forbidden", ErrorKind.FORBIDDEN),
        ("404 Not Found", ErrorKind.NO_PATH),
        ("413 Too Large", ErrorKind.TOO_LONG),
        ("429 Too Many", ErrorKind.RATE_LIMITED),
        ("503 Unavailable", ErrorKind.SERVER_TROUBLE),
        ("529 Overloaded", ErrorKind.SERVER_TROUBLE),
    ],
)
def test_an_error_status_is_told_by_its_kind(wire: str, status: str, kind: ErrorKind) -> None:
    answer, requests = asked(wire, answering(NO, status, retry_after="7"))
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.message) == (kind, "No, because.")
    assert (answer.failure.seconds, answer.failure.model) == (7.0, "model-1")
    assert len(requests) == 1


def test_an_error_with_the_status_of_an_answer_is_told(wire: str) -> None:
    for indent in (None, 1):
        body = json.dumps({"error": {"message": "Went away", "code": 503}}, indent=indent)
        answer, _ = asked(wire, answering(body.encode(), content_type="application/json"))
        assert answer.failure is not None
        assert answer.failure.message == "Went away"
        assert answer.failure.kind is ErrorKind.SERVER_TROUBLE


@pytest.mark.parametrize(
    ("status", "kind"),
    [("200 OK", ErrorKind.WRONG_CONTENT), ("502 Bad Gateway", ErrorKind.SERVER_TROUBLE)],
)
def test_a_web_page_is_told_by_its_title(wire: str, status: str, kind: ErrorKind) -> None:
    page = b"<!DOCTYPE html><html><head><title>Sign in &amp; pay</title></head><body>x</body>"
    answer, _ = asked(wire, answering(page, status, content_type="text/html"))
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.message) == (kind, "Sign in & pay")


@pytest.mark.parametrize(
    "body",
    [b'data: {"error":{"message":"No, because."}}\n\ndata: [DONE]\n\n', NO, b"[" + NO + b"]"],
)
def test_an_error_in_any_form_of_body_is_told(wire: str, body: bytes) -> None:
    answer, _ = asked(wire, answering(body, "500 Trouble", content_type="text/event-stream"))
    assert answer.failure is not None
    assert (answer.failure.kind, answer.failure.message) == (
        ErrorKind.SERVER_TROUBLE,
        "No, because.",
    )


def test_a_key_that_an_error_repeats_is_not_shown(wire: str) -> None:
    words = json.dumps({"error": {"message": f"Incorrect key {CANARY} given"}}).encode()
    for status in ("401 Unauthorized", "200 OK"):
        answer, _ = asked(wire, answering(words, status))
        assert answer.failure is not None
        assert CANARY not in repr(answer.failure)
        assert "Incorrect key" in answer.failure.message


def test_a_redirect_is_told_and_not_followed(wire: str) -> None:
    async def run() -> tuple[Answer, int]:
        async def other(call: Call) -> None:
            await call.answer(b"")

        async with serving(other) as elsewhere:
            script = answering(b"", "307 Temporary Redirect", location=elsewhere.url)
            async with serving(script) as server:
                return await ask(service(server, wire)), elsewhere.connections

    answer, connections = asyncio.run(run())
    assert kind_of(answer) is ErrorKind.REDIRECT
    assert connections == 0


# Models.


def listing(wire: str, script: Script, how: str) -> tuple[tuple[ModelInfo, ...], list[Request]]:
    async def run() -> tuple[tuple[ModelInfo, ...], list[Request]]:
        async with serving(script) as server:
            one = service(server, wire)
            async with transport(one.base_url) as http:
                method = getattr(protocol(wire), how)
                return await method(one, Secret(CANARY), http), server.requests

    return asyncio.run(run())


def test_models_are_listed_with_the_key(wire: str, dialect: Dialect) -> None:
    if not dialect.models:
        pytest.skip("it cannot list its models")
    models, (request,) = listing(wire, answering(dialect.models), "list_models")
    assert [one.id for one in models] == ["large", "small"]
    assert request.line == f"GET {dialect.models_path} HTTP/1.1"
    assert CANARY in request.values(dialect.key_header)[0]


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("401 Unauthorized", NO, ErrorKind.BAD_KEY),
        ("200 OK", b"<html><title>Sign in</title>", ErrorKind.WRONG_CONTENT),
    ],
)
def test_a_key_is_proved_by_an_answer_alone(
    wire: str, status: str, body: bytes, kind: ErrorKind
) -> None:
    with pytest.raises(ChatError) as caught:
        listing(wire, answering(body, status), "check")
    assert caught.value.failure.kind is kind
    assert caught.value.failure.service == "Service"
