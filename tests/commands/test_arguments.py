"""The command line's words, and its doors to the window."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from desktop_chat import __version__
from desktop_chat.commands.arguments import parse
from tests.command_line import CommandLine

FULL: Final = Path("/dev/full")


def test_without_a_command_the_window_opens() -> None:
    arguments = parse([])
    assert arguments.command is None
    assert arguments.first_chat is None
    assert arguments.profile is None


@pytest.mark.parametrize("argv", [["--profile", "P", "ask", "hi"], ["ask", "--profile", "P", "hi"]])
def test_the_profile_may_stand_before_or_after_the_command(argv: list[str]) -> None:
    arguments = parse(argv)
    assert (arguments.profile, arguments.command, arguments.text) == ("P", "ask", ["hi"])


def test_what_is_not_given_is_empty() -> None:
    arguments = parse(["provider", "add", "X", "--protocol", "openai_chat"])
    assert (arguments.base_url, arguments.model, arguments.key_variable) == ("", "", "")
    assert list(arguments.headers) == list(arguments.header_variables) == []
    assert not arguments.key_stdin


@pytest.mark.parametrize(
    "argv",
    [
        ["ask"],
        ["provider"],
        ["provider", "add", "X"],
        ["provider", "add", "X", "--protocol", "p", "--key-stdin", "--key-env", "V"],
        ["provider", "remove"],
        ["sing"],
        ["--loud"],
    ],
)
def test_a_mistake_in_the_words_ends_with_two(
    argv: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        parse(argv)
    assert end.value.code == 2
    assert "usage: desktop-chat" in capsys.readouterr().err


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        parse(["--version"])
    assert end.value.code == 0
    assert capsys.readouterr().out == f"Desktop Chat {__version__}\n"


def test_a_command_imports_no_widget_and_nothing_that_needs_a_screen(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "profile")
    program = (
        "import sys; from desktop_chat.__main__ import parse; "
        "from desktop_chat.cli import run_command; code = run_command(parse(sys.argv[1:])); "
        "bad = [one for one in sys.modules if one in ('PySide6.QtGui', 'PySide6.QtWidgets')]; "
        "sys.exit(f'{code} {bad}' if bad or code else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, "ask", "long 5"],
        env=line.environment,
        check=False,
        capture_output=True,
        timeout=30,
    )
    assert done.returncode == 0, done.stderr


def test_help_needs_no_qt_at_all(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from desktop_chat.commands.arguments import parse\n"
        "parse(['ask', 'hi'])\n"
        "sys.exit('PySide6' in sys.modules or 'httpx' in sys.modules)"
    )
    environment = CommandLine(tmp_path / "profile").environment
    subprocess.run([sys.executable, "-c", program], env=environment, check=True, timeout=30)


def test_the_first_chat_without_a_window_answers_and_says_what_is_missing(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "profile")
    program = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name in ('PySide6.QtGui', 'PySide6.QtWidgets'):\n"
        "            raise ImportError('libEGL.so.1: cannot open shared object file')\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from desktop_chat.__main__ import main\n"
        "sys.exit(main(['--first-chat', 'first-chat.png']))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=line.environment,
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 4, done.stderr
    assert "Show me around" in done.stdout.decode()
    assert "libEGL.so.1" in done.stderr.decode()
    assert done.stderr.count(b"\n") == 1


def test_without_a_display_the_window_says_so_and_names_what_works(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "profile")
    line.environment.pop("QT_QPA_PLATFORM", None)
    done = line.run()
    assert done.returncode == 4, done.stderr
    assert done.stderr.count(b"\n") == 1
    assert b"no display" in done.stderr
    assert b"desktop-chat ask" in done.stderr
    assert not (tmp_path / "profile").exists()


def test_without_its_libraries_the_window_names_what_is_missing(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "profile")
    program = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'PySide6.QtGui':\n"
        "            raise ImportError('libEGL.so.1: cannot open shared object file')\n"
        "sys.meta_path.insert(0, Missing())\n"
        "from desktop_chat.__main__ import main\n"
        "sys.exit(main([]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env=line.environment | {"QT_QPA_PLATFORM": "offscreen"},
        check=False,
        capture_output=True,
        timeout=60,
    )
    assert done.returncode == 4, done.stderr
    assert b"libEGL.so.1" in done.stderr
    assert done.stderr.count(b"\n") == 1


@pytest.mark.skipif(not FULL.exists(), reason="no device that is always full")
def test_what_cannot_be_written_out_is_one_sentence(tmp_path: Path) -> None:
    line = CommandLine(tmp_path / "profile")
    with FULL.open("wb") as full:
        program = line.start("provider", "list", stdout=full.fileno())
        _, said = program.communicate(timeout=30)
    assert program.returncode == 1
    assert said == b"The output could not be written: No space left on device.\n"
