"""The services that the program knows, and whose key a pasted one is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.presets import (
    looks_like_key,
    preset,
    presets_for_key,
    same_service,
)
from desktop_chat.domain.provider_words import address_from
from desktop_chat.domain.providers import is_loopback, split_origin
from desktop_chat.domain.services import PRESETS
from desktop_chat.protocols.registry import PROTOCOLS

DIGITS = "0123456789abcdef" * 8


def test_every_service_that_was_promised_is_there() -> None:
    assert {one.name for one in PRESETS} == {
        "OpenAI", "OpenAI (Responses)", "Anthropic", "Google Gemini", "OpenRouter", "DeepSeek",
        "Groq", "Mistral", "xAI", "Together", "Moonshot", "Qwen (DashScope)", "SiliconFlow",
        "Perplexity", "Cohere", "Hugging Face", "Z.ai", "Fireworks", "Cerebras", "NVIDIA",
        "Replicate", "Writer", "Crusoe",
        "Ollama", "LM Studio", "llama.cpp", "vLLM", "Jan", "KoboldCpp", "LocalAI", "SGLang",
        "Text generation web UI", "GPT4All", "llama-cpp-python", "LiteLLM proxy",
        "Azure OpenAI", "Amazon Bedrock", "Google Vertex AI", "Snowflake Cortex",
        "Light chat proxy",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("preset_id", "port"),
    [
        ("ollama", 11434), ("lmstudio", 1234), ("llamacpp", 8080), ("vllm", 8000),
        ("jan", 1337), ("koboldcpp", 5001), ("localai", 8080),
    ],
)  # fmt: skip
def test_a_model_server_is_looked_for_where_it_usually_is(preset_id: str, port: int) -> None:
    found = preset(preset_id)
    assert found is not None
    assert split_origin(found.base_url) == ("http", "localhost", port)
    assert not found.needs_key


def test_every_row_is_sound() -> None:
    assert len({one.id for one in PRESETS}) == len(PRESETS)
    for one in PRESETS:
        assert preset(one.id) is one
        assert one.protocol in PROTOCOLS
        if one.address:
            assert not one.base_url
            assert address_from(one.address) == one.address
        if one.models:
            assert one.model in one.models
        if one.base_url:
            scheme, host, _ = split_origin(one.base_url)
            assert host
            assert (scheme == "https") is one.needs_key
            assert is_loopback(host) is not one.needs_key
    assert preset("no-such-service") is None


@pytest.mark.parametrize(
    ("key", "ids"),
    [
        ("sk-proj-" + DIGITS, ["openai"]),
        ("sk-svcacct-" + DIGITS, ["openai"]),
        ("sk-" + DIGITS[:20] + "T3BlbkFJ" + DIGITS[:20], ["openai"]),
        ("sk-or-v1-" + DIGITS[:64], ["openrouter"]),
        ("gsk_" + DIGITS[:52], ["groq"]),
        ("  xai-" + DIGITS[:80] + "\n", ["xai"]),
        ("tgp_v1_" + DIGITS[:43], ["together"]),
        ("sk-" + DIGITS[:32], ["deepseek", "qwen"]),
        ("sk-" + ("Ab3" * 16), ["openai", "moonshot"]),
        ("sk-" + "abcdefgh" * 6, ["openai", "moonshot", "siliconflow"]),
        ("sk-ant-api03-" + DIGITS[:93], ["anthropic"]),
        ("AIza" + DIGITS[:35], ["gemini"]),
        ("hf_" + DIGITS[:34], ["huggingface"]),
        ("nvapi-" + DIGITS[:64], ["nvidia"]),
        ("pplx-" + DIGITS[:48], ["perplexity"]),
        ("csk-" + DIGITS[:48], ["cerebras"]),
        ("fw_" + DIGITS[:24], ["fireworks"]),
        ("r8_" + DIGITS[:37], ["replicate"]),
        (DIGITS[:32], []),
        (DIGITS[:64], []),
        ("hello there", []),
        ("", []),
        ("sk-proj-abc and words", []),
    ],
)
def test_a_pasted_key_names_its_service_or_those_to_choose_from(key: str, ids: list[str]) -> None:
    assert [one.id for one in presets_for_key(key)] == ids


@pytest.mark.parametrize(
    ("text", "is_key"),
    [
        ("sk-" + DIGITS[:32], True),
        ("gsk_" + DIGITS[:52], True),
        ("  sk-or-v1-" + DIGITS[:64] + "\n", True),
        ("sk-ant-api03-" + DIGITS[:93], True),
        ("AIza" + DIGITS[:35], True),
        ("gsk_abcdefghijklmnopqrstuvwx", True),
        ("hf_hub_download_of_many_files", False),
        ("hf_" + DIGITS[:34], True),
        ("pplx-" + DIGITS[:48], True),
        (DIGITS[:32], False),
        ("https://example.org/sk-" + DIGITS[:32], False),
        ("My key is sk-" + DIGITS[:32], False),
        ("hello", False),
        ("sk-short", False),
        ("internationalisation-of-things", False),
        ("", False),
    ],
)
def test_a_paste_that_looks_like_a_key_is_told_from_words(text: str, is_key: bool) -> None:
    assert looks_like_key(text) is is_key


def test_two_protocols_of_one_service_share_its_keys() -> None:
    by_id = {one.id: one for one in PRESETS}
    assert same_service(by_id["openai"], by_id["openai_responses"])
    assert not same_service(by_id["openai"], by_id["groq"])


@given(st.text(max_size=200))
def test_no_text_breaks_the_telling(text: str) -> None:
    presets_for_key(text)
    looks_like_key(text)
