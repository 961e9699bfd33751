"""Recorded answers of OpenAI's Responses, from all who speak it, the same at every cut."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import Usage
from tests.protocols.replaying import Reading, assert_same_at_every_cut, replay

if TYPE_CHECKING:
    from pathlib import Path

WIRE = "openai_responses"
NAMES = (
    "openai-responses-text", "openai-responses-reasoning", "openai-responses-websearch",
    "openai-responses-incomplete", "openai-responses-function", "openrouter-responses",
    "deepseek-responses", "xai-responses-reasoning", "lmstudio-responses", "bedrock-mantle",
    "copilot-id-rotation",
)  # fmt: skip
REASONS = {"max_output_tokens": "length"}


def expected(body: bytes) -> Reading:
    """Read a recording by the whole response at its end alone, which the reader does not need."""
    lines = [line for line in body.decode().split("\n") if line.startswith("data: {")]
    response: dict[str, Any] = json.loads(lines[-1].removeprefix("data: "))["response"]
    items = response["output"]
    ended = [
        json.loads(line[6:])["item"] for line in lines if '"response.output_item.done"' in line
    ]
    parts = [part for item in items for part in item.get("content") or []]
    summaries = [part["text"] for item in items for part in item.get("summary") or []]
    calls = [item for item in items if item["type"] == "function_call"]
    usage = response["usage"]
    done = "tool_calls" if calls else "stop"
    incomplete = response.get("incomplete_details") or {}
    return Reading(
        text="".join(part["text"] for part in parts if part["type"] == "output_text"),
        reasoning="\n\n".join(summaries)
        + "".join(part["text"] for part in parts if part["type"] == "reasoning_text"),
        tools=[(one["call_id"], one["name"], one["arguments"]) for one in calls],
        citations=[
            (one["url"], one["title"]) for part in parts for one in part.get("annotations") or []
        ],
        opaque=[
            json.dumps({key: one[key] for key in ("type", "id", "encrypted_content")})
            for one in ended
            if one.get("encrypted_content")
        ],
        usage=Usage(
            usage["input_tokens"],
            usage["output_tokens"],
            usage["output_tokens_details"]["reasoning_tokens"],
            usage["input_tokens_details"]["cached_tokens"],
        ),
        end=REASONS[incomplete["reason"]] if incomplete else done,
    )


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_says_the_same_at_every_cut(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    whole = assert_same_at_every_cut(WIRE, body)
    assert whole == expected(body)
    assert whole.text or whole.tools


def test_the_recordings_are_all_there_is_of_their_kind(shared: Path) -> None:
    found = {
        file.stem
        for file in (shared / "wire/streams").glob("*.sse")
        if b'"response.created"' in file.read_bytes()
    }
    assert found == {*NAMES, "openai-responses-error"}


def test_an_error_and_then_a_failure_are_told_once(shared: Path) -> None:
    body = (shared / "wire/streams/openai-responses-error.sse").read_bytes()
    whole = assert_same_at_every_cut(WIRE, body)
    assert whole.end.startswith("no_credit: You exceeded your current quota, please check")
    # The failure says the same where no error came before it.
    events = body.split(b"\n\n")
    alone = b"\n\n".join(one for one in events if b'"type":"error"' not in one)
    assert alone != body
    assert replay(WIRE, [alone]) == whole


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lost", ["_text.delta", "_arguments.delta", "_text.done", "_part.done"])
def test_events_of_one_kind_may_be_lost(name: str, lost: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    events = body.split(b"\n\n")
    kept = b"\n\n".join(one for one in events if f'{lost}"'.encode() not in one)
    assert replay(WIRE, [kept]) == expected(body)


@pytest.mark.parametrize("name", NAMES)
def test_the_response_at_the_end_is_an_answer_alone(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    lines = [line for line in body.split(b"\n") if line.startswith(b"data: {")]
    last = json.loads(lines[-1].removeprefix(b"data: "))
    for document in (last, last["response"]):
        for indent in (None, 2):
            alone = json.dumps(document, indent=indent).encode()
            whole = replay(WIRE, [alone])
            # What is encrypted differs from its twin in the stream.
            assert len(whole.opaque) == len(expected(body).opaque)
            assert replace(whole, opaque=[]) == replace(expected(body), opaque=[])


@pytest.mark.parametrize("name", NAMES)
def test_ids_and_the_names_of_events_mean_nothing(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    renamed = body.replace(b"event: response.", b"event: other.").replace(b'"item_id"', b'"ie"')
    assert replay(WIRE, [renamed]) == expected(body)


@pytest.mark.parametrize("name", NAMES)
def test_a_recording_without_its_end_is_a_break(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    events = body.split(b"\n\n")
    cut = b"\n\n".join(
        one
        for one in events
        if b'"response.completed"' not in one and b'"response.incomplete"' not in one
    )
    whole = replay(WIRE, [cut])
    assert whole.end == "broken_stream: "
    assert whole.text == expected(body).text


@pytest.mark.parametrize("name", NAMES)
def test_recordings_of_the_future_lose_nothing(name: str, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    future = body.replace(b'"type":"response.', b'"kind":{"deep":[1]},"type":"response.')
    unknown = b'event: response.enlightened\ndata: {"type":"response.enlightened","delta":"x"}\n\n'
    future = unknown + future.replace(b"\n\n", b"\n\n" + unknown)
    assert replay(WIRE, [future]) == expected(body)
