"""What helps to find out why something went wrong, and can be given to anybody.

No words of chats, no keys, no names of services and no addresses: versions, the platform, which
libraries do the work, and the last entries of the log without the words of foreign exceptions.
"""

from __future__ import annotations

import os
import platform
import re
import sqlite3
import ssl
import sys
from importlib import metadata
from typing import TYPE_CHECKING, Final

from desktop_chat import __version__
from desktop_chat.domain.redaction import redact_all
from desktop_chat.storage.keyring_backend import Refusal, chosen_backend, label_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from desktop_chat.storage.paths import Profile

_PACKAGES: Final = (
    "PySide6-Essentials", "shiboken6", "httpx", "httpcore", "socksio", "truststore", "certifi",
    "keyring", "SecretStorage", "jeepney", "markdown-it-py", "Pygments", "ziamath", "platformdirs",
)  # fmt: skip
_SESSION: Final = ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE", "LANG")
_ENTRIES: Final = 20
_READ_BYTES: Final = 256 * 1024
_LINES: Final = 24
_ENTRY: Final = re.compile(
    r"(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d:\d\d),\d{3} \d+ "
    r"(?P<level>[A-Z]+) (?P<name>[\w.]+): ?(?P<words>.*)"
)
_FRAME: Final = re.compile(r'  File "(?P<file>[^"]+)", line (?P<line>\d+), in (?P<function>\S+)')
_EXCEPTION: Final = re.compile(
    r"(?P<kind>[A-Za-z_][\w.]*(?:Error|Exception|Warning|Exit|Interrupt))\b"
)
_OURS: Final = "desktop_chat"


def diagnostics(profile: Profile, parts: Mapping[str, Sequence[str]]) -> str:
    """Return it all as text; `parts` are further titles with their lines. Blocks."""
    sections = {
        "Versions": _versions(),
        "Platform": _platform(),
        "Backends": _backends(profile),
        **parts,
        "Last errors": list(last_errors(profile)) or ["none"],
    }
    lines = [f"Desktop Chat {__version__}"]
    for title, found in sections.items():
        lines += ["", title, *(f"  {one}" for one in found)]
    return redact_all("\n".join(lines)) + "\n"


def last_errors(profile: Profile) -> Iterator[str]:
    """Yield the last entries of the log: our own words, kinds and places of exceptions alone."""
    entries: list[list[str]] = []
    for line in _tail(profile):
        if _ENTRY.match(line):
            entries.append([line])
        elif entries:
            entries[-1].append(line)
    for entry in entries[-_ENTRIES:]:
        yield from _told(entry)


def _told(entry: list[str]) -> Iterator[str]:
    head = _ENTRY.match(entry[0])
    if head is None:
        return
    ours = head["name"].partition(".")[0] == _OURS
    words = head["words"] if ours else "(words left out)"
    yield f"{head['time']} {head['level']} {head['name']}: {words}"
    for line in entry[1 : _LINES + 1]:
        if frame := _FRAME.match(line):
            yield f"    {_short(frame['file'])}:{frame['line']} in {frame['function']}"
        elif not line.startswith(" ") and (found := _EXCEPTION.match(line)):
            # What it says of itself may be anything, a person's own words among them.
            yield f"    {found['kind']}"


def _short(file: str) -> str:
    """Return a file's path without the folders of a person in it."""
    parts = re.split(r"[\\/]", file)
    for start in (_OURS, "site-packages"):
        if start in parts:
            return "/".join(parts[len(parts) - 1 - parts[::-1].index(start) :])
    return parts[-1]


def _tail(profile: Profile) -> list[str]:
    """Return the last lines; a log that was begun anew a moment ago goes on from the one before."""
    before = profile.log_file.with_name(f"{profile.log_file.name}.1")
    text = _end_of(before) + _end_of(profile.log_file)
    return text[-_READ_BYTES:].decode("utf-8", "replace").splitlines()


def _end_of(file: Path) -> bytes:
    try:
        with file.open("rb") as opened:
            opened.seek(0, os.SEEK_END)
            opened.seek(max(0, opened.tell() - _READ_BYTES))
            return opened.read()
    except OSError:
        return b""


def _versions() -> list[str]:
    own = [
        f"Python {platform.python_version()} ({platform.python_implementation()})",
        f"SQLite {sqlite3.sqlite_version}",
        ssl.OPENSSL_VERSION,
    ]
    return [*own, *(f"{name} {found}" for name in _PACKAGES if (found := _version(name)))]


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def _platform() -> list[str]:
    session = [f"{name}={os.environ[name]}" for name in _SESSION if name in os.environ]
    packed = "yes" if getattr(sys, "frozen", False) else "no"
    return [platform.platform(), platform.machine(), *session, f"Packed: {packed}"]


def _backends(profile: Profile) -> list[str]:
    return [f"Keyring: {_keyring()}", f"Chats: {_size(profile)}"]


def _keyring() -> str:
    try:
        backend = chosen_backend()
        if isinstance(backend, Refusal):
            return f"none ({backend.reason})"
        return f"{label_of(backend)} ({type(backend).__module__})"
    except Exception as error:  # noqa: BLE001 - backends raise classes without a common root
        return f"none ({type(error).__name__})"


def _size(profile: Profile) -> str:
    try:
        return f"{profile.chats_file.stat().st_size / 2**20:.1f} MB"
    except OSError as error:
        return error.strerror or type(error).__name__
