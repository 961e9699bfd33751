"""The demo's answers: right in length, whole in markdown, harmless in what they quote."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from desktop_chat.demo.answers import Turn, answer_to
from desktop_chat.demo.long_text import long_answer
from desktop_chat.demo.quoting import quoted
from desktop_chat.demo.tokens import count_tokens, tokens_of

SHOWN = (
    "heading_open",
    "ordered_list_open",
    "bullet_list_open",
    "table_open",
    "blockquote_open",
    "link_open",
    "strong_open",
    "em_open",
    "s_open",
    "code_inline",
)
CHIPS = ("Show me around", "Think first", "Write a long answer")


def text_of(*texts: str) -> str:
    """Return the answer to alternating questions and answers."""
    roles = itertools.cycle(("user", "assistant"))
    return "".join(
        answer_to([Turn(role, text) for role, text in zip(roles, texts, strict=False)]).text
    )


def markdown() -> MarkdownIt:
    return MarkdownIt("commonmark", {"linkify": True}).enable(["table", "strikethrough", "linkify"])


def kinds(text: str) -> list[str]:
    """Return the types of all markdown tokens of a text, inline ones too."""
    found = []
    for token in markdown().parse(text):
        found += [token.type, *(child.type for child in token.children or ())]
    return found


def test_the_tour_shows_what_the_program_can_show() -> None:
    text = text_of("Show me around")
    shown = kinds(text)
    for kind in SHOWN:
        assert kind in shown, kind
    languages = [one.info for one in markdown().parse(text) if one.type == "fence"]
    assert languages == ["python", "javascript", "sql"]
    assert "- [x] " in text
    assert "- [ ] " in text
    assert text.count("$$") == 2
    assert max(one.level for one in markdown().parse(text) if one.type == "bullet_list_open") >= 4


def test_scripts_are_shown_in_both_directions() -> None:
    text = text_of("scripts")
    for piece in ("你好", "日本語", "한국어", "من اليمين", "מימין", "👩‍👩‍👧‍👦"):
        assert piece in text


def test_the_tour_is_short() -> None:
    assert count_tokens(text_of("Show me around")) < 60 * 12


@pytest.mark.parametrize("question", [*CHIPS, "help", "code 5", "long 300", "你好", ""])
def test_every_answer_says_that_it_is_from_no_language_model(question: str) -> None:
    text = text_of(question)
    assert "language model" in text
    assert "demo" in text
    assert "{" not in text.split("```")[0], "a place that was never filled"


def test_the_help_names_every_word() -> None:
    text = text_of("help")
    for word in ("long", "slow", "error", "drop", "think", "code", "scripts"):
        assert f"`{word}" in text


def test_thinking_comes_apart_from_the_answer() -> None:
    answer = answer_to([Turn("user", "Think first")])
    reasoning = "".join(answer.reasoning)
    assert "Think first" in reasoning
    assert reasoning not in "".join(answer.text)
    assert list(answer_to([Turn("user", "Show me around")]).reasoning) == []


@pytest.mark.parametrize("length", [*range(1, 400), 1200, 2000, 20_000])
def test_a_long_answer_has_the_length_that_was_asked_for(length: int) -> None:
    pieces = list(long_answer(length))
    assert len(pieces) == length
    assert all(pieces)


def test_a_long_answer_is_whole_markdown() -> None:
    text = text_of("long 5000")
    assert text.count("```") % 2 == 0
    assert "table_open" in kinds(text)
    assert text.endswith(".")


@pytest.mark.parametrize("lines", [1, 4, 5, 6, 100, 1003])
def test_code_has_the_lines_that_were_asked_for_and_runs(lines: int) -> None:
    (fence,) = [one for one in markdown().parse(text_of(f"code {lines}")) if one.type == "fence"]
    assert fence.info == "python"
    assert fence.content.count("\n") == lines
    compile(fence.content, "demo", "exec")


def test_the_code_of_the_tour_runs(capsys: pytest.CaptureFixture[str]) -> None:
    fence = next(one for one in markdown().parse(text_of("hello")) if one.info == "python")
    exec(compile(fence.content, "tour", "exec", dont_inherit=True), {"__name__": "__main__"})  # noqa: S102
    assert capsys.readouterr().out == "5.0\n"


@pytest.mark.parametrize("question", ["Show me around", "long 800", "code 30 drop"])
@pytest.mark.parametrize("cut", [1, 100, 400])
def test_an_answer_that_was_cut_is_carried_on(question: str, cut: int) -> None:
    whole = text_of(question)
    rest = text_of(question, whole[:cut], "Continue where you stopped.")
    assert whole[:cut] + rest == whole
    later = len(whole[:cut]) + 50
    again = text_of(
        question, whole[:cut], "Continue where you stopped.", whole[cut:later], "continue"
    )
    assert whole[:later] + again == whole


@pytest.mark.parametrize("said", ["something else", None])
def test_an_answer_that_was_not_cut_is_not_repeated(said: str | None) -> None:
    whole = text_of("hello")
    assert "nothing to add" in text_of("hello", said or whole, "Continue where you stopped.")
    assert "nothing to add" in text_of("continue")


@given(st.text(max_size=3000))
def test_tokens_joined_are_the_text(text: str) -> None:
    pieces = list(tokens_of(text))
    assert "".join(pieces) == text
    assert all(pieces)
    assert count_tokens(text) == len(pieces)


def test_tokens_have_about_four_characters() -> None:
    text = text_of("long 5000")
    assert 3.5 < len(text) / count_tokens(text) < 5


HOSTILE = (
    "# title",
    "**bold** _em_ `code` ~~s~~",
    "[x](javascript:alert(1)) ![i](http://evil.example/i.png)",
    "<img src=x onerror=alert(1)> <!-- -->",
    "http://evil.example www.evil.example a@evil.example",
    "$$x$$ \\(y\\) $z$",
    "| a | b |",
    "&lt;script&gt; &#x41;",
    "line\n\n# break\n\n```",
    "[^1] [x]: y",
    "\\`\\`",
)


@pytest.mark.parametrize("question", HOSTILE)
def test_a_quoted_question_forms_nothing(question: str) -> None:
    line = f"You wrote: “{quoted(question)}”"
    shown = kinds(line)
    assert set(shown) <= {"paragraph_open", "inline", "text", "text_special", "paragraph_close"}
    (inline,) = [one for one in markdown().parse(line) if one.type == "inline"]
    assert " ".join(question.split())[:20] in "".join(
        child.content for child in inline.children or ()
    )


@settings(max_examples=300)
@given(st.text(st.sampled_from("[]()!<>`*_~$|\\#:./@&;- \nahttpw1") | st.characters(), max_size=80))
def test_nothing_that_is_quoted_forms_anything(question: str) -> None:
    line = f"You wrote: “{quoted(question)}”"
    assert set(kinds(line)) <= {
        "paragraph_open",
        "inline",
        "text",
        "text_special",
        "paragraph_close",
    }


def test_a_quote_is_a_few_words_and_shows_what_it_leaves_out() -> None:
    assert quoted("one two") == "one two"
    assert quoted("a b c d e f g h i j") == "a b c d e f g h …"
    assert len(quoted("x" * 500)) == 60
    assert quoted("x" * 500).endswith("…")
    assert quoted("\u202eabc\x1b[31m \u2066") == "abc \\[31m"
    assert quoted("👩‍👩‍👧 ok") == "👩‍👩‍👧 ok"
    assert quoted("\n \t") == ""
