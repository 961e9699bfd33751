"""Very long texts are read in slices, also where a reading took long and rests."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.markdown.blocks import Paragraph
from desktop_chat.markdown.stream import MarkdownStream
from desktop_chat.transcript.text import slices
from desktop_chat.transcript.text.slices import PIECE, SlicedStream

if TYPE_CHECKING:
    from desktop_chat.markdown.blocks import Change

TEXT = "".join(f"Paragraph {number}.\n\n" for number in range(4000))


class Clock:
    """A clock of processor time that goes on by a millisecond at each look."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        self.now += 0.001
        return self.now


@pytest.fixture
def fed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many characters are fed at each time."""
    found: list[int] = []
    feed = MarkdownStream.feed

    def counted(self: MarkdownStream, piece: str) -> Change | None:
        found.append(len(piece))
        return feed(self, piece)

    monkeypatch.setattr(MarkdownStream, "feed", counted)
    monkeypatch.setattr(slices, "thread_time", Clock())
    return found


def test_a_step_reads_a_few_pieces(fed: list[int]) -> None:
    stream = SlicedStream(TEXT, ended=True)
    first = len(fed)
    assert first <= slices.FIRST_S * 1000
    stream.step()
    assert 0 < len(fed) - first <= slices.SLICE_S * 1000
    assert max(fed) <= PIECE


def test_nothing_is_fed_while_the_reading_rests(
    fed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = SlicedStream(TEXT, ended=True)
    count, blocks = len(fed), len(stream.blocks)
    with monkeypatch.context() as resting:
        resting.setattr(MarkdownStream, "rests", lambda _self: True)
        assert stream.step() == []
    assert (len(fed), len(stream.blocks)) == (count, blocks)
    while stream.unread:
        stream.step()
    assert max(fed) <= PIECE
    assert len(stream.blocks) == 4000


def test_what_cannot_be_read_in_pieces_is_read_in_larger_and_larger_ones(
    fed: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    rests = [False]
    monkeypatch.setattr(MarkdownStream, "rests", lambda _self: rests[0])
    stream = SlicedStream(TEXT, ended=True)
    del fed[:]
    feed = MarkdownStream.feed

    def slow(self: MarkdownStream, piece: str) -> Change | None:
        change = feed(self, piece)
        rests[0] = True
        return change

    monkeypatch.setattr(MarkdownStream, "feed", slow)
    for _ in range(3):
        rests[0] = False
        stream.step()
    assert [round(one / PIECE) for one in fed] == [1, 2, 4]


def test_no_slice_ends_within_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slices, "FIRST_S", 0.0)
    lines = [f"[link {number}](https://a.example/{number})" for number in range(1000)]
    stream = slices.SlicedStream("\n\n".join(lines), ended=True)
    assert stream.unread
    leaves = [leaf for block in stream.blocks for leaf in block.leaves]
    told = [
        (leaf.inline.text, leaf.inline.spans[0].href)
        for leaf in leaves
        if isinstance(leaf, Paragraph)
    ]
    assert told
    assert told == [(f"link {at}", f"https://a.example/{at}") for at in range(len(told))]
