"""A connection is examined layer by layer, by real servers that break off at each of them."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import sys
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from typing_extensions import override

from desktop_chat.domain.checkup import Checkup, Layer, Step, Verdict, step_of
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult, Secret
from desktop_chat.domain.network_options import PROXY_SLOT, NetworkOptions, ProxyUse
from desktop_chat.domain.providers import KeyPlace, KeySource
from desktop_chat.domain.stream import Limits
from desktop_chat.runtime.preferences import DEMO
from desktop_chat.storage.secrets import MemorySecrets
from desktop_chat.ui.words.checkup_text import outcome, report
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import begin, refuse, say

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from tests.processes import Part
    from tests.protocols.authority import Authority
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.loopback import Loopback
    from tests.runtime.network.conftest import Start

    Answer = Callable[[Call], Awaitable[None]]

KEY = "canary-doctor-4d5e6f7a"
OTHER = "canary-doctor-8b9c0d1e"
PASSWORD = "canary/horse:battery"


@pytest.fixture
def keyring() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def core(make_core: CoreMaker, keyring: MemorySecrets) -> Core:
    limits = Limits(connect_s=2.0, first_byte_s=1.0, idle_s=1.0)
    return make_core(keyring=keyring, limits=limits)


def keyed(core: Core, keyring: MemorySecrets, url: str, **fields: Any) -> Provider:
    """Return a provider at an address, whose key is in the keyring."""
    provider = provider_at(url, **{"key_source": KeySource.KEYRING, **fields})
    keyring.write(provider.id, KEY_SLOT, Secret(KEY))
    core.preferences.save_provider(provider)
    return provider


def examined(core: Core, provider: Provider, qtbot: QtBot) -> Checkup:
    """Examine it; see that each layer was told as it ended, and that nothing secret was."""
    told: dict[Layer, Step] = {}
    job = core.network.examine(provider)
    job.stepped.connect(lambda step: told.update({step.layer: step}))
    with qtbot.waitSignal(job.done, timeout=20_000) as done:
        pass
    (checkup,) = done.args or [None]
    assert isinstance(checkup, Checkup)
    ended = [one for one in checkup.steps if one.verdict is not Verdict.NOT_REACHED]
    assert [told[one.layer] for one in ended] == ended
    assert not [one for one in checkup.steps if one.verdict is Verdict.WAITING]
    text = report(checkup)
    for secret in (KEY, OTHER, PASSWORD):
        assert secret not in text
        assert secret not in repr((checkup.steps, checkup.failure))
    return checkup


def verdicts(checkup: Checkup) -> dict[Layer, Verdict]:
    return {one.layer: one.verdict for one in checkup.steps}


def broken(checkup: Checkup, layer: Layer, kind: ErrorKind) -> Step:
    """Return the layer that failed, having seen that it is this one, and none beside it."""
    assert checkup.failure is not None
    assert (checkup.failure.kind, checkup.failed and checkup.failed.layer) == (kind, layer)
    after = [
        one for one in checkup.steps if list(Layer).index(one.layer) > list(Layer).index(layer)
    ]
    assert all(one.verdict in (Verdict.NOT_REACHED, Verdict.NOT_USED) for one in after)
    assert [one.verdict for one in checkup.steps].count(Verdict.FAILED) == 1
    return step_of(checkup, layer)


async def well(call: Call) -> None:
    """List one model, and answer."""
    if call.request.line.startswith("GET"):
        await call.answer(b'{"data": [{"id": "m"}]}', content_type="application/json")
    else:
        await say(call, "welcome")


def asking(answer: Answer) -> Answer:
    """Return a script that lists models, and answers questions so."""

    async def script(call: Call) -> None:
        await (well if call.request.line.startswith("GET") else answer)(call)

    return script


def local_name(server: RawServer) -> str:
    """Return the server's address by a name, so that there is something to look up."""
    return server.url.replace("127.0.0.1", "localhost")


# All is well.


def test_every_layer_of_a_service_that_works_is_told_with_its_time(
    core: Core, loopback: Loopback, qtbot: QtBot, keyring: MemorySecrets
) -> None:
    server = loopback.serve(well)
    checkup = examined(core, keyed(core, keyring, local_name(server)), qtbot)
    assert checkup.failure is None
    assert checkup.models == ("m",)
    expected = dict.fromkeys(Layer, Verdict.OK)
    expected |= {Layer.PROXY: Verdict.NOT_USED, Layer.TLS: Verdict.NOT_USED}
    assert verdicts(checkup) == expected
    assert all(one.seconds > 0 for one in checkup.steps if one.verdict is Verdict.OK
               and one.layer is not Layer.MODEL)  # fmt: skip
    assert step_of(checkup, Layer.DNS).seen.startswith("localhost is ")
    assert step_of(checkup, Layer.TCP).seen == f"127.0.0.1 port {server.port}"
    assert step_of(checkup, Layer.HTTP).seen == "HTTP/1.1 200"
    assert step_of(checkup, Layer.KEY).seen == "key 1, from the keyring"
    assert step_of(checkup, Layer.MODEL).seen == "m, one of 1"
    assert [one.line.split()[0] for one in server.requests] == ["GET", "POST"]
    assert server.requests[-1].values("authorization") == [f"Bearer {KEY}"]


def test_the_demo_works(core: Core, qtbot: QtBot) -> None:
    assert examined(core, DEMO, qtbot).failure is None


def test_a_service_that_lists_no_models_may_still_answer(
    core: Core, loopback: Loopback, qtbot: QtBot, keyring: MemorySecrets
) -> None:
    async def script(call: Call) -> None:
        if call.request.line.startswith("GET"):
            await refuse(call, "404 Not Found")
        else:
            await say(call, "welcome")

    checkup = examined(core, keyed(core, keyring, loopback.serve(script).url), qtbot)
    assert checkup.failure is None
    assert step_of(checkup, Layer.MODEL).seen == "m; the service lists none"


@pytest.mark.parametrize("kind", ["http_proxy", "socks_proxy"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_the_way_through_a_proxy_is_told(  # noqa: PLR0917 - fixtures
    core: Core,
    qtbot: QtBot,
    keyring: MemorySecrets,
    start: Start,
    authority: Authority,
    kind: str,
    scheme: str,
) -> None:
    proxy = start(kind, f"ann:{PASSWORD}")
    tls = scheme == "https"
    service = start("service", *([authority.server_file("api.test")] if tls else []))
    options = through(kind, proxy, str(authority.file) if tls else "")
    provider = keyed(core, keyring, f"{scheme}://api.test:{service.port}/v1", network=options)
    keyring.write(provider.id, PROXY_SLOT, Secret(PASSWORD))
    core.preferences.allow_cleartext(provider.origin)
    checkup = examined(core, provider, qtbot)
    assert checkup.failure is None, report(checkup)
    assert step_of(checkup, Layer.TCP).seen == f"127.0.0.1 port {proxy.port}"
    assert step_of(checkup, Layer.PROXY).verdict is Verdict.OK
    assert step_of(checkup, Layer.TLS).verdict is (Verdict.OK if tls else Verdict.NOT_USED)
    assert not tls or "certified by Test authority" in step_of(checkup, Layer.TLS).seen


def through(kind: str, proxy: Part, ca_file: str = "") -> NetworkOptions:
    scheme = "http" if kind == "http_proxy" else "socks5"
    options = NetworkOptions(
        proxy_use=ProxyUse.OWN,
        proxy=f"{scheme}://{proxy.host}",
        proxy_user="ann",
        ca_file=ca_file,
    )
    return replace(options, password_for=options.proxy_place)


# It breaks off at each layer.


def test_dns(core: Core, qtbot: QtBot, keyring: MemorySecrets) -> None:
    provider = keyed(core, keyring, "https://no-such-host.invalid/v1")
    checkup = examined(core, provider, qtbot)
    assert checkup.failed is not None
    assert checkup.failed.layer is Layer.DNS
    assert checkup.failure is not None
    assert checkup.failure.kind in (ErrorKind.DNS, ErrorKind.OFFLINE)


def test_an_address_that_is_none(core: Core, qtbot: QtBot, keyring: MemorySecrets) -> None:
    provider = keyed(core, keyring, "nowhere")
    broken(examined(core, provider, qtbot), Layer.DNS, ErrorKind.BAD_ADDRESS)


def test_tcp(core: Core, qtbot: QtBot, keyring: MemorySecrets) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        url = f"http://localhost:{taken.getsockname()[1]}/v1"
        checkup = examined(core, keyed(core, keyring, url), qtbot)
    broken(checkup, Layer.TCP, ErrorKind.REFUSED)
    assert step_of(checkup, Layer.DNS).verdict is Verdict.OK


@pytest.mark.parametrize("kind", ["http_proxy", "socks_proxy"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_proxy(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, start: Start, kind: str, scheme: str
) -> None:
    proxy = start(kind, "ann:another password")
    options = through(kind, proxy)
    provider = keyed(core, keyring, f"{scheme}://api.test:1/v1", network=options)
    keyring.write(provider.id, PROXY_SLOT, Secret(PASSWORD))
    core.preferences.allow_cleartext(provider.origin)
    checkup = examined(core, provider, qtbot)
    broken(checkup, Layer.PROXY, ErrorKind.PROXY)
    assert step_of(checkup, Layer.TCP).verdict is Verdict.OK


def test_a_proxy_that_is_not_there(core: Core, qtbot: QtBot, keyring: MemorySecrets) -> None:
    options = NetworkOptions(proxy_use=ProxyUse.OWN, proxy="http://127.0.0.1:9")
    provider = keyed(core, keyring, "https://api.test/v1", network=options)
    checkup = examined(core, provider, qtbot)
    assert broken(checkup, Layer.PROXY, ErrorKind.PROXY).seen == "Connection refused"
    assert "Nothing answers at the proxy 127.0.0.1:9. Start it" in report(checkup)
    assert "Address: 127.0.0.1:9\n" in f"{report(checkup)}\n"


def test_tls(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, start: Start, authority: Authority
) -> None:
    service = start("service", authority.server_file("127.0.0.1"))
    provider = keyed(core, keyring, f"https://127.0.0.1:{service.port}/v1")
    checkup = examined(core, provider, qtbot)
    seen = broken(checkup, Layer.TLS, ErrorKind.TLS).seen
    assert seen == "certificate verify failed: unable to get local issuer certificate"
    assert step_of(checkup, Layer.TCP).verdict is Verdict.OK
    trusting = replace(provider, network=NetworkOptions(ca_file=str(authority.file)))
    assert examined(core, trusting, qtbot).failure is None


def test_a_key_that_would_go_in_the_clear(core: Core, qtbot: QtBot, keyring: MemorySecrets) -> None:
    provider = keyed(core, keyring, "http://api.test/v1")
    broken(examined(core, provider, qtbot), Layer.TLS, ErrorKind.CLEARTEXT)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("404 Not Found", ErrorKind.NO_PATH),
        ("500 Internal Server Error", ErrorKind.SERVER_TROUBLE),
        ("302 Found", ErrorKind.REDIRECT),
    ],
)
def test_http(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback, status: str,
    kind: ErrorKind,
) -> None:  # fmt: skip
    async def script(call: Call) -> None:
        await call.answer(b"", status, location="/elsewhere")

    checkup = examined(core, keyed(core, keyring, loopback.serve(script).url), qtbot)
    step = broken(checkup, Layer.HTTP, kind)
    assert f"HTTP/1.1 {status[:3]}" in step.seen
    assert step_of(checkup, Layer.TCP).verdict is Verdict.OK


def test_a_web_page(core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback) -> None:
    async def script(call: Call) -> None:
        await call.answer(b"<!doctype html><title>Welcome</title>", content_type="text/html")

    checkup = examined(core, keyed(core, keyring, loopback.serve(script).url), qtbot)
    step = broken(checkup, Layer.HTTP, ErrorKind.WRONG_CONTENT)
    assert step.seen == "HTTP/1.1 200: Welcome"


def test_a_service_that_takes_the_connection_and_says_nothing(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    async def script(call: Call) -> None:
        await call.hold()

    checkup = examined(core, keyed(core, keyring, loopback.serve(script).url), qtbot)
    assert broken(checkup, Layer.HTTP, ErrorKind.SILENCE).seen == "nothing within 1 s"


def test_key(core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback) -> None:
    async def script(call: Call) -> None:
        (value,) = call.request.values("authorization")
        await refuse(call, "401 Unauthorized", f"Incorrect API key provided: {value}")

    server = loopback.serve(script)
    checkup = examined(core, keyed(core, keyring, server.url), qtbot)
    step = broken(checkup, Layer.KEY, ErrorKind.BAD_KEY)
    assert step.seen == "HTTP/1.1 401: Incorrect API key provided: •••"
    assert step_of(checkup, Layer.HTTP).verdict is Verdict.OK
    assert len(server.requests) == 1


def test_a_service_that_lists_its_models_to_everybody_is_asked_before_the_key_is_believed(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    async def no(call: Call) -> None:
        await refuse(call, "401 Unauthorized")

    checkup = examined(core, keyed(core, keyring, loopback.serve(asking(no)).url), qtbot)
    broken(checkup, Layer.KEY, ErrorKind.BAD_KEY)
    assert checkup.models == ("m",)


def test_a_key_that_is_nowhere_is_told_with_how_far_the_way_goes(
    core: Core, qtbot: QtBot, loopback: Loopback
) -> None:
    server = loopback.serve(well)
    provider = provider_at(server.url, key_source=KeySource.ENVIRONMENT, key_variable="NOT_THERE")
    checkup = examined(core, provider, qtbot)
    broken(checkup, Layer.KEY, ErrorKind.NO_KEY)
    assert step_of(checkup, Layer.HTTP).verdict is Verdict.OK


def test_a_helper_command_that_gives_no_key(core: Core, qtbot: QtBot, loopback: Loopback) -> None:
    command = (sys.executable, "-c", "import sys; sys.exit('the vault is sealed')")
    server = loopback.serve(well)
    provider = provider_at(server.url, key_source=KeySource.COMMAND, key_command=command)
    step = broken(examined(core, provider, qtbot), Layer.KEY, ErrorKind.KEY_COMMAND)
    assert "the vault is sealed" in step.seen


def test_a_locked_keyring(make_core: CoreMaker, qtbot: QtBot, loopback: Loopback) -> None:
    class Locked(MemorySecrets):
        @override
        def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
            return KeyResult(KeyOutcome.LOCKED, detail="Prompt dismissed")

    core = make_core(keyring=Locked())
    provider = provider_at(loopback.serve(well).url, key_source=KeySource.KEYRING)
    step = broken(examined(core, provider, qtbot), Layer.KEY, ErrorKind.KEYRING_LOCKED)
    assert step.seen == "Prompt dismissed"


def test_the_second_key_is_told_where_it_is_the_one_that_works(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    async def script(call: Call) -> None:
        if call.request.values("authorization") == [f"Bearer {KEY}"]:
            await refuse(call, "401 Unauthorized")
        else:
            await well(call)

    provider = keyed(core, keyring, loopback.serve(script).url, spare_keys=(KeyPlace("key-2"),))
    keyring.write(provider.id, "key-2", Secret(OTHER))
    checkup = examined(core, provider, qtbot)
    assert checkup.failure is None
    assert step_of(checkup, Layer.KEY).seen == ("key 2, from the keyring; not taken: key 1 (401)")
    qtbot.waitUntil(lambda: core.keys.last_used_ms(provider.id, "key-2") > 0)
    assert core.keys.last_used_ms(provider.id, "key") == 0


def test_a_key_that_is_refused_in_the_middle_of_an_answer_gives_way_to_the_next(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    async def script(call: Call) -> None:
        if call.request.values("authorization") == [f"Bearer {OTHER}"]:
            await say(call, "welcome")
        else:
            refusal = {"error": {"message": "no such key", "code": 401}}
            await begin(call, b"data: " + json.dumps(refusal).encode() + b"\n\n")

    provider = keyed(
        core, keyring, loopback.serve(asking(script)).url, spare_keys=(KeyPlace("key-2"),)
    )
    keyring.write(provider.id, "key-2", Secret(OTHER))
    checkup = examined(core, provider, qtbot)
    assert checkup.failure is None, report(checkup)
    assert step_of(checkup, Layer.KEY).seen.startswith("key 2, from the keyring; not taken: key 1")


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        ("404 Not Found", "The model `m` does not exist", ErrorKind.NO_MODEL),
        ("403 Forbidden", "no access to m", ErrorKind.FORBIDDEN),
    ],
)
def test_model(  # noqa: PLR0917 - fixtures
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback, status: str,
    message: str, kind: ErrorKind,
) -> None:  # fmt: skip
    async def no(call: Call) -> None:
        await refuse(call, status, message)

    checkup = examined(core, keyed(core, keyring, loopback.serve(asking(no)).url), qtbot)
    step = broken(checkup, Layer.MODEL, kind)
    assert message in step.seen
    assert step_of(checkup, Layer.KEY).verdict is Verdict.OK


async def _silent(call: Call) -> None:
    await begin(call)
    await call.hold()


async def _alive(call: Call) -> None:
    """Give signs of life, and never a word."""
    await begin(call)
    with contextlib.suppress(ConnectionError):
        while True:
            await call.chunk(b": still there\n\n")
            await asyncio.sleep(0.1)


async def _broken_off(call: Call) -> None:
    await begin(call)
    call.reset()


async def _empty(call: Call) -> None:
    await say(call)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (_silent, ErrorKind.SILENCE),
        (_alive, ErrorKind.SILENCE),
        (_broken_off, ErrorKind.BROKEN_STREAM),
        (_empty, ErrorKind.EMPTY),
    ],
    ids=["silent", "alive", "broken off", "empty"],
)
def test_first_token(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback, answer: Answer,
    kind: ErrorKind,
) -> None:  # fmt: skip
    checkup = examined(core, keyed(core, keyring, loopback.serve(asking(answer)).url), qtbot)
    assert broken(checkup, Layer.FIRST_TOKEN, kind).seen
    assert step_of(checkup, Layer.MODEL).verdict is Verdict.OK
    # What a chat says of a text that is kept means nothing here.
    assert "kept" not in outcome(checkup)


def test_what_the_provider_sets_for_every_question_is_sent(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    server = loopback.serve(well)
    provider = keyed(core, keyring, server.url)
    provider = replace(provider, parameters=replace(provider.parameters, temperature=0.25))
    assert examined(core, provider, qtbot).failure is None
    assert json.loads(server.requests[-1].body)["temperature"] == 0.25


def test_what_is_waited_for_is_told_before_it_comes(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    told: list[tuple[Layer, Verdict]] = []
    server = loopback.serve(asking(_silent))
    job = core.network.examine(keyed(core, keyring, local_name(server)))
    job.stepped.connect(lambda step: told.append((step.layer, step.verdict)))
    qtbot.waitUntil(lambda: (Layer.FIRST_TOKEN, Verdict.WAITING) in told)
    walked = [one for one in told if one[0] not in (Layer.PROXY, Layer.TLS)]
    awaited = {layer for layer, verdict in walked if verdict is Verdict.WAITING}
    assert awaited == {Layer.DNS, Layer.KEY, Layer.TCP, Layer.HTTP, Layer.FIRST_TOKEN}
    assert walked[-4:] == [
        (Layer.HTTP, Verdict.OK),
        (Layer.KEY, Verdict.OK),
        (Layer.MODEL, Verdict.OK),
        (Layer.FIRST_TOKEN, Verdict.WAITING),
    ]
    job.cancel()


def test_nobody_waits_for_a_first_word_as_long_as_a_chat_does(
    make_core: CoreMaker, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot, loopback: Loopback
) -> None:
    monkeypatch.setattr("desktop_chat.runtime.network.doctor.PATIENCE_S", 0.5)
    core = make_core()
    provider = provider_at(loopback.serve(asking(_silent)).url, key_source=KeySource.NONE)
    checkup = examined(core, provider, qtbot)
    assert broken(checkup, Layer.FIRST_TOKEN, ErrorKind.SILENCE).seen == "nothing within 0.5 s"


def test_it_can_be_cancelled_and_leaves_no_connection(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    server = loopback.serve(asking(_silent))
    job = core.network.examine(keyed(core, keyring, server.url))
    job.done.connect(lambda _checkup: pytest.fail("it was cancelled"))
    qtbot.waitUntil(lambda: len(server.requests) == 2)
    job.cancel()
    qtbot.waitUntil(server.closed.is_set)


def test_a_report_is_complete_and_holds_no_secret(
    core: Core, qtbot: QtBot, keyring: MemorySecrets, loopback: Loopback
) -> None:
    async def script(call: Call) -> None:
        (value,) = call.request.values("authorization")
        await refuse(call, "401 Unauthorized", f"no {value}", x_request_id="req-1")

    server = loopback.serve(script)
    url = server.url.replace("127.0.0.1", f"user:{PASSWORD.replace('/', '%2F')}@127.0.0.1")
    provider = replace(keyed(core, keyring, f"{url}?token={KEY}"), name="Here")
    text = report(examined(core, provider, qtbot))
    lines = text.splitlines()
    assert lines[1] == f"openai_chat at http://127.0.0.1:{server.port}/v1"
    assert [one[:14].strip() for one in lines[3:11]] == [
        "Name look-up", "Connection", "Proxy", "Encryption", "HTTP", "Key", "Model", "First word",
    ]  # fmt: skip
    assert "Here does not know this key. Paste a new one." in text
    assert "Request: req-1" in text
