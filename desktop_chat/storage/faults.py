"""What went wrong with a file or a database, as the failure that the person is told of."""

from __future__ import annotations

import errno
import sqlite3
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure

if TYPE_CHECKING:
    from pathlib import Path

_PRIMARY_CODE: Final = 0xFF
"""SQLite's extended codes keep the plain one in their lowest byte."""

_KINDS: Final = {
    sqlite3.SQLITE_FULL: ErrorKind.DISK_FULL,
    sqlite3.SQLITE_CORRUPT: ErrorKind.STORE_DAMAGED,
    sqlite3.SQLITE_NOTADB: ErrorKind.STORE_DAMAGED,
    sqlite3.SQLITE_FORMAT: ErrorKind.STORE_DAMAGED,
    sqlite3.SQLITE_BUSY: ErrorKind.STORE_BUSY,
    sqlite3.SQLITE_LOCKED: ErrorKind.STORE_BUSY,
    sqlite3.SQLITE_READONLY: ErrorKind.STORE_REFUSED,
    sqlite3.SQLITE_CANTOPEN: ErrorKind.STORE_REFUSED,
    sqlite3.SQLITE_PERM: ErrorKind.STORE_REFUSED,
    sqlite3.SQLITE_AUTH: ErrorKind.STORE_REFUSED,
    sqlite3.SQLITE_IOERR: ErrorKind.STORE_REFUSED,
}


def database_error(error: sqlite3.Error, path: Path | None) -> ChatError:
    """Return the failure that an error of SQLite stands for."""
    code: int | None = getattr(error, "sqlite_errorcode", None)
    kind = ErrorKind.INTERNAL
    if code is not None:
        kind = _KINDS.get(code & _PRIMARY_CODE, ErrorKind.INTERNAL)
    elif "decode" in str(error):
        kind = ErrorKind.STORE_DAMAGED
    name = getattr(error, "sqlite_errorname", type(error).__name__)
    return ChatError(Failure(kind=kind, detail=f"{name}: {error}", target=str(path or "")))


def file_error(error: OSError, path: Path) -> ChatError:
    """Return the failure that an error of the file system stands for."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    kind = ErrorKind.DISK_FULL if full else ErrorKind.STORE_REFUSED
    detail = f"{type(error).__name__}: {error.strerror or error}"
    return ChatError(Failure(kind=kind, detail=detail, target=str(path)))
