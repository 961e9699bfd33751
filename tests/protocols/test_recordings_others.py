"""Answers recorded from services that speak for themselves, as gateways pass them on."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from desktop_chat.domain.chat import Usage
from tests.protocols.replaying import Reading, assert_same_at_every_cut, data_of, replay

WIRE = "openai_chat"


@pytest.mark.parametrize(
    ("name", "usage"),
    [("cohere-v2", Usage(212, 47, 0, 208)), ("cohere-reasoning", Usage(1394, 54, 0, 1360))],
)
def test_coheres_events_are_read(name: str, usage: Usage, shared: Path) -> None:
    body = (shared / f"wire/streams/{name}.sse").read_bytes()
    said = [
        event["delta"]["message"]["content"]
        for event in data_of(body)
        if event["type"] == "content-delta"
    ]
    expected = Reading(
        text="".join(one.get("text", "") for one in said),
        reasoning="".join(one.get("thinking", "") for one in said),
        usage=usage,
        end="stop",
    )
    assert assert_same_at_every_cut(WIRE, body) == expected
    assert expected.text
    assert bool(expected.reasoning) == (name == "cohere-reasoning")


def test_raw_text_as_events_is_shown_as_text(shared: Path) -> None:
    body = (shared / "wire/streams" / "replicate.sse").read_bytes()
    text = ""
    for block in body.decode().split("\n\n"):
        lines = [line for line in block.split("\n") if line.startswith("data: ")]
        if "event: output" in block:
            text += "\n".join(line.removeprefix("data: ") for line in lines)
    assert assert_same_at_every_cut(WIRE, body) == Reading(text=text, end="unknown")
    assert text.startswith("Sure, here's a joke about OpenTelemetry:\n\nWhy")


def event(kind: str, **fields: object) -> bytes:
    return b"data: " + json.dumps({"type": kind, **fields}).encode() + b"\n\n"


def test_coheres_tool_calls_and_ends_are_read() -> None:
    def calls(**function: str) -> dict[str, object]:
        return {"message": {"tool_calls": {"function": function}}}

    start = {"message": {"tool_calls": {"id": "c", "function": {"name": "f", "arguments": ""}}}}
    body = [
        event("tool-plan-delta", delta={"message": {"tool_plan": "I look."}}),
        event("tool-call-start", index=0, delta=start),
        event("tool-call-delta", index=0, delta=calls(arguments='{"a"')),
        event("tool-call-delta", index=0, delta=calls(arguments=":1}")),
        event("tool-call-end", index=0),
        event("message-end", delta={"finish_reason": "TOOL_CALL"}),
    ]
    reading = replay(WIRE, body)
    assert reading.tools == [("c", "f", '{"a":1}')]
    assert (reading.reasoning, reading.end) == ("I look.", "tool_calls")
    content = {"message": {"content": {"text": "Hi"}}}
    said = event("content-delta", index=0, delta=content)
    for reason, end in (("MAX_TOKENS", "length"), ("COMPLETE", "stop"), ("ERROR", "stream_error")):
        over = replay(WIRE, [said, event("message-end", delta={"finish_reason": reason})])
        assert (over.text, over.end.partition(":")[0]) == ("Hi", end)


def test_every_recording_is_named_by_a_test(shared: Path) -> None:
    tests = "".join(file.read_text("utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    recorded = [file.stem for file in (shared / "wire/streams").iterdir()]
    assert [name for name in recorded if f'"{name}' not in tests] == []
