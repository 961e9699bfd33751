"""The log of the program itself: small, private, without a word of any chat and without a key."""

from __future__ import annotations

import logging
import os
import sys
import threading
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import TYPE_CHECKING, Final

from typing_extensions import override

from desktop_chat.domain.redaction import redact_all
from desktop_chat.storage.paths import make_folder

if TYPE_CHECKING:
    from types import TracebackType

    from desktop_chat.storage.paths import Profile

FILE_BYTES: Final = 512 * 1024
OLD_FILES: Final = 2
_CHATTY: Final = ("httpx", "httpcore", "hpack", "markdown_it", "keyring", "asyncio")
_log = logging.getLogger("desktop_chat")


def start_log(profile: Profile) -> None:
    """Log warnings and unexpected ends into the profile's file, which is made when needed."""
    handler = LogFile(profile.log_file)
    handler.setFormatter(
        RedactingFormatter("%(asctime)s %(process)d %(levelname)s %(name)s: %(message)s")
    )
    root = logging.getLogger()
    for old in [one for one in root.handlers if isinstance(one, LogFile)]:
        root.removeHandler(old)
        old.close()
    root.addHandler(handler)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.captureWarnings(capture=True)
    sys.excepthook = _on_exception
    threading.excepthook = _on_thread_exception


class RedactingFormatter(logging.Formatter):
    """Masks keys in the whole of a record: message, arguments and traceback."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        return redact_all(super().format(record))


class LogFile(RotatingFileHandler):
    """A file that only its owner may read, made at the first record and kept small."""

    def __init__(self, path: Path) -> None:
        super().__init__(
            path,
            maxBytes=FILE_BYTES,
            backupCount=OLD_FILES,
            encoding="utf-8",
            delay=True,
            errors="backslashreplace",
        )

    @override
    def _open(self) -> TextIOWrapper:
        make_folder(Path(self.baseFilename).parent)
        descriptor = os.open(self.baseFilename, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        return TextIOWrapper(
            os.fdopen(descriptor, "ab"), encoding=self.encoding, errors=self.errors
        )

    @override
    def handleError(self, record: logging.LogRecord) -> None:
        """Go on without the log: a full disk must not fill the terminal with tracebacks."""


def _on_exception(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """Log what nobody caught; tracebacks show source lines and never the values of variables."""
    if not issubclass(kind, KeyboardInterrupt):
        _log.critical("an exception that nobody caught", exc_info=(kind, error, trace))
    if sys.stderr is not None:
        formatter = RedactingFormatter()
        sys.stderr.write(redact_all(formatter.formatException((kind, error, trace))) + "\n")


def _on_thread_exception(arguments: threading.ExceptHookArgs) -> None:
    if arguments.exc_value is not None and not isinstance(arguments.exc_value, SystemExit):
        _on_exception(arguments.exc_type, arguments.exc_value, arguments.exc_traceback)
