"""What a person sets of a model's behaviour: each thing is sent where it is set, and only there."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

EFFORTS: Final = ("none", "minimal", "low", "medium", "high", "xhigh")
"""How much a model is to think, as services name it."""
LARGEST: Final = 2**53
_TEXTS: Final = ("system", "reasoning_effort", "extra_body")
_SHARES: Final = ("temperature", "top_p")
_COUNTS: Final = ("max_tokens", "seed", "context_tokens")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """All optional: `None` and what is empty mean "not set"."""

    system: str = ""
    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    reasoning_effort: str = ""
    context_tokens: int | None = None
    """How much a model on this computer may read; the services that choose it themselves ignore
    it."""
    extra_body: str = ""
    """A JSON object as the person wrote it: its fields go into the request as they stand."""
    headers: tuple[tuple[str, str], ...] = ()
    """Names and values. None is a secret: those belong to a provider, and go to nobody else."""

    @property
    def extra(self) -> dict[str, Any]:
        """The object that `extra_body` writes, an empty one where it writes none."""
        return object_from(self.extra_body) or {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the fields that are set."""
        return tuple(name for name in NAMES if getattr(self, name) not in (None, "", ()))


NAMES: Final = tuple(field.name for field in fields(Parameters))
NOTHING_SET: Final = Parameters()


def merged(*layers: Parameters) -> Parameters:
    """Return what holds where each layer is nearer to the question than the one before.

    What is set nearer counts; objects and headers are joined field by field.
    """
    whole = NOTHING_SET
    for layer in layers:
        near = {name: getattr(layer, name) for name in layer.names}
        if whole.extra_body and layer.extra_body:
            joined = joined_objects(whole.extra, layer.extra)
            near["extra_body"] = json.dumps(joined, ensure_ascii=False)
        if whole.headers and layer.headers:
            named = {name.lower(): (name, value) for name, value in whole.headers + layer.headers}
            near["headers"] = tuple(named.values())
        whole = replace(whole, **near)
    return whole


def joined_objects(far: Mapping[str, Any], near: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object with the fields of both; where both hold objects, these are joined too."""
    whole = dict(far)
    for name, value in near.items():
        known = whole.get(name)
        if isinstance(known, dict) and isinstance(value, dict):
            value = joined_objects(known, value)  # noqa: PLW2901 - the two are one from here on
        whole[name] = value
    return whole


def object_from(text: str) -> dict[str, Any] | None:
    """Return the JSON object that a text writes; None where it writes none."""
    try:
        found = json.loads(text) if text.strip() else {}
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def to_fields(parameters: Parameters, known: object = None) -> dict[str, Any]:
    """Return what is set as fields of a file; of what stood there, names of others stay."""
    kept = known if isinstance(known, dict) else {}
    whole = {name: value for name, value in kept.items() if name not in NAMES}
    for name in parameters.names:
        whole[name] = getattr(parameters, name)
    if parameters.stop:
        whole["stop"] = list(parameters.stop)
    if parameters.headers:
        whole["headers"] = dict(parameters.headers)
    return whole


def from_fields(found: object) -> Parameters:
    """Return what the fields of a file set; what fits no parameter is taken as not set."""
    if not isinstance(found, dict):
        return NOTHING_SET
    wanted: dict[str, Any] = {
        name: found[name] for name in _TEXTS if isinstance(found.get(name), str)
    }
    wanted |= {
        name: float(found[name])
        for name in _SHARES
        if type(found.get(name)) in (int, float) and abs(found[name]) < LARGEST
    }
    wanted |= {
        name: found[name]
        for name in _COUNTS
        if type(found.get(name)) is int and abs(found[name]) < LARGEST
    }
    if isinstance(stop := found.get("stop"), list):
        wanted["stop"] = tuple(one for one in stop if isinstance(one, str) and one)
    if isinstance(headers := found.get("headers"), dict):
        wanted["headers"] = tuple(one for one in headers.items() if isinstance(one[1], str))
    if object_from(wanted.get("extra_body", "")) is None:
        del wanted["extra_body"]
    return Parameters(**wanted)


def to_text(parameters: Parameters, known: str = "") -> str:
    """Return parameters as one line of JSON, empty where nothing is set."""
    whole = to_fields(parameters, object_from(known))
    return json.dumps(whole, ensure_ascii=False) if whole else ""


def from_text(text: str) -> Parameters:
    """Return the parameters of such a line."""
    return from_fields(object_from(text)) if text else NOTHING_SET
