"""A chat file that cannot be used: kept aside under another name, with a new one in its place."""

from __future__ import annotations

import contextlib
import os
import time
from typing import TYPE_CHECKING, Final

from desktop_chat.storage import schema
from desktop_chat.storage.paths import make_folder

if TYPE_CHECKING:
    from pathlib import Path

_COMPANIONS: Final = ("-wal", "-shm")
"""SQLite's own files beside a database, by the ends of their names."""
_HEAD_SIZE: Final = 100
_MAGIC: Final = b"SQLite format 3\0"
_STAMP_AT: Final = slice(68, 72)


def has_our_head(path: Path) -> bool:
    """Whether a file begins as ours do.

    SQLite is not asked: it would take the log of a stranger, or of a damaged file, for garbage.
    """
    with path.open("rb") as file:
        head = file.read(_HEAD_SIZE)
    stamp = schema.APPLICATION_ID.to_bytes(4, "big")
    return len(head) == _HEAD_SIZE and head.startswith(_MAGIC) and head[_STAMP_AT] == stamp


def free_name(path: Path) -> Path:
    """Return a name beside a damaged file that says what it is, and that nothing bears yet."""
    stamp = time.strftime("%Y%m%d-%H%M%S")
    kept = path.with_name(f"{path.stem}.damaged-{stamp}{path.suffix}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.stem}.damaged-{stamp}-{number}{path.suffix}")
    return kept


def set_aside(path: Path) -> Path:
    """Rename a damaged chat file, with what belongs to it; return its new path.

    The log goes first: were it left alone for a moment, it would be replayed into the new file.
    """
    kept = free_name(path)
    for end in _COMPANIONS:
        with contextlib.suppress(FileNotFoundError):
            os.replace(f"{path}{end}", f"{kept}{end}")  # noqa: PTH105 - names, not suffixes
    path.replace(kept)
    return kept


def create(path: Path) -> None:
    """Make an empty chat file. It appears whole or not at all."""
    make_folder(path.parent)
    fresh = path.with_name(f"{path.name}.new")
    fresh.unlink(missing_ok=True)
    for name in (path.name, fresh.name):
        for end in _COMPANIONS:
            path.with_name(name + end).unlink(missing_ok=True)
    descriptor = os.open(fresh, os.O_CREAT | os.O_EXCL, 0o600)
    os.close(descriptor)
    with contextlib.closing(schema.connect(str(fresh))) as connection:
        connection.execute("PRAGMA journal_mode = WAL")
        schema.migrate(connection, 0)
    fresh.replace(path)
