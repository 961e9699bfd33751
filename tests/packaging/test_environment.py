"""The environment: what makes it anew, what leaves it alone, and how the checkout is linked in."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import editable
import pytest
from environment import Environment, SetupError, locked_names
from typing_extensions import override

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = ROOT / "packaging/requirements"

# A pip that installs itself, for a test of how a Python without any is helped to one.
FAKE_PIP = """
import json, pathlib, shutil, sys, sysconfig, zipfile
if "install" in sys.argv:
    archive = pathlib.Path(__file__).parent.parent
    zipfile.ZipFile(archive).extractall(sysconfig.get_path("purelib"))
print("pip 26.3")
"""


class Recorded(Environment):
    """An environment whose costly steps are only written down."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.steps: list[str] = []

    @override
    def _runs(self) -> bool:
        return self.python.exists()

    @override
    def _make(self) -> None:
        self.steps.append("make")
        self.python.parent.mkdir(parents=True)
        self.python.touch()

    @override
    def _install(self, lock: str) -> None:
        self.steps.append(f"install {lock}")

    @override
    def _link(self) -> None:
        self.steps.append("link")

    @override
    def _prune(self) -> None:
        self.steps.append("prune")


@pytest.fixture
def recorded(tmp_path: Path) -> Recorded:
    folder = tmp_path / "packaging/requirements"
    folder.mkdir(parents=True)
    for lock in ("run", "dev", "specification"):
        (folder / f"{lock}.txt").write_text("one==1\n")
    (tmp_path / "pyproject.toml").write_text('[project]\nname = "some"\n')
    return Recorded(tmp_path)


def test_a_second_time_nothing_is_done(recorded: Recorded) -> None:
    recorded.ensure("run")
    assert recorded.steps == ["make", "install run", "link", "prune"]
    recorded.steps.clear()
    recorded.ensure("run")
    assert not recorded.steps


def test_what_the_tests_need_holds_what_the_program_needs(recorded: Recorded) -> None:
    recorded.ensure("dev")
    recorded.steps.clear()
    recorded.ensure("run")
    recorded.ensure("dev")
    assert not recorded.steps


def test_a_changed_lock_is_installed_and_no_other(recorded: Recorded) -> None:
    recorded.ensure("dev")
    recorded.steps.clear()
    recorded.lock("run").write_text("one==2\n")
    recorded.ensure("run")
    assert recorded.steps == ["install run", "link", "prune"]
    recorded.steps.clear()
    recorded.ensure("dev")
    assert not recorded.steps


def test_a_changed_project_is_linked_again_without_an_install(recorded: Recorded) -> None:
    recorded.ensure("run")
    recorded.steps.clear()
    pyproject = recorded.root / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + "[tool.other]\n")
    recorded.ensure("run")
    assert not recorded.steps
    pyproject.write_text('[project]\nname = "other"\n')
    recorded.ensure("run")
    assert recorded.steps == ["link", "prune"]


def test_an_environment_that_broke_is_made_whole(recorded: Recorded) -> None:
    recorded.ensure("dev")
    recorded.steps.clear()
    recorded.python.unlink()
    recorded.python.parent.rmdir()
    recorded.ensure("run")
    assert recorded.steps == ["make", "install run", "link", "prune"]
    recorded.ensure("dev")
    assert recorded.steps[4:] == ["install dev", "link", "prune"]


def test_an_install_that_was_cut_short_is_not_taken_for_done(
    recorded: Recorded, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorded.ensure("run")
    recorded.lock("run").write_text("one==2\n")
    with monkeypatch.context() as patch:
        patch.setattr(recorded, "_link", lambda: exec("raise KeyboardInterrupt"))  # noqa: S102
        with pytest.raises(KeyboardInterrupt):
            recorded.ensure("run")
    recorded.steps.clear()
    recorded.ensure("run")
    assert "install run" in recorded.steps


def test_a_python_without_ensurepip_is_helped_to_pip(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    wheel = wheels / "pip-26.3-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr("pip/__init__.py", "")
        archive.writestr("pip/__main__.py", FAKE_PIP)
    broken = tmp_path / "broken/ensurepip"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise ImportError('left out')")
    monkeypatch.setenv("PYTHONPATH", str(broken.parent))
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    environment = Environment(tmp_path)
    environment.lock("pip").parent.mkdir(parents=True)
    environment.lock("pip").write_text(f"pip==26.3 --hash=sha256:{'0' * 64}\n")
    environment._make()
    with pytest.raises(SetupError, match="is not the locked one"):
        environment._ensure_pip()
    digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
    environment.lock("pip").write_text(f"pip==26.3 --hash=sha256:{digest}\n")
    environment._ensure_pip()
    assert environment._answers("-m", "pip", "--version")


def test_the_linked_checkout_is_imported_and_its_program_starts(tmp_path: Path) -> None:
    root = tmp_path / "a checkout"
    (root / "some_program").mkdir(parents=True)
    (root / "some_program/__init__.py").write_text("def main():\n    print('here')\n")
    (root / "pyproject.toml").write_text(
        '[project]\nname = "some-program"\nversion = "1.2"\nrequires-python = ">=3.11"\n'
        'dependencies = ["none"]\n[project.scripts]\nsome-program = "some_program:main"\n'
    )
    wheel = editable.build(root, tmp_path)
    folder = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    python = folder / "bin/python"
    pip = [sys.executable, "-m", "pip", "--python", str(python), "install", "-q"]
    subprocess.run([*pip, "--no-index", "--no-deps", str(wheel)], check=True)
    started = subprocess.run([folder / "bin/some-program"], capture_output=True, check=True)
    assert started.stdout == b"here\n"
    question = "from importlib.metadata import version; print(version('some-program'))"
    answered = subprocess.run([python, "-c", question], capture_output=True, check=True)
    assert answered.stdout == b"1.2\n"


def pins(lock: Path) -> dict[str, str]:
    lines = [line.split() for line in lock.read_text().splitlines() if "==" in line]
    return dict(line[0].split("==") for line in lines if line[0][0] not in "-#")


def test_both_locks_name_the_same_versions_and_hash_every_package() -> None:
    run, dev = pins(REQUIREMENTS / "run.txt"), pins(REQUIREMENTS / "dev.txt")
    assert run
    assert run.items() <= dev.items()
    for lock in ("run", "dev"):
        path = REQUIREMENTS / f"{lock}.txt"
        blocks = path.read_text().split("\n    # via")
        assert sum("--hash=sha256:" in block for block in blocks) >= len(locked_names(path))


def test_the_lock_holds_every_dependency_of_the_project() -> None:
    wanted = json.dumps(editable.project(ROOT)["dependencies"]).lower().replace("_", "-")
    for name in ("pyside6-essentials", "httpx", "keyring", "truststore", "typing-extensions"):
        assert name in wanted
        assert name in locked_names(REQUIREMENTS / "run.txt")
