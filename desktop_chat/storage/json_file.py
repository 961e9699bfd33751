"""A small JSON file that several processes change and a person may edit."""

from __future__ import annotations

import contextlib
import json
import os
from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.storage.damage import free_name
from desktop_chat.storage.faults import file_error
from desktop_chat.storage.locks import hold
from desktop_chat.storage.paths import make_folder

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

_LOCK_PATIENCE_S: Final = 2.0
_SIZE_LIMIT: Final = 16 * 1024 * 1024


class JsonFile:
    """One JSON object in a file; unreadable ones are kept aside, never written over."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> tuple[dict[str, Any], Failure | None]:
        """Return the object, or an empty one and the reason."""
        try:
            return _parsed(self._path.read_bytes()), None
        except FileNotFoundError:
            return {}, None
        except OSError as error:
            return {}, file_error(error, self._path).failure
        except ValueError as error:
            reason = error
        try:
            # Another process may just be writing a sound one: looked at again, alone.
            with self._hold():
                return self._read_or_set_aside()
        except ChatError:
            return {}, self._damaged(reason, self._path)

    def change(self, edit: Callable[[dict[str, Any]], None]) -> Failure | None:
        """Read, let `edit` change the object, write; no other process comes between.

        Returns the failure where the old file was damaged and is kept aside. Raises `ChatError`
        where nothing can be written; then the old file stands as it was.
        """
        with self._hold():
            content, failure = self._read_or_set_aside()
            edit(content)
            text = json.dumps(content, ensure_ascii=False, indent=2) + "\n"
            try:
                replace_file(self._path, text.encode(errors="surrogatepass"))
            except OSError as error:
                raise file_error(error, self._path) from error
        return failure

    def _hold(self) -> AbstractContextManager[None]:
        return hold(self._path.with_name(f"{self._path.name}.lock"), _LOCK_PATIENCE_S)

    def _read_or_set_aside(self) -> tuple[dict[str, Any], Failure | None]:
        try:
            return _parsed(self._path.read_bytes()), None
        except FileNotFoundError:
            return {}, None
        except ValueError as error:
            kept = free_name(self._path)
            self._path.replace(kept)
            return {}, self._damaged(error, kept)
        except OSError as error:
            raise file_error(error, self._path) from error

    def _damaged(self, reason: ValueError, kept: Path) -> Failure:
        return Failure(kind=ErrorKind.SETTINGS_DAMAGED, detail=str(reason)[:300], target=str(kept))


def _parsed(content: bytes) -> dict[str, Any]:
    """Return the object; raises `ValueError` for anything else."""
    if len(content) > _SIZE_LIMIT:
        raise ValueError("the file is far too large")
    try:
        found = json.loads(content.decode("utf-8-sig", "surrogatepass"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error
    if not isinstance(found, dict):
        raise ValueError("the file holds no JSON object")  # noqa: TRY004 - as a damaged file
    return found


def replace_file(path: Path, content: bytes) -> None:
    """Put `content` in the place of a file at once, so that no reader ever sees a half of it."""
    # A link into a folder of dot files is kept: what it points to is replaced.
    target = path.resolve()
    make_folder(target.parent)
    fresh = target.with_name(f"{target.name}.new")
    try:
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(target)
    except OSError:
        with contextlib.suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
