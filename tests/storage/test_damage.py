"""Files that cannot be used: reported, kept aside, and never in the way of a start."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.chat import MessageState, Part
from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.storage import damage, schema
from desktop_chat.storage.commands import AddMessage, SaveConversation
from desktop_chat.storage.conversations import ConversationStore, open_store
from tests.storage.chats import answer, conversation, question

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.storage.paths import Profile

ROOT = Path(__file__).resolve().parents[2]


def filled(profile: Profile) -> Path:
    """Make a chat file of some hundred pages; return it, closed."""
    store, failure = open_store(profile, "owner")
    assert failure is None
    chat = conversation()
    asked = question(chat)
    store.apply([SaveConversation(chat), AddMessage(asked)], durable=True)
    many = [
        answer(asked, Part("text", f"{n} " * 900), state=MessageState.COMPLETE) for n in range(200)
    ]
    store.apply([AddMessage(one) for one in many], durable=True)
    store.close()
    return profile.chats_file


def overwrite(path: Path, start: float, end: float) -> None:
    content = bytearray(path.read_bytes())
    begin, stop = int(len(content) * start), int(len(content) * end)
    content[begin:stop] = random.Random(7).randbytes(stop - begin)
    path.write_bytes(content)


def foreign_database(path: Path) -> None:
    path.unlink()
    with sqlite3.connect(path) as other:
        other.execute("CREATE TABLE cookies (a)")
    other.close()


DAMAGES: dict[str, Callable[[Path], object]] = {
    "zero bytes": lambda path: path.write_bytes(b""),
    "a text file": lambda path: path.write_text("Dear diary,\n" * 100, "utf-8"),
    "one byte": lambda path: path.write_bytes(b"S"),
    "only zeros": lambda path: path.write_bytes(bytes(path.stat().st_size)),
    "cut in the head": lambda path: os.truncate(path, 60),
    "cut to a page": lambda path: os.truncate(path, 4096),
    "cut in half": lambda path: os.truncate(path, path.stat().st_size // 2),
    "cut by a page": lambda path: os.truncate(path, path.stat().st_size - 4096),
    "head written over": lambda path: overwrite(path, 0, 0.01),
    "middle written over": lambda path: overwrite(path, 0.4, 0.6),
    "all but the head written over": lambda path: overwrite(path, 0.1, 1),
    "another program's database": foreign_database,
}


@pytest.mark.parametrize("how", DAMAGES)
def test_a_damaged_file_is_kept_aside_and_a_new_one_begun(profile: Profile, how: str) -> None:
    path = filled(profile)
    DAMAGES[how](path)
    before = path.read_bytes()

    store, failure = open_store(profile, "owner")

    assert failure is not None
    assert failure.kind is ErrorKind.STORE_DAMAGED
    kept = Path(failure.target)
    assert kept.parent == path.parent
    assert kept.read_bytes() == before
    assert store.path == path
    chat = conversation()
    store.apply([SaveConversation(chat)], durable=True)
    assert store.conversations() == [chat]
    store.close()
    again, failure = open_store(profile, "owner")
    assert failure is None
    assert again.conversations() == [chat]
    again.close()


def test_every_damaged_file_is_kept_under_a_name_of_its_own(profile: Profile) -> None:
    kept = set()
    for number in range(3):
        filled(profile).write_text(f"damage {number}", "utf-8")
        store, failure = open_store(profile, "owner")
        store.close()
        assert failure is not None
        kept.add(failure.target)
        profile.chats_file.unlink()
    assert len(kept) == 3
    assert {Path(one).read_text("utf-8") for one in kept} == {f"damage {n}" for n in range(3)}


def test_a_log_is_kept_with_its_file_and_never_replayed_into_a_new_one(profile: Profile) -> None:
    path = filled(profile)
    log = Path(f"{path}-wal")
    log.write_bytes(b"the log of a crash")
    path.write_text("damaged", "utf-8")
    store, failure = open_store(profile, "owner")
    assert failure is not None
    assert Path(f"{failure.target}-wal").read_bytes() == b"the log of a crash"
    assert store.conversations() == []
    store.close()

    path.unlink()
    log.write_bytes(b"a log without its file")
    store, failure = open_store(profile, "owner")
    assert failure is None
    store.check(whole=True)
    store.close()


def test_what_was_being_made_when_the_program_died_is_no_damage(profile: Profile) -> None:
    profile.data.mkdir(parents=True)
    for name in ("chats.db.new", "chats.db.new-wal", "chats.db.new-shm"):
        (profile.data / name).write_bytes(b"half a")
    store, failure = open_store(profile, "owner")
    assert failure is None
    assert store.path == profile.chats_file
    store.close()
    assert sorted(one.name for one in profile.data.iterdir()) == ["chats.db", "chats.lock"]


def test_damage_that_shows_later_is_a_typed_failure(profile: Profile) -> None:
    path = filled(profile)
    store = ConversationStore(path, "owner")
    chat_id = store.conversations()[0].id
    with path.open("r+b") as file:
        file.seek(8 * 4096)
        file.write(b"\xff" * (path.stat().st_size - 8 * 4096))
    with pytest.raises(ChatError) as caught:
        store.messages(chat_id)
    assert caught.value.failure.kind is ErrorKind.STORE_DAMAGED
    store.close()


def test_a_file_of_a_newer_version_is_left_as_it_is(profile: Profile) -> None:
    path = filled(profile)
    with sqlite3.connect(path) as other:
        other.execute(f"PRAGMA user_version = {schema.VERSION + 1}")
    other.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    other.close()
    before = path.read_bytes()

    store, failure = open_store(profile, "owner")

    assert failure is not None
    assert failure.kind is ErrorKind.STORE_NEWER
    assert failure.target == str(path)
    assert store.path is None
    store.apply([SaveConversation(conversation())], durable=True)
    store.close()
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["chats.db", "chats.lock"]


def test_a_place_that_cannot_hold_files_leaves_the_store_in_memory(profile: Profile) -> None:
    profile.data.parent.mkdir(parents=True)
    profile.data.write_text("a file where the folder should be")
    store, failure = open_store(profile, "owner")
    assert failure is not None
    assert failure.kind is ErrorKind.STORE_REFUSED
    store.apply([SaveConversation(conversation())], durable=True)
    assert len(store.conversations()) == 1
    store.close()


def test_a_folder_in_the_place_of_the_file_leaves_the_store_in_memory(profile: Profile) -> None:
    (profile.chats_file / "inside").mkdir(parents=True)
    store, failure = open_store(profile, "owner")
    assert failure is not None
    assert failure.kind is ErrorKind.STORE_REFUSED
    assert store.path is None
    assert (profile.chats_file / "inside").is_dir()
    store.close()


READ_ONLY = """
import os, sys
folder, user = sys.argv[1], int(sys.argv[2])
from desktop_chat.storage import damage, json_file, locks, secrets
from desktop_chat.storage.conversations import open_store
from desktop_chat.storage.commands import SaveConversation
from desktop_chat.storage.paths import find_profile
from desktop_chat.storage.settings import SettingsFile
from desktop_chat.domain.chat import Conversation
from desktop_chat.domain.errors import ChatError
if os.getuid() == 0:
    os.setuid(user)
profile = find_profile(folder)
lock = locks.OwnerLock(profile)
store, failure = open_store(profile, lock.id)
print(failure.kind.value, lock.held, store.path)
store.apply([SaveConversation(Conversation(id="c"))], durable=True)
print(len(store.conversations()))
settings = SettingsFile(profile.settings_file)
print(settings.load())
try:
    settings.update({"theme": "dark"})
except ChatError as error:
    print(error.failure.kind.value)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
@pytest.mark.parametrize("has_chats", [False, True])
def test_a_read_only_folder_leaves_the_program_running(has_chats: bool) -> None:
    # Not in pytest's own folder, which another user may not even look into.
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        folder.chmod(0o755)
        for name in ("data", "settings", "run", "logs"):
            (folder / name).mkdir()
        if has_chats:
            damage.create(folder / "data" / "chats.db")
            (folder / "data" / "chats.db").chmod(0o644)
        for name in ("data", "settings", "run", "logs"):
            (folder / name).chmod(0o555)
        shown = subprocess.run(
            [sys.executable, "-c", READ_ONLY, place, "65534"],
            cwd=ROOT,
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for name in ("data", "settings", "run", "logs"):
            (folder / name).chmod(0o755)
    assert shown.splitlines() == [
        "store_refused False None",
        "1",
        "({}, None)",
        "store_refused",
    ]


def test_a_start_beside_a_running_program_finds_its_file_sound(profile: Profile) -> None:
    first, _ = open_store(profile, "one")
    chat = conversation()
    first.apply([SaveConversation(chat)], durable=True)
    second, failure = open_store(profile, "two")
    assert failure is None
    assert second.conversations() == [chat]
    second.close()
    first.close()


def test_many_first_starts_at_once_share_one_file(profile: Profile) -> None:
    program = (
        "import sys; from desktop_chat.storage.conversations import open_store;"
        "from desktop_chat.storage.paths import find_profile;"
        "from desktop_chat.storage.commands import SaveConversation;"
        "from desktop_chat.domain.chat import Conversation;"
        "store, failure = open_store(find_profile(sys.argv[1]), 'owner'); sys.stdin.read(1);"
        "store.apply([SaveConversation(Conversation(id=sys.argv[2]))], durable=True);"
        "print(failure, store.path is None)"
    )
    folder = str(profile.data.parent)
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", program, folder, str(number)],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(6)
    ]
    assert {start.communicate("x")[0] for start in starts} == {"None False\n"}
    store, _ = open_store(profile, "owner")
    assert {one.id for one in store.conversations()} == {str(number) for number in range(6)}
    store.close()
