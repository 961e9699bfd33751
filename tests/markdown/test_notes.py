"""Footnotes."""

from __future__ import annotations

import pytest

from desktop_chat.markdown.blocks import Block, Code, ItemFrame, Paragraph, Style, visible_text
from desktop_chat.markdown.flavours import message_flavours, part_flavours
from desktop_chat.markdown.limits import LONGEST_NOTE
from desktop_chat.markdown.parse import parse


def texts(source: str) -> list[str]:
    return [visible_text(block) for block in parse(source)]


def labels(block: Block, style: Style) -> list[str]:
    return [
        leaf.inline.text[span.start : span.end]
        for leaf in block.leaves
        if isinstance(leaf, Paragraph)
        for span in leaf.inline.spans
        if span.style & style
    ]


def test_a_reference_shows_the_label_and_the_note_begins_with_it() -> None:
    first, note = parse("It is so[^1].\n\n[^1]: Because.")
    assert visible_text(first) == "It is so[1]."
    assert visible_text(note) == "[1] Because."
    assert labels(first, Style.NOTE) == ["[1]"]
    assert labels(note, Style.NOTE_LABEL) == ["[1]"]


def test_a_note_may_stand_before_and_amid_what_mentions_it() -> None:
    assert texts("[^a]: first\n\none[^a]\n\n[^b]: second\n\ntwo[^b][^a]") == [
        "[a] first",
        "one[a]",
        "[b] second",
        "two[b][a]",
    ]


def test_a_reference_that_is_never_defined_is_text() -> None:
    assert texts("not `[^a-z]` nor [^a-z] nor [^1]") == ["not [^a-z] nor [^a-z] nor [^1]"]


def test_labels_differ_by_letters_alone_and_not_by_their_size() -> None:
    assert texts("[^Note] [^other]\n\n[^nOTE]: n")[0] == "[Note] [^other]"


def test_notes_follow_each_other_and_end_a_paragraph_without_blank_lines() -> None:
    assert texts("text[^1][^2]\n[^1]: one\n[^2]: two") == ["text[1][2]", "[1] one", "[2] two"]


def test_a_note_goes_on_where_it_is_indented_or_its_paragraph_has_not_ended() -> None:
    note, after = parse(
        "[^1]: one\nlazy\n\n    two\n\n    - three\n\n    ```\n    four\n    ```\nfive"
    )
    assert [type(leaf) for leaf in note.leaves] == [Paragraph, Paragraph, Paragraph, Code]
    assert visible_text(note) == "[1] one lazy\ntwo\nthree\nfour"
    assert visible_text(after) == "five"


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("[^1]:", "[1]"),
        ("[^1]: ```\n      code\n      ```", "[1]\n  code"),
        ("[^1]: - item", "[1]\nitem"),
        ("[^1]: # Head", "[1]\nHead"),
    ],
)
def test_a_label_stands_alone_where_the_note_begins_with_no_paragraph(
    source: str, shown: str
) -> None:
    assert texts(source) == [shown]


def test_notes_stand_in_lists_and_quotes_too() -> None:
    items, quote = parse("- a[^1]\n- [^1]: one\n\n> [^2]: two[^1]")
    assert [visible_text(items), visible_text(quote)] == ["a[1]\n[1] one", "[2] two[1]"]
    frame = items.leaves[1].frames[0]
    assert isinstance(frame, ItemFrame)
    assert frame.marker == "•"


def test_a_note_is_no_definition_of_a_link() -> None:
    block, note = parse("[a][^1]\n\n[^1]: http://b.c")
    assert visible_text(block) == "[a][1]"
    assert not labels(block, Style.LINK)
    assert labels(note, Style.LINK) == ["http://b.c"]


def test_an_address_in_round_brackets_makes_a_link_only_where_there_is_no_such_note() -> None:
    assert labels(parse("[^1](http://b.c)")[0], Style.LINK) == ["^1"]
    assert labels(parse("[^1](http://b.c)\n\n[^1]: n")[0], Style.NOTE) == ["[1]"]


def test_the_first_note_of_a_label_is_not_replaced_and_the_second_one_is_seen() -> None:
    assert texts("[^1]: a\n\n[^1]: b\n\n[^1]") == ["[1] a", "[1] b", "[1]"]


def test_a_note_is_bounded() -> None:
    note, after = parse("[^1]: a\n" + "b\n" * LONGEST_NOTE)
    assert visible_text(note).count("b") == LONGEST_NOTE - 1
    assert visible_text(after) == "b"


def test_a_copied_note_is_a_note_again() -> None:
    source = "It *is*[^1] so\n\n[^1]: **Because** it is"
    flavours = message_flavours(source)
    assert flavours.plain == "It is[1] so\n\n[1] Because it is"
    assert "<em>is</em><sup>[1]</sup>" in flavours.html
    part = part_flavours(parse(source), source, (0, 3), (1, 11))
    assert part.markdown == "*is*[^1] so\n\n[^1]: **Because**"
