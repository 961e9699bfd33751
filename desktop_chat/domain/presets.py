"""Finding the services that the program knows: by name, and by whose key was pasted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.providers import split_origin
from desktop_chat.domain.services import PRESETS

if TYPE_CHECKING:
    from desktop_chat.domain.providers import Preset

_BY_ID: Final = {one.id: one for one in PRESETS}
_LIKE_WORDS: Final = ("hf_", "fw_", "r8_")
"""Beginnings of keys with which names in code begin too, such as `hf_hub_download`."""
_SHORTEST: Final = 20
_ONE_WORD: Final = re.compile(r"[\w\-.]+", re.ASCII)
_SECRET_KEY: Final = re.compile(r"sk-[\w\-]{16,}", re.ASCII)


def preset(preset_id: str) -> Preset | None:
    """Return a preset, None for one that this version does not know."""
    return _BY_ID.get(preset_id)


def same_service(one: Preset, other: Preset) -> bool:
    """Whether two presets reach one service, by one protocol or another: they share its keys."""
    return one is other or split_origin(one.base_url) == split_origin(other.base_url)


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
    if key.startswith(_LIKE_WORDS):
        return any(character.isdigit() for character in key.partition("_")[2])
    return key.startswith(prefixes) or _SECRET_KEY.fullmatch(key) is not None
