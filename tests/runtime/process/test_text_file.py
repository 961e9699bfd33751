"""A text goes into a file whole, or the file stays as it was."""

from __future__ import annotations

import os
import threading
from typing import TYPE_CHECKING

from desktop_chat.runtime.process.text_file import TextFile

if TYPE_CHECKING:
    from pathlib import Path

    import pytest
    from pytestqt.qtbot import QtBot


def test_a_text_is_written_and_told_of(tmp_path: Path, qtbot: QtBot) -> None:
    file, path = TextFile(), tmp_path / "chat.md"
    with qtbot.waitSignal(file.ended) as told:
        file.write(path, "# Ü\n")
    assert told.args == [str(path), ""]
    assert path.read_bytes() == "# Ü\n".encode()
    assert [one.name for one in tmp_path.iterdir()] == ["chat.md"]


def test_a_missing_folder_is_told_of(tmp_path: Path, qtbot: QtBot) -> None:
    file = TextFile()
    with qtbot.waitSignal(file.ended) as told:
        file.write(tmp_path / "no" / "chat.md", "x")
    assert "No such file" in told.args[1]


def test_a_full_disk_leaves_the_old_file(
    tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "chat.md"
    path.write_text("old")
    threads: list[str] = []

    def full(*_: object, **__: object) -> None:
        threads.append(threading.current_thread().name)
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fdopen", full)
    file = TextFile()
    with qtbot.waitSignal(file.ended) as told:
        file.write(path, "new")
    assert told.args[1] == "No space left on device"
    assert path.read_text() == "old"
    assert [one.name for one in tmp_path.iterdir()] == ["chat.md"]
    assert threads != [threading.main_thread().name]
