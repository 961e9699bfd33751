"""One command for each thing that is done with a checkout; each sets up all that it needs.

    python3 packaging/dev.py run [ARGUMENT…]   start the program; without a display, a first chat
    python3 packaging/dev.py test [ARGUMENT…]  lint, types, then pytest with these arguments
    python3 packaging/dev.py check             lint and types alone
    python3 packaging/dev.py bench [NAME…]     measure, into build/bench.json
    python3 packaging/dev.py build             make the wheel, into dist/

Needs the standard library of Python 3.11 or newer, and nothing else.
"""

from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDS_NO_WINDOW = {"ask", "provider", "--help", "-h", "--version", "--first-chat"}
NO_GUI = 4
INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Carry out one command; the result is the process's exit code."""
    if sys.version_info < (3, 11):  # noqa: UP036  # an older one must be told so
        print("Desktop Chat needs Python 3.11 or newer.", file=sys.stderr)
        return 2
    commands = {"run": run, "test": test, "check": check, "bench": bench, "build": build}
    if not arguments or arguments[0] not in commands:
        print(__doc__)
        return 0 if arguments[:1] in (["-h"], ["--help"]) else 2
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(line_buffering=True)
    os.environ["PYTHONUNBUFFERED"] = "1"
    os.chdir(ROOT)

    from environment import SetupError  # older Pythons cannot read it

    try:
        return commands[arguments[0]](arguments[1:])
    except SetupError as failure:
        print(f"error: {failure}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


def run(arguments: list[str]) -> int:
    """Start the program; where there is no display, have a first chat without one."""
    import system_packages

    python = prepare("run")
    program = [python, "-m", "desktop_chat"]
    groups = [] if NEEDS_NO_WINDOW.intersection(arguments) else ["gui", *display_groups()]
    needs = system_packages.libraries("core", *groups)
    missing = system_packages.missing_libraries(Path(python), needs)
    fonts = [] if has_display() else system_packages.missing_tools(system_packages.fonts())
    if missing and system_packages.install([*missing, *fonts], "Desktop Chat"):
        missing = system_packages.missing_libraries(Path(python), needs)
    core = set(system_packages.libraries("core")).intersection(missing)
    if core and not system_packages.borrow(sorted(core, key=str), ROOT / ".venv" / "borrowed"):
        return NO_GUI
    if NEEDS_NO_WINDOW.intersection(arguments):
        return call([*program, *arguments])
    if has_display() and not missing:
        return call([*program, *arguments])
    if not has_display():
        print("There is no display here: asking the demo service one question without a window.")
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    code = call([*program, "--first-chat", "build/first-chat.png", *arguments])
    return NO_GUI if missing and code == 0 else code


def test(arguments: list[str]) -> int:
    """Check everything: lint, types, then the tests with the architecture's contracts."""
    import system_packages

    python = prepare("dev")
    needs = system_packages.libraries("core", "gui", "x11")
    missing = system_packages.missing_libraries(Path(python), needs)
    if sys.platform.startswith("linux"):
        missing += system_packages.missing_tools(system_packages.tools())
    system_packages.install(missing, "Testing")
    failed = checks(python)
    pytest = [python, "-m", "pytest", "-n", "2", "--dist", "worksteal", *arguments]
    print(f"== {' '.join(pytest[1:])}")
    code = call(pytest)
    if failed:
        print(f"failed before the tests: {', '.join(failed)}", file=sys.stderr)
    return code or int(bool(failed))


def check(arguments: list[str]) -> int:
    """Check lint, format and types alone."""
    del arguments
    return int(bool(checks(prepare("dev"))))


def bench(arguments: list[str]) -> int:
    """Measure the named figures, or all."""
    import system_packages

    python = prepare("dev")
    wanted = system_packages.libraries("core", "gui", "x11")
    missing = system_packages.missing_libraries(Path(python), wanted)
    if sys.platform.startswith("linux"):
        display = [one for one in system_packages.tools() if one.name in ("Xvfb", "openbox")]
        missing += system_packages.missing_tools(display)
    system_packages.install(missing, "Measuring")
    return call([python, "-m", "tests.benchmarks.run", *arguments])


def build(arguments: list[str]) -> int:
    """Make the wheel."""
    python = prepare("dev")
    return call([python, "-m", "hatchling", "build", "-t", "wheel", *arguments])


def prepare(lock: str) -> str:
    """Make the environment ready; return its interpreter."""
    from environment import Environment

    environment = Environment(ROOT)
    environment.ensure(lock)
    return str(environment.python)


def checks(python: str) -> list[str]:
    """Run each check to its end, so that one run tells all; return the names of the failed."""
    steps = {
        "ruff check": ["ruff", "check"],
        "ruff format": ["ruff", "format", "--check"],
        "mypy": ["mypy"],
    }
    failed = []
    for name, command in steps.items():
        print(f"== {name}")
        begun = time.monotonic()
        code = call([python, "-m", *command])
        print(f"   {'ok' if code == 0 else 'FAILED'}, {time.monotonic() - begun:.1f} s")
        if code != 0:
            failed.append(name)
    return failed


def call(command: list[str]) -> int:
    """Run a command to its end. Ctrl-C reaches it too, and what it then answers counts."""
    # A handler, not SIG_IGN: the program would inherit that.
    before = signal.signal(signal.SIGINT, lambda *_: None)
    try:
        code = subprocess.run(command, check=False).returncode
    finally:
        signal.signal(signal.SIGINT, before)
    if code == -signal.SIGINT:
        return INTERRUPTED
    return code if code >= 0 else 128 - code


def display_groups() -> list[str]:
    """Return which libraries the display in use needs beside the common ones."""
    if not sys.platform.startswith("linux") or not has_display():
        return []
    return ["wayland"] if os.environ.get("WAYLAND_DISPLAY") else ["x11"]


def has_display() -> bool:
    """Whether a window could open here. An X display that is named must also be there."""
    if not sys.platform.startswith("linux") or os.environ.get("WAYLAND_DISPLAY"):
        return True
    host, _, number = os.environ.get("DISPLAY", "").rpartition(":")
    if not number:
        return False
    return host not in ("", "unix") or answers(number.partition(".")[0])


def answers(number: str) -> bool:
    """Whether the X server of that number on this computer takes connections."""
    import socket

    for address in (f"/tmp/.X11-unix/X{number}", f"\0/tmp/.X11-unix/X{number}"):  # noqa: S108
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(address) == 0:
                return True
    return False


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
