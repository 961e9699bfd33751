"""The wheel: what an installed program has of its own, far from any checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
QUESTION = """
import desktop_chat
from desktop_chat.domain.resources import resource, resource_root
print(desktop_chat.__file__)
print(resource_root())
print(sorted(path.name for path in resource("themes").iterdir()))
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the project's wheel, built as it is for others."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_an_installed_wheel_finds_its_resources(wheel: Path, tmp_path: Path) -> None:
    place = tmp_path / "installed"
    pip = [sys.executable, "-m", "pip", "install", "-q", "--no-index", "--no-deps"]
    subprocess.run([*pip, "--target", str(place), str(wheel)], check=True, capture_output=True)
    answered = subprocess.run(
        [sys.executable, "-c", QUESTION],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(place)},
        capture_output=True,
        text=True,
        check=True,
    )
    module, root, themes = answered.stdout.splitlines()
    assert Path(module).is_relative_to(place)
    assert Path(root) == place / "desktop_chat/_resources"
    assert {"light.toml", "dark.toml"} <= set(eval(themes))  # noqa: S307


def test_the_wheel_holds_every_resource_and_no_test(wheel: Path) -> None:
    inside = set(zipfile.ZipFile(wheel).namelist())
    resources = [path for path in (ROOT / "resources").rglob("*") if path.is_file()]
    assert resources
    for path in resources:
        assert f"desktop_chat/_resources/{path.relative_to(ROOT / 'resources')}" in inside
    assert not [name for name in inside if name.startswith(("tests", "packaging"))]


def test_the_wheel_brings_the_program(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        (points,) = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert b"desktop-chat = desktop_chat.__main__:main" in archive.read(points)
        assert any(name.endswith("licenses/LICENSE") for name in archive.namelist())
