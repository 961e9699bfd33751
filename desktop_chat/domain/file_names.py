"""Names for files from words that anybody may have written."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

LONGEST: Final = 80
_FORBIDDEN: Final = re.compile(r'[<>:"/\\|?*\s]+')
_DEVICES: Final = re.compile(r"(?i)(con|prn|aux|nul|com\d|lpt\d)(\.|$)")


def file_stem(words: str, fallback: str) -> str:
    """Return words as the name of a file that every system takes, without its ending."""
    shown = "".join(
        one if unicodedata.category(one)[0] != "C" else " "
        for one in unicodedata.normalize("NFC", words)
    )
    stem = _FORBIDDEN.sub(" ", shown).strip(" .")[:LONGEST].strip(" .")
    if not stem:
        return fallback
    return f"{stem}_" if _DEVICES.match(stem) else stem
