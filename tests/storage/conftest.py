"""What the storage tests share: a profile, and the two stores behind one interface."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from desktop_chat.storage import damage
from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.paths import Profile, find_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return find_profile(str(tmp_path / "profile"))


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, profile: Profile) -> Iterator[ConversationStore]:
    path = None
    if request.param == "file":
        path = profile.chats_file
        damage.create(path)
    made = ConversationStore(path, "owner")
    yield made
    made.close()
