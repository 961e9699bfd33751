"""What services say when something is wrong: 68 real answers, and the shapes that they take."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.redaction import redact
from desktop_chat.protocols.transport.error_bodies import failure_in_stream, failure_of, words_of
from desktop_chat.protocols.transport.redaction import plain

if TYPE_CHECKING:
    from pathlib import Path

PLACE = Failure(kind=ErrorKind.INTERNAL, service="Service", model="m")
NO_MODEL = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 17, 35, 36, 37, 39, 48, 49, 50, 53, 54, 57}
BAD_KEY = {40, 47, 55, 56, 59, 61, 62, 63, 64, 65, 67}
OTHERS = {34: ErrorKind.RATE_LIMITED, 42: ErrorKind.FORBIDDEN, 44: ErrorKind.NO_PATH}


def failure(
    status: int, body: object = b"", secrets: tuple[Secret, ...] = (), **headers: str
) -> Failure:
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return failure_of(status, named, data, PLACE, secrets)


@pytest.fixture(scope="module")
def bodies(shared: Path) -> list[dict[str, Any]]:
    return list(json.loads((shared / "wire/error_bodies.json").read_text("utf-8")))


def test_every_recorded_error_is_told_in_a_sentence_of_its_kind(
    bodies: list[dict[str, Any]],
) -> None:
    assert len(bodies) == 68
    for number, one in enumerate(bodies):
        headers = {name.lower(): value for name, value in one["headers"].items()}
        found = failure_of(one["status"], headers, one["body"].encode(), PLACE)
        assert 0 < len(found.message) <= 300, number
        assert "<" not in found.message, number
        assert "{" not in found.message.split("[")[0], number
        assert "sk-" not in found.message, number
        assert "key**" not in found.message, number
        assert "\n" not in found.message, number
        expected = OTHERS.get(number, ErrorKind.BAD_REQUEST)
        expected = ErrorKind.NO_MODEL if number in NO_MODEL else expected
        expected = ErrorKind.BAD_KEY if number in BAD_KEY else expected
        assert found.kind is expected, (number, found.message)
        assert found.may_retry is (headers.get("x-should-retry") != "false")


def test_a_recorded_sentence_is_the_services_own(bodies: list[dict[str, Any]]) -> None:
    for one in bodies:
        try:
            value = json.loads(one["body"])
        except ValueError:
            continue
        error = value.get("error", value)
        said = error.get("message", "") if isinstance(error, dict) else error
        if isinstance(error, dict) and "metadata" in error:
            said = error["metadata"]["raw"]
        if said and "key provided" not in said and len(said) <= 300:
            assert words_of(one["body"]).message == said


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (402, {}, ErrorKind.NO_CREDIT),
        (429, {"error": {"code": "insufficient_quota", "message": "x"}}, ErrorKind.NO_CREDIT),
        (429, {"error": {"message": "You exceeded your current quota"}}, ErrorKind.NO_CREDIT),
        (400, {"error": {"message": "Insufficient Balance"}}, ErrorKind.NO_CREDIT),
        (400, {"error": {"message": "Your credit balance is too low"}}, ErrorKind.NO_CREDIT),
        (403, {"error": {"message": "billing_hard_limit_reached"}}, ErrorKind.NO_CREDIT),
        (429, {"error": {"message": "Too many requests"}}, ErrorKind.RATE_LIMITED),
        (400, {"error": {"code": "context_length_exceeded"}}, ErrorKind.TOO_LONG),
        (400, {"error": {"message": "This model's maximum context length is 8192 tokens."}},
         ErrorKind.TOO_LONG),
        (400, {"error": {"message": "prompt is too long: 210000 tokens"}}, ErrorKind.TOO_LONG),
        (500, {"error": "the request exceeds the available context size"}, ErrorKind.TOO_LONG),
        (413, b"", ErrorKind.TOO_LONG),
        (400, {"error": {"message": "API key not valid. Please pass a valid API key."}},
         ErrorKind.BAD_KEY),
        (403, {"detail": "Not allowed"}, ErrorKind.FORBIDDEN),
        (404, {"detail": "Not Found"}, ErrorKind.NO_PATH),
        (404, b"<html><title>404 Not Found</title></html>", ErrorKind.NO_PATH),
        (404, {"error": {"message": "Invalid URL (POST /v1/v1/chat/completions)"}},
         ErrorKind.NO_PATH),
        (404, {"error": {"message": "No endpoints found for some/model."}}, ErrorKind.NO_MODEL),
        (405, b"", ErrorKind.NO_PATH),
        (400, {"error": {"message": "unknown model 'x'"}}, ErrorKind.NO_MODEL),
        (400, {"message": "x is not a valid model ID"}, ErrorKind.NO_MODEL),
        (400, {"error": {"message": "No connected db."}}, ErrorKind.BAD_REQUEST),
        (400, {"error": {"message": "The response was filtered", "code": "content_filter"}},
         ErrorKind.SAFETY_STOP),
        (500, {}, ErrorKind.SERVER_TROUBLE),
        (502, b"<html><h1>502 Bad Gateway</h1>nginx</html>", ErrorKind.SERVER_TROUBLE),
        (503, {"error": {"message": "The server is overloaded"}}, ErrorKind.SERVER_TROUBLE),
        (529, {"type": "error", "error": {"type": "overloaded_error"}}, ErrorKind.SERVER_TROUBLE),
        (408, b"", ErrorKind.SERVER_TROUBLE),
        (418, b"", ErrorKind.BAD_REQUEST),
        (999, b"", ErrorKind.SERVER_TROUBLE),
    ],
)  # fmt: skip
def test_status_and_words_make_the_kind(status: int, body: object, kind: ErrorKind) -> None:
    found = failure(status, body)
    assert found.kind is kind
    assert found.message
    assert found.status == status
    assert (found.service, found.model) == ("Service", "m")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "m"}}, "m"),
        ({"error": "m"}, "m"),
        ({"message": "m"}, "m"),
        ({"detail": "m"}, "m"),
        ({"detail": [{"loc": ["body"], "msg": "m"}, {"msg": "n"}]}, "m; n"),
        ({"errors": [{"title": "m", "detail": "n"}]}, "m: n"),
        ({"errors": ["m"]}, "m"),
        ({"error_type": "t", "error_message": "m"}, "m"),
        ({"error": {"message": '{"error":{"message":"inner"}}'}}, "inner"),
        ({"error": {"message": "outer", "metadata": {"raw": '{"error":"inner"}'}}}, "inner"),
        ([{"error": {"message": "m"}}], "m"),
        ("m", "m"),
        (b'data: {"error":{"message":"m"}}\n\ndata: [DONE]\n\n', "m"),
        (b'event: error\ndata: {"message":"m"}\n\n', "m"),
        (b"plain\n words\x1b[0m\0", "plain words [0m␀"),
        (b"<!doctype html><title> A &amp; B\n</title><p>x", "A & B"),
        (b"<html><style>p{}</style><body><h1>Down</h1></body></html>", "Down"),
        (b"<html><script>var a</script><body>Just words</body></html>", "Just words"),
        ({"error": {"message": "<b>m</b> &lt;script&gt; x"}}, "m x"),
        (b"\xff\xfe", "\ufffd\ufffd"),
        (b"\xef\xbb\xbf" + b'{"error":"m"}', "m"),
        ({"error": {"message": "x" * 1000}}, "x" * 299 + "…"),
        (b"", "418 I'm a Teapot"),
        (b"{}", "{}"),
    ],
)
def test_the_services_words_are_found_in_every_shape(body: object, message: str) -> None:
    assert failure(418, body).message == message


def test_a_request_id_is_found_in_headers_and_in_the_body() -> None:
    assert failure(400, x_request_id="req_1").request_id == "req_1"
    assert failure(400, request_id="req_2").request_id == "req_2"
    assert failure(400, {"request_id": "req_3456"}).request_id == "req_3456"
    assert failure(400).request_id == ""


@pytest.mark.parametrize(
    "echo",
    [
        "Incorrect API key provided: sk-abc.",
        "bad header Bearer abcdef123456",
        'you sent {"api_key": "zzzzzzzzzz12"}',
        "key gsk_abcdefgh12345678 is wrong",
        "xai-abcdef0123456789 unknown",
        "token=qwertyuiop123",
        "AIzaSyA1234567890abcdefghijklmn",
        "it was my-very-own-secret there",
    ],
)
def test_no_key_survives_in_what_is_shown(echo: str) -> None:
    secrets = (Secret("Bearer my-very-own-secret"),)
    found = failure(400, {"error": {"message": echo}}, secrets)
    for key in ("sk-abc", "abcdef123456", "zzzz", "gsk_", "xai-a", "qwerty", "AIza", "my-very"):
        assert key not in found.message
        assert key not in found.detail
    assert "•••" in found.message


def test_ordinary_words_are_not_taken_for_keys() -> None:
    for words in ("Please make a desk-top task", "tokens: 8192 used", "sk- is a prefix",
                  "Invalid token: unexpected", "Basic authentication needed"):  # fmt: skip
        assert redact(words) == words


def test_an_error_in_a_stream_is_told_apart_before_text_and_quoted_after_it() -> None:
    payload = {"message": "Overloaded", "type": "overloaded_error"}
    early = failure_in_stream(payload, PLACE, after_text=False)
    late = failure_in_stream(payload, PLACE, after_text=True)
    assert (early.kind, late.kind) == (ErrorKind.SERVER_TROUBLE, ErrorKind.STREAM_ERROR)
    assert late.message == "Overloaded"


@given(st.text(max_size=300))
def test_no_text_makes_a_sentence_with_tags_or_line_breaks(text: str) -> None:
    line = plain(text)
    assert "\n" not in line
    assert "<script" not in line
    found = failure(500, text.encode("utf-8", "surrogatepass"))
    assert 0 < len(found.message) <= 300


@given(st.binary(max_size=200), st.integers(400, 599))
def test_no_body_breaks_the_reading(body: bytes, status: int) -> None:
    assert failure(status, body).message


def test_a_body_made_to_hang_the_patterns_does_not() -> None:
    for body in (b"<" * 200_000, b"<html>" + b"<script" * 30_000, b"model " * 40_000,
                 b"{" * 200_000, b"key provided: " * 20_000, b"<title " * 30_000):  # fmt: skip
        assert failure(400, body).message
