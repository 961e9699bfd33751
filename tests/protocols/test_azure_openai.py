"""Azure OpenAI: addresses as its portal shows them, the key's own header, odd chunks."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

import pytest

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.providers import Header
from desktop_chat.protocols.registry import protocol
from desktop_chat.protocols.requests.azure_addresses import AzureAddress
from tests.protocols.asking import CANARY, provider, request_for
from tests.protocols.replaying import replay
from tests.protocols.wires import asked, checked, listed

if TYPE_CHECKING:
    from desktop_chat.protocols.transport.http import Http
    from tests.protocols.servers import Call

WIRE = "azure_openai"
HOST = "https://me.openai.azure.com"
DEPLOYED = "/openai/deployments/gpt%204/chat/completions?api-version="


def event(**chunk: object) -> bytes:
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


def delta(text: str | None, finish: str | None = None, **more: object) -> bytes:
    return event(
        choices=[{"index": 0, "delta": {"content": text}, "finish_reason": finish, **more}]
    )


DONE = b"data: [DONE]\n\n"
GOOD = delta("Hi") + delta(None, "stop") + DONE


async def good(call: Call) -> None:
    await call.stream(GOOD, content_type="text/event-stream")


@pytest.mark.parametrize(
    ("base", "address"),
    [
        ("", DEPLOYED + "2024-10-21"),
        ("/", DEPLOYED + "2024-10-21"),
        ("/openai", DEPLOYED + "2024-10-21"),
        ("/openai/", DEPLOYED + "2024-10-21"),
        ("?api-version=2025-01-01-preview", DEPLOYED + "2025-01-01-preview"),
        ("/openai/responses?api-version=2025-04-01-preview", DEPLOYED + "2025-04-01-preview"),
        ("/gateway", f"/gateway{DEPLOYED}2024-10-21"),
        ("/openai/deployments/mine",
         "/openai/deployments/mine/chat/completions?api-version=2024-10-21"),
        ("/openai/deployments/mine/chat/completions?api-version=2025-01-01-preview",
         "/openai/deployments/mine/chat/completions?api-version=2025-01-01-preview"),
        ("/openai/v1", "/openai/v1/chat/completions"),
        ("/openai/v1/", "/openai/v1/chat/completions"),
        ("/openai/v1/chat/completions", "/openai/v1/chat/completions"),
        ("/openai/v1/responses?api-version=preview",
         "/openai/v1/chat/completions?api-version=preview"),
        ("/api/projects/p", "/openai/v1/chat/completions"),
        ("/api/projects/p/openai/v1/", "/openai/v1/chat/completions"),
        ("/models", "/models/chat/completions?api-version=2024-05-01-preview"),
        ("/models/chat/completions?api-version=2025-05-01",
         "/models/chat/completions?api-version=2025-05-01"),
    ],
)  # fmt: skip
def test_every_address_that_the_portal_shows_leads_to_the_chat(base: str, address: str) -> None:
    assert AzureAddress(f"{HOST}{base} ").chat("gpt 4") == HOST + address


@pytest.mark.parametrize("path", ["", "/openai/v1", "/openai/deployments/mine", "/models"])
def test_the_key_stands_in_its_header_and_in_no_other(path: str) -> None:
    answer, (request,) = asked(WIRE, good, path)
    assert (answer.text, answer.failure) == ("Hi", None)
    assert request.values("api-key") == [CANARY]
    assert request.values("authorization") == []
    assert CANARY not in request.line
    body = json.loads(request.body)
    assert body["messages"] == [{"role": "user", "content": "Hello?"}]
    assert (body["model"], body["stream"]) == ("model-1", True)


@pytest.mark.parametrize("name", ["Authorization", "API-Key"])
def test_a_persons_own_header_takes_the_keys_place(name: str) -> None:
    own = Header(name, "Bearer of-my-own")
    _, (request,) = asked(WIRE, good, headers=(own,))
    other = {"authorization": "api-key", "api-key": "authorization"}[name.lower()]
    assert request.values(name.lower()) == ["Bearer of-my-own"]
    assert request.values(other) == []


def test_options_that_an_older_version_refuses_are_left_out() -> None:
    async def script(call: Call) -> None:
        if "stream_options" in json.loads(call.request.body):
            words = b'{"error":{"message":"Unrecognized request argument: stream_options"}}'
            await call.answer(words, "400 Bad")
        else:
            await good(call)

    answer, requests = asked(WIRE, script)
    assert (answer.text, len(requests)) == ("Hi", 2)


def test_without_a_deployment_nothing_is_asked() -> None:
    nameless = replace(request_for(provider(HOST, WIRE)), model="")
    with pytest.raises(ChatError) as caught:
        protocol(WIRE).stream(nameless, None, cast("Http", None))
    assert caught.value.failure.kind is ErrorKind.NO_MODEL


# What comes.


def test_chunks_without_choices_and_with_filters_are_read() -> None:
    filters = {"hate": {"filtered": False, "severity": "safe"}}
    late = {"error": {"code": "content_filter_error", "message": "The contents are not filtered"}}
    body = b"".join([
        event(choices=[], id="", model="", prompt_filter_results=[{"prompt_index": 0}]),
        delta("", content_filter_results={}),
        delta("Hi", content_filter_results=filters),
        event(choices=[{"index": 0, "finish_reason": None, "content_filter_results": filters,
                        "content_filter_offsets": {"check_offset": 1}}]),
        delta("!", content_filter_result=late),
        delta(None, "stop"),
        event(choices=[], usage={"prompt_tokens": 3, "completion_tokens": 4}),
        DONE,
    ])  # fmt: skip
    reading = replay(WIRE, [body])
    assert (reading.text, reading.end, reading.usage) == ("Hi!", "stop", Usage(3, 4))


def test_a_filter_that_stops_the_answer_is_told() -> None:
    assert (
        replay(WIRE, [delta("Well"), delta(None, "content_filter"), DONE]).end == "content_filter"
    )


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        ("401 PermissionDenied", {"error": {"code": "401", "message": "Access denied due to "
         "invalid subscription key or wrong API endpoint."}}, ErrorKind.BAD_KEY),
        ("404 Not Found", {"error": {"code": "DeploymentNotFound", "message": "The API "
         "deployment for this resource does not exist."}}, ErrorKind.NO_MODEL),
        ("404 Not Found", {"error": {"code": "404", "message": "Resource not found"}},
         ErrorKind.NO_PATH),
        ("400 Bad", {"error": {"code": "content_filter", "message": "The response was filtered "
         "due to the prompt triggering Azure OpenAI's content management policy.",
         "innererror": {"code": "ResponsibleAIPolicyViolation"}}}, ErrorKind.SAFETY_STOP),
        ("429 Slow", {"error": {"code": "429", "message": "Requests have exceeded call rate "
         "limit of your current OpenAI S0 pricing tier."}}, ErrorKind.RATE_LIMITED),
    ],
)  # fmt: skip
def test_what_the_service_refuses_has_its_kind(
    status: str, body: dict[str, Any], kind: ErrorKind
) -> None:
    async def script(call: Call) -> None:
        await call.answer(json.dumps(body).encode(), status)

    answer, _ = asked(WIRE, script)
    assert answer.failure is not None
    assert answer.failure.kind is kind


# Models are deployments.


def listing(**bodies: object) -> Any:
    """Return a script that answers for paths alone, 404 for others, 401 for a wrong key."""

    async def script(call: Call) -> None:
        path = call.request.line.split()[1]
        found = bodies.get(path.partition("?")[0].strip("/").replace("/", "_"))
        assert "api-version=" in path or "/v1/" in path
        if call.request.values("api-key") != [CANARY]:
            await call.answer(b'{"error":{"code":"401","message":"Access denied"}}', "401 No")
        elif found is None:
            await call.answer(b'{"error":{"code":"404","message":"Not found"}}', "404 No")
        else:
            await call.answer(json.dumps(found).encode())

    return script


DEPLOYMENTS = {"data": [{"id": "mine", "model": "gpt-4o", "object": "deployment"}]}
MODELS = {
    "data": [
        {"id": "dall-x", "capabilities": {"chat_completion": False}},
        {"id": "gpt-4o", "capabilities": {"chat_completion": True}},
    ]
}


def test_deployments_are_listed_where_the_service_still_lists_them() -> None:
    script = listing(openai_deployments=DEPLOYMENTS, openai_models=MODELS)
    assert listed(WIRE, script) == ["mine"]
    assert checked(WIRE, script) == ["mine"]


def test_else_models_are_listed_those_for_chat_first() -> None:
    assert listed(WIRE, listing(openai_models=MODELS)) == ["gpt-4o", "dall-x"]
    assert listed(WIRE, listing(openai_v1_models=MODELS), "/openai/v1") == ["gpt-4o", "dall-x"]


def test_an_address_of_one_deployment_has_that_one_and_proves_its_key() -> None:
    path = "/openai/deployments/mine/chat/completions?api-version=2025-01-01-preview"
    assert checked(WIRE, listing(openai_models=MODELS), path) == ["mine"]
    assert checked(WIRE, listing(models_info={"model_name": "x"}), "/models") == []


@pytest.mark.parametrize("path", ["", "/openai/v1", "/openai/deployments/mine", "/models"])
def test_a_wrong_key_is_told_in_the_check(path: str) -> None:
    script = listing(openai_models=MODELS, openai_deployments=DEPLOYMENTS)
    with pytest.raises(ChatError) as caught:
        checked(WIRE, script, path, key="another-key-altogether")
    assert caught.value.failure.kind is ErrorKind.BAD_KEY
