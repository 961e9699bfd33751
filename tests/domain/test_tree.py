"""A conversation's messages as a tree."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import TITLE_LENGTH, Message, Part, PartKind, Role, title_from
from desktop_chat.domain.tree import MessageTree


def message(one: str, parent: str | None, role: Role = Role.USER) -> Message:
    return Message(id=one, conversation_id="c", parent_id=parent, role=role)


@pytest.fixture
def tree() -> MessageTree:
    """Return a question with two answers, the second of which was asked on."""
    return MessageTree(
        [
            message("question", None),
            message("first", "question", Role.ASSISTANT),
            message("second", "question", Role.ASSISTANT),
            message("on", "second"),
        ]
    )


def test_a_path_leads_from_the_root_to_the_head(tree: MessageTree) -> None:
    assert [one.id for one in tree.path("on")] == ["question", "second", "on"]
    assert [one.id for one in tree.path("first")] == ["question", "first"]
    assert not tree.path(None)


def test_a_path_to_what_is_not_there_is_empty(tree: MessageTree) -> None:
    assert not tree.path("gone")


def test_a_missing_ancestor_ends_the_path(tree: MessageTree) -> None:
    tree.put(message("late", "gone"))
    assert [one.id for one in tree.path("late")] == ["late"]


def test_a_circle_in_damaged_data_ends_the_path() -> None:
    tree = MessageTree([message("a", "b"), message("b", "a")])
    assert {one.id for one in tree.path("a")} == {"a", "b"}


def test_versions_are_the_siblings_of_one_role_oldest_first(tree: MessageTree) -> None:
    tree.put(message("aside", "question", Role.USER))
    assert tree.versions("second") == ("first", "second")
    assert tree.versions("question") == ("question",)
    assert tree.versions("aside") == ("aside",)


def test_an_edited_first_question_is_a_version_of_it(tree: MessageTree) -> None:
    tree.put(message("edited", None))
    assert tree.versions("question") == ("question", "edited")


def test_a_leaf_follows_the_newest_child(tree: MessageTree) -> None:
    assert tree.leaf("question") == "on"
    assert tree.leaf("first") == "first"


def test_putting_a_message_again_replaces_it_in_its_place(tree: MessageTree) -> None:
    tree.put(replace(tree["first"], model="m"))
    assert tree["first"].model == "m"
    assert tree.versions("first") == ("first", "second")
    assert len(tree) == 4
    assert "first" in tree
    assert "gone" not in tree


@given(st.lists(st.integers(0, 30), min_size=1, max_size=40))
def test_every_message_of_a_grown_tree_is_at_the_end_of_its_path(parents: list[int]) -> None:
    tree = MessageTree()
    for number, parent in enumerate(parents):
        above = None if number == 0 else str(parent % number)
        tree.put(message(str(number), above))
    for number in range(len(parents)):
        path = [one.id for one in tree.path(str(number))]
        assert path[0] == "0"
        assert path[-1] == str(number)
        assert str(number) in [one.id for one in tree.path(tree.leaf(str(number)))]


def test_text_and_reasoning_of_a_message_are_told_apart() -> None:
    parts = (
        Part(PartKind.REASONING, "hm. "),
        Part(PartKind.TEXT, "yes"),
        Part("a kind of tomorrow", "?"),
        Part(PartKind.REFUSAL, ", no"),
        Part(PartKind.REASONING, "so."),
    )
    made = replace(message("m", None, Role.ASSISTANT), parts=parts)
    assert made.text == "yes, no"
    assert made.reasoning == "hm. so."


@given(st.text(max_size=200))
def test_a_title_is_one_short_line(question: str) -> None:
    title = title_from(question)
    assert len(title) <= TITLE_LENGTH
    assert "\n" not in title
    assert title == title.strip()


def test_a_title_that_was_cut_says_so() -> None:
    assert title_from("Why\n is the sky  blue?") == "Why is the sky blue?"
    assert title_from("word " * 30).endswith("word…")
