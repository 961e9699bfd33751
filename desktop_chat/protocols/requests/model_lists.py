"""The models that a service lists, in any of the shapes that services give them."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.stream import ModelInfo
from desktop_chat.domain.text import clean
from desktop_chat.protocols.transport.redaction import is_page, message_of, page_title

if TYPE_CHECKING:
    from collections.abc import Iterable

NOT_FOR_CHAT: Final = "not for chat"
"""The tag of models that make pictures, sounds or numbers; they stand last."""
_COUNT_LIMIT: Final = 5000
_NAME_LENGTH: Final = 200
_OTHER_KIND: Final = re.compile(
    r"(?i)embed|whisper|\btts\b|-tts|dall-e|moderation|rerank|transcribe|\bsora\b|gpt-image|"
    r"stable-diffusion|\bflux\b|realtime|babbage-002|davinci-002"
)
_CHAT_ABILITIES: Final = ("chat_completion", "completion_chat")
_OTHER_TYPES: Final = {"embedding", "image", "audio", "moderation", "rerank", "transcribe", "video"}


def models_in(*pages: object) -> tuple[ModelInfo, ...]:
    """Return the models that the pages of a list hold in the service's order, for chat first."""
    models: dict[str, ModelInfo] = {}
    for page in pages:
        for entry in (_entries(page) or [])[: _COUNT_LIMIT - len(models)]:
            model = _model(entry)
            if model is not None:
                models.setdefault(model.id, model)
    return tuple(sorted(models.values(), key=lambda model: NOT_FOR_CHAT in model.tags))


def read_page(body: bytes, place: Failure) -> object:
    """Return one page of a list of models as JSON.

    Raises `ChatError` (`WRONG_CONTENT`) where the body is none.
    """
    text = body.decode("utf-8", "replace")
    if is_page(text):
        message = message_of(page_title(text))
        raise ChatError(replace(place, kind=ErrorKind.WRONG_CONTENT, message=message))
    try:
        value = json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError):
        raise ChatError(replace(place, kind=ErrorKind.WRONG_CONTENT)) from None
    if _entries(value) is None:
        raise ChatError(replace(place, kind=ErrorKind.WRONG_CONTENT, message=message_of(text)))
    return value


def _entries(value: object) -> list[object] | None:
    if isinstance(value, dict):
        for key in ("data", "models", "result"):
            if isinstance(value.get(key), list):
                return list(value[key])
        # Some local servers say null where there is none.
        return [] if "data" in value and value["data"] is None else None
    return value if isinstance(value, list) else None


def _model(entry: object) -> ModelInfo | None:
    if isinstance(entry, str):
        return ModelInfo(clean(entry)) if _fits(entry) else None
    if not isinstance(entry, dict):
        return None
    model_id = _first(entry, ("id", "model", "name")).removeprefix("models/")
    if not model_id:
        return None
    name = _first(entry, ("display_name", "displayName", "name")).removeprefix("models/")
    kind = str(entry.get("type") or "").lower()
    other = kind in _OTHER_TYPES or _OTHER_KIND.search(model_id) or not _can_chat(entry)
    tags = (NOT_FOR_CHAT,) if other else ()
    return ModelInfo(model_id, name if name != model_id else "", tags)


def _can_chat(entry: dict[str, object]) -> bool:
    """Whether a model answers questions, as far as its service says what it is made for."""
    methods = entry.get("supportedGenerationMethods")
    if isinstance(methods, list):
        return "generateContent" in methods
    able = entry.get("capabilities")
    said = [able.get(key) for key in _CHAT_ABILITIES] if isinstance(able, dict) else []
    return False not in said


def _first(entry: dict[str, object], keys: Iterable[str]) -> str:
    for key in keys:
        value = entry.get(key)
        if isinstance(value, str) and _fits(value):
            return clean(value)
    return ""


def _fits(text: str) -> bool:
    return 0 < len(text) <= _NAME_LENGTH and text.isprintable()
