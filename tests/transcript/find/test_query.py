"""What a query finds in a text, and which sources may hold it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop_chat.markdown.blocks import visible_text
from desktop_chat.markdown.parse import parse
from desktop_chat.transcript.find.query import (
    PIECE,
    TOO_COSTLY,
    Pattern,
    Query,
    TooCostlyError,
)


def found(term: str, text: str, **how: bool) -> list[str]:
    return [text[start:end] for start, end in Pattern(Query(term, **how)).ranges(text)]


def test_case_matters_only_where_it_is_asked_for() -> None:
    assert found("Fox", "fox FOX Fox") == ["fox", "FOX", "Fox"]
    assert found("Fox", "fox FOX Fox", match_case=True) == ["Fox"]


@pytest.mark.parametrize(
    ("term", "text", "matches"),
    [
        ("straße", "STRASSE Straße STRAẞE", ["STRASSE", "Straße", "STRAẞE"]),
        ("strasse", "Straße", ["Straße"]),
        ("istanbul", "İstanbul", ["İstanbul"]),
        ("İstanbul", "istanbul i\u0307stanbul", ["istanbul", "i\u0307stanbul"]),
        ("σας", "ΣΑΣ", ["ΣΑΣ"]),
        ("это", "ЭТО", ["ЭТО"]),
        ("解析", "增量解析的解析", ["解析", "解析"]),
        ("👩‍💻", "a 👩‍💻 b", ["👩‍💻"]),
        ("𝕏", "ab 𝕏𝕏", ["𝕏", "𝕏"]),
    ],
)
def test_letters_of_every_script_are_found_in_either_case(
    term: str, text: str, matches: list[str]
) -> None:
    assert found(term, text) == matches


def test_composed_and_decomposed_letters_are_the_same_and_not_their_bare_ones() -> None:
    apart = unicodedata.normalize("NFD", "café 한")
    assert found("café", apart) == [apart[:5]]
    assert found(apart, "café 한") == ["café 한"]
    assert found("cafe", apart) == []


def test_what_a_keyboard_has_finds_what_models_write_in_its_place() -> None:
    assert found("don't", "don\u2019t") == ["don\u2019t"]
    assert found('"so-called"', "\u201cso\u2011called\u201d") == ["\u201cso\u2011called\u201d"]
    assert found("10 km", "10\u202fkm") == ["10\u202fkm"]


@pytest.mark.parametrize(
    ("term", "text", "count"),
    [
        ("cat", "cat concat cats cat_ cat2 (cat) cat", 3),
        ("é", "é école né e\u0301", 2),
        ("слово", "слово словом", 1),
        ("中文", "说中文吗", 1),
        ("->", "a->b", 1),
        ("a.b", "a.b a.bc", 1),
    ],
)
def test_whole_words_end_where_words_of_their_script_end(term: str, text: str, count: int) -> None:
    assert len(found(term, text, whole_word=True)) == count


def test_words_are_taken_as_they_are_and_patterns_as_patterns() -> None:
    assert found("a.c", "abc a.c") == ["a.c"]
    assert found("a.c", "abc a.c", regular=True) == ["abc", "a.c"]
    assert found(r"^\w+$", "one\ntwo three\nfour", regular=True) == ["one", "four"]
    assert found("x*", "aaa", regular=True) == []


@pytest.mark.parametrize("term", ["one|two", "(?x) one | two # either"])
def test_a_whole_word_pattern_is_one_group(term: str) -> None:
    text = "one ones two twos"
    assert found(term, text, regular=True, whole_word=True) == ["one", "two"]


def test_a_pattern_that_cannot_be_read_says_so_in_words() -> None:
    fault = Pattern(Query("(open", regular=True)).fault
    assert fault == "This pattern cannot be read: missing closing parenthesis."
    assert Pattern(Query("(open")).fault == ""


def test_a_pattern_that_goes_through_too_much_is_given_up() -> None:
    with pytest.raises(TooCostlyError):
        found("(a+)+$", "a" * 40 + "b", regular=True)
    assert TOO_COSTLY


def test_a_pattern_too_costly_for_a_page_is_tried_line_by_line() -> None:
    text = "\n".join(["aaaaaaaab"] * (PIECE // 10)) + "\naaa"
    assert found("(a+)+$", text, regular=True) == ["aaa"]


def test_halves_of_surrogate_pairs_hide_nothing() -> None:
    assert found("word", "\ud800 word \udc00word") == ["word", "word"]
    assert found("w.rd", "\ud800 word", regular=True) == ["word"]


def test_long_texts_are_cut_between_words() -> None:
    text = "needle " * 60_000
    assert len(found("needle", text)) == 60_000
    assert len(found(r"ne+dle\b", text, regular=True)) == 60_000


PIECES = st.sampled_from(
    [
        *("wor", "d", " ", "\n", "\n> ", "**", "*", "_", "`", "[", "](x(y)z)", "](<a b> 't')"),
        *("&amp;", "\\", "\n\n", "- ", "# ", "| a | b |\n|---|---|\n| c | d |\n", "~~", "<i>"),
        *("é", "&#99;", "```\n", "![", "[^1]", "\n[^1]: note\n", "][r]", "\n[r]: /x\n", "解"),
        *("'", "ss", "ß", "i", "K", "s"),
    ]
)


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=25).map("".join), st.data())
def test_a_source_is_never_passed_over_that_shows_the_words(
    source: str, data: st.DataObject
) -> None:
    for block in parse(source):
        for line in visible_text(block).split("\n"):
            if line.strip():
                start = data.draw(st.integers(0, len(line) - 1))
                end = data.draw(st.integers(start + 1, len(line)))
                pattern = Pattern(Query(line[start:end]))
                assert pattern.may_be_in(source), (source, line[start:end])
                assert not pattern.rules_out(source.encode()), (source, line[start:end])


def test_most_texts_are_passed_over_without_being_unpacked() -> None:
    assert Pattern(Query("the needle")).rules_out(b"No **such** word in [here](x)")
    assert Pattern(Query("针头")).rules_out("中文也在这里".encode())
    assert not Pattern(Query("Needle")).rules_out(b"a ne**ed**LE is here")
    assert not Pattern(Query("needle")).rules_out(b"a [nee](x(y)z)dle")


def test_what_is_written_in_more_than_one_way_is_not_passed_over() -> None:
    for term, source in (
        ("skis", "\u017f\u212a\u0130\u017f"),
        ("É", "e\u0301"),
        ("strasse", "STRAẞE"),
    ):
        assert not Pattern(Query(term)).rules_out(source.encode())
    assert not Pattern(Query("ab*", regular=True)).rules_out(b"none")
