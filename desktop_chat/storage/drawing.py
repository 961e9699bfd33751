"""Which message is being drawn, kept where a hang, a crash and a kill cannot take it along."""

from __future__ import annotations

import contextlib
import faulthandler
import mmap
import os
import time
from typing import IO, TYPE_CHECKING, Any, Final

from desktop_chat.domain.ids import new_id
from desktop_chat.storage.json_file import JsonFile
from desktop_chat.storage.locks import FileLock
from desktop_chat.storage.paths import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from desktop_chat.domain.errors import Failure
    from desktop_chat.storage.paths import Profile

SLOT: Final = 64
"""Bytes that hold one id; an empty first one says that nothing is being drawn."""
MOST_KEPT: Final = 500
HANG_S = 3.0
"""A message that takes so long to draw hangs; a person has not lost patience before."""
ARM_S: Final = 1.0
ENDING: Final = ".drawing"


class DrawingRecord:
    """Notes the message that is being drawn; knows those at which a process ended before.

    The note stands in a mapped file: writing it costs no call to the system, and it is there
    however the process ends. The file is locked while its process lives. Behind the note the
    interpreter writes, from a thread or a signal of its own, where it hung or crashed: without
    that a process was killed or lost its power, which is no message's fault.
    """

    def __init__(
        self, profile: Profile, post: Callable[[Callable[[], Failure | None]], None]
    ) -> None:
        self._profile = profile
        self._post = post
        """Has a small file written, elsewhere than on the caller's thread."""
        self._file = JsonFile(profile.data / "drawing.json")
        self._path = profile.run / f"{new_id()}{ENDING}"
        self._lock = FileLock(self._path)
        self._slot: mmap.mmap | bytearray | None = None
        self._traces: IO[bytes] | None = None
        self._armed_s = 0.0
        self._notes_crashes = False
        self._strikes: dict[str, int] | None = None

    @property
    def strikes(self) -> Mapping[str, int]:
        """How often a process ended while drawing a message; who is not named never did."""
        if self._strikes is None:
            self._strikes = self._found()
        return self._strikes

    def enter(self, item_id: str) -> None:
        """Note that a message is being drawn."""
        if self._slot is None:
            self._slot = self._open()
        if self._traces is not None and time.monotonic() - self._armed_s > ARM_S:
            self._arm(self._traces)
        self._slot[:SLOT] = item_id.encode(errors="replace")[:SLOT].ljust(SLOT, b"\0")

    def leave(self) -> None:
        """Note that it is drawn."""
        if self._slot is not None:
            self._slot[0] = 0

    def forgive(self, item_id: str) -> None:
        """Forget what happened at a message: the person wishes to see it again."""
        if isinstance(self._strikes, dict):
            self._strikes.pop(item_id, None)
        self._post(lambda: self._file.change(lambda content: _drop(content, item_id)))

    def close(self) -> None:
        """Take the note away at a good end."""
        if self._traces is not None:
            faulthandler.cancel_dump_traceback_later()
            if self._notes_crashes:
                faulthandler.disable()
            self._traces.close()
        if isinstance(self._slot, mmap.mmap):
            self._slot.close()
        self._slot = self._traces = None
        if self._lock.held:
            self._lock.release()
            with contextlib.suppress(OSError):
                self._path.unlink(missing_ok=True)

    def _open(self) -> mmap.mmap | bytearray:
        """Map the file; where there can be none, the note is kept for nobody."""
        try:
            make_folder(self._path.parent)
            if not self._lock.acquire():
                return bytearray(SLOT)
            traces = self._path.open("ab+", buffering=0)
            os.truncate(traces.fileno(), SLOT)
            slot = mmap.mmap(traces.fileno(), SLOT)
        except (OSError, ValueError):
            return bytearray(SLOT)
        self._traces = traces
        self._notes_crashes = not faulthandler.is_enabled()
        if self._notes_crashes:
            faulthandler.enable(traces)
        return slot

    def _arm(self, traces: IO[bytes]) -> None:
        """Have a hang noted from now on; what was noted of an idle time is no hang."""
        self._armed_s = time.monotonic()
        with contextlib.suppress(OSError):
            os.truncate(traces.fileno(), SLOT)
        faulthandler.dump_traceback_later(HANG_S, file=traces)

    def _found(self) -> dict[str, int]:
        """Return what is known from before, with what ended processes left behind."""
        known = _counts(self._file.read()[0])
        left = dict(self._left_behind())
        for item_id in left.values():
            if item_id:
                known[item_id] = known.get(item_id, 0) + 1
        if left:
            self._post(lambda: self._keep(left))
        return known

    def _left_behind(self) -> list[tuple[Path, str]]:
        """Return the files of processes that ended, with what they were drawing."""
        found: list[tuple[Path, str]] = []
        for path in self._profile.run.glob(f"*{ENDING}"):
            lock = FileLock(path)
            with contextlib.suppress(OSError):
                if path != self._path and lock.acquire():
                    found.append((path, _noted(path.read_bytes())))
                    lock.release()
        return found

    def _keep(self, left: dict[Path, str]) -> Failure | None:
        """Write what was found into the list before the files that said it are taken away."""

        def count(content: dict[str, Any]) -> None:
            for path, item_id in left.items():
                if item_id and path.exists():
                    content[item_id] = _counts(content).get(item_id, 0) + 1
            for old in list(content)[:-MOST_KEPT]:
                del content[old]

        failure = self._file.change(count) if any(left.values()) else None
        for path in left:
            with contextlib.suppress(OSError):
                path.unlink(missing_ok=True)
        return failure


def _noted(content: bytes) -> str:
    """Return what a process was drawing when it hung or crashed."""
    if len(content) <= SLOT:
        return ""
    return content[:SLOT].split(b"\0")[0].decode(errors="replace")


def _counts(content: dict[str, Any]) -> dict[str, int]:
    """Return what makes sense of a file that somebody may have edited."""
    return {key: one for key, one in content.items() if type(one) is int and one > 0}


def _drop(content: dict[str, Any], item_id: str) -> None:
    content.pop(item_id, None)
