"""Fields of a request's body: those that are set, and those that a person wrote as they stand."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.parameters import joined_objects
from desktop_chat.protocols.framing.json_values import text_at

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.stream import Turn

_THINKING_MODEL: Final = re.compile(r"(?:^|/)(?:o[1-9]\b|gpt-(?:[5-9]|\d\d)|codex|gpt-oss)", re.I)
"""The names of OpenAI's models that reason, which want other fields than their elders."""
UNKNOWN_FIELD: Final = (
    r"(?:unsupported|unknown|unrecognized|unexpected|extra|not supported|not permitted|not allowed)"
)


def thinks(model: str) -> bool:
    """Whether a model is one of OpenAI's that reason, by its name."""
    return _THINKING_MODEL.search(model) is not None


def only_set(**fields: object) -> dict[str, Any]:
    """Return the fields that have a value; a zero is one."""
    return {name: value for name, value in fields.items() if value not in (None, "", (), [], {})}


def with_extra(body: Mapping[str, Any], parameters: Parameters) -> dict[str, Any]:
    """Return a body with the fields that the person wrote, which take the place of ours."""
    return joined_objects(body, parameters.extra)


def opaque_of(turn: Turn, kind: str) -> list[dict[str, Any]]:
    """Return what a service gave of one type with an answer, for it alone to read."""
    found = [json.loads(data) for data in turn.opaque]
    return [one for one in found if text_at(one, "type") == kind]


def refusal_of(*names: str) -> re.Pattern[str]:
    """Return how services say that they do not know any of these fields."""
    named = "|".join(names)
    return re.compile(
        rf"(?i){UNKNOWN_FIELD}.{{0,40}}\b(?:{named})\b|\b(?:{named})\b.{{0,60}}"
        rf"{UNKNOWN_FIELD}"
    )
