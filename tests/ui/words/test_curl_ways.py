"""A command takes the way that the request took: through real proxies, with real certificates."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.exchange import Exchange, Passage
from desktop_chat.domain.keys import Secret
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.passage import KEY_VARIABLE, PROXY_VARIABLE, passage_of
from desktop_chat.protocols.transport.recording import Recording
from desktop_chat.protocols.transport.routes import Route
from desktop_chat.ui.words.curl_text import command_words, curl_command
from tests.processes import Part
from tests.protocols.asking import CANARY, SHORT, Answer, ask_with, provider
from tests.protocols.authority import Authority

if TYPE_CHECKING:
    from pathlib import Path

PASSWORD = "correct: 'horse' $HOME/battery@staple"
LOGIN = f"ann:{PASSWORD}"
needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    # As awkward as a folder may be.
    folder = tmp_path_factory.mktemp("a 'q' : back\\slash") / "in: here"
    folder.mkdir()
    return Authority(folder)


def repeat(route: Route, url: str, secrets: dict[str, str], environment: dict[str, str]) -> None:
    """Ask at an address, run the command in a shell, and compare what came back."""

    async def run() -> Exchange:
        one = provider(url)
        client = make_client(route)
        http = Http(client, "Service", lambda _phase: None, SHORT)
        http.recording = Recording(one)
        answer = Answer()
        await ask_with(http, one, answer)
        await client.aclose()
        assert answer.failure is None
        exchange = http.recording.exchange()
        assert exchange is not None
        return exchange

    exchange = asyncio.run(run())
    command = curl_command(exchange)
    for secret in (CANARY, *secrets.values()):
        assert secret not in command
    assert set(exchange.variables) == {"SERVICE_API_KEY", *secrets}
    done = subprocess.run(
        ["sh", "-c", command],
        env={
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "SERVICE_API_KEY": CANARY,
            **secrets,
            **environment,
        },
        capture_output=True,
        timeout=20,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode() == exchange.answer


@needs_curl
@pytest.mark.parametrize("kind", ["http_proxy", "socks_proxy"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_through_a_proxy_with_a_password(authority: Authority, kind: str, scheme: str) -> None:
    tls = scheme == "https"
    certificate = [str(authority.server_file("api.test"))] if tls else []
    with Part(f"protocols/{kind}.py", LOGIN) as proxy:
        with Part("protocols/service.py", *certificate) as service:
            route = Route(
                tls=tls,
                proxy=f"{'http' if kind == 'http_proxy' else 'socks5'}://{proxy.host}",
                proxy_user="ann",
                proxy_password=Secret(PASSWORD),
                ca_file=str(authority.file) if tls else "",
            )
            url = f"{scheme}://api.test:{service.port}/v1"
            repeat(route, url, {PROXY_VARIABLE: PASSWORD}, {})
            first, second = service.report()["requests"]
            assert (first[0], first[2]) == (second[0], second[2])
        seen = proxy.report()
        assert seen["denied"] == 0
        assert len(seen["heads"] if kind == "http_proxy" else seen["asked"]) == 2


@needs_curl
def test_through_a_proxy_that_speaks_tls(authority: Authority) -> None:
    certificate = str(authority.server_file("127.0.0.1"))
    with (
        Part("protocols/http_proxy.py", LOGIN, certificate) as proxy,
        Part("protocols/service.py") as service,
    ):
        route = Route(
            proxy=f"https://{proxy.host}",
            proxy_user="ann",
            proxy_password=Secret(PASSWORD),
            ca_file=str(authority.file),
        )
        repeat(route, f"http://api.test:{service.port}/v1", {PROXY_VARIABLE: PASSWORD}, {})


@needs_curl
@pytest.mark.parametrize("passphrase", ["", "open 'sesame' $1"])
def test_with_a_client_certificate(authority: Authority, passphrase: str) -> None:
    certificate, key = authority.client_files("ann:1", passphrase)
    server = str(authority.server_file("127.0.0.1"))
    with Part("protocols/strict_service.py", server, str(authority.file)) as service:
        route = Route(
            tls=True,
            ca_file=str(authority.file),
            certificate=str(certificate),
            certificate_key=str(key),
            passphrase=Secret(passphrase) if passphrase else None,
        )
        secrets = {KEY_VARIABLE: passphrase} if passphrase else {}
        repeat(route, f"https://{service.host}/v1", secrets, {})
        assert service.report() == {"answered": 2}


@needs_curl
def test_straight_where_the_shell_knows_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    with Part("protocols/service.py") as service:
        environment = {"http_proxy": "http://127.0.0.1:9"}
        repeat(Route(), f"http://{service.host}/v1", {}, environment)


def test_nothing_is_said_of_a_way_that_curl_takes_by_itself(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)
    assert passage_of(Route(tls=True)) == Passage()
    plain = Exchange(method="GET", url=("https://example.org/",), headers=())
    words = shlex.split(" ".join(command_words(plain)))
    assert words == ["curl", "-sS", "-N", "--globoff", "-X", "GET", "https://example.org/"]


def test_a_certificates_path_is_read_whole(tmp_path: Path) -> None:
    named = str(tmp_path / "a:b\\c.pem")
    exchange = Exchange(method="GET", url=("u",), headers=(), passage=Passage(certificate=named))
    words = shlex.split(" ".join(command_words(exchange)))
    told = words[words.index("--cert") + 1]
    assert told.replace("\\:", ":").replace("\\\\", "\\") == named
