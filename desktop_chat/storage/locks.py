"""Locks that the system drops by itself when their process ends, however it ends."""

from __future__ import annotations

import contextlib
import os
import re
import sys
import time
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.ids import new_id
from desktop_chat.storage.faults import file_error
from desktop_chat.storage.paths import make_folder

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from desktop_chat.storage.paths import Profile

if sys.platform == "win32":
    import msvcrt

    def _try_lock(descriptor: int) -> bool:
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        return True

else:
    import fcntl

    def _try_lock(descriptor: int) -> bool:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True


_OWNER_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_RETRY_S: Final = 0.01
_TRIES: Final = 5


class FileLock:
    """An exclusive lock on a file of its own. Free again at `release`, or when the process ends."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._descriptor: int | None = None

    @property
    def held(self) -> bool:
        """Whether this object holds the lock."""
        return self._descriptor is not None

    def acquire(self) -> bool:
        """Try once to take the lock. Raises `OSError` where the file cannot be made."""
        if self.held:
            return True
        make_folder(self._path.parent)
        descriptor = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            locked = _try_lock(descriptor) and self._is_current(descriptor)
        except OSError:
            os.close(descriptor)
            raise
        if not locked:
            os.close(descriptor)
            return False
        self._descriptor = descriptor
        return True

    def release(self) -> None:
        """Give the lock back; harmless where it is not held."""
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None

    def _is_current(self, descriptor: int) -> bool:
        # Somebody may have removed the file between our opening it and our locking it.
        with contextlib.suppress(FileNotFoundError):
            return os.path.samestat(os.fstat(descriptor), self._path.stat())
        return False


@contextlib.contextmanager
def hold(path: Path, patience_s: float) -> Iterator[None]:
    """Hold the lock on `path` for a while.

    Raises `ChatError` where another process keeps it, or where the folder cannot be written.
    """
    lock = FileLock(path)
    deadline = time.monotonic() + patience_s
    try:
        while not lock.acquire():
            if time.monotonic() > deadline:
                raise ChatError(Failure(kind=ErrorKind.STORE_BUSY, target=str(path)))
            time.sleep(_RETRY_S)
    except OSError as error:
        raise file_error(error, path) from error
    try:
        yield
    finally:
        lock.release()


class OwnerLock:
    """Says that this process lives: others leave the rows alone that bear its id."""

    def __init__(self, profile: Profile) -> None:
        self.id = new_id()
        self._path = profile.run / f"{self.id}.lock"
        self._lock = FileLock(self._path)
        # Where the folder cannot be written there is no store either that others could share.
        with contextlib.suppress(OSError):
            # Another process may be looking just now whether the new file belongs to anybody.
            any(self._lock.acquire() for _ in range(_TRIES))

    @property
    def held(self) -> bool:
        """Whether the lock could be made; false in a folder that cannot be written."""
        return self._lock.held

    def release(self) -> None:
        """Give the lock back and take its file away."""
        if self._lock.held:
            self._lock.release()
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)


class WindowLock:
    """Held by the one process whose tabs, drafts and geometry belong to the profile."""

    def __init__(self, profile: Profile) -> None:
        self._lock = FileLock(profile.run / "window.lock")

    def acquire(self) -> bool:
        """Try to become the profile's window; false where another is, or nothing can be kept."""
        try:
            return self._lock.acquire()
        except OSError:
            return False

    def release(self) -> None:
        """Let another window have it."""
        self._lock.release()


def is_alive(profile: Profile, owner_id: str) -> bool:
    """Whether the process that bears `owner_id` still runs. In doubt, it does."""
    if not _OWNER_ID.fullmatch(owner_id):
        return False
    path = profile.run / f"{owner_id}.lock"
    if not path.exists():
        return False
    lock = FileLock(path)
    try:
        if not lock.acquire():
            return path.exists()
    except OSError:
        return True
    lock.release()
    with contextlib.suppress(OSError):
        path.unlink(missing_ok=True)
    return False


def sweep(profile: Profile) -> None:
    """Take away the lock files of processes that were killed."""
    for path in profile.run.glob("*.lock"):
        is_alive(profile, path.stem)
