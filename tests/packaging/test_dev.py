"""The one script: its commands, what it makes of a missing display, and how it ends."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import dev
import pytest
import system_packages
from system_packages import Need

if TYPE_CHECKING:
    from collections.abc import Callable

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = Need("libmissing.so.1", "libmissing1")


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Return what would have been run, with an environment that is there already."""
    made: list[list[str]] = []

    def call(command: list[str]) -> int:
        made.append(command)
        return 0

    monkeypatch.setattr(dev, "prepare", lambda lock: f"python-{lock}")
    monkeypatch.setattr(dev, "call", call)
    monkeypatch.setattr(system_packages, "missing_libraries", lambda python, needs: [])
    monkeypatch.setattr(system_packages, "missing_tools", lambda needs: [])
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    monkeypatch.delenv("DISPLAY", raising=False)
    return made


def test_with_a_display_the_program_starts_with_its_arguments(
    calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-0")
    assert dev.run(["--profile", "here"]) == 0
    assert calls == [["python-run", "-m", "desktop_chat", "--profile", "here"]]


def test_without_a_display_it_says_so_and_has_a_first_chat(
    calls: list[list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert dev.run(["--profile", "here"]) == 0
    (command,) = calls
    assert command[3:] == ["--first-chat", "build/first-chat.png", "--profile", "here"]
    assert "no display" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["ask", "Why?"], ["provider", "list"], ["--help"]])
def test_what_needs_no_window_needs_no_display(
    arguments: list[str], calls: list[list[str]]
) -> None:
    dev.run(arguments)
    assert calls == [["python-run", "-m", "desktop_chat", *arguments]]


@pytest.mark.parametrize("display", ["", "wayland-0"])
def test_missing_libraries_that_cannot_be_installed_are_named_and_the_question_asked(
    display: str,
    calls: list[list[str]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", display)
    monkeypatch.setattr(system_packages, "missing_libraries", lambda python, needs: [LIBRARY])
    monkeypatch.setattr(system_packages, "administrator", lambda: None)
    assert dev.run([]) == 4
    assert "--first-chat" in calls[0]
    assert "apt-get install -y --no-install-recommends libmissing1" in capsys.readouterr().out


def test_a_failing_check_does_not_keep_the_tests_from_running(
    calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(command: list[str]) -> int:
        calls.append(command)
        return int(command[2] == "ruff")

    monkeypatch.setattr(dev, "call", call)
    assert dev.test(["tests/domain"]) == 1
    assert [command[2] for command in calls] == ["ruff", "ruff", "mypy", "pytest"]
    assert calls[-1][-1] == "tests/domain"


def test_checks_that_fail_fail_the_command(
    calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert dev.check([]) == 0
    monkeypatch.setattr(dev, "call", lambda command: int(command[2] == "mypy"))
    assert dev.check([]) == 1


def test_an_unknown_command_is_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(["dance"]) == 2
    assert "dev.py bench" in capsys.readouterr().out
    assert dev.main(["--help"]) == 0


def test_an_environment_that_fails_is_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(ROOT)

    def refuse(lock: str) -> str:
        from environment import SetupError  # noqa: PLC0415

        raise SetupError("no index answers")

    monkeypatch.setattr(dev, "prepare", refuse)
    assert dev.main(["check"]) == 1
    assert capsys.readouterr().err == "error: no index answers\n"


@pytest.mark.parametrize(
    ("name", "there"), [("", False), (":", False), (":7654", False), ("far.test:0", True)]
)
def test_a_display_that_is_only_named_is_none(
    name: str, there: bool, calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DISPLAY", name)
    assert dev.has_display() is there


def test_a_display_that_answers_is_one(
    calls: list[list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = f"{os.getpid()}9"
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(f"\0/tmp/.X11-unix/X{number}")
        server.listen()
        monkeypatch.setenv("DISPLAY", f":{number}.0")
        assert dev.has_display()
        assert dev.display_groups() == ["x11"]


def test_the_code_of_a_command_is_handed_on() -> None:
    assert dev.call([sys.executable, "-c", "raise SystemExit(3)"]) == 3
    killed = "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"
    assert dev.call([sys.executable, "-c", killed]) == 128 + signal.SIGKILL


def test_ctrl_c_reaches_the_program_and_ends_without_a_traceback(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    child = f"import pathlib, time; pathlib.Path({str(ready)!r}).touch(); time.sleep(60)"
    script = f"import dev, sys; sys.exit(dev.call([sys.executable, '-c', {child!r}]))"
    process = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=ROOT / "packaging",
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    wait_for(ready.exists)
    os.killpg(process.pid, signal.SIGINT)
    errors = process.communicate(timeout=20)[1]
    assert process.returncode == 130, errors
    assert "dev.py" not in errors


@pytest.mark.parametrize(
    ("uid", "sudo", "wanted"),
    [(0, 1, []), (1000, 0, ["sudo", "-n"]), (1000, 1, None), (1000, None, None)],
)
def test_rights_are_root_or_a_sudo_that_asks_nothing(
    uid: int, sudo: int | None, wanted: list[str] | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = subprocess.CompletedProcess[bytes]([], sudo or 0)
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    monkeypatch.setattr(shutil, "which", lambda name: None if sudo is None else name)
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: asked)
    assert system_packages.administrator() == wanted


def test_apt_is_updated_where_a_package_is_not_found(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[str] = []

    def answer(rights: list[str], *arguments: str) -> bool:
        ran.append(arguments[0])
        return ran.count("install") > 1 or arguments[0] == "update"

    monkeypatch.setattr(system_packages, "_call", answer)
    monkeypatch.setattr(Path, "glob", lambda self, pattern: iter([self / "some_Packages"]))
    assert system_packages._apt([], [LIBRARY])
    assert ran == ["install", "update", "install"]


def test_a_library_that_is_missing_is_found_out() -> None:
    core = system_packages.libraries("core")
    missing = system_packages.missing_libraries(Path(sys.executable), [*core, LIBRARY])
    assert missing == ([LIBRARY] if sys.platform.startswith("linux") else [])


def test_packages_are_named_once() -> None:
    needs = [Need("a", "one"), Need("b", "one"), Need("c", "another")]
    assert system_packages.package_names(needs) == ["another", "one"]
    assert all(need.package for need in system_packages.tools())


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)
