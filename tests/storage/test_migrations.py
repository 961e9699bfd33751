"""A chat file of an older version is taken to this one, with all that stands in it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import Conversation
from desktop_chat.storage import schema
from desktop_chat.storage.commands import SaveConversation
from desktop_chat.storage.conversations import ConversationStore, open_store

if TYPE_CHECKING:
    from pathlib import Path

    from desktop_chat.storage.paths import Profile


def old_file(path: Path, version: int) -> None:
    """Make a file as that version of the program made it, with one conversation in it."""
    path.parent.mkdir(parents=True)
    with closing(sqlite3.connect(path, isolation_level=None)) as file:
        file.execute("PRAGMA journal_mode = WAL")
        for step in range(version):
            file.executescript(schema.MIGRATIONS[step])
        file.execute(f"PRAGMA application_id = {schema.APPLICATION_ID}")
        file.execute(f"PRAGMA user_version = {version}")
        file.execute(
            "INSERT INTO conversation (id, title, provider_id, model, created_at, updated_at) "
            "VALUES ('c', 'Old', 'p', 'm', 1, 2)"
        )


@pytest.mark.parametrize("version", range(1, schema.VERSION))
def test_a_chat_of_an_older_version_opens(profile: Profile, version: int) -> None:
    old_file(profile.chats_file, version)
    store, failure = open_store(profile, "owner")
    assert failure is None
    (found,) = store.conversations()
    assert found == Conversation(
        id="c", title="Old", provider_id="p", model="m", created_ms=1, updated_ms=2
    )
    store.close()
    with closing(sqlite3.connect(profile.chats_file)) as file:
        assert schema.stamp(file) == (schema.APPLICATION_ID, schema.VERSION)


def test_what_is_set_for_a_chat_is_kept_and_changed(profile: Profile) -> None:
    store, _ = open_store(profile, "owner")
    one = Conversation(
        id="c", title="T", assistant_id="a", params='{"seed": 1}', code_wraps='[["m",0,0,1]]'
    )
    store.apply([SaveConversation(one)], durable=True)
    other = Conversation(id="c", title="T", params='{"seed": 2}', code_wraps="[]")
    assert store.conversation("c") == one
    store.apply([SaveConversation(other)], durable=True)
    store.close()
    again = ConversationStore(profile.chats_file, "owner")
    assert again.conversation("c") == other
    again.close()
