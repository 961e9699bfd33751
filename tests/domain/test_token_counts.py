"""What nobody counted is estimated: neither far too low nor past what was allowed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from desktop_chat.domain.chat import Message, MessageState, Part, PartKind, Role, Usage
from desktop_chat.domain.parameters import NOTHING_SET, Parameters
from desktop_chat.domain.token_counts import ASSUMED_ANSWER, estimated, final_usage
from desktop_chat.domain.tree import MessageTree


def said(number: int, text: str, usage: Usage | None = None) -> Message:
    return Message(
        id=str(number),
        conversation_id="c",
        parent_id=str(number - 1) if number else None,
        role=Role.ASSISTANT if number % 2 else Role.USER,
        parts=(Part(PartKind.TEXT, text),),
        usage=usage,
    )


def estimate(*messages: Message, text: str = "", parameters: Parameters = NOTHING_SET) -> Usage:
    tree = MessageTree()
    for one in messages:
        tree.put(one)
    return estimated(tree.path(messages[-1].id if messages else None), text, parameters)


def test_the_last_count_stands_for_all_before_it() -> None:
    before = (said(0, "x" * 4000), said(1, "y" * 40, Usage(900, 100, reasoning_tokens=60)))
    assert estimate(*before, text="four") == Usage(941, 100)


def test_without_any_count_letters_are_counted_and_the_system_prompt() -> None:
    found = estimate(
        said(0, "x" * 40), said(1, "y" * 8), text="four", parameters=Parameters(system="z" * 20)
    )
    assert found == Usage(18, ASSUMED_ANSWER)


@pytest.mark.parametrize(("text", "least", "most"), [
    ("four", 1, 1),
    ("你好，世界。今天天气怎么样？", 9, 14),
    ("Как дела сегодня?", 5, 9),
])  # fmt: skip
def test_other_scripts_have_fewer_letters_in_a_token(text: str, least: int, most: int) -> None:
    assert least <= estimate(text=text).input_tokens <= most


def test_an_answer_is_no_longer_than_it_may_be() -> None:
    assert estimate(text="four", parameters=Parameters(max_tokens=20)) == Usage(1, 20)
    counted = said(1, "y", Usage(10, 400))
    assert estimate(said(0, "x"), counted, parameters=Parameters(max_tokens=20)).output_tokens == 20
    longer = Parameters(max_tokens=90_000)
    assert estimate(text="four", parameters=longer).output_tokens == ASSUMED_ANSWER


def test_a_count_that_was_cut_off_is_the_least_that_it_can_be() -> None:
    begun = Usage(50, ASSUMED_ANSWER)
    cut = said(1, "y" * 400, Usage(0, 1))
    stopped = replace(cut, state=MessageState.STOPPED)
    assert final_usage(stopped, begun) == (Usage(50, 100), True)
    assert final_usage(cut, begun) == (Usage(0, 1), False)
