"""Where a profile's files lie: under one folder, or in the platform's own places."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

PROFILE_VARIABLE: Final = "DESKTOP_CHAT_PROFILE"


@dataclass(frozen=True, slots=True)
class Profile:
    """The folders of one profile. Nothing is made on disk until something is written."""

    settings: Path
    data: Path
    logs: Path
    run: Path
    """Lock files of the running processes."""

    @property
    def settings_file(self) -> Path:
        """What the person has set."""
        return self.settings / "settings.json"

    @property
    def providers_file(self) -> Path:
        """The services that the person has added, without their keys."""
        return self.settings / "providers.json"

    @property
    def prices_file(self) -> Path:
        """What models cost, where the person knows better than the program."""
        return self.settings / "prices.toml"

    @property
    def chats_file(self) -> Path:
        """The conversations."""
        return self.data / "chats.db"

    @property
    def key_use_file(self) -> Path:
        """When each key was last used."""
        return self.data / "key-use.json"

    @property
    def log_file(self) -> Path:
        """The log of the program itself, without a word of any chat."""
        return self.logs / "desktop-chat.log"


def find_profile(folder: str | None = None) -> Profile:
    """Return the profile under `folder`, else under `DESKTOP_CHAT_PROFILE`, else the platform's."""
    chosen = folder or os.environ.get(PROFILE_VARIABLE)
    if chosen:
        root = Path(chosen).expanduser().absolute()
        return Profile(root / "settings", root / "data", root / "logs", root / "run")
    return _platform_profile()


def make_folder(folder: Path) -> Path:
    """Make a folder, and the parents that it lacks, for its owner alone; return it."""
    if not folder.is_dir():
        make_folder(folder.parent)
        folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _platform_profile() -> Profile:
    # Most starts of tests and benchmarks name their folder: the import is for the others.
    from platformdirs import PlatformDirs  # noqa: PLC0415

    places = PlatformDirs("desktop-chat", appauthor=False)
    data = places.user_data_path
    return Profile(
        settings=places.user_config_path,
        data=data,
        logs=places.user_log_path,
        run=data / "run",
    )
