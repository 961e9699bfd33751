"""Offsets of Python and of Qt."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.transcript.text.utf16 import Units

texts = st.text(st.sampled_from("aé中😀\n🇩"), max_size=30)


@given(texts)
def test_units_count_as_utf_16_does(text: str) -> None:
    units = Units(text)
    for offset in range(len(text) + 1):
        unit = len(text[:offset].encode("utf-16-le")) // 2
        assert units.to_units(offset) == unit
        assert units.to_offset(unit) == offset


@given(st.text(alphabet="ab😀中", max_size=12), st.text(alphabet="x😀", min_size=1, max_size=5))
def test_a_stretch_that_one_unit_stands_for_is_passed_in_one_step(before: str, hidden: str) -> None:
    text = f"{before}{hidden}é😀"
    start, end = len(before), len(before) + len(hidden)
    units = Units(text, [(start, end)])
    shown = f"{before}x{text[end:]}"
    (unit,) = units.drawn
    assert unit == len(before.encode("utf-16-le")) // 2
    assert {units.to_units(at) for at in range(start, end)} == {unit}
    assert units.to_units(end) == unit + 1
    assert units.to_units(len(text)) == len(shown.encode("utf-16-le")) // 2
    assert all(units.to_units(at, after=True) == unit + 1 for at in range(start + 1, end))
    outside = [at for at in range(len(text) + 1) if not start < at < end]
    assert [units.to_offset(units.to_units(at)) for at in outside] == outside
