"""Finding words in a conversation: counted as it goes, shown one after another."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.markdown.blocks import visible_text
from desktop_chat.transcript.find.query import TOO_COSTLY, Query
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import REASONING, Place
from desktop_chat.transcript.reading.position import State
from tests.transcript.conversations import (
    answer,
    height_on_screen,
    line_under_third,
    long_chat,
    message,
    question,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.find.finder import Finder
    from desktop_chat.transcript.view import TranscriptView


def search(qtbot: QtBot, view: TranscriptView, term: str, **how: bool) -> Finder:
    """Find something, and wait until all was looked through."""
    finder = view.finder
    finder.search(Query(term, **how))
    qtbot.waitUntil(lambda: finder.done)
    return finder


def shown(view: TranscriptView) -> str:
    """Return the text of the shown hit, and check that it is in view."""
    now = view.finder.now
    assert now is not None
    item_id, hit = now
    found = message(view, item_id)
    blocks = found.blocks
    if hit.part == REASONING:
        assert isinstance(found, Answer)
        assert found.fold is not None
        blocks = found.fold.blocks.blocks
    top = view.document.top(view.document.number(item_id)) + found.caret(Place(*hit.begin)).top()
    assert 0 <= top - view.scroller.scroll < view.scroller.view - 20
    return visible_text(blocks[hit.block])[hit.start : hit.end]


def test_everything_that_is_seen_is_found(qtbot: QtBot, view: TranscriptView) -> None:
    text = "# A nut\n\nA **n**ut, `nut` &\n> [n](http://x)ut\n\n| nut |\n|---|\n| nut |\n\n"
    view.set_items([question("q", "Nut?"), answer("a", text + "```\nnut\n```\n[r]: http://nut")])
    assert search(qtbot, view, "nut").count == 8


def test_nothing_of_the_source_is_found_that_is_not_seen(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.set_items([answer("a", "**bold** [text](http://hidden.example)\n\n```python\nx\n```")])
    assert search(qtbot, view, "hidden").count == 0
    assert search(qtbot, view, "**").count == 0
    assert search(qtbot, view, "python").count == 0


def test_the_first_hit_is_the_next_from_where_one_reads(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items(long_chat(40))
    view.scroll_to(view.document.top(view.document.number("q20")))
    finder = search(qtbot, view, "part 2")
    assert finder.count == 40
    assert finder.number == 21
    assert shown(view) == "part 2"


def test_after_the_last_hit_comes_the_first(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(0)
    finder = search(qtbot, view, "question 2")
    assert [finder.count, finder.number] == [11, 1]
    numbers = []
    for _ in range(12):
        finder.step(1)
        shown(view)
        numbers.append(finder.number)
    assert numbers == [2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]
    finder.step(-1)
    finder.step(-1)
    assert finder.number == 11
    assert shown(view) == "Question 2"


def test_a_hit_far_away_stands_a_third_from_the_top_and_keeps_the_view_there(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.set_items([*long_chat(60), answer("end", "the rarest word\n\n" + "more\n\n" * 80)])
    view.scroll_to(0)
    search(qtbot, view, "rarest")
    shown(view)
    now = view.finder.now
    assert now is not None
    top = view.document.top(view.document.number("end"))
    y = top + message(view, "end").caret(Place(*now[1].begin)).top() - view.scroller.scroll
    assert abs(y - view.scroller.view / 3) < 30
    assert view.scroller.reading.state is State.FREE


def test_a_hit_in_view_moves_nothing(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(2000)
    item_id, line, y = line_under_third(view)
    search(qtbot, view, "only the last")
    assert height_on_screen(view, item_id, line) == y


def test_typing_on_keeps_the_hit_that_still_matches(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items(long_chat(30))
    view.scroll_to(view.document.top(view.document.number("q12")))
    finder = search(qtbot, view, "T")
    for term in ("Tu", "Tur", "Turn 12, part 1", "Turn 12, part 1."):
        search(qtbot, view, term)
    assert [finder.count, finder.number] == [1, 1]
    search(qtbot, view, "Turn 1")
    assert finder.now is not None
    assert finder.now[0] == "a12"


def test_reasoning_is_found_and_unfolded_where_it_is_shown(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.set_items([answer("a", "An answer.", reasoning="Hidden thoughts.", reasoning_ms=900)])
    found = message(view, "a")
    assert isinstance(found, Answer)
    assert found.fold is not None
    assert not found.fold.open
    finder = search(qtbot, view, "thoughts")
    assert finder.count == 1
    assert found.fold.unfolded
    assert shown(view) == "thoughts"


def test_segments_of_a_long_paragraph_are_one_text(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([answer("a", "解析" * 4001), question("q", "ab" * 1999 + "xab")])
    assert search(qtbot, view, "析解").count == 4000
    assert search(qtbot, view, "xa").count == 1
    now = view.finder.now
    assert now is not None
    blocks = message(view, "q").blocks
    assert visible_text(blocks[0])[now[1].start : now[1].end].replace("\n", "") == "xa"


def test_a_growing_answer_is_counted_and_the_shown_hit_stays(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.set_items([question("q", "word"), answer("a", "A word.", streaming=True)])
    finder = search(qtbot, view, "word")
    finder.step(1)
    assert [finder.number, finder.count] == [2, 2]
    with qtbot.waitSignal(finder.finished):
        view.append_text("a", " Another word.\n\nAnd words.")
    assert [finder.number, finder.count] == [2, 4]
    with qtbot.waitSignal(finder.finished):
        view.add_item(question("q2", "The last word?"))
    assert [finder.number, finder.count] == [2, 5]
    view.remove_item("q")
    assert [finder.number, finder.count] == [1, 4]


def test_another_conversation_is_looked_through_anew(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([question("q", "word"), answer("a", "word word")])
    finder = search(qtbot, view, "word")
    finder.step(1)
    view.set_items([answer("z", "word"), answer("a", "word word")])
    qtbot.waitUntil(lambda: finder.done)
    assert [finder.number, finder.count] == [2, 3]


def test_what_changes_while_it_looks_is_looked_through_as_well(
    qtbot: QtBot, view: TranscriptView
) -> None:
    view.set_items(long_chat(400))
    finder = view.finder
    finder.search(Query("part"))
    assert not finder.done
    view.add_item(answer("new", "another part"))
    view.remove_item("a3")
    qtbot.waitUntil(lambda: finder.done and finder.count == 399 * 4 + 1)


def test_a_hidden_view_waits_until_it_is_seen(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([*long_chat(3), answer("live", "This part", streaming=True)])
    finder = search(qtbot, view, "part")
    view.hide()
    view.append_text("live", "\n\nthe last part")
    view.add_item(question("q", "Which part?"))
    view.show()
    qtbot.waitUntil(lambda: finder.count == 15)


@pytest.mark.parametrize("pattern", ["(", "[", "a{2,1}", "(?<n"])
def test_a_broken_pattern_is_told_in_words(
    qtbot: QtBot, view: TranscriptView, pattern: str
) -> None:
    view.set_items(long_chat(2))
    finder = search(qtbot, view, pattern, regular=True)
    assert finder.fault.startswith("This pattern cannot be read: ")
    assert finder.count == 0
    finder.step(1)
    view.append_text("a1", "more")


def test_a_pattern_too_costly_is_told_in_words(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items([answer("a", "a" * 60 + "b")])
    assert search(qtbot, view, "(a+)+$", regular=True).fault == TOO_COSTLY


def test_nothing_is_kept_once_it_is_cleared(qtbot: QtBot, view: TranscriptView) -> None:
    view.set_items(long_chat(3))
    finder = search(qtbot, view, "part")
    finder.clear()
    assert (finder.count, finder.number, finder.now, finder.active) == (0, 0, None, False)
    view.append_text("a2", " part")
    assert search(qtbot, view, "").count == 0
