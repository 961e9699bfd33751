"""When keys were used is remembered by their places alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from desktop_chat.storage import key_use
from desktop_chat.storage.key_use import KeyUse

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.errors import Failure
    from desktop_chat.storage.paths import Profile


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    now = [1_000_000]
    monkeypatch.setattr(key_use, "now_ms", lambda: now[0])
    return now


def at_once(write: Callable[[], Failure | None]) -> None:
    write()


def test_a_use_is_found_again_after_a_restart(profile: Profile, clock: list[int]) -> None:
    use = KeyUse(profile, at_once)
    assert use.last_ms("p", "key") == 0
    use.note("p", "key-2")
    assert KeyUse(profile, at_once).last_ms("p", "key-2") == clock[0]
    assert json.loads(profile.key_use_file.read_text("utf-8")) == {"p/key-2": clock[0]}


def test_many_uses_in_a_row_are_one_write(profile: Profile, clock: list[int]) -> None:
    writes: list[object] = []
    use = KeyUse(profile, writes.append)
    for _ in range(50):
        use.note("p", "key")
        clock[0] += 1000
    assert len(writes) == 1
    clock[0] += 60_000
    use.note("p", "key")
    assert len(writes) == 2


def test_nothing_is_read_or_written_before_it_is_asked(profile: Profile) -> None:
    KeyUse(profile, at_once)
    assert not profile.data.exists()


def test_a_removed_provider_is_forgotten_and_others_are_kept(
    profile: Profile, clock: list[int]
) -> None:
    use = KeyUse(profile, at_once)
    for slot in ("key", "key-2"):
        use.note("p", slot)
    use.note("pp", "key")
    use.forget("p")
    assert use.last_ms("p", "key-2") == 0
    assert KeyUse(profile, at_once).last_ms("pp", "key") == clock[0]
    assert list(json.loads(profile.key_use_file.read_text("utf-8"))) == ["pp/key"]


def test_a_damaged_file_costs_only_its_times(profile: Profile, clock: list[int]) -> None:
    profile.data.mkdir(parents=True)
    profile.key_use_file.write_text('{"p/key": "yesterday", "q/key": 5}', "utf-8")
    use = KeyUse(profile, at_once)
    assert (use.last_ms("p", "key"), use.last_ms("q", "key")) == (0, 5)
    profile.key_use_file.write_text("no json", "utf-8")
    use = KeyUse(profile, at_once)
    use.note("p", "key")
    assert KeyUse(profile, at_once).last_ms("p", "key") == clock[0]
