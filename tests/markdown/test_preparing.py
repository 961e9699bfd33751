"""Languages are made ready on a thread, and are then as their first use would have made them."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest
from pygments.lexers import find_lexer_class_by_name

from desktop_chat.markdown import preparing
from desktop_chat.markdown.addresses import find_bare_addresses
from desktop_chat.markdown.dialect import compile_addresses
from desktop_chat.markdown.preparing import Preparer, make_ready

if TYPE_CHECKING:
    from collections.abc import Callable


def joined() -> None:
    """Wait until the thread has ended, which it does when all is done."""
    for thread in threading.enumerate():
        if thread.name == "languages":
            thread.join(30)


def rules(kind: Any) -> dict[str, list[tuple[object, str]]]:
    """Return a language's patterns and what follows them."""
    return {
        state: [(getattr(one[0], "__self__", None), str(one[2])) for one in found]
        for state, found in kind._tokens.items()
    }


@pytest.mark.parametrize("language", ["python", "javascript", "bash", "html", "c++", "css"])
def test_a_language_is_made_ready_as_its_first_use_would(language: str) -> None:
    kind: Any = find_lexer_class_by_name(language)
    if "_tokens" in vars(kind):
        del kind._tokens
    make_ready(language)
    ours = rules(kind)
    del kind._tokens
    kind()
    assert rules(kind) == ours


def test_another_thread_that_uses_a_language_meanwhile_does_no_harm(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kind: Any = find_lexer_class_by_name("java")
    kind()
    right = rules(kind)
    del kind._tokens
    used: list[bool] = []
    real = type(kind)._process_state

    def meanwhile(apart: Any, unprocessed: Any, processed: Any, state: Any) -> Any:
        if apart is not kind and not used:
            used.append(True)
            kind()
        return real(apart, unprocessed, processed, state)

    monkeypatch.setattr(type(kind), "_process_state", meanwhile)
    make_ready("java")
    assert used
    assert rules(kind) == right


def test_a_language_is_ready_after_one_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[tuple[str, str]] = []

    def make(name: str) -> None:
        made.append((name, threading.current_thread().name))

    monkeypatch.setattr(preparing, "make_ready", make)
    languages = Preparer()
    assert languages.is_ready("text")
    assert not languages.is_ready("{.Rust}")
    joined()
    assert languages.is_ready("rust")
    assert made == [("rust", "languages")]


def test_other_things_are_done_once_and_behind_the_languages(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    done: list[str] = []
    monkeypatch.setattr(preparing, "make_ready", done.append)

    def other() -> None:
        done.append("other")

    languages = Preparer()
    for _ in range(3):
        languages.prepare("python", "bash", other)
        joined()
    assert done == ["python", "bash", "other"]


def test_a_language_that_cannot_be_made_ready_is_left_to_whoever_uses_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def explode(_name: str) -> None:
        raise RuntimeError("not today")

    monkeypatch.setattr(preparing, "make_ready", explode)
    languages = Preparer()
    languages.is_ready("rust")
    joined()
    assert languages.is_ready("rust")


def test_a_language_that_nobody_knows_needs_nothing() -> None:
    make_ready("no such language")


def test_bare_addresses_are_made_ready_without_touching_their_reader(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    finders: list[object] = []
    real: Callable[[Any], None] = find_bare_addresses

    def spy(finder: Any) -> None:
        finders.append(finder)
        real(finder)

    monkeypatch.setattr("desktop_chat.markdown.dialect.find_bare_addresses", spy)
    compile_addresses()
    compile_addresses()
    assert len({id(one) for one in finders}) == 2
