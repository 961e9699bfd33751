"""Parameters in a person's own words: how each is called, written, checked, and told in a fault."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.parameters import (
    EFFORTS,
    LARGEST,
    NOTHING_SET,
    Parameters,
    object_from,
)
from desktop_chat.domain.presets import looks_like_key
from desktop_chat.domain.provider_words import WordsError, header_from_line
from desktop_chat.domain.providers import is_secret_header
from desktop_chat.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

_SUMMED: Final = 60
"""How many letters of each are told in a summary."""


class Form(Enum):
    """How a parameter is written."""

    LINE = "line"
    LINES = "lines"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One parameter as forms, the command line and sentences know it."""

    name: str
    label: str
    form: Form = Form.LINE
    help: str = ""
    wire: tuple[str, ...] = ()
    """How services call it where they refuse it."""
    least: float = -LARGEST
    most: float = LARGEST
    choices: tuple[tuple[str, str], ...] = ()

    def value(self, text: str) -> Any:
        """Return what a text sets; for an empty one, what means "not set".

        Raises `WordsError` with a sentence for the person.
        """
        text = clean(text)
        if not text.strip():
            return getattr(NOTHING_SET, self.name)
        # A text to stop at may well begin with a space.
        return _READERS[self.name](self, text if self.name == "stop" else text.strip())

    def text(self, parameters: Parameters) -> str:
        """Return what is set as a person would write it, empty where it is not."""
        value = getattr(parameters, self.name)
        match value:
            case None:
                return ""
            case float():
                return f"{value:g}"
            case tuple() if self.name == "headers":
                return "\n".join(f"{name}: {said}" for name, said in value)
            case tuple():
                return "\n".join(one.replace("\\", "\\\\").replace("\n", "\\n") for one in value)
            case _:
                return str(value)


FIELDS: Final[tuple[Field, ...]] = (
    Field(
        name="system",
        label="System prompt",
        form=Form.LINES,
        help="What the model is told before your first question.",
        wire=("system", "instructions", "systemInstruction", "system_instruction"),
    ),
    Field(
        name="temperature",
        label="Temperature",
        help="0 keeps to the likeliest words, 1 is usual, 2 is wild.",
        wire=("temperature",),
        least=0,
        most=2,
    ),
    Field(
        name="top_p",
        label="Top P",
        help="From 0 to 1: how much of what is likely is chosen from.",
        wire=("top_p", "topP"),
        least=0,
        most=1,
    ),
    Field(
        name="max_tokens",
        label="Longest answer",
        help="In tokens, about four letters each.",
        wire=("max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens",
              "num_predict"),
        least=1,
    ),
    Field(
        name="reasoning_effort",
        label="Reasoning",
        form=Form.CHOICE,
        help="How much the model thinks before it answers.",
        wire=("reasoning_effort", "reasoning", "effort", "thinking", "thinkingBudget",
              "thinking_budget", "thinkingLevel", "thinking_level", "thinkingConfig",
              "budget_tokens", "think"),
        choices=tuple(zip(EFFORTS, ("None", "Minimal", "Low", "Medium", "High", "Highest"),
                          strict=True)),
    ),
    Field(
        name="stop",
        label="Stop at",
        form=Form.LINES,
        help="A text a line; the answer ends before any of them. Write \\n for a new line.",
        wire=("stop", "stop_sequences", "stopSequences"),
    ),
    Field(
        name="seed",
        label="Seed",
        help="The same number asks for the same answer again.",
        wire=("seed", "random_seed"),
    ),
    Field(
        name="context_tokens",
        label="Context",
        help="In tokens: how much Ollama lets the model read. Others choose it themselves.",
        wire=("num_ctx",),
        least=1,
    ),
    Field(
        name="extra_body",
        label="Extra JSON",
        form=Form.LINES,
        help='Fields for the request as they stand, such as {"top_k": 40}.',
    ),
    Field(
        name="headers",
        label="Headers",
        form=Form.LINES,
        help="A line each, such as X-Title: Desktop Chat.",
    ),
)  # fmt: skip
BY_NAME: Final = {field.name: field for field in FIELDS}


def _number(field: Field, text: str) -> float:
    try:
        value = float(text.replace(",", "."))
    except ValueError:
        value = math.nan
    if not field.least <= value <= field.most:
        raise WordsError(f"{field.label} is a number from {field.least:g} to {field.most:g}.")
    return value


def _count(field: Field, text: str) -> int:
    digits = re.sub(r"[\s_,.'’]", "", text) if field.least > 0 else text
    if not re.fullmatch(r"[-+]?[0-9]{1,16}", digits) or not field.least <= int(digits) < field.most:
        above = " above 0" if field.least > 0 else ""
        raise WordsError(f"{field.label} is a whole number{above}.")
    return int(digits)


def _choice(field: Field, text: str) -> str:
    names = [name for name, _ in field.choices]
    if text not in names:
        raise WordsError(f"{field.label} is one of these: {', '.join(names)}.")
    return text


def _stop(_field: Field, text: str) -> tuple[str, ...]:
    escapes = {"\\n": "\n", "\\\\": "\\", "\\t": "\t"}
    lines = [line for line in text.splitlines() if line.strip()]
    return tuple(re.sub(r"\\[nt\\]", lambda one: escapes[one[0]], line) for line in lines)


def _extra_body(field: Field, text: str) -> str:
    found = object_from(text)
    if found is None:
        raise WordsError(f'{field.label} is a JSON object such as {{"top_k": 40}}.')
    if any(looks_like_key(one) for one in _texts(found)):
        raise WordsError(f"{field.label} holds a key, which no file keeps. Leave it out.")
    return text


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _texts(one)


def _headers(_field: Field, text: str) -> tuple[tuple[str, str], ...]:
    headers: list[tuple[str, str]] = []
    for line in text.splitlines():
        name = line.partition(":")[0].strip()
        if is_secret_header(name):
            raise WordsError(
                f"The header {name} holds a secret, which goes to one service alone. "
                "Set it there, under Services and keys."
            )
        if line.strip():
            header = header_from_line(line)
            headers.append((header.name, header.value))
    return tuple(headers)


_READERS: Final = {
    "system": lambda _field, text: text,
    "temperature": _number,
    "top_p": _number,
    "max_tokens": _count,
    "seed": _count,
    "stop": _stop,
    "reasoning_effort": _choice,
    "context_tokens": _count,
    "extra_body": _extra_body,
    "headers": _headers,
}


def summary(parameters: Parameters) -> str:
    """Return what is set on one line, for a description or a tooltip."""
    said = []
    for name in parameters.names:
        words = " ".join(BY_NAME[name].text(parameters).split())
        said.append(f"{BY_NAME[name].label}: {words[:_SUMMED]}")
    return "; ".join(said)
