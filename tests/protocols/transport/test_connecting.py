"""What goes wrong before a connection stands: names, refusals, certificates, proxies."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from desktop_chat.domain.errors import ChatError, ErrorKind, TlsFault
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.stream import Limits
from desktop_chat.protocols.transport import faults, routes
from desktop_chat.protocols.transport.http_client import make_client
from desktop_chat.protocols.transport.routes import Route, route_for
from tests.protocols.answers import GOOD, free_port, good
from tests.protocols.asking import SHORT, Answer, ask
from tests.protocols.authority import Authority
from tests.protocols.servers import Call, listening, serving

if TYPE_CHECKING:
    import ssl
    from collections.abc import Awaitable, Callable
    from pathlib import Path

    from tests.protocols.servers import Call


# Before the connection stands.


def test_a_port_where_nobody_listens_is_refused() -> None:
    port = free_port()
    failure = asyncio.run(ask(f"http://127.0.0.1:{port}/v1")).failure
    assert failure is not None
    assert failure.kind is ErrorKind.REFUSED
    assert (failure.host, failure.port, failure.local) == ("127.0.0.1", port, True)
    assert failure.service == "Service"
    assert failure.model == "model-1"


class Resolving(asyncio.SelectorEventLoop):
    """A loop whose look-ups are the test's, as the network thread's are its own."""

    answer: Callable[[], Awaitable[list[Any]]]
    asked: list[object]

    @override
    async def getaddrinfo(self, host: object, port: object, **_: object) -> list[Any]:
        self.asked.append(host)
        return await self.answer()


def run_resolving(
    answer: Callable[[], Awaitable[list[Any]]], main: Callable[[], Awaitable[Answer]]
) -> tuple[Answer, list[object]]:
    loop = Resolving()
    loop.answer = answer
    loop.asked = []

    async def wrapped() -> Answer:
        return await main()

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        return runner.run(wrapped()), loop.asked


@pytest.mark.parametrize(("offline", "kind"), [(False, ErrorKind.DNS), (True, ErrorKind.OFFLINE)])
def test_a_name_that_is_not_found_says_so_or_that_there_is_no_network(
    offline: bool, kind: ErrorKind, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def unknown() -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(faults, "is_offline", lambda: offline)
    answer, asked = run_resolving(
        unknown, lambda: ask("http://no-such-host.test/v1", route=Route())
    )
    assert answer.failure is not None
    assert answer.failure.kind is kind
    assert answer.failure.host == "no-such-host.test"
    assert asked in (["no-such-host.test"], [b"no-such-host.test"])


def test_a_resolver_that_never_answers_ends_as_a_timeout_and_is_cancelled_at_once() -> None:
    async def never() -> list[Any]:
        await asyncio.Event().wait()
        raise AssertionError

    limits = Limits(connect_s=0.2)
    answer, _ = run_resolving(
        never, lambda: ask("http://slow.test/v1", route=Route(), limits=limits)
    )
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.CONNECT_TIMEOUT
    assert answer.failure.seconds == 0.2

    async def cancelled() -> Answer:
        task = asyncio.create_task(ask("http://slow.test/v1", route=Route()))
        await asyncio.sleep(0.05)
        begin = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - begin < 0.5
        return Answer()

    run_resolving(never, cancelled)


def test_a_full_backlog_ends_as_a_connect_timeout() -> None:
    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        address = full.getsockname()
        fillers = []
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(address)
            fillers.append(filler)
        begin = time.monotonic()
        limits = Limits(connect_s=0.3)
        failure = asyncio.run(ask(f"http://127.0.0.1:{address[1]}/v1", limits=limits)).failure
        for filler in fillers:
            filler.close()
    assert failure is not None
    assert failure.kind is ErrorKind.CONNECT_TIMEOUT
    assert time.monotonic() - begin < 5


@pytest.mark.parametrize(
    "address", ["ftp://host/v1", "nonsense", "http://", "http://a..b/v1", "http://h:99999/v1"]
)
def test_an_address_that_is_none_is_named_as_such(address: str) -> None:
    async def run() -> ErrorKind:
        try:
            answer = await ask(address, limits=Limits(connect_s=2))
        except ChatError as error:
            return error.failure.kind
        assert answer.failure is not None
        return answer.failure.kind

    kind = asyncio.run(run())
    assert kind in (ErrorKind.BAD_ADDRESS, ErrorKind.DNS, ErrorKind.OFFLINE)


# TLS.


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("tls"))


def served_tls(
    tls: ssl.SSLContext, host: str, ca_file: Path | str, limits: Limits = SHORT
) -> Answer:
    async def run() -> Answer:
        async with serving(good, tls) as server:
            url = f"https://{host}:{server.port}/v1"
            return await ask(url, route=Route(tls=True, ca_file=str(ca_file)), limits=limits)

    return asyncio.run(run())


def test_a_certificate_of_the_organisation_is_trusted_when_it_is_given(
    authority: Authority,
) -> None:
    answer = served_tls(authority.server("127.0.0.1"), "127.0.0.1", authority.file)
    assert answer.failure is None
    assert answer.text == "Good answer."


@pytest.mark.parametrize(
    ("named", "expired", "known", "fault"),
    [
        ("127.0.0.1", True, True, TlsFault.EXPIRED),
        ("127.0.0.1", False, False, TlsFault.UNKNOWN_ISSUER),
        ("other.test", False, True, TlsFault.OTHER_NAME),
    ],
)
def test_a_bad_certificate_is_told_by_what_is_wrong_with_it(
    authority: Authority, named: str, expired: bool, known: bool, fault: TlsFault
) -> None:
    tls = authority.server(named, expired=expired)
    failure = served_tls(tls, "127.0.0.1", authority.file if known else "").failure
    assert failure is not None
    assert failure.kind is ErrorKind.TLS
    assert failure.tls is fault
    assert failure.host == "127.0.0.1"


def test_a_server_that_would_rather_speak_http_2_is_asked_in_http_1(authority: Authority) -> None:
    tls = authority.server("127.0.0.1")
    tls.set_alpn_protocols(["h2", "http/1.1"])
    chosen: list[str | None] = []

    async def script(call: Call) -> None:
        chosen.append(call.writer.get_extra_info("ssl_object").selected_alpn_protocol())
        await good(call)

    async def run() -> Answer:
        async with serving(script, tls) as server:
            route = Route(tls=True, ca_file=str(authority.file))
            return await ask(f"https://127.0.0.1:{server.port}/v1", route=route, limits=SHORT)

    assert asyncio.run(run()).text == "Good answer."
    assert chosen == ["http/1.1"]


def test_a_port_that_speaks_plain_http_has_no_tls() -> None:
    async def run() -> Answer:
        async def plain(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            writer.write(b"HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()

        async with listening(plain) as port:
            return await ask(f"https://127.0.0.1:{port}/v1", route=Route(tls=True))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert (failure.kind, failure.tls) == (ErrorKind.TLS, TlsFault.NO_TLS)


def test_a_reset_in_the_handshake_is_no_matter_of_certificates() -> None:
    async def run() -> Answer:
        async def resets(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(10)
            spoken: socket.socket = writer.get_extra_info("socket")
            spoken.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

        async with listening(resets) as port:
            return await ask(f"https://127.0.0.1:{port}/v1", route=Route(tls=True))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert (failure.kind, failure.tls) == (ErrorKind.BROKEN_STREAM, None)
    assert "reset" in failure.detail.lower()


def test_an_answer_that_says_its_end_needs_no_end_of_the_encryption(authority: Authority) -> None:
    async def rips(call: Call) -> None:
        await call.head(connection="close")
        await call.send(GOOD)
        await asyncio.sleep(0.05)
        # The connection ends, and the encryption's own end never came.
        call.writer.get_extra_info("socket").shutdown(socket.SHUT_RDWR)

    tls = authority.server("127.0.0.1")

    async def run() -> Answer:
        async with serving(rips, tls) as server:
            url = f"https://127.0.0.1:{server.port}/v1"
            return await ask(url, route=Route(tls=True, ca_file=str(authority.file)))

    answer = asyncio.run(run())
    assert (answer.failure, answer.text) == (None, "Good answer.")


def test_a_handshake_that_stalls_ends_as_a_connect_timeout() -> None:
    async def run() -> Answer:
        async def stall(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(1000):
                pass

        async with listening(stall) as port:
            limits = Limits(connect_s=0.3)
            return await ask(f"https://127.0.0.1:{port}/v1", route=Route(tls=True), limits=limits)

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is ErrorKind.CONNECT_TIMEOUT


def test_a_certificate_file_that_is_none_is_told() -> None:
    with pytest.raises(ChatError) as caught:
        make_client(Route(tls=True, ca_file="/no/such/file.pem"))
    assert caught.value.failure.kind is ErrorKind.TLS


def test_plain_routes_read_no_certificates() -> None:
    assert routes.no_trust().cert_store_stats()["x509_ca"] == 0


# Proxies.


def test_near_hosts_are_reached_without_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("HTTPS_PROXY", "http://proxy.test:3128")
    monkeypatch.setenv("NO_PROXY", "inner.test")
    for near in ("http://localhost:1/v1", "http://10.0.0.7/v1", "http://nas.local", "http://[::1]"):
        assert route_for(near).proxy == ""
    assert route_for("https://api.test/v1").proxy == "http://proxy.test:3128"
    assert route_for("https://inner.test/v1").proxy == ""
    monkeypatch.setenv("HTTPS_PROXY", "http://ann:correct%20horse@proxy.test:3128")
    route = route_for("https://api.test/v1")
    assert (route.proxy, route.proxy_user) == ("http://proxy.test:3128", "ann")
    assert route.proxy_password == Secret("correct horse")
    assert "horse" not in repr(route)


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("socks://proxy.test:1080", "socks5://proxy.test:1080"),
        ("proxy.test:3128", "http://proxy.test:3128"),
        ("socks5h://u:p@proxy.test:1080", "socks5h://proxy.test:1080"),
        ("http://proxy.test", "http://proxy.test:80"),
        ("https://[2001:db8::1]:8443/", "https://[2001:db8::1]:8443"),
    ],
)
def test_proxy_addresses_are_read_as_people_write_them(
    address: str, proxy: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ALL_PROXY", address)
    route = route_for("https://api.test/v1")
    assert route.proxy == proxy
    asyncio.run(make_client(route).aclose())


@pytest.mark.parametrize("address", ["gopher://x", "http://", "socks4://h:1", "http://h:port"])
def test_a_proxy_address_that_is_none_is_named(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", address)
    with pytest.raises(ChatError) as caught:
        make_client(route_for("https://api.test/v1"))
    assert caught.value.failure.kind is ErrorKind.PROXY


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("target", ["http://api.test/v1", "https://api.test/v1"])
def test_a_proxy_that_refuses_is_named(scheme: str, target: str) -> None:
    async def run() -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.read(1000)
            if scheme == "http":
                writer.write(b"HTTP/1.1 407 Proxy Auth\r\ncontent-length: 0\r\n\r\n")
            else:
                writer.write(b"\x05\xff")
            await writer.drain()

        async with listening(refuse) as port:
            route = Route(tls=target.startswith("https"), proxy=f"{scheme}://127.0.0.1:{port}")
            answer = await ask(target, route=route)
        assert answer.failure is not None
        assert answer.failure.kind is ErrorKind.PROXY
        assert answer.failure.host == f"127.0.0.1:{port}"

    asyncio.run(run())


@pytest.mark.parametrize("scheme", ["http", "socks5"])
def test_a_proxy_that_is_not_there_is_named(scheme: str) -> None:
    route = Route(tls=True, proxy=f"{scheme}://127.0.0.1:{free_port()}")
    failure = asyncio.run(ask("https://api.test/v1", route=route)).failure
    assert failure is not None
    assert failure.kind is ErrorKind.PROXY


def test_a_proxy_that_says_nothing_ends_as_a_connect_timeout() -> None:
    async def run() -> Answer:
        async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            while await reader.read(1000):
                pass

        async with listening(silent) as port:
            route = Route(tls=True, proxy=f"http://127.0.0.1:{port}")
            return await ask("https://api.test/v1", route=route, limits=Limits(connect_s=0.3))

    failure = asyncio.run(run()).failure
    assert failure is not None
    assert failure.kind is ErrorKind.CONNECT_TIMEOUT
