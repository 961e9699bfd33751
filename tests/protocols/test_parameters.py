"""What is set reaches every service by its own names, over a real server; the rest stays away."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

import pytest

from desktop_chat.domain.chat import Role
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.parameter_refusals import unsent
from desktop_chat.domain.parameters import EFFORTS, NAMES, NOTHING_SET, Parameters
from desktop_chat.domain.providers import Header, Provider
from desktop_chat.domain.stream import ChatRequest, Turn
from desktop_chat.protocols.anthropic_messages import anthropic_parameters
from desktop_chat.protocols.gemini import gemini_parameters
from desktop_chat.protocols.openai_chat import chat_parameters
from desktop_chat.protocols.registry import PROTOCOLS
from tests.protocols.asking import CANARY, Answer, ask_request, provider, transport
from tests.protocols.dialects import DIALECTS
from tests.protocols.servers import Call, Request, serving

SYSTEM = "Answer like a pirate."
ALL = Parameters(
    system=SYSTEM,
    temperature=0.25,
    top_p=0.5,
    max_tokens=3210,
    seed=0,
    stop=("END", "\n\n"),
    reasoning_effort="low",
    context_tokens=8192,
    extra_body='{"added": {"by": "hand"}}',
    headers=(("X-Added", "here"),),
)
SHARED = {
    "temperature": 0.25,
    "top_p": 0.5,
    "max_tokens": 3210,
    "seed": 0,
    "stop": ["END", "\n\n"],
    "reasoning_effort": "low",
}
INSIDE = {"role": "system", "content": SYSTEM}

SENT: dict[str, dict[str, Any]] = {
    "openai_chat": SHARED,
    "azure_openai": SHARED,
    "light_chat": {"params": {"n": 1, "stream": True} | SHARED},
    "openai_responses": {
        "instructions": SYSTEM,
        "temperature": 0.25,
        "top_p": 0.5,
        "max_output_tokens": 3210,
        "reasoning": {"effort": "low", "summary": "auto"},
    },
    "anthropic_messages": {
        "system": SYSTEM,
        "temperature": 0.25,
        "top_p": 0.5,
        "max_tokens": 3210,
        "stop_sequences": ["END", "\n\n"],
        "thinking": {"type": "adaptive", "display": "summarized"},
        "output_config": {"effort": "low"},
    },
    "gemini": {
        "systemInstruction": {"parts": [{"text": SYSTEM}]},
        "generationConfig": {
            "temperature": 0.25,
            "topP": 0.5,
            "maxOutputTokens": 3210,
            "seed": 0,
            "stopSequences": ["END", "\n\n"],
            "thinkingConfig": {"thinkingLevel": "low", "includeThoughts": True},
        },
    },
    "ollama_chat": {
        "options": {
            "temperature": 0.25,
            "top_p": 0.5,
            "num_predict": 3210,
            "seed": 0,
            "stop": ["END", "\n\n"],
            "num_ctx": 8192,
        },
        "think": "low",
    },
}
"""What each body holds beside the question itself where everything is set."""


@pytest.fixture(params=sorted(PROTOCOLS))
def wire(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def asked(
    wire: str,
    parameters: Parameters = NOTHING_SET,
    *,
    refusals: tuple[bytes, ...] = (),
    turns: tuple[Turn, ...] = (Turn(Role.USER, "Hello?"),),
    model: str = "model-1",
    headers: tuple[Header, ...] = (),
) -> tuple[Answer, list[Request]]:
    """Ask a server that refuses so many times, then answers well."""
    waiting = list(refusals)

    async def script(call: Call) -> None:
        if waiting:
            await call.answer(waiting.pop(0), "400 Bad Request", content_type="application/json")
        else:
            await call.stream(DIALECTS[wire].good, content_type="text/event-stream")

    async def run() -> tuple[Answer, list[Request]]:
        async with serving(script) as server:
            url = f"http://127.0.0.1:{server.port}{DIALECTS[wire].base}"
            one = provider(url, wire, headers)
            request = ChatRequest(provider=one, model=model, turns=turns, parameters=parameters)
            async with transport(url) as http:
                return await ask_request(http, request), server.requests

    return asyncio.run(run())


def body_of(wire: str, parameters: Parameters = NOTHING_SET) -> dict[str, Any]:
    answer, requests = asked(wire, parameters)
    assert answer.failure is None
    found = json.loads(requests[0].body)
    assert isinstance(found, dict)
    return found


def refusal(message: str) -> bytes:
    return json.dumps({"error": {"message": message, "type": "invalid_request_error"}}).encode()


def test_every_protocol_is_known_here() -> None:
    assert set(SENT) == set(PROTOCOLS)


def test_what_is_set_reaches_the_service_by_its_own_names(wire: str) -> None:
    plain, whole = body_of(wire), body_of(wire, ALL)
    assert whole.pop("added") == {"by": "hand"}
    for name, value in SENT[wire].items():
        assert whole.pop(name) == value
        plain.pop(name, None)
    if "messages" in whole and "system" not in SENT[wire]:
        assert whole["messages"].pop(0) == INSIDE
    assert whole == plain


def test_what_is_not_set_is_not_sent(wire: str) -> None:
    text = json.dumps(body_of(wire))
    named = {"temperature", "top_p", "topP", "seed", "stop", "effort", "think", "options", "system"}
    assert not [name for name in named if f'"{name}"' in text]
    assert ("max_tokens" in text) is (wire == "anthropic_messages")  # it wants one


def test_each_is_sent_alone(wire: str) -> None:
    plain = json.dumps(body_of(wire))
    for name in NAMES:
        alone = replace(NOTHING_SET, **{name: getattr(ALL, name)})
        sent = json.dumps(body_of(wire, alone))
        told = unsent(alone, Provider(id="p", name="Here", protocol=wire, base_url=""))
        assert (sent == plain) == (bool(told) or name == "headers"), name


def test_a_header_goes_beside_the_providers_and_takes_its_place_by_name(wire: str) -> None:
    _, (request,) = asked(
        wire, ALL, headers=(Header("X-Kept", "kept"), Header("x-added", "from the provider"))
    )
    assert request.values("x-added") == ["here"]
    assert request.values("x-kept") == ["kept"]
    key_header = DIALECTS[wire].key_header
    assert not key_header or any(CANARY in value for value in request.values(key_header))


def test_fields_by_hand_are_joined_with_those_of_the_program(wire: str) -> None:
    plain = body_of(wire)
    assert body_of(wire, Parameters(extra_body='{"model": "other"}'))["model"] == "other"
    name = {"ollama_chat": "options", "gemini": "generationConfig"}.get(wire)
    if name:
        extra = Parameters(temperature=0.5, extra_body=json.dumps({name: {"top_k": 4}}))
        assert body_of(wire, extra)[name] == {"temperature": 0.5, "top_k": 4}
    assert "top_k" not in json.dumps(plain)


# OpenAI's two names of one length.


def test_models_that_reason_are_asked_for_completion_tokens() -> None:
    def fields(model: str, host: str = "api.openai.com") -> dict[str, object]:
        one = provider(f"https://{host}/v1")
        wanted = Parameters(max_tokens=5, seed=1)
        request = ChatRequest(provider=one, model=model, turns=(), parameters=wanted)
        return chat_parameters(request, frozenset())

    for model in ("o1", "o3-mini", "openai/gpt-5-mini", "gpt-5.1", "codex-mini-latest"):
        assert fields(model) == {"max_completion_tokens": 5, "seed": 1}
    for model in ("gpt-4o", "llama-3.3-70b", "foo1", "mistral-large"):
        assert fields(model) == {"max_tokens": 5, "seed": 1}
    assert fields("m", "api.mistral.ai") == {"max_tokens": 5, "random_seed": 1}


@pytest.mark.parametrize(
    ("model", "message", "names"),
    [
        (
            "house-model",
            "Unsupported parameter: 'max_tokens' is not supported with this model. "
            "Use 'max_completion_tokens' instead.",
            ["max_tokens", "max_completion_tokens"],
        ),
        (
            "gpt-5-house",
            "Unrecognized request argument supplied: max_completion_tokens",
            ["max_completion_tokens", "max_tokens"],
        ),
    ],
)
def test_the_other_name_is_taken_where_one_is_not_known(
    model: str, message: str, names: list[str]
) -> None:
    answer, requests = asked(
        "openai_chat", Parameters(max_tokens=7), refusals=(refusal(message),), model=model
    )
    assert answer.text == "Good answer."
    assert [[name for name in names if name in json.loads(one.body)] for one in requests] == [
        [names[0]],
        [names[1]],
    ]


def test_a_parameter_that_is_refused_is_not_left_out_behind_a_persons_back(wire: str) -> None:
    message = "Unsupported parameter: 'temperature' is not supported with this model."
    answer, requests = asked(wire, ALL, refusals=(refusal(message),) * 2)
    assert len(requests) == 1
    assert answer.failure is not None
    assert answer.failure.message == message


# How much to think.


@pytest.mark.parametrize(
    "model",
    [
        "claude-3-7-sonnet-20250219", "claude-sonnet-4-20250514", "claude-opus-4-1",
        "claude-opus-4-5-20251101", "claude-haiku-4-5", "anthropic/claude-sonnet-4",
    ],
)  # fmt: skip
def test_older_claudes_are_given_a_budget_within_the_answer(model: str) -> None:
    for effort in EFFORTS[1:]:
        whole: Any = anthropic_parameters(Parameters(reasoning_effort=effort), model, 0)
        assert whole["thinking"]["type"] == "enabled"
        assert 1024 <= whole["thinking"]["budget_tokens"] < whole["max_tokens"]
        short = Parameters(reasoning_effort=effort, max_tokens=4000)
        thinking: Any = anthropic_parameters(short, model, 0)["thinking"]
        assert 1024 <= thinking["budget_tokens"] <= 2000


@pytest.mark.parametrize("model", ["claude-opus-4-6", "claude-opus-4-7", "claude-sonnet-5"])
def test_newer_claudes_are_told_an_effort(model: str) -> None:
    whole: Any = anthropic_parameters(Parameters(reasoning_effort="xhigh"), model, 0)
    assert whole["thinking"]["type"] == "adaptive"
    assert whole["output_config"] == {"effort": "xhigh"}
    off = anthropic_parameters(Parameters(reasoning_effort="none"), model, 0)
    assert off["thinking"] == {"type": "disabled"}
    assert "output_config" not in off


def test_a_length_that_a_person_set_is_asked_for_as_it_is() -> None:
    message = refusal("max_tokens: 99999 > 8192, which is the maximum")
    answer, requests = asked("anthropic_messages", Parameters(max_tokens=99_999),
                             refusals=(message,))  # fmt: skip
    assert len(requests) == 1
    assert answer.failure is not None


def test_geminis_are_told_a_budget_or_a_level() -> None:
    def thinking(model: str, effort: str) -> object:
        return gemini_parameters(Parameters(reasoning_effort=effort), model)["thinkingConfig"]

    assert thinking("gemini-2.5-flash", "none") == {"thinkingBudget": 0, "includeThoughts": False}
    assert thinking("models/gemini-2.5-pro", "low") == {
        "thinkingBudget": 1024,
        "includeThoughts": True,
    }
    for effort in EFFORTS:
        assert "thinkingLevel" in str(thinking("gemini-3-pro-preview", effort))


# What a service gave for itself alone goes back to it.

SIGNED = '{"type": "thinking", "thinking": "Hm é.", "signature": "c2ln"}'
HIDDEN = '{"type": "redacted_thinking", "data": "cmVk"}'
ENCRYPTED = '{"type": "reasoning", "id": "rs_1", "encrypted_content": "gAAA"}'
SIGNATURE = '{"type": "thoughtSignature", "data": "Sig=="}'
CALLED = '{"type": "thoughtSignature", "data": "Call==", "on": "functionCall"}'


def talk(*opaque: str) -> tuple[Turn, ...]:
    return (
        Turn(Role.USER, "Hello?"),
        Turn(Role.ASSISTANT, "Yes.", opaque),
        Turn(Role.USER, "And now?"),
    )


def test_signed_thoughts_go_back_to_anthropic_to_the_letter() -> None:
    _, (request,) = asked("anthropic_messages", turns=talk(SIGNED, HIDDEN))
    answered = json.loads(request.body)["messages"][1]
    text = {"type": "text", "text": "Yes."}
    assert answered["content"] == [json.loads(SIGNED), json.loads(HIDDEN), text]


def test_encrypted_reasoning_goes_back_to_responses_before_its_answer() -> None:
    _, (request,) = asked("openai_responses", turns=talk(ENCRYPTED), model="gpt-5")
    body = json.loads(request.body)
    assert body["include"] == ["reasoning.encrypted_content"]
    assert body["input"][1:3] == [
        {**json.loads(ENCRYPTED), "summary": []},
        {"role": "assistant", "content": "Yes."},
    ]


def test_the_signature_of_a_text_goes_back_to_gemini() -> None:
    _, (request,) = asked("gemini", turns=talk(SIGNATURE, CALLED))
    assert json.loads(request.body)["contents"][1] == {
        "role": "model",
        "parts": [{"text": "Yes."}, {"text": "", "thoughtSignature": "Sig=="}],
    }


@pytest.mark.parametrize(
    ("wire", "kept", "message"),
    [
        (
            "anthropic_messages",
            SIGNED,
            "messages.1.content.0: Invalid `signature` in `thinking` block",
        ),
        ("openai_responses", ENCRYPTED, "The encrypted content for item rs_1 could not be read."),
        ("gemini", SIGNATURE, "Thought signature is not valid."),
    ],
)
def test_what_a_service_no_longer_reads_is_left_out_once(
    wire: str, kept: str, message: str
) -> None:
    answer, requests = asked(wire, turns=talk(kept), refusals=(refusal(message),))
    assert answer.text == "Good answer."
    secret = next(value for name, value in json.loads(kept).items() if name in ("signature",
                  "encrypted_content", "data"))  # fmt: skip
    assert [secret in one.body.decode() for one in requests] == [True, False]


def test_no_other_service_sees_it(wire: str) -> None:
    wanted = {"anthropic_messages": 2, "openai_responses": 1, "gemini": 1}.get(wire, 0)
    _, (request,) = asked(wire, turns=talk(SIGNED, HIDDEN, ENCRYPTED, SIGNATURE))
    found = [one for one in ("c2ln", "cmVk", "gAAA", "Sig==") if one in request.body.decode()]
    assert len(found) == wanted


def test_a_key_stays_a_secret_in_a_body_with_fields_by_hand() -> None:
    _, (request,) = asked("light_chat", Parameters(extra_body='{"params": {"best_of": 2}}'))
    body = json.loads(request.body)
    assert body["token"] == CANARY
    assert body["params"] == {"n": 1, "stream": True, "best_of": 2}
    assert CANARY not in repr(Secret(CANARY))
