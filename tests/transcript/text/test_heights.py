"""Sums of heights, held to plain lists."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.transcript.text.heights import Heights

steps = st.lists(
    st.one_of(
        st.tuples(st.just("append"), st.integers(0, 500)),
        st.tuples(st.just("set"), st.integers(0, 500)),
        st.tuples(st.just("truncate"), st.integers(0, 30)),
    ),
    max_size=60,
)


@given(start=st.lists(st.integers(0, 500), max_size=40), steps=steps, at=st.integers(0, 10**6))
def test_a_tree_of_heights_equals_a_plain_list(
    start: list[int], steps: list[tuple[str, int]], at: int
) -> None:
    plain, tree = list(start), Heights(start)
    for step, value in steps:
        if step == "append":
            plain.append(value)
            tree.append(value)
        elif step == "set" and plain:
            plain[at % len(plain)] = value
            tree.set(at % len(plain), value)
        elif step == "truncate":
            del plain[value:]
            tree.truncate(value)
    assert len(tree) == len(plain)
    assert [tree.before(index) for index in range(len(plain) + 1)] == [
        sum(plain[:index]) for index in range(len(plain) + 1)
    ]


@given(st.lists(st.integers(1, 100), min_size=1, max_size=50), st.integers(-10, 6000))
def test_what_stands_at_a_height_is_found(heights: list[int], y: int) -> None:
    tree = Heights(heights)
    found = tree.find(y)
    if y < 0:
        assert found == 0
    elif y >= sum(heights):
        assert found == len(heights) - 1
    else:
        assert tree.before(found) <= y < tree.before(found + 1)


def test_nothing_stands_in_an_empty_tree() -> None:
    assert Heights().find(10) == 0 or Heights().total == 0
