"""`desktop-chat ask` against services that speak each protocol, one of them from recordings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState, PartKind
from tests.command_line import CommandLine
from tests.protocols.dialects import DIALECTS
from tests.protocols.replaying import replay
from tests.runtime.loopback import Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.protocols.servers import Call, Request

KEY = "key-canary-0123456789"


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path / "profile")
    made.environment["SERVICE_KEY"] = KEY
    return made


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


def serve(line: CommandLine, loopback: Loopback, wire: str, body: bytes) -> list[Request]:
    """Set up a service that answers every question by a body; give what it is asked."""

    async def script(call: Call) -> None:
        await call.stream(body, content_type="text/event-stream")

    server = loopback.serve(script)
    base = f"http://127.0.0.1:{server.port}{DIALECTS[wire].base}"
    added = line.run(
        "provider", "add", "Here", "--protocol", wire, "--base-url", base,
        "--model", "model-1", "--key-env", "SERVICE_KEY",
    )  # fmt: skip
    assert added.returncode == 0, added.stderr
    return server.requests


@pytest.mark.parametrize("wire", sorted(DIALECTS))
def test_every_protocol_gives_its_answer(line: CommandLine, loopback: Loopback, wire: str) -> None:
    requests = serve(line, loopback, wire, DIALECTS[wire].good)
    done = line.run("ask", "Why?")
    assert (done.returncode, done.stdout, done.stderr) == (0, b"Good answer.", b"")
    assert line.messages()[1].state is MessageState.COMPLETE
    assert [one.line for one in requests] == [f"POST {DIALECTS[wire].path} HTTP/1.1"]
    assert all(KEY.encode() not in one.read_bytes() for one in line.files())


@pytest.mark.parametrize(
    ("wire", "name", "words"),
    [
        ("anthropic_messages", "anthropic-websearch-citations", "weather"),
        ("gemini", "gemini-thinking", "Make eye contact with the driver"),
        ("openai_responses", "openai-responses-reasoning", "strawberry"),
        ("openai_responses", "bedrock-mantle", ""),
        ("azure_openai", "azure-deepseek-reasoning", "the"),
        ("ollama_chat", "ollama-chat", "OpenTelemetry"),
    ],
)
def test_a_recorded_answer_is_printed_and_kept_with_all_that_came(
    line: CommandLine, loopback: Loopback, shared: Path, wire: str, name: str, words: str
) -> None:
    (recording,) = (shared / "wire/streams").glob(f"{name}.*")
    body = recording.read_bytes()
    serve(line, loopback, wire, body)
    done = line.run("ask", "Why?")
    reading = replay(wire, [body])
    assert words in reading.text
    assert (done.returncode, done.stdout.decode()) == (0, reading.text)
    # Where there is no word to print, that the model asked for a tool is told beside.
    tools = "" if reading.text else f"The model asks for a tool: {reading.tools[0][1]}.\n"
    assert done.stderr.decode() == tools
    answer = line.messages()[1]
    assert (answer.text, answer.reasoning) == (reading.text, reading.reasoning)
    assert (answer.usage, answer.finish_reason) == (reading.usage, reading.end)
    kept = [one.data for one in answer.parts if one.kind == PartKind.REASONING and one.data]
    assert kept == reading.opaque
    calls = [one.text for one in answer.parts if one.kind == PartKind.TOOL_CALL]
    assert calls == [arguments for _, _, arguments in reading.tools]


def test_an_answer_that_the_service_pauses_says_that_it_goes_on(
    line: CommandLine, loopback: Loopback, shared: Path
) -> None:
    body = (shared / "wire/streams/anthropic-pause-turn.sse").read_bytes()
    serve(line, loopback, "anthropic_messages", body)
    done = line.run("ask", "Why?")
    assert done.returncode == 1
    assert done.stderr == b"Here paused in this answer, and has more to say. Continue it.\n"
    answer = line.messages()[1]
    assert (answer.state, answer.finish_reason) == (MessageState.COMPLETE, "pause")
