"""A full run of the program, inside a session with a keyring: run by a test."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import MessageState
from tests.command_line import until_it_says
from tests.end_to_end.window import open_window

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Message

SERVICES = ("Stored", "Variable", "Header", "Proxied")
CRASH = """
import os, threading
from desktop_chat.domain.keys import Secret
from desktop_chat.storage.log import start_log
from desktop_chat.storage.paths import find_profile
start_log(find_profile())
key = Secret(os.environ["STORED_KEY"]).reveal()
def fail(word):
    raise RuntimeError(f"Illegal header value b'Bearer {word}'")
thread = threading.Thread(target=fail, args=(key,))
thread.start()
thread.join()
fail(key)
"""


def program(*arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program's command line; show what it said."""
    done = subprocess.run(
        [sys.executable, "-m", "desktop_chat", *arguments],
        input=given,
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
    add = ("--protocol", "openai_chat", "--base-url", url, "--model", "m")
    added = [
        program("provider", "add", "Stored", *add, "--key-stdin", given=os.environ["STORED_KEY"]),
        program("provider", "add", "Variable", *add, "--key-env", "VARIABLE_KEY"),
        program("provider", "add", "Header", *add, "--header-env", "X-Api-Key=HEADER_KEY"),
        program("provider", "add", "Proxied", *add_through(os.environ["PROXY"], url)),
        program("provider", "add", "Denied", *add_through(os.environ["DENYING_PROXY"], url)),
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
    subprocess.run([sys.executable, "-c", CRASH], check=False, timeout=30)
    ask_in_the_window(questions)
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
        window.quit()


def settled(messages: list[Message], least: int) -> bool:
    """Whether so many messages are there and none still grows."""
    growing = any(one.state is MessageState.STREAMING for one in messages)
    return len(messages) >= least and not growing


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], json.loads(sys.argv[2])))
