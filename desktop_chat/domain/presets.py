"""The services that the program knows. A row is all that a new one needs."""

from __future__ import annotations

import re
from typing import Final

from desktop_chat.domain.providers import Preset

_CHAT: Final = "openai_chat"
_HEX_32: Final = r"sk-[a-f0-9]{32}"
_ANY_48: Final = r"sk-[A-Za-z0-9]{48}"

# `model` is what to begin with where the service still lists it; else its first one is taken.
PRESETS: Final[tuple[Preset, ...]] = (
    Preset(
        id="openai",
        name="OpenAI",
        protocol=_CHAT,
        base_url="https://api.openai.com/v1",
        model="gpt-5",
        key_prefixes=("sk-proj-", "sk-svcacct-", "sk-admin-", "sk-None-"),
        key_shapes=(_ANY_48,),
        site="https://platform.openai.com/settings/organization/billing",
    ),
    Preset(
        id="anthropic",
        name="Anthropic",
        protocol="anthropic_messages",
        base_url="https://api.anthropic.com",
        model="claude-sonnet-4-5-20250929",
        key_prefixes=("sk-ant-",),
        site="https://console.anthropic.com/settings/billing",
    ),
    Preset(
        id="gemini",
        name="Google Gemini",
        protocol="gemini",
        base_url="https://generativelanguage.googleapis.com",
        model="gemini-2.5-flash",
        key_prefixes=("AIza",),
        site="https://aistudio.google.com/apikey",
    ),
    Preset(
        id="openrouter",
        name="OpenRouter",
        protocol=_CHAT,
        base_url="https://openrouter.ai/api/v1",
        model="openrouter/auto",
        key_prefixes=("sk-or-",),
        site="https://openrouter.ai/settings/credits",
    ),
    Preset(
        id="deepseek",
        name="DeepSeek",
        protocol=_CHAT,
        base_url="https://api.deepseek.com/v1",
        model="deepseek-chat",
        key_shapes=(_HEX_32,),
        site="https://platform.deepseek.com/top_up",
    ),
    Preset(
        id="groq",
        name="Groq",
        protocol=_CHAT,
        base_url="https://api.groq.com/openai/v1",
        model="llama-3.3-70b-versatile",
        key_prefixes=("gsk_",),
        site="https://console.groq.com/settings/billing",
    ),
    Preset(
        id="mistral",
        name="Mistral",
        protocol=_CHAT,
        base_url="https://api.mistral.ai/v1",
        model="mistral-large-latest",
        key_shapes=(r"[A-Za-z0-9]{32}",),
        site="https://console.mistral.ai/billing",
    ),
    Preset(
        id="xai",
        name="xAI",
        protocol=_CHAT,
        base_url="https://api.x.ai/v1",
        model="grok-4",
        key_prefixes=("xai-",),
        site="https://console.x.ai",
    ),
    Preset(
        id="together",
        name="Together",
        protocol=_CHAT,
        base_url="https://api.together.xyz/v1",
        model="meta-llama/Llama-3.3-70B-Instruct-Turbo",
        key_prefixes=("tgp_v1_",),
        key_shapes=(r"[a-f0-9]{64}",),
        site="https://api.together.ai/settings/billing",
    ),
    Preset(
        id="moonshot",
        name="Moonshot",
        protocol=_CHAT,
        base_url="https://api.moonshot.ai/v1",
        model="kimi-latest",
        key_shapes=(_ANY_48,),
        site="https://platform.moonshot.ai/console/pay",
    ),
    Preset(
        id="qwen",
        name="Qwen (DashScope)",
        protocol=_CHAT,
        base_url="https://dashscope-intl.aliyuncs.com/compatible-mode/v1",
        model="qwen-plus",
        key_shapes=(_HEX_32,),
        site="https://modelstudio.console.alibabacloud.com",
    ),
    Preset(
        id="siliconflow",
        name="SiliconFlow",
        protocol=_CHAT,
        base_url="https://api.siliconflow.cn/v1",
        model="deepseek-ai/DeepSeek-V3",
        key_shapes=(r"sk-[a-z]{48}",),
        site="https://cloud.siliconflow.cn/account/ak",
    ),
    Preset(
        id="ollama",
        name="Ollama",
        protocol="ollama_chat",
        base_url="http://localhost:11434",
        needs_key=False,
        site="https://ollama.com",
    ),
    Preset(
        id="lmstudio",
        name="LM Studio",
        protocol=_CHAT,
        base_url="http://localhost:1234/v1",
        needs_key=False,
        site="https://lmstudio.ai",
    ),
    Preset(
        id="llamacpp",
        name="llama.cpp",
        protocol=_CHAT,
        base_url="http://localhost:8080/v1",
        needs_key=False,
        site="https://github.com/ggml-org/llama.cpp",
    ),
    Preset(
        id="vllm",
        name="vLLM",
        protocol=_CHAT,
        base_url="http://localhost:8000/v1",
        needs_key=False,
        site="https://docs.vllm.ai",
    ),
    Preset(
        # Everybody's resource has an address of its own, which the portal shows.
        id="azure",
        name="Azure OpenAI",
        protocol="azure_openai",
        base_url="",
        site="https://ai.azure.com",
    ),
    Preset(
        # The proxy stands wherever somebody set it up: the person fills in its address.
        id="light_chat",
        name="Light chat proxy",
        protocol="light_chat",
        base_url="",
        model="gpt-3.5-turbo-1106",
        models=(
            "gpt-3.5-turbo-1106",
            "gpt-3.5-turbo-16k",
            "gpt-4",
            "gpt-4-1106-preview",
        ),
    ),
)

_BY_ID: Final = {one.id: one for one in PRESETS}
_OTHER_PREFIXES: Final = ("hf_", "nvapi-", "pplx-", "csk-", "fw_", "r8_")
"""How keys of services begin that no preset speaks to."""
_SHORTEST: Final = 20
_ONE_WORD: Final = re.compile(r"[\w\-.]+", re.ASCII)
_SECRET_KEY: Final = re.compile(r"sk-[\w\-]{16,}", re.ASCII)


def preset(preset_id: str) -> Preset | None:
    """Return a preset, None for one that this version does not know."""
    return _BY_ID.get(preset_id)


def presets_for_key(text: str) -> tuple[Preset, ...]:
    """Return the services that a pasted key may belong to.

    One: it is that service's. Several: the person is asked, because a key tried at the wrong
    service is given away. None: it cannot be told from the key.
    """
    key = text.strip()
    if not _ONE_WORD.fullmatch(key):
        return ()
    for one in PRESETS:
        if key.startswith(one.key_prefixes):
            return (one,)
    if key.startswith(_OTHER_PREFIXES):
        return ()
    if "T3BlbkFJ" in key:  # OpenAI's mark in the middle of its older keys
        return (_BY_ID["openai"],)
    fitting = tuple(
        one for one in PRESETS if any(re.fullmatch(shape, key) for shape in one.key_shapes)
    )
    # A shape alone, without a prefix, makes nobody sure.
    return fitting if len(fitting) > 1 else ()


def looks_like_key(text: str) -> bool:
    """Whether a pasted text is a key rather than words to send: one word, of a known beginning."""
    key = text.strip()
    if len(key) < _SHORTEST or not _ONE_WORD.fullmatch(key):
        return False
    prefixes = tuple(prefix for one in PRESETS for prefix in one.key_prefixes)
    if key.startswith(prefixes):
        return True
    if key.startswith(_OTHER_PREFIXES):
        # Names in code begin so too, such as `hf_hub_download`.
        return any(character.isdigit() for character in key)
    return _SECRET_KEY.fullmatch(key) is not None
