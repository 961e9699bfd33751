"""How each model server shows what it is.

All of them list their models as OpenAI does, and most say there whose they are. The others are
told by an answer that only they give.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

OWNERS: Final = {
    "library": "ollama",
    "organization_owner": "lmstudio",
    "llamacpp": "llamacpp",
    "vllm": "vllm",
    "koboldcpp": "koboldcpp",
}
"""What `owned_by` of a listed model says, and the preset of the server that says so."""
_JAN: Final = re.compile(r"\bJan\b")


class Sign(NamedTuple):
    """An answer by which a server shows itself where its list does not."""

    path: str
    is_shown: Callable[[dict[str, object]], bool]
    locked_only: bool = False
    """Whether it counts only where the list asks for a key: else the list would have told."""


def _has_version(answer: dict[str, object]) -> bool:
    return isinstance(answer.get("version"), str)


def _is_lmstudio(answer: dict[str, object]) -> bool:
    data = answer.get("data")
    if not isinstance(data, list) or answer.get("object") != "list":
        return False
    return all(isinstance(one, dict) and "state" in one for one in data)


def _is_jan(answer: dict[str, object]) -> bool:
    about = answer.get("info")
    title = about.get("title") if isinstance(about, dict) else None
    return isinstance(title, str) and _JAN.search(title) is not None


SIGNS: Final = {
    "ollama": Sign("/api/version", _has_version),
    "lmstudio": Sign("/api/v0/models", _is_lmstudio),
    "llamacpp": Sign("/props", lambda answer: "default_generation_settings" in answer),
    "vllm": Sign("/version", _has_version, locked_only=True),
    "jan": Sign("/openapi.json", _is_jan),
    "koboldcpp": Sign("/api/extra/version", lambda answer: answer.get("result") == "KoboldCpp"),
    "localai": Sign("/system", lambda answer: isinstance(answer.get("backends"), list)),
}


def owner_of(page: object) -> str:
    """Return the preset of the server that a list of models names, empty where it names none."""
    data = page.get("data") if isinstance(page, dict) else None
    for entry in data if isinstance(data, list) else ():
        owner = entry.get("owned_by") if isinstance(entry, dict) else None
        if isinstance(owner, str) and owner in OWNERS:
            return OWNERS[owner]
    return ""
