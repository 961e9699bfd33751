"""The house defends itself: who may import whom, and each rule seen to fail on a planted sin."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def lint_imports(folder: Path, *contracts: str) -> subprocess.CompletedProcess[str]:
    chosen = [argument for contract in contracts for argument in ("--contract", contract)]
    program = "from importlinter.cli import lint_imports_command as lint; lint()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-cache", "--no-logo", *chosen],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def loaded_modules(statement: str) -> set[str]:
    """Return what a fresh interpreter has imported after a statement."""
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}\nimport sys\nprint(*sys.modules)"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return set(done.stdout.split())


def imports_of(room: str) -> str:
    """Return statements that import every module of a room."""
    files = sorted((ROOT / "desktop_chat" / room).rglob("*.py"))
    names = [".".join(one.relative_to(ROOT).with_suffix("").parts) for one in files]
    return "\n".join(f"import {name.removesuffix('.__init__')}" for name in names)


def qt_modules(modules: set[str]) -> set[str]:
    """Return Qt's own modules among the imported."""
    return {one for one in modules if one.startswith("PySide6.Qt")}


def test_every_contract_is_kept() -> None:
    done = lint_imports(ROOT)
    assert done.returncode == 0, done.stdout


SINS = {
    "a room that looks up": ("floors", "markdown/blocks.py", "import desktop_chat.ui"),
    "rooms of one floor": ("floors", "demo/__init__.py", "import desktop_chat.storage"),
    "an undecided room": ("floors", "helpers.py", ""),
    "wire knowledge in the transcript": (
        "transcript-neighbours",
        "transcript/look.py",
        "import desktop_chat.protocols",
    ),
    "markdown in the runtime": (
        "runtime-neighbours",
        "runtime/__init__.py",
        "import desktop_chat.markdown.blocks",
    ),
    "Qt in a protocol": ("no-qt-below-runtime", "protocols/base.py", "import PySide6.QtCore"),
    "a keyring in a value": ("domain-is-plain", "domain/keys.py", "import keyring"),
    "a thread in a value": ("domain-is-plain", "domain/ids.py", "import threading"),
    "a database in the window": ("ui-does-no-io", "ui/__init__.py", "import sqlite3"),
    "a protocol in the window": (
        "ui-does-no-io",
        "ui/__init__.py",
        "import desktop_chat.protocols.base",
    ),
    "a circle": ("no-circles", "domain/errors.py", "import desktop_chat.domain.chat"),
    "a circle for types alone": (
        "no-circles",
        "domain/errors.py",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import desktop_chat.domain.chat",
    ),
}


@pytest.mark.parametrize("sin", SINS)
def test_a_contract_fails_on(sin: str, tmp_path: Path) -> None:
    contract, file, line = SINS[sin]
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    shutil.copytree(
        ROOT / "desktop_chat",
        tmp_path / "desktop_chat",
        ignore=shutil.ignore_patterns("__pycache__"),
    )
    with (tmp_path / "desktop_chat" / file).open("a", encoding="utf-8") as module:
        module.write(f"\n{line}\n")
    done = lint_imports(tmp_path, contract)
    assert done.returncode == 1, done.stdout
    assert "0 kept, 1 broken" in done.stdout or "helpers" in done.stdout


@pytest.mark.parametrize("room", ["runtime.core", "cli"])
def test_no_widgets_and_no_painting_are_imported_by(room: str) -> None:
    modules = loaded_modules(f"import desktop_chat.{room}")
    assert qt_modules(modules) <= {"PySide6.QtCore"}


def test_every_module_of_the_runtime_knows_only_the_core_of_qt() -> None:
    assert qt_modules(loaded_modules(imports_of("runtime"))) == {"PySide6.QtCore"}


@pytest.mark.parametrize("room", ["domain", "demo", "markdown", "protocols", "storage"])
def test_no_qt_is_imported_by(room: str) -> None:
    modules = loaded_modules(imports_of(room))
    assert f"desktop_chat.{room}" in modules
    assert not {one for one in modules if one.startswith(("PySide6", "shiboken6"))}


def test_the_top_level_stays_as_it_is() -> None:
    if shutil.which("git") is None or not (ROOT / ".git").exists():
        pytest.skip("no git, or not its checkout")
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    top = {line.partition("/")[0] for line in listed.stdout.splitlines()}
    fixed = {"pyproject.toml", "desktop_chat", "resources", "tests", "packaging", "README.md"}
    assert {one for one in top if not one.startswith(".")} <= fixed | {"LICENSE", "CHANGELOG.md"}
    assert not (ROOT / "packaging/__init__.py").exists()
