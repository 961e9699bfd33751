"""The command line on its way to a service: proxies, certificates, and keys without encryption."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.command_line import CommandLine
from tests.processes import Part
from tests.protocols.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEY = "sk-canary-5e0c91aa77"


@pytest.fixture
def line(tmp_path: Path) -> CommandLine:
    made = CommandLine(tmp_path / "profile")
    for name in list(made.environment):
        if name.lower().endswith("_proxy"):
            del made.environment[name]
    made.environment["SERVICE_KEY"] = KEY
    return made


@pytest.fixture
def service() -> Iterator[Part]:
    with Part("protocols/service.py") as made:
        yield made


@pytest.fixture
def proxy() -> Iterator[Part]:
    with Part("protocols/http_proxy.py") as made:
        yield made


def add(line: CommandLine, url: str, *more: str) -> subprocess.CompletedProcess[bytes]:
    known = ("--protocol", "openai_chat", "--base-url", url, "--model", "m")
    return line.run("provider", "add", "Far", *known, "--key-env", "SERVICE_KEY", *more)


def stored(line: CommandLine) -> dict[str, Any]:
    (entry,) = json.loads(line.profile.providers_file.read_text("utf-8"))["providers"]
    found: dict[str, Any] = entry
    return found


def test_a_key_goes_unencrypted_only_where_that_was_allowed(
    line: CommandLine, service: Part, proxy: Part
) -> None:
    url = f"http://api.test:{service.port}/v1"
    added = add(line, url, "--proxy", proxy.host)
    assert added.returncode == 0
    assert b"others could read the key" in added.stderr
    for command in (("ask", "--provider", "Far", "why?"), ("provider", "test", "Far")):
        done = line.run(*command)
        assert done.returncode == 1
        assert b"--allow-http" in done.stderr
    assert proxy.report()["heads"] == []
    allowed = line.run("ask", "--provider", "Far", "--allow-http", "why?")
    assert (allowed.stdout, allowed.stderr) == (b"Welcome.", b"")
    # Asked once: the origin is remembered.
    again = line.run("ask", "--provider", "Far", "and now?")
    assert (again.stdout, again.stderr) == (b"Welcome.", b"")


def test_adding_may_allow_it_too(line: CommandLine, service: Part, proxy: Part) -> None:
    url = f"http://api.test:{service.port}/v1"
    added = add(line, url, "--proxy", proxy.host, "--allow-http")
    assert (added.returncode, added.stderr) == (0, b"")
    assert line.run("ask", "--provider", "Far", "why?").stdout == b"Welcome."


@pytest.mark.skipif(sys.platform == "win32", reason="needs a terminal of its own")
@pytest.mark.parametrize(("said", "sent"), [(b"y\n", True), (b"\n", False)])
def test_a_person_at_a_terminal_is_asked(
    line: CommandLine, service: Part, proxy: Part, said: bytes, sent: bool
) -> None:
    url = f"http://api.test:{service.port}/v1"
    add(line, url, "--proxy", proxy.host)
    ours, theirs = os.openpty()
    try:
        os.write(ours, said)
        with subprocess.Popen(
            [sys.executable, "-m", "desktop_chat", "ask", "--provider", "Far", "why?"],
            stdin=theirs,
            stdout=subprocess.PIPE,
            stderr=theirs,
            env=line.environment,
        ) as asking:
            out, _ = asking.communicate(timeout=60)
        shown = os.read(ours, 65536)
    finally:
        os.close(theirs)
        os.close(ours)
    assert b"Send the key all the same?" in shown
    assert out == (b"Welcome." if sent else b"")
    assert len(service.report()["requests"]) == sent


def test_certificates_and_a_proxy_can_be_named(line: CommandLine, tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    certificate, key_file = authority.client_files("ann")
    args = (authority.server_file("api.test"), authority.file)
    with (
        Part("protocols/strict_service.py", *map(str, args)) as service,
        Part("protocols/socks_proxy.py") as proxy,
    ):
        added = add(
            line,
            f"https://api.test:{service.port}/v1",
            *("--proxy", f"socks5://{proxy.host}"),
            *("--ca-file", os.path.relpath(authority.file)),
            *("--client-cert", str(certificate)),
            *("--client-key", str(key_file)),
        )
        assert (added.returncode, added.stderr) == (0, b"")
        asked = line.run("ask", "--provider", "Far", "why?")
        assert (asked.stdout, asked.stderr) == (b"Welcome.", b"")
        assert proxy.report()["asked"] == [f"api.test:{service.port}"]
    assert stored(line)["network"]["ca_file"] == str(authority.file)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        (("--proxy", "http://ann:open-sesame@proxy.test"), b"--proxy-password-env"),
        (("--proxy", "gopher://proxy.test"), b"socks5://"),
        (("--proxy-password-env", "SERVICE_KEY"), b"--proxy URL"),
        (("--client-key", "pyproject.toml"), b"--client-cert"),
        (("--ca-file", "no-such-file.pem"), b"no-such-file.pem"),
        (("--proxy", "p.test:1", "--proxy-password-env", "NO_SUCH_VARIABLE"), b"is not set"),
    ],
)
def test_what_cannot_be_kept_is_refused_in_a_sentence(
    line: CommandLine, more: tuple[str, ...], words: bytes
) -> None:
    done = add(line, "https://api.test/v1", *more)
    assert done.returncode == 1
    assert words in done.stderr
    assert b"sesame" not in done.stdout + done.stderr
    assert not line.profile.providers_file.exists()


def test_a_password_goes_to_the_keyring_or_nowhere(line: CommandLine) -> None:
    line.environment["PROXY_PASSWORD"] = "open-sesame-4711"
    more = ("--proxy", "http://ann@proxy.test:3128", "--proxy-password-env", "PROXY_PASSWORD")
    done = add(line, "https://api.test/v1", *more)
    assert done.returncode == 1
    assert b"keyring" in done.stderr
    files = [one for one in line.profile.data.parent.rglob("*") if one.is_file()]
    assert all(b"open-sesame" not in one.read_bytes() for one in files)
    assert not line.profile.providers_file.exists()
