"""What all tests share: Qt without a screen, a real display for those that ask, missing tools."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# Before anything imports Qt, which reads it once.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# The keyring of whoever runs the tests is not theirs to touch; a test that wants one starts it.
os.environ["DBUS_SESSION_BUS_ADDRESS"] = "disabled:"

ROOT = Path(__file__).resolve().parents[1]
TOOLS = tomllib.loads((ROOT / "packaging/system-packages.toml").read_text("utf-8"))["tools"]
PREFIX = "needs "
DEADLINE_S = 20.0


def missing_tools(item: pytest.Item) -> list[str]:
    """Return the tools that a test names and this system lacks. An unknown name is a mistake."""
    named = [str(name) for mark in item.iter_markers("needs") for name in mark.args]
    if unknown := [name for name in named if name not in TOOLS]:
        raise pytest.UsageError(f"packaging/system-packages.toml knows no {unknown}")
    return [name for name in dict.fromkeys(named) if not _is_present(name)]


def _is_present(name: str) -> bool:
    file = TOOLS[name].get("file")
    return Path(file).exists() if file else shutil.which(name) is not None


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


@pytest.fixture(scope="session")
def shared() -> Path:
    """Recordings and cases that lie beside the checkout; the test is skipped where they do not."""
    folder = Path(os.environ.get("DESKTOP_CHAT_SHARED") or ROOT.parent / "shared")
    if not folder.is_dir():
        pytest.skip(f"no shared data at {folder}")
    return folder


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real X display with a window manager, for programs that a test starts: its `DISPLAY`.

    A test that uses it says `@pytest.mark.needs("Xvfb", "openbox")`.
    """
    reading, writing = os.pipe()
    screen = ["-screen", "0", "1280x900x24", "-nolisten", "tcp", "-displayfd", str(writing)]
    server = subprocess.Popen(["Xvfb", *screen], pass_fds=[writing], stderr=subprocess.DEVNULL)
    os.close(writing)
    with os.fdopen(reading) as numbers:
        name = f":{numbers.readline().strip()}"
    if name == ":":
        server.wait(DEADLINE_S)
        pytest.fail(f"Xvfb ended with {server.returncode}")
    manages = tmp_path_factory.mktemp("display") / "managed"
    manager = subprocess.Popen(
        ["openbox", "--startup", f"touch {manages}"],
        env={**os.environ, "DISPLAY": name},
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(manages, manager)
        yield name
    finally:
        for process in (manager, server):
            process.terminate()
            process.wait(DEADLINE_S)


def _wait_for(file: Path, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + DEADLINE_S
    while not file.exists():
        if process.poll() is not None or time.monotonic() > end:
            pytest.fail(f"{process.args!r} did not come up", pytrace=False)
        time.sleep(0.01)


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
