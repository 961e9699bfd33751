"""A very long text is read slice by slice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.markdown.blocks import Paragraph
from desktop_chat.transcript import slices

if TYPE_CHECKING:
    import pytest


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
