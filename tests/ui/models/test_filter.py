"""What the model picker lists, and in which order."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice, Provider
from desktop_chat.ui.models.filter import Head, ModelRow, Note, Offer, ServerRow, Shelf, match

GROQ = Provider(
    id="g",
    name="Groq",
    protocol="openai_chat",
    base_url="https://api.groq.example/v1",
    models=("llama-3.3-70b", "gpt-oss-120b"),
)
OPENAI = Provider(
    id="o",
    name="OpenAI",
    protocol="openai_chat",
    base_url="https://api.openai.example/v1",
    models=("gpt-4.1", "gpt-4.1-mini"),
)
EMPTY = Provider(id="e", name="Bare", protocol="openai_chat", base_url="http://127.0.0.1:1/v1")
DEMO = Provider(
    id=DEMO_PROVIDER_ID, name="Demo", protocol="openai_chat", base_url="", models=("demo",)
)
SHELF = Shelf(providers=(GROQ, OPENAI, EMPTY, DEMO))


def choices(shelf: Shelf, query: str) -> list[str]:
    return [one.choice.model for one in shelf.rows(query) if isinstance(one, ModelRow)]


def heads(shelf: Shelf) -> list[str]:
    return [one.text for one in shelf.rows("") if isinstance(one, Head)]


def test_groups_stand_in_order_and_empty_ones_are_left_out() -> None:
    assert heads(SHELF) == ["Groq", "OpenAI", "Bare", "Demo"]
    full = Shelf(
        providers=SHELF.providers,
        favourites=(ModelChoice("o", "gpt-4.1"),),
        recent=(ModelChoice("g", "llama-3.3-70b"), ModelChoice("gone", "x")),
    )
    assert heads(full) == ["Favourites", "Recent", "Groq", "OpenAI", "Bare", "Demo"]


def test_no_more_than_five_recent_ones_are_listed() -> None:
    many = tuple(ModelChoice("g", f"m{number}") for number in range(9))
    rows = Shelf(providers=(GROQ,), recent=many).rows("")
    assert [one.choice.model for one in rows[1:6] if isinstance(one, ModelRow)] == [
        "m0",
        "m1",
        "m2",
        "m3",
        "m4",
    ]
    assert rows[6] == Head("Groq")


def test_a_service_without_models_says_what_to_do() -> None:
    assert Note("Bare lists no models. Type a name.") in SHELF.rows("")
    troubled = Shelf(providers=(EMPTY,), troubled={"e"})
    assert Note("The model list could not be loaded. Type a name, or try again.") in troubled.rows(
        ""
    )


def test_no_more_is_listed_than_anybody_reads_through() -> None:
    many = replace(GROQ, models=tuple(f"model-{number}" for number in range(1000)))
    rows = Shelf(providers=(many,)).rows("model")
    assert sum(isinstance(one, ModelRow) for one in rows) == 200
    assert Note("800 more. Type more of the name.") in rows
    assert choices(Shelf(providers=(many,)), "model-999") == ["model-999"]


def test_a_list_on_its_way_is_waited_for() -> None:
    rows = Shelf(providers=(EMPTY,), asked={"e"}).rows("")
    assert rows == [Head("Bare"), Note("Loading the list of models…")]


def test_a_list_that_could_not_be_renewed_is_shown_as_it_was() -> None:
    rows = Shelf(providers=(GROQ,), troubled={"g"}).rows("")
    assert rows[:2] == [Head("Groq"), Note("A newer list could not be loaded.")]
    assert len(rows) == 4


def test_the_model_that_answers_is_listed_though_its_service_does_not_name_it() -> None:
    shelf = Shelf(providers=(GROQ, OPENAI), current=ModelChoice("o", "my-own"))
    assert choices(shelf, "") == [*GROQ.models, "my-own", *OPENAI.models]
    assert choices(shelf, "own") == ["my-own"]


def test_servers_of_this_computer_stand_last_and_are_found() -> None:
    server = ServerRow("http://127.0.0.1:1", "Use Jan on this computer")
    shelf = Shelf(providers=(GROQ,), servers=(server,))
    assert shelf.rows("")[-2:] == [Head("On this computer"), server]
    assert server in shelf.rows("jan")
    assert server not in shelf.rows("llama")


def test_what_was_used_or_starred_without_being_listed_is_found() -> None:
    shelf = Shelf(
        providers=(GROQ, OPENAI),
        favourites=(ModelChoice("g", "own-tuned"),),
        recent=(ModelChoice("o", "secret-preview"), ModelChoice("g", "own-tuned")),
    )
    assert choices(shelf, "own") == ["own-tuned"]
    assert choices(shelf, "preview") == ["secret-preview"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("gpt", ["gpt-4.1", "gpt-oss-120b", "gpt-4.1-mini"]),
        ("gpt openai", ["gpt-4.1", "gpt-4.1-mini"]),
        ("g41m", ["gpt-4.1-mini"]),
        ("groq", ["gpt-oss-120b", "llama-3.3-70b"]),
        ("LLAMA", ["llama-3.3-70b"]),
        ("zzz", []),
    ],
)
def test_a_search_finds_words_and_letters_in_order(query: str, found: list[str]) -> None:
    assert choices(SHELF, query) == found


def test_a_name_that_nobody_lists_is_offered_at_each_service_but_the_demo() -> None:
    rows = SHELF.rows("my-model")
    assert [one.service for one in rows if isinstance(one, Offer)] == ["Groq", "OpenAI", "Bare"]
    assert Offer(ModelChoice("g", "my-model"), "Groq") in rows


def test_a_name_that_is_listed_is_not_offered_there_again() -> None:
    rows = SHELF.rows("gpt-4.1")
    assert "OpenAI" not in [one.service for one in rows if isinstance(one, Offer)]


def test_with_the_demo_alone_a_search_without_a_find_says_so() -> None:
    rows = Shelf(providers=(DEMO,)).rows("zzz")
    assert rows == [Note("Nothing found for “zzz”. Try fewer or other words.")]


@given(st.text(max_size=12), st.text(max_size=20))
def test_a_match_has_all_letters_in_their_order(query: str, model: str) -> None:
    words = query.split()
    if match(words, model, "") is not None:
        for word in words:
            rest = iter(model.casefold())
            assert all(letter in rest for letter in word.casefold())
