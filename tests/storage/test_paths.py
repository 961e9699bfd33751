"""Where a profile's files lie."""

from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from desktop_chat.storage.paths import PROFILE_VARIABLE, find_profile, make_folder


def test_the_argument_wins_over_the_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv(PROFILE_VARIABLE, str(tmp_path / "variable"))
    assert find_profile(str(tmp_path / "argument")).data.is_relative_to(tmp_path / "argument")
    assert find_profile().data.is_relative_to(tmp_path / "variable")


def test_everything_of_a_named_profile_lies_under_its_folder(tmp_path: Path) -> None:
    profile = find_profile(str(tmp_path))
    files = (
        profile.settings_file,
        profile.providers_file,
        profile.chats_file,
        profile.log_file,
        profile.run / "x.lock",
    )
    assert all(file.is_relative_to(tmp_path) for file in files)
    assert len(set(files)) == len(files)


def test_finding_a_profile_makes_nothing(tmp_path: Path) -> None:
    find_profile(str(tmp_path / "profile"))
    assert list(tmp_path.iterdir()) == []


def test_without_a_name_the_platform_decides(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PROFILE_VARIABLE, raising=False)
    profile = find_profile()
    assert profile.settings_file.is_absolute()
    assert "desktop-chat" in profile.chats_file.parts


def test_platformdirs_is_imported_only_when_it_is_asked(tmp_path: Path) -> None:
    program = (
        "import sys; from desktop_chat.storage.paths import find_profile;"
        f"find_profile({str(tmp_path)!r}); assert 'platformdirs' not in sys.modules"
    )
    root = Path(__file__).resolve().parents[2]
    subprocess.run([sys.executable, "-c", program], check=True, cwd=root)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such modes")
def test_folders_are_for_their_owner_alone(tmp_path: Path) -> None:
    made = make_folder(tmp_path / "a" / "b")
    assert stat.S_IMODE(made.stat().st_mode) == 0o700
    assert stat.S_IMODE(made.parent.stat().st_mode) == 0o700
    assert make_folder(made) == made
