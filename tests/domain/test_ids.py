"""Identifiers and times."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from desktop_chat.domain import ids

if TYPE_CHECKING:
    import pytest


def test_an_id_is_a_uuid_of_version_seven() -> None:
    made = uuid.UUID(ids.new_id())
    assert made.version == 7
    assert made.variant == uuid.RFC_4122
    assert str(made) == str(made).lower()


def test_an_id_holds_the_millisecond_it_was_made_in() -> None:
    before = ids.now_ms()
    made = uuid.UUID(ids.new_id())
    assert before <= made.int >> 80 <= ids.now_ms()


def test_ids_of_later_milliseconds_sort_later(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for moment in (1, 2, 1_700_000_000_000, 1_700_000_000_001):
        monkeypatch.setattr(ids, "now_ms", lambda moment=moment: moment)
        made.append(ids.new_id())
    assert made == sorted(made)


def test_ids_of_one_millisecond_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ids, "now_ms", lambda: 1)
    assert len({ids.new_id() for _ in range(1000)}) == 1000
