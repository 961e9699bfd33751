"""What is imported by the time the window is painted. A count: no clock is asked."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Final

import pytest

if TYPE_CHECKING:
    from pathlib import Path

MOST_MODULES: Final = 452
"""A new person's window; it was 450 when this was written, 192 of them not ours."""
LATE: Final = (
    "PIL",
    "asyncio",
    "certifi",
    "cryptography",
    "desktop_chat.demo",
    "desktop_chat.domain.services",
    "desktop_chat.markdown.dialect",
    "desktop_chat.markdown.flavours",
    "desktop_chat.protocols.discovery",
    "desktop_chat.protocols.transport.http",
    "desktop_chat.runtime.services.discovery",
    "desktop_chat.runtime.network.exchanges",
    "desktop_chat.runtime.services.model_lists",
    "desktop_chat.runtime.network.requests",
    "desktop_chat.runtime.money.spending",
    "desktop_chat.transcript.spoken.accessible",
    "desktop_chat.ui.models.picker",
    "desktop_chat.ui.controls.popover",
    "desktop_chat.ui.providers.providers_dialog",
    "desktop_chat.ui.settings.settings_dialog",
    "desktop_chat.ui.settings.shortcuts_sheet",
    "desktop_chat.ui.settings.usage_dialog",
    "httpcore",
    "httpx",
    "keyring",
    "linkify_it",
    "markdown_it",
    "pygments",
    "ssl",
    "truststore",
    "ziamath",
)
PROGRAM: Final = """
import os, sys
from desktop_chat import __main__ as door
from desktop_chat.runtime.core import Core

def tell(core):
    print("\\n".join(sys.modules), flush=True)
    os._exit(0)

# What the first paint sets off: its threads would import more while the names are read.
Core.settle = tell
door.main(["--profile", sys.argv[1]])
"""


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> frozenset[str]:
    """The names of all modules that a new person's window was painted with."""
    profile: Path = tmp_path_factory.mktemp("profile")
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(profile)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return frozenset(done.stdout.split())


@pytest.mark.parametrize("name", LATE)
def test_the_window_is_painted_without(name: str, imported: frozenset[str]) -> None:
    assert "desktop_chat.ui.window.main_window" in imported
    assert name not in imported


def test_the_window_is_painted_with_few_modules(imported: frozenset[str]) -> None:
    assert len(imported) <= MOST_MODULES
