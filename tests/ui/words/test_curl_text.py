"""A request as a command: every hostile string comes through a shell as it is."""

from __future__ import annotations

import asyncio
import os
import shlex
import shutil
import subprocess
import tempfile
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from desktop_chat.domain.exchange import Exchange, Hidden, joined
from desktop_chat.domain.providers import Header
from desktop_chat.protocols.registry import PROTOCOLS
from desktop_chat.protocols.transport.http import Http
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.recording import Recording
from desktop_chat.protocols.transport.routes import route_for
from desktop_chat.ui.words.curl_text import command_words, curl_command, set_first
from tests.protocols.answers import good
from tests.protocols.asking import CANARY, SHORT, Answer, ask_with, provider
from tests.protocols.servers import Call, Request, serving

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.exchange import Words
    from desktop_chat.domain.providers import Provider

TEXTS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=60)
HIDDEN = st.sampled_from([Hidden("A_KEY"), Hidden("_b2")])
WORDS = st.lists(TEXTS | HIDDEN, max_size=5).map(joined)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True).filter(
    lambda name: name not in ("host", "connection", "content-length", "transfer-encoding")
)
EXCHANGES = st.builds(
    Exchange,
    method=st.sampled_from(["POST", "GET", "X'Y"]),
    url=WORDS.map(lambda words: ("https://example.org/", *words)).map(joined),
    headers=st.lists(st.tuples(NAMES, WORDS), max_size=4).map(tuple),
    body=WORDS,
)
HOSTILE = (
    '\'; $(touch /tmp/x) `id` "$HOME" \\ \n !! ${A_KEY} # & | > %s %n \t ~ * ? [a] {b} é 你\u202e'
)


def unfolded(words: Words) -> str:
    """Return a text as a shell that knows no variables reads it."""
    return "".join(f"${{{one.variable}}}" if isinstance(one, Hidden) else one for one in words)


@given(EXCHANGES)
@example(
    Exchange(
        method="POST",
        url=("https://example.org/", HOSTILE, Hidden("A_KEY")),
        headers=(("x-a", (HOSTILE,)), ("x-b", ()), ("x-c", ("Bearer ", Hidden("A_KEY")))),
        body=("@/etc/passwd", Hidden("A_KEY"), HOSTILE),
    )
)
def test_a_command_is_read_back_word_for_word(exchange: Exchange) -> None:
    words = shlex.split(" ".join(command_words(exchange)))
    expected = ["curl", "-sS", "-N", "--globoff", "-X", exchange.method]
    for name, value in exchange.headers:
        expected += ["-H", f"{name}: {unfolded(value)}" if value else f"{name};"]
    if exchange.body:
        expected += ["--data-raw", unfolded(exchange.body)]
    assert words == [*expected, unfolded(exchange.url)]


@given(WORDS.filter(bool))
@settings(max_examples=40, deadline=None)
@example((HOSTILE, Hidden("A_KEY"), "'", Hidden("A_KEY"), HOSTILE))
def test_a_real_shell_reads_the_same(words: Words) -> None:
    secret = "a 'secret' $HOME \"x\""
    exchange = Exchange(method="POST", url=("u",), headers=(), body=words)
    echo = curl_command(exchange).replace("curl -sS -N", "printf '%s\\0'", 1)
    done = subprocess.run(
        ["sh", "-c", echo],
        env={"A_KEY": secret, "_b2": "", "PATH": os.environ["PATH"]},
        capture_output=True,
        check=True,
    )
    values = {"A_KEY": secret, "_b2": ""}
    body = "".join(values[one.variable] if isinstance(one, Hidden) else one for one in words)
    assert done.stdout.decode().split("\0")[4] == body


def repeated(
    variables: dict[str, str], make: Callable[[str], Provider], question: str
) -> list[Request]:
    """Ask a real server, run the command, and return what both sent."""

    async def run() -> list[Request]:
        async with serving(answering) as server:
            one = make(server.url)
            client = make_client(route_for(server.url))
            recording = Recording(one)
            http = Http(client, "Service", lambda _phase: None, SHORT)
            http.recording = recording
            await ask_with(http, one, Answer(), question=question)
            await client.aclose()
            exchange = recording.exchange()
            assert exchange is not None
            command = curl_command(exchange)
            assert CANARY not in command
            # From a file, as a shell reads what is typed: an argument has a longest length.
            script = tempfile.NamedTemporaryFile("w", encoding="utf-8")  # noqa: SIM115
            script.write(command)
            script.flush()
            process = await asyncio.create_subprocess_exec(
                "sh",
                script.name,
                env={**variables, "PATH": os.environ["PATH"], "HOME": "/nonexistent"},
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            said, trouble = await asyncio.wait_for(process.communicate(), 20)
            script.close()
            assert process.returncode == 0, trouble
            assert said.decode() == exchange.answer
            return server.requests

    return asyncio.run(run())


async def answering(call: Call) -> None:
    await good(call)


def same(first: Request, second: Request) -> None:
    framing = ("connection", "host", "content-length", "transfer-encoding", "expect")
    assert second.line == first.line
    assert second.body == first.body
    sent = sorted((name, value) for name, value in first.headers if name not in framing)
    assert sorted((n, v) for n, v in second.headers if n not in framing) == sent


needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="there is no curl")


@needs_curl
@pytest.mark.parametrize("wire", sorted(PROTOCOLS))
def test_the_command_repeats_the_request(wire: str) -> None:
    first, second = repeated(
        {"SERVICE_API_KEY": CANARY}, lambda url: provider(url, wire), f"Why?\n{HOSTILE}"
    )
    same(first, second)


@needs_curl
def test_the_command_repeats_headers_of_the_persons_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GATE", "gate 'canary' 123")
    headers = (Header("X-Gate", variable="GATE"), Header("X-Empty", value=""), Header("X-Q", "'"))
    first, second = repeated(
        {"SERVICE_API_KEY": CANARY, "GATE": "gate 'canary' 123"},
        lambda url: provider(url, headers=headers),
        "Why?",
    )
    same(first, second)


@needs_curl
def test_a_request_longer_than_an_argument_may_be_is_repeated() -> None:
    first, second = repeated({"SERVICE_API_KEY": CANARY}, provider, "It's long: %s \\ " * 20_000)
    same(first, second)


def test_what_must_be_set_first_is_told() -> None:
    one = Exchange(method="POST", url=("u",), headers=(("a", (Hidden("K"),)),))
    assert set_first(one) == "Set K first: it stands for the key."
    two = Exchange(method="POST", url=("u", Hidden("L")), headers=(("a", (Hidden("K"),)),))
    assert set_first(two) == "Set L, K first: they stand for keys and secrets."
    assert set_first(Exchange(method="POST", url=("u",), headers=())) == ""
