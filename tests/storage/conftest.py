"""What the storage tests share: a profile, its log, and the two stores behind one interface."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop_chat.storage import damage
from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.log import LogFile, start_log
from desktop_chat.storage.paths import Profile, find_profile

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return find_profile(str(tmp_path / "profile"))


@pytest.fixture(params=["file", "memory"])
def store(request: pytest.FixtureRequest, profile: Profile) -> Iterator[ConversationStore]:
    path = None
    if request.param == "file":
        path = profile.chats_file
        damage.create(path)
    made = ConversationStore(path, "owner")
    yield made
    made.close()


@pytest.fixture
def logger(profile: Profile) -> Iterator[logging.Logger]:
    """A logger whose words go to the log file of the profile, and nothing of it left afterwards."""
    hooks = sys.excepthook, threading.excepthook
    start_log(profile)
    yield logging.getLogger("desktop_chat.test")
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, LogFile)]:
        root.removeHandler(handler)
        handler.close()
