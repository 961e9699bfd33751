"""`desktop-chat provider`: services are added, listed, tested and removed; no key in a file."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.protocols.registry import PROTOCOLS
from tests.command_line import CommandLine
from tests.runtime.loopback import Loopback, refuse, say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocols.servers import Call

CANARY = "sk-canary-7d1f00ba4c0ffee0123456789"


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    return CommandLine(tmp_path / "profile")


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


def add(line: CommandLine, name: str, *more: str) -> subprocess.CompletedProcess[bytes]:
    """Add a service where nobody listens."""
    address = ("--base-url", "http://127.0.0.1:9/v1")
    return line.run("provider", "add", name, "--protocol", "openai_chat", *address, *more)


def stored(line: CommandLine) -> list[dict[str, Any]]:
    """Return what the providers' file holds."""
    if not line.profile.providers_file.exists():
        return []
    found: list[dict[str, Any]] = json.loads(line.profile.providers_file.read_text("utf-8"))[
        "providers"
    ]
    return found


def test_a_service_is_added_listed_and_removed(line: CommandLine) -> None:
    done = add(line, "My  Server", "--model", "m")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == b"Added My Server: openai_chat at http://127.0.0.1:9/v1\n"
    listed = line.run("provider", "list").stdout.decode().splitlines()
    assert listed == [
        "My Server\topenai_chat\thttp://127.0.0.1:9/v1\tm\tnone",
        "Demo\topenai_chat\tbuilt in\tdemo\tnone",
    ]
    done = line.run("provider", "remove", "my server")
    assert (done.returncode, done.stdout) == (0, b"Removed My Server\n")
    assert stored(line) == []


def test_everything_that_was_given_is_kept(line: CommandLine) -> None:
    done = add(
        line, "Full", "--model", "m", "--key-env", "FULL_KEY",
        "--header", "X-Title: Desktop Chat", "--header", "X-Empty:",
        "--header-env", "X-Api-Key=FULL_HEADER",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    (kept,) = stored(line)
    assert kept["protocol"] == "openai_chat"
    assert kept["key_source"] == "environment"
    assert kept["key_variable"] == "FULL_KEY"
    assert kept["headers"] == [
        {"name": "X-Title", "value": "Desktop Chat"},
        {"name": "X-Empty", "value": ""},
        {"name": "X-Api-Key", "variable": "FULL_HEADER"},
    ]


@pytest.mark.parametrize("name", ["Here", "hERE", "Demo", "demo"])
def test_a_name_is_there_once(line: CommandLine, name: str) -> None:
    add(line, "Here")
    done = add(line, name)
    assert done.returncode == 1
    assert done.stderr.decode() == (
        f"There is a service called {name} already. Choose another name.\n"
    )
    assert [one["name"] for one in stored(line)] == ["Here"]


@pytest.mark.parametrize(
    "more",
    [
        ("--header", f"Authorization: Bearer {CANARY}"),
        ("--header", f"Cookie: session={CANARY}"),
        ("--header", f"X-Api-Key: {CANARY}"),
        ("--header", f"x-secret: {CANARY}"),
        ("--header", f"X-Session-Token: {CANARY}"),
        ("--header", f"X-Innocent: {CANARY}"),
        ("--header", f"{CANARY}"),
        ("--header-env", f"X-Api-Key={CANARY}"),
        ("--header-env", CANARY),
        ("--key-env", CANARY),
        ("--base-url", f"https://user:{CANARY}@host.example/v1"),
        ("--base-url", "ftp://host.example/"),
        ("--base-url", "not an address"),
    ],
)
def test_what_may_not_be_kept_is_refused_and_not_shown(
    line: CommandLine, more: tuple[str, str]
) -> None:
    done = add(line, "Here", *more)
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.count(b"\n") == 1
    assert CANARY.encode() not in done.stderr
    assert stored(line) == []
    assert all(CANARY.encode() not in one.read_bytes() for one in line.files())


def test_an_unknown_protocol_is_refused(line: CommandLine) -> None:
    done = line.run("provider", "add", "X", "--protocol", "telepathy", "--base-url", "http://h/v1")
    assert done.returncode == 1
    known = ", ".join(PROTOCOLS)
    assert done.stderr.decode() == f"There is no such protocol. Choose one of these: {known}\n"


def test_a_service_that_is_not_known_needs_an_address(line: CommandLine) -> None:
    done = line.run("provider", "add", "Mine", "--protocol", "openai_chat")
    assert done.returncode == 1
    assert done.stderr == b"Say where Mine is: --base-url https://host/v1\n"


def test_a_known_service_needs_none(line: CommandLine) -> None:
    done = line.run("provider", "add", "Ollama", "--protocol", "ollama_chat")
    assert done.returncode == 0
    (kept,) = stored(line)
    assert (kept["base_url"], kept["preset"]) == ("http://localhost:11434", "ollama")
    assert kept["key_source"] == "none"


def test_the_light_chat_proxy_knows_its_models(line: CommandLine) -> None:
    line.run(
        "provider", "add", "Mine", "--protocol", "light_chat", "--base-url", "http://h.example"
    )
    (kept,) = stored(line)
    assert kept["models"][0] == "gpt-3.5-turbo-1106"


def test_without_a_keyring_a_key_from_stdin_goes_nowhere(line: CommandLine) -> None:
    with line.start(
        "provider", "add", "Here", "--protocol", "openai_chat", "--base-url", "http://127.0.0.1:9",
        "--key-stdin", stdin=subprocess.PIPE,
    ) as program:  # fmt: skip
        out, err = program.communicate(CANARY.encode(), 30)
    assert (program.returncode, out) == (1, b"")
    assert err == (
        b"This computer has no keyring that is safe for keys. "
        b"Put the key into a variable and name it with --key-env.\n"
    )
    assert stored(line) == []
    assert all(CANARY.encode() not in one.read_bytes() for one in line.files())


@pytest.mark.parametrize("given", [b"", b"\n\n", "schlüssel".encode()])
def test_what_cannot_be_a_key_is_refused(line: CommandLine, given: bytes) -> None:
    done = line.run(
        "provider", "add", "Here", "--protocol", "openai_chat", "--base-url", "http://127.0.0.1:9",
        "--key-stdin", given=given,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stderr.count(b"\n") == 1
    assert stored(line) == []


def test_the_key_from_a_variable_is_used_and_never_kept(
    line: CommandLine, loopback: Loopback
) -> None:
    seen: list[str] = []

    async def script(call: Call) -> None:
        seen.extend(call.request.values("authorization"))
        await say(call, "welcome")

    url = loopback.serve(script).url
    line.environment["HERE_KEY"] = CANARY
    line.run("provider", "add", "Here", "--protocol", "openai_chat", "--base-url", url,
             "--model", "m", "--key-env", "HERE_KEY")  # fmt: skip
    assert line.run("ask", "Why?").stdout == b"welcome"
    assert seen == [f"Bearer {CANARY}"]
    assert all(CANARY.encode() not in one.read_bytes() for one in line.files())


def test_the_key_from_a_command_is_used_and_never_kept(
    line: CommandLine, loopback: Loopback
) -> None:
    seen: list[str] = []

    async def script(call: Call) -> None:
        seen.extend(call.request.values("authorization"))
        await say(call, "welcome")

    url = loopback.serve(script).url
    address = ("--protocol", "openai_chat", "--base-url", url, "--model", "m")
    program = f"{sys.executable} -c 'print(\"{CANARY}\"[::-1])'".replace(CANARY, CANARY[::-1])
    line.run("provider", "add", "Here", *address, "--key-command", program)
    assert line.run("ask", "Why?").stdout == b"welcome"
    assert seen == [f"Bearer {CANARY}"]
    assert all(CANARY.encode() not in one.read_bytes() for one in line.files())


def test_a_command_that_makes_no_sense_is_refused(line: CommandLine) -> None:
    address = ("--protocol", "openai_chat", "--base-url", "http://127.0.0.1:9", "--model", "m")
    done = line.run("provider", "add", "Here", *address, "--key-command", "pass 'show")
    assert done.returncode == 1
    assert b"quote is open" in done.stderr
    assert stored(line) == []


def test_a_test_names_the_models_and_keeps_them(line: CommandLine, loopback: Loopback) -> None:
    async def script(call: Call) -> None:
        if not call.request.line.startswith("GET"):
            await say(call, "welcome")
            return
        models = {"data": [{"id": one} for one in ("a", "b", "c", "d")]}
        await call.answer(json.dumps(models).encode(), content_type="application/json")

    server = loopback.serve(script)
    line.run("provider", "add", "Here", "--protocol", "openai_chat", "--base-url", server.url)
    done = line.run("provider", "test", "here")
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode().splitlines()
    assert shown[1] == f"openai_chat at {server.url}"
    assert [one[14:26].strip() for one in shown[3:11]] == [
        "not used", "works", "not used", "not used", "works", "not used", "works", "works",
    ]  # fmt: skip
    assert shown[-1] == "Here works and lists 4 models: a, b, c, …"
    (kept,) = stored(line)
    assert (kept["models"], kept["model"]) == (["a", "b", "c", "d"], "a")


def test_a_test_that_does_not_come_through_says_why(line: CommandLine, loopback: Loopback) -> None:
    async def script(call: Call) -> None:
        await refuse(call, "401 Unauthorized", f"Incorrect API key provided: {CANARY}")

    url = loopback.serve(script).url
    line.environment["HERE_KEY"] = CANARY
    line.run("provider", "add", "Here", "--protocol", "openai_chat", "--base-url", url,
             "--key-env", "HERE_KEY")  # fmt: skip
    done = line.run("provider", "test", "Here")
    assert done.returncode == 1
    assert "Key           broke off" in done.stdout.decode()
    assert CANARY.encode() not in done.stdout + done.stderr
    assert done.stderr == b"Here does not know this key. Paste a new one.\n"
    add(line, "Gone")
    done = line.run("provider", "test", "Gone")
    assert done.returncode == 1
    assert "Connection    broke off" in done.stdout.decode()
    assert done.stderr == b"Gone is not running on this computer. Start it, then retry.\n"


def test_the_demo_can_be_tested_and_not_removed(line: CommandLine) -> None:
    done = line.run("provider", "test", "demo")
    assert done.returncode == 0
    assert done.stdout.endswith(b"\nDemo works and lists 1 model: demo\n")
    done = line.run("provider", "remove", "demo")
    assert done.returncode == 1
    assert done.stderr == b"The demo is built in and cannot be removed.\n"


@pytest.mark.parametrize("action", ["test", "remove"])
def test_an_unknown_service_is_one_line(line: CommandLine, action: str) -> None:
    done = line.run("provider", action, b"Nowhere \xff")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.count(b"\n") == 1


def test_a_list_that_nobody_reads_ends_quietly(line: CommandLine) -> None:
    with line.start("provider", "list") as program:
        assert program.stdout is not None
        program.stdout.close()
        assert program.wait(30) == 0
        assert program.stderr is not None
        assert program.stderr.read() == b""


@pytest.mark.needs("dbus-run-session", "gnome-keyring-daemon")
def test_a_key_from_stdin_lives_in_the_keyring_alone(line: CommandLine, loopback: Loopback) -> None:
    seen: list[str] = []

    async def script(call: Call) -> None:
        seen.extend(call.request.values("authorization"))
        await say(call, "welcome")

    url = loopback.serve(script).url
    steps = f"""
        printf p | gnome-keyring-daemon --unlock --components=secrets >/dev/null
        set -e
        program="{sys.executable} -m desktop_chat"
        printf '%s\\n' {CANARY} | $program provider add Here --protocol openai_chat \\
            --base-url {url} --model m --key-stdin
        $program ask 'Why?'
        $program provider remove Here
        $program provider list
    """
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as home:
        done = subprocess.run(
            ["dbus-run-session", "--", shutil.which("sh") or "/bin/sh", "-c", steps],
            env={**line.environment, "HOME": home, "XDG_RUNTIME_DIR": home},
            check=False,
            capture_output=True,
            timeout=60,
        )
        kept = [one for one in Path(home).rglob("*") if one.is_file()]
        everything = b"".join(one.read_bytes() for one in [*kept, *line.files()])
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode().splitlines() == [
        f"Added Here: openai_chat at {url}",
        "welcomeRemoved Here",
        "Demo\topenai_chat\tbuilt in\tdemo\tnone",
    ]
    assert seen == [f"Bearer {CANARY}"]
    assert CANARY.encode() not in everything + done.stdout + done.stderr
    assert os.path.commonpath([*map(str, line.files())]).endswith("profile")


def test_diagnostics_are_printed_without_keys_and_names(line: CommandLine) -> None:
    line.environment["HERE_KEY"] = CANARY
    address = ("--protocol", "openai_chat", "--base-url", "http://127.0.0.1:9/v1", "--model", "m")
    line.run("provider", "add", "My secret project", *address, "--key-env", "HERE_KEY")
    line.run("ask", "A private question")
    done = line.run("diagnostics")
    assert (done.returncode, done.stderr) == (0, b"")
    shown = done.stdout.decode()
    assert shown.startswith("Desktop Chat ")
    assert "an answer ended by refused (openai_chat, retry 0)" in shown
    for words in (CANARY, "My secret project", "A private question"):
        assert words not in shown
