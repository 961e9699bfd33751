"""Messages and their parts as values."""

from __future__ import annotations

import pytest

from desktop_chat.domain.chat import Message, PackedPart, Part, PartKind, Role


def test_a_packed_part_is_the_part_that_it_was_packed_from() -> None:
    plain = Part(PartKind.TEXT, "naïve 🚀", '{"a": 1}')
    packed = PackedPart(PartKind.TEXT, plain.text.encode(), plain.data)
    assert packed == plain
    assert plain == packed
    assert hash(packed) == hash(plain)
    assert packed.text == plain.text
    assert packed.size >= plain.size == 7
    assert PackedPart(PartKind.TEXT, b"broken \xff").text == "broken \ufffd"
    assert packed != PackedPart(PartKind.TEXT, b"another")


def test_the_size_of_a_message_counts_what_is_shown_as_its_text() -> None:
    parts = (Part(PartKind.REASONING, "hm"), Part(PartKind.TEXT, "four"), Part("refusal", "no"))
    message = Message(id="m", conversation_id="c", parent_id=None, role=Role.USER, parts=parts)
    assert message.size == len(message.text) == 6


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ('{"name": "look", "id": 5}', "look"),
        ('{"name": 5}', ""),
        ("[]", ""),
        ("", ""),
        ("{", ""),
        ("[" * 100_000, ""),
    ],
    ids=range(6),
)
def test_a_field_that_is_no_text_is_empty(data: str, found: str) -> None:
    assert Part(PartKind.TOOL_CALL, data=data).field("name") == found


def test_a_message_names_the_tools_that_are_asked_for() -> None:
    calls = [Part(PartKind.TOOL_CALL, "{}", f'{{"name": "{name}"}}') for name in ("a", "b")]
    parts = (Part(PartKind.TEXT, "Hi"), *calls)
    message = Message(id="m", conversation_id="c", parent_id=None, role=Role.USER, parts=parts)
    assert message.tool_names == ("a", "b")
