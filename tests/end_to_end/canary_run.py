"""A full run of the program, inside a session with a keyring: run by a test."""

from __future__ import annotations

import contextlib
import json
import os
import shlex
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import MessageState
from tests.command_line import until_it_says
from tests.end_to_end.window import open_window

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Message
    from tests.end_to_end.window import Window

SERVICES = ("Stored", "Variable", "Header", "Proxied", "Helped")
# A helper command that gives a key, and keeps what a program that ours starts can see: its own
# environment, and the words of every process of this session.
SPY = """
import os, pathlib, sys

def parent_of(process):
    return int((process / "stat").read_text().rpartition(")")[2].split()[1])

def words_of(process):
    return (process / "cmdline").read_bytes().replace(bytes(1), b" ")

processes = {int(one.name): one for one in pathlib.Path("/proc").iterdir() if one.name.isdigit()}
parents = {}
for number, process in processes.items():
    try:
        parents[number] = parent_of(process)
    except OSError:
        continue
top = os.getpid()
while b"dbus-run-session" not in words_of(processes[top]):
    top = parents[top]
below = {top}
while more := {number for number, parent in parents.items() if parent in below} - below:
    below |= more
seen = [b"environment " + b" ".join(os.environb.keys()), *os.environb.values()]
for number in sorted(below):
    try:
        seen.append(b"process " + words_of(processes[number]))
    except OSError:
        continue
pathlib.Path(sys.argv[1], f"seen-{os.getpid()}").write_bytes(b"\\n".join(seen))
print(sys.argv[2][::-1])
print("not this line", file=sys.stderr)
"""
CRASH = """
import threading
from desktop_chat.domain.keys import Secret
from desktop_chat.storage.log import start_log
from desktop_chat.storage.paths import find_profile
start_log(find_profile())
key = Secret(input()).reveal()
def fail(word):
    raise RuntimeError(f"Illegal header value b'Bearer {word}'")
thread = threading.Thread(target=fail, args=(key,))
thread.start()
thread.join()
fail(key)
"""


class Watch:
    """Keeps the words of every process of this run, whoever started it and however short it is."""

    def __init__(self) -> None:
        self._home = f"HOME={os.environ['HOME']}".encode()
        self._seen: set[bytes] = set()
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def write(self, path: Path) -> None:
        """Stop, and write down what was seen."""
        self._over.set()
        self._thread.join()
        path.write_bytes(b"\n".join(sorted(self._seen)))

    def _watch(self) -> None:
        while not self._over.wait(0.05):
            for process in Path("/proc").glob("[0-9]*"):
                with contextlib.suppress(OSError):
                    if self._home in (process / "environ").read_bytes().split(bytes(1)):
                        self._seen.add((process / "cmdline").read_bytes().replace(bytes(1), b" "))


def program(*arguments: str, given: str = "", **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program's command line, with these variables set; show what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop_chat", *arguments],
        input=given,
        env={**os.environ, **variables},
        check=False,
        capture_output=True,
        text=True,
        timeout=30,
    )
    sys.stdout.write(done.stdout)
    sys.stderr.write(done.stderr)
    return done


def main(url: str, questions: list[str]) -> int:
    """Add services, ask everything of each, crash, and do the same in the window."""
    watch = Watch()
    # Programs that are started here inherit nothing that a person's own shell would not hold.
    stored = os.environ.pop("STORED_KEY")
    password = {"PROXY_PASSWORD": os.environ.pop("PROXY_PASSWORD")}
    spy = Path("spy.py").absolute()
    spy.write_text(SPY, "utf-8")
    helper = shlex.join(
        [sys.executable, str(spy), str(spy.parent), os.environ.pop("HELPER_KEY_REVERSED")]
    )
    add = ("--protocol", "openai_chat", "--base-url", url, "--model", "m")
    added = [
        program("provider", "add", "Stored", *add, "--key-stdin", given=stored),
        program("provider", "add", "Variable", *add, "--key-env", "VARIABLE_KEY"),
        program("provider", "add", "Header", *add, "--header-env", "X-Api-Key=HEADER_KEY"),
        program("provider", "add", "Helped", *add, "--key-command", helper),
        program("provider", "add", "Proxied", *add_through(os.environ["PROXY"], url), **password),
        program(
            "provider", "add", "Denied", *add_through(os.environ["DENYING_PROXY"], url), **password
        ),
        *(program("provider", "test", one) for one in SERVICES),
        program("provider", "list"),
    ]
    if any(one.returncode for one in added):
        return 1
    program("ask", "--provider", "Denied", "good")
    for service in SERVICES:
        for question in questions:
            program("ask", "--provider", service, question)
    kill_in_mid_answer()
    subprocess.run([sys.executable, "-c", CRASH], input=stored.encode(), check=False, timeout=30)
    program("diagnostics")
    ask_in_the_window(questions)
    watch.write(Path("processes"))
    return 0


def add_through(proxy: str, url: str) -> tuple[str, ...]:
    """Return how a service is added that is reached through a proxy with a password."""
    way = ("--proxy", f"http://ann@{proxy}", "--proxy-password-env", "PROXY_PASSWORD")
    far = url.replace("127.0.0.1", "api.test")
    known = ("--protocol", "openai_chat", "--base-url", far, "--model", "m", "--allow-http")
    return (*known, "--key-env", "VARIABLE_KEY", *way)


def kill_in_mid_answer() -> None:
    """Kill the program while a key is in its memory."""
    command = [sys.executable, "-m", "desktop_chat", "ask", "--provider", "Stored", "silent"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as asking:
        until_it_says(asking, b"half an answer")
        asking.kill()
        sys.stdout.write(signal.Signals(-asking.wait(10)).name + "\n")


def ask_in_the_window(questions: list[str]) -> None:
    """Ask the stored service in the window, and quit."""
    with open_window(dict(os.environ)) as window:
        for question in questions:
            asked = len(window.messages())
            window.type(question)
            window.press("Return")
            window.until(lambda least=asked + 2: settled(window.messages(), least))  # type: ignore[misc]
            window.press("ctrl+shift+c")
            sys.stdout.write(window.clipboard("UTF8_STRING"))
        copy_the_diagnostics(window)
        save_the_chat(window, Path("chat.md").absolute())
        window.quit()


def copy_the_diagnostics(window: Window) -> None:
    """Choose the last but one entry of the menu, and show what is on the clipboard then."""
    window.press("F10", "Up", "Up", "Return")
    window.until(lambda: "Last errors" in window.clipboard("UTF8_STRING"))
    sys.stdout.write(window.clipboard("UTF8_STRING"))


def save_the_chat(window: Window, path: Path) -> None:
    """Export the chat as a file."""
    window.press("ctrl+s")
    window.until(lambda: window.title.startswith("Save"))
    window.press("ctrl+a")
    window.type(str(path))
    window.press("Return")
    window.until(path.exists)


def settled(messages: list[Message], least: int) -> bool:
    """Whether so many messages are there and none still grows."""
    growing = any(one.state is MessageState.STREAMING for one in messages)
    return len(messages) >= least and not growing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
