"""How tests that need tools of the system are told apart, skipped or failed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

TESTS = """
import subprocess
import pytest

@pytest.mark.needs("xclip")
def test_that_needs_a_tool():
    assert True

@pytest.mark.needs("Xvfb", "openbox")
def test_that_opens_a_display(display):
    subprocess.run(["xdotool", "getdisplaygeometry"], env={"DISPLAY": display, **PATH}, check=True)

def test_that_needs_nothing():
    assert True
"""


def run_pytest(folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run pytest, under this project's settings, on a copy of its conftest and on `TESTS`."""
    packages = folder / "packaging"
    tests = folder / "tests"
    packages.mkdir()
    tests.mkdir()
    for name in (
        "packaging/system-packages.toml",
        "tests/conftest.py",
        "tests/display.py",
        "pyproject.toml",
    ):
        (folder / name).write_bytes((ROOT / name).read_bytes())
    (tests / "test_some.py").write_text(f"PATH = {{'PATH': {os.environ['PATH']!r}}}\n{TESTS}")
    base = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-n", "2", "-k", environment.pop("wanted", "")],
        cwd=folder,
        env=base | environment,
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_missing_tool_skips_its_test_and_is_named_above_the_last_line(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, PATH="/nowhere", wanted="tool or nothing")
    lines = done.stdout.strip().splitlines()
    assert done.returncode == 0, done.stdout
    assert "1 passed, 1 skipped" in lines[-1]
    assert lines[-2].startswith("tests/test_some.py::test_that_needs_a_tool needs xclip (apt-get")


def test_a_missing_tool_fails_its_test_where_everything_must_be_there(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, PATH="/nowhere", wanted="tool or nothing", CI="true")
    assert done.returncode == 1
    assert "needs xclip (apt-get install xclip)" in done.stdout
    assert "1 passed, 1 error" in done.stdout


@pytest.mark.needs("Xvfb", "openbox", "xdotool")
def test_a_display_is_real(tmp_path: Path) -> None:
    done = run_pytest(tmp_path, wanted="display")
    assert done.returncode == 0, done.stdout + done.stderr
