"""How wide tabs are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.ui.tabs.widths import GAP, NARROWEST, WIDEST, TabWidths, fit_widths


def test_each_tab_is_as_wide_as_its_title_within_limits() -> None:
    assert fit_widths([50, 180, 900], 2000) == [NARROWEST + GAP, 180 + GAP, WIDEST + GAP]


def test_the_widest_give_way_first() -> None:
    assert fit_widths([120, 240, 240], 124 + 2 * 200) == [124, 200, 200]


def test_no_tab_is_narrower_than_the_least() -> None:
    assert fit_widths([240] * 20, 500) == [NARROWEST + GAP] * 20


@given(st.lists(st.integers(0, 2000), max_size=40), st.integers(1, 3000))
def test_tabs_fit_where_they_can_and_lose_no_room_they_need_not(
    natural: list[int], room: int
) -> None:
    widths = fit_widths(natural, room)
    full = fit_widths(natural, 1 << 20)
    assert all(NARROWEST + GAP <= one <= wish for one, wish in zip(widths, full, strict=True))
    if sum(full) <= room:
        assert widths == full
    elif len(natural) * (NARROWEST + GAP) <= room:
        assert room - len(natural) < sum(widths) <= room


def test_the_tab_that_takes_a_closed_one_s_place_takes_its_width() -> None:
    widths = TabWidths()
    widths.set(["a", "b", "c"], [200, 150, 130])
    widths.hold(["a", "b", "c"], 1)
    widths.set(["a", "c"], [200, 130])
    assert widths.widths == [200, 150]
    assert (widths.tabs_width, widths.total_width) == (350, 480)
    assert widths.release()
    widths.set(["a", "c"], [200, 130])
    assert (widths.widths, widths.total_width) == ([200, 130], 330)
    assert not widths.release()
