"""Parameters that a service does not take: which one its words mean, which it never hears of."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.parameter_words import BY_NAME

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.domain.parameters import Parameters
    from desktop_chat.domain.providers import Provider

_PLAIN: Final = {
    "system", "instructions", "stop", "seed", "reasoning", "effort", "thinking", "think",
}  # fmt: skip
_UNKNOWN_TO: Final = {
    "openai_responses": ("stop", "seed", "context_tokens"),
    "anthropic_messages": ("seed", "context_tokens"),
    "ollama_chat": (),
}
"""Which parameters a protocol has no field for; to the others only the context is unknown."""


def refused_parameter(parameters: Parameters, words: str, *, plain: bool = True) -> str:
    """Return the label of the set parameter that a service's words name; empty: none of them.

    Where they name several, what they name first is what they speak of. Not `plain`: names that
    are words of every day do not count.
    """
    found = [
        (at.start(), -len(wire), label)
        for label, wire in _wire_names(parameters)
        if (plain or wire not in _PLAIN)
        and (at := re.search(rf"(?<![\w-]){re.escape(wire)}(?![\w-])", words, re.IGNORECASE))
    ]
    return min(found)[2] if found else ""


def unsent(parameters: Parameters, provider: Provider) -> str:
    """Return which of the set parameters a provider's protocol has no field for; empty: none."""
    unknown = _UNKNOWN_TO.get(provider.protocol, ("context_tokens",))
    labels = [f"“{BY_NAME[name].label}”" for name in parameters.names if name in unknown]
    if not labels:
        return ""
    those = "it is" if len(labels) == 1 else "they are"
    return f"{provider.name} does not know {' and '.join(labels)}; {those} not sent."


def name_of(label: str) -> str:
    """Return the name of the field that a refused parameter's label means, empty for none."""
    for name, field in BY_NAME.items():
        if label.startswith(field.label):
            return name
    return "headers" if label.startswith("header ") else ""


def _wire_names(parameters: Parameters) -> Iterator[tuple[str, str]]:
    for name in parameters.names:
        for wire in BY_NAME[name].wire:
            yield BY_NAME[name].label, wire
    for wire in _field_names(parameters.extra):
        yield f"{BY_NAME['extra_body'].label} field {wire}", wire
    for name, _ in parameters.headers:
        yield f"header {name}", name


def _field_names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _field_names(inner)
