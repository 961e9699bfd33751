"""Offsets of Python and of Qt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.transcript.utf16 import Units

texts = st.text(st.sampled_from("aé中😀\n🇩"), max_size=30)


@given(texts)
def test_units_count_as_utf_16_does(text: str) -> None:
    units = Units(text)
    for offset in range(len(text) + 1):
        unit = len(text[:offset].encode("utf-16-le")) // 2
        assert units.to_units(offset) == unit
        assert units.to_offset(unit) == offset
