"""Tabs that come back."""

from __future__ import annotations

from desktop_chat.ui.tabs.closed_tabs import DEPTH, ClosedTab, ClosedTabs


def test_the_tab_closed_last_comes_back_first() -> None:
    closed = ClosedTabs()
    closed.push(ClosedTab("a", 0, None))
    closed.push(ClosedTab("b", 3, None, preview=True))
    assert closed.pop() == ClosedTab("b", 3, None, preview=True)
    assert closed.pop() == ClosedTab("a", 0, None)
    assert closed.pop() is None


def test_only_so_many_are_remembered_and_each_once() -> None:
    closed = ClosedTabs()
    for number in range(DEPTH + 5):
        closed.push(ClosedTab(str(number), 0, None))
    closed.push(ClosedTab("10", 1, None))
    assert len(closed) == DEPTH
    assert closed.pop() == ClosedTab("10", 1, None)
    closed.drop("29")
    assert closed.pop() == ClosedTab("28", 0, None)
