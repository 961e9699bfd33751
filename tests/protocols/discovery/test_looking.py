"""Model servers are found by what they say, and strangers are left alone. Real loopback servers."""

from __future__ import annotations

import asyncio
import json
import math
import subprocess
import sys
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.discovery import LOOKED_FOR, WITHIN_S, LocalServer, usual_ports
from desktop_chat.domain.presets import preset
from desktop_chat.protocols.discovery.looking import Place, find_servers, usual_places
from desktop_chat.protocols.discovery.signs import SIGNS
from tests.protocols.model_servers import SERVERS, listed, speaking
from tests.protocols.servers import serving

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from tests.protocols.servers import Call, RawServer

    Script = Callable[[Call], Awaitable[None]]

LONG_S = 20.0


def place_of(server: RawServer, *ids: str) -> Place:
    return Place("127.0.0.1", server.port, ids or LOOKED_FOR)


def find(
    *scripts: Script, ids: tuple[str, ...] = (), within_s: float = LONG_S
) -> tuple[tuple[LocalServer, ...], list[RawServer]]:
    """Look at one server for each script; return what was found, and the servers."""

    async def run() -> tuple[tuple[LocalServer, ...], list[RawServer]]:
        async with AsyncExitStack() as stack:
            servers = [await stack.enter_async_context(serving(one)) for one in scripts]
            found = await find_servers([place_of(one, *ids) for one in servers], within_s)
            return found, servers

    return asyncio.run(run())


async def hold(call: Call) -> None:
    """Never answer."""
    await call.hold()


def test_every_server_has_a_preset_a_sign_and_a_port() -> None:
    assert set(SIGNS) == set(LOOKED_FOR) == set(SERVERS)
    assert {one for ids in usual_ports().values() for one in ids} == set(LOOKED_FOR)
    assert usual_ports()[8080] == ("llamacpp", "localai")
    assert {one.host for one in usual_places()} == {"127.0.0.1", "[::1]"}
    assert WITHIN_S == 0.3


def test_all_are_found_at_once() -> None:
    found, servers = find(*(speaking(SERVERS[one]) for one in LOOKED_FOR))
    assert [one.preset_id for one in found] == list(LOOKED_FOR)
    for server, one in zip(servers, found, strict=True):
        known = preset(one.preset_id)
        assert known is not None
        ending = "" if one.preset_id == "ollama" else "/v1"
        assert one.base_url == f"http://127.0.0.1:{server.port}{ending}"
        assert one.name == known.name
        assert one.is_ready
        assert not one.needs_key


@pytest.mark.parametrize("preset_id", LOOKED_FOR)
def test_a_server_at_its_usual_place_is_told_from_the_others(preset_id: str) -> None:
    ids = next(ids for ids in usual_ports().values() if preset_id in ids)
    (found,), _ = find(speaking(SERVERS[preset_id]), ids=ids)
    assert found.preset_id == preset_id


def test_models_that_do_not_chat_are_not_offered() -> None:
    (found,), _ = find(speaking(SERVERS["ollama"]))
    assert found.models == ("llama3.2:latest",)


def test_a_server_without_models_is_known_all_the_same() -> None:
    empty = {**SERVERS["ollama"], "/v1/models": {"object": "list", "data": None}}
    (found,), _ = find(speaking(empty), ids=("ollama",))
    assert (found.preset_id, found.models, found.is_ready) == ("ollama", (), False)


@pytest.mark.parametrize("preset_id", ["jan", "vllm"])
def test_a_server_that_asks_for_a_key_is_known_all_the_same(preset_id: str) -> None:
    locked = speaking(SERVERS[preset_id], locked="/v1/models")
    (found,), _ = find(locked, ids=(preset_id,))
    assert (found.preset_id, found.needs_key, found.is_ready) == (preset_id, True, True)


def page(call: Call) -> Awaitable[None]:
    """A web site that has a page for everything."""
    return call.answer(b"<!doctype html><title>Shop</title>", content_type="text/html")


async def redirect(call: Call) -> None:
    await call.answer(b"", "302 Found", location=f"http://127.0.0.1:{call.server.port}/elsewhere")


async def endless(call: Call) -> None:
    await call.head(content_type="application/json", transfer_encoding="chunked")
    while not call.writer.is_closing():
        await call.chunk(b" " * 65536)


async def closing(call: Call) -> None:
    call.reset()


async def other_json(call: Call) -> None:
    await call.answer(b'{"hello": "world"}', content_type="application/json")


async def deep(call: Call) -> None:
    await call.answer(b"[" * 100_000, content_type="application/json")


STRANGERS = {
    "a web site": page,
    "one that redirects": redirect,
    "one without an end": endless,
    "one that hangs up": closing,
    "one that speaks of other things": other_json,
    "one of another kind": deep,
    "an unknown model server": speaking({"/v1/models": listed("openai", "gpt")}),
    "a locked door": speaking({}, locked="/v1/models"),
}


@pytest.mark.parametrize("kind", STRANGERS)
def test_no_stranger_is_taken_for_a_model_server(kind: str) -> None:
    found, (stranger,) = find(STRANGERS[kind])
    assert found == ()
    assert all(one.line.startswith("GET ") for one in stranger.requests)
    assert not any("elsewhere" in one.line for one in stranger.requests)


def test_a_web_site_is_asked_one_question() -> None:
    _, (stranger,) = find(page)
    assert [one.line for one in stranger.requests] == ["GET /v1/models HTTP/1.1"]


def test_nothing_secret_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://user:canary@127.0.0.1:9")
    _, servers = find(*(speaking(SERVERS[one]) for one in LOOKED_FOR))
    for server in servers:
        assert server.requests
        for request in server.requests:
            names = {name for name, _ in request.headers}
            assert not names & {"authorization", "cookie", "x-api-key", "proxy-authorization"}
            assert "canary" not in json.dumps(request.headers)
            assert request.body == b""


def test_one_that_never_answers_keeps_nobody_from_being_found() -> None:
    found, (_, silent) = find(speaking(SERVERS["vllm"]), hold, within_s=2.0)
    assert [one.preset_id for one in found] == ["vllm"]
    assert silent.requests


@pytest.mark.parametrize(("within_s", "names"), [(0.0, []), (math.inf, ["Jan"])])
def test_the_time_limit_is_what_ends_the_wait(within_s: float, names: list[str]) -> None:
    """Without a limit a server is waited for as long as it takes, and with one no longer."""

    async def run() -> list[str]:
        asked, answer = asyncio.Event(), asyncio.Event()

        async def late(call: Call) -> None:
            asked.set()
            await answer.wait()
            await speaking(SERVERS["jan"])(call)

        async with serving(late) as server:
            looking = asyncio.ensure_future(find_servers([place_of(server)], within_s))
            if within_s:
                await asked.wait()
                assert not looking.done()
                answer.set()
            return [one.name for one in await looking]

    assert asyncio.run(run()) == names


def test_nothing_is_imported_while_the_time_runs() -> None:
    """The library's first connection imports much: a server would be missed for it."""
    program = """
import asyncio, sys
from desktop_chat.protocols.discovery import looking

async def main():
    before = set(sys.modules)
    await looking.find_servers([], 20.0)
    between = set(sys.modules)
    listener = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", 0)
    port = listener.sockets[0].getsockname()[1]
    await looking.find_servers([looking.Place("127.0.0.1", port, ())], 20.0)
    print(len(between - before) > 0, *(set(sys.modules) - between))

asyncio.run(main())
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stdout.split() == ["True"]


def test_no_connection_is_left_behind() -> None:
    async def run() -> bool:
        async with serving(hold) as silent:
            await find_servers([place_of(silent)], 0.5)
            async with asyncio.timeout(LONG_S):
                await silent.closed.wait()
            return silent.closed.is_set()

    assert asyncio.run(run())


def test_nobody_listens() -> None:
    async def run() -> tuple[LocalServer, ...]:
        async with serving(hold) as server:
            free = place_of(server)
        return await find_servers([free], LONG_S)

    assert asyncio.run(run()) == ()


def test_one_server_at_two_addresses_is_one() -> None:
    async def run() -> tuple[LocalServer, ...]:
        async with serving(speaking(SERVERS["jan"])) as server:
            place = place_of(server)
            return await find_servers([place, place._replace(host="localhost")], LONG_S)

    (found,) = asyncio.run(run())
    assert "127.0.0.1" in found.base_url
