"""What all tests share: Qt without a screen, a real display for those that ask, missing tools."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from desktop_chat.domain.keys import forget_variables
from tests.display import real_display

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# Before anything imports Qt, which reads it once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The keyring of whoever runs the tests is not theirs to touch; a test that wants one starts it.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"

# A busy machine makes no test fail.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")

ROOT = Path(__file__).resolve().parents[1]
TOOLS = tomllib.loads((ROOT / "packaging/system-packages.toml").read_text("utf-8"))["tools"]
PREFIX = "needs "
OLD = 20
"""After so many smaller collections of garbage there is a full one."""


def missing_tools(item: pytest.Item) -> list[str]:
    """Return the tools that a test names and this system lacks. An unknown name is a mistake."""
    named = [str(name) for mark in item.iter_markers("needs") for name in mark.args]
    if unknown := [name for name in named if name not in TOOLS]:
        raise pytest.UsageError(f"packaging/system-packages.toml knows no {unknown}")
    return [name for name in dict.fromkeys(named) if not _is_present(name)]


def _is_present(name: str) -> bool:
    file = TOOLS[name].get("file")
    return Path(file).exists() if file else shutil.which(name) is not None


def pytest_collection_finish() -> None:
    """Leave what collecting made out of every collection: its pauses of 0.1 s stop what runs."""
    gc.freeze()
    # As in the program: a thread that collects garbage destroys objects of Qt there, and crashes.
    gc.disable()


def pytest_runtest_logfinish() -> None:
    """Collect garbage between tests, on the main thread, whatever a test left switched on."""
    gc.disable()
    young, middle, old = gc.get_count()
    if young > gc.get_threshold()[0]:
        gc.collect(2 if old > OLD else 1 if middle else 0)


def pytest_sessionfinish() -> None:
    """Leave nothing on the clipboard of no screen: it outlives Python, and what it held crashed."""
    gui = sys.modules.get("PySide6.QtGui")
    if gui is not None and gui.QGuiApplication.instance() is not None:
        gui.QGuiApplication.clipboard().clear()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip a test whose tools are missing; where everything must be there, fail it."""
    if not (missing := missing_tools(item)):
        return
    packages = " ".join(sorted({TOOLS[name]["package"] for name in missing}))
    reason = f"{PREFIX}{', '.join(missing)} (apt-get install {packages})"
    if os.environ.get("CI"):
        pytest.fail(reason, pytrace=False)
    pytest.skip(reason)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter,
) -> Generator[None, None, None]:
    """Name, as the last thing above the counts, the tests that the system lacks something for."""
    yield
    skipped = []
    for report in terminalreporter.stats.get("skipped", []):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        if (text := str(reason).removeprefix("Skipped: ")).startswith(PREFIX):
            skipped.append(f"{report.nodeid} {text}")
    if skipped:
        terminalreporter.section("not run: the system lacks their tools")
        for line in sorted(skipped):
            terminalreporter.write_line(line)


@pytest.fixture
def python_collects() -> Iterator[None]:
    """Leave garbage to Python during a test, as in a program that has not decided otherwise."""
    gc.enable()
    yield
    gc.disable()


@pytest.fixture(scope="session")
def shared() -> Path:
    """Recordings and cases that lie beside the checkout; the test is skipped where they do not."""
    folder = Path(os.environ.get("DESKTOP_CHAT_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}")
    return folder


@pytest.fixture(scope="session")
def display() -> Iterator[str]:
    """A real X display with a window manager, for programs that a test starts: its `DISPLAY`.

    A test that uses it says `@pytest.mark.needs("Xvfb", "openbox")`.
    """
    with real_display() as name:
        yield name


@pytest.fixture
def program_environment(tmp_path: Path, display: str) -> dict[str, str]:
    """The environment for starting the real program on the display, in a profile of its own."""
    environment = {**os.environ, "DISPLAY": display, "QT_QPA_PLATFORM": "xcb"}
    environment["DESKTOP_CHAT_PROFILE"] = str(tmp_path / "profile")
    environment["PYTHONPATH"] = str(ROOT)
    environment.pop("WAYLAND_DISPLAY", None)
    if sys.platform.startswith("linux"):
        environment["XDG_RUNTIME_DIR"] = str(tmp_path)
    return environment


@pytest.fixture(autouse=True)
def _variables_are_left_alone() -> Iterator[None]:
    """Forget what a test had taken out of the environment: another sets its own."""
    yield
    forget_variables()
