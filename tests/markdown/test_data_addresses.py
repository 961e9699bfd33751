"""An image that stands in a text is an address of megabytes."""

from __future__ import annotations

import pytest
from markdown_it.common.normalize_url import normalizeLink

from desktop_chat.markdown import dialect
from desktop_chat.markdown.parse import parse


@pytest.mark.parametrize(
    ("address", "asked"),
    [
        ("data:image/png;base64,iVBORw0KGgo/+AAA==", 0),
        ("data:image/svg+xml;utf8,<svg>", 1),
        ("https://example.org/a.png", 1),
    ],
)
def test_a_plain_data_address_is_taken_as_it_is(
    monkeypatch: pytest.MonkeyPatch, address: str, asked: int
) -> None:
    calls: list[str] = []

    def counted(url: str) -> str:
        calls.append(url)
        return normalizeLink(url)

    monkeypatch.setattr(dialect, "normalizeLink", counted)
    (block,) = parse(f"![x](<{address}>)" if "<" not in address else f"![x]({address})")
    (leaf,) = block.leaves
    assert len(calls) == asked
    assert getattr(leaf, "inline").spans[0].href == normalizeLink(address)  # noqa: B009
