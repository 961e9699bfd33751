"""Real proxies, a private authority, client certificates and redirects, each in its own process.

What a question passes through on its way, and who is told which secret.
"""

from __future__ import annotations

import base64
import os
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind, Failure, TlsFault
from desktop_chat.domain.keys import Secret
from desktop_chat.domain.network_options import (
    CERTIFICATE_SLOT,
    NETWORK_ID,
    PROXY_SLOT,
    NetworkOptions,
    ProxyUse,
)
from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.protocols.transport import routes
from desktop_chat.storage.secrets import MemorySecrets
from tests.protocols.authority import Authority
from tests.runtime.conftest import provider_at

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.chat import Message
    from desktop_chat.runtime.core import Core
    from tests.processes import Part
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.network.conftest import Start


KEY = "sk-a-key-0123456789"
PASSWORD = "correct: horse/battery@staple"
LOGIN = f"ann:{PASSWORD}"
NAME_ALONE = base64.b64encode(b"ann:").decode().lower()


@pytest.fixture
def keyring() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def core(make_core: CoreMaker, keyring: MemorySecrets) -> Core:
    return make_core(keyring=keyring)


def ask(core: Core, qtbot: QtBot, url: str, network: NetworkOptions, **fields: Any) -> Message:
    """Ask a provider at an address, with a key, and return the answer."""
    source = {"key_source": KeySource.ENVIRONMENT, "key_variable": "WAYS_KEY"}
    provider = provider_at(url, network=network, **{**source, **fields})
    core.preferences.save_provider(provider)
    core.preferences.allow_cleartext(provider.origin)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    with qtbot.waitSignal(session.finished, timeout=20_000):
        session.send("why?")
    return session.messages[-1]


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYS_KEY", KEY)


def through(kind: str, proxy: Part, user: str = "ann") -> NetworkOptions:
    """Return the options of a proxy whose password the keyring holds."""
    scheme = "http" if kind == "http_proxy" else "socks5"
    options = NetworkOptions(
        proxy_use=ProxyUse.OWN, proxy=f"{scheme}://{proxy.host}", proxy_user=user
    )
    return replace(options, password_for=options.proxy_place)


def failure_of(answer: Message) -> Failure:
    assert answer.failure is not None, answer.text
    return answer.failure


def headers_at(service: Part) -> dict[str, list[str]]:
    """Return the headers of the only request that a service got."""
    ((_line, fields, _body),) = service.report()["requests"]
    found: dict[str, list[str]] = {}
    for name, value in fields:
        found.setdefault(name, []).append(value)
    return found


# Proxies.


@pytest.mark.parametrize("kind", ["http_proxy", "socks_proxy"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("whose", ["own", "shared"])
def test_a_question_goes_through_a_proxy_with_its_password(  # noqa: PLR0917 - fixtures
    core: Core,
    keyring: MemorySecrets,
    qtbot: QtBot,
    start: Start,
    authority: Authority,
    kind: str,
    scheme: str,
    whose: str,
) -> None:
    proxy = start(kind, LOGIN)
    tls = scheme == "https"
    service = start("service", *([authority.server_file("api.test")] if tls else []))
    options = replace(through(kind, proxy), ca_file=str(authority.file) if tls else "")
    url = f"{scheme}://api.test:{service.port}/v1"
    if whose == "own":
        provider_id = "00000000-0000-7000-8000-000000000001"
        keyring.write(provider_id, PROXY_SLOT, Secret(PASSWORD))
        answer = ask(core, qtbot, url, options, id=provider_id)
    else:
        keyring.write(NETWORK_ID, PROXY_SLOT, Secret(PASSWORD))
        core.preferences.set_network(options)
        answer = ask(core, qtbot, url, NetworkOptions())
    assert (answer.text, answer.failure) == ("Welcome.", None)
    found = headers_at(service)
    assert found["authorization"] == [f"Bearer {KEY}"]
    assert "proxy-authorization" not in found
    seen = proxy.report()
    assert seen["denied"] == 0
    if kind == "socks_proxy":
        assert seen["asked"] == [f"api.test:{service.port}"]
        return
    (head,) = seen["heads"]
    path = "/v1/chat/completions"
    begin = (
        f"CONNECT api.test:{service.port} "
        if tls
        else f"POST http://api.test:{service.port}{path} "
    )
    assert head[0].startswith(begin)
    logins = [one for one in head if one.lower().startswith("proxy-authorization:")]
    assert len(logins) == 1
    if tls:
        assert KEY not in repr(head)


def test_a_proxy_that_speaks_tls_is_trusted_as_services_are(
    core: Core, keyring: MemorySecrets, qtbot: QtBot, start: Start, authority: Authority
) -> None:
    proxy = start("http_proxy", LOGIN, authority.server_file("127.0.0.1"))
    service = start("service", authority.server_file("api.test"))
    keyring.write(NETWORK_ID, PROXY_SLOT, Secret(PASSWORD))
    options = through("http_proxy", proxy)
    options = replace(options, proxy=options.proxy.replace("http:", "https:"))
    options = replace(options, password_for=options.proxy_place, ca_file=str(authority.file))
    core.preferences.set_network(options)
    answer = ask(core, qtbot, f"https://api.test:{service.port}/v1", NetworkOptions())
    assert (answer.text, answer.failure) == ("Welcome.", None)
    core.preferences.set_network(replace(options, ca_file=""))
    answer = ask(core, qtbot, f"https://api.test:{service.port}/v1", NetworkOptions())
    assert failure_of(answer).kind in (ErrorKind.TLS, ErrorKind.PROXY)


@pytest.mark.parametrize("kind", ["http_proxy", "socks_proxy"])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("password", ["", "wrong horse"])
def test_a_wrong_password_is_told_and_nothing_reaches_the_service(  # noqa: PLR0917 - fixtures
    core: Core,
    keyring: MemorySecrets,
    qtbot: QtBot,
    start: Start,
    kind: str,
    scheme: str,
    password: str,
) -> None:
    proxy, service = start(kind, LOGIN), start("service")
    if password:
        keyring.write(NETWORK_ID, PROXY_SLOT, Secret(password))
    core.preferences.set_network(through(kind, proxy))
    answer = ask(core, qtbot, f"{scheme}://api.test:{service.port}/v1", NetworkOptions())
    failure = failure_of(answer)
    assert (failure.kind, failure.host) == (ErrorKind.PROXY, proxy.host)
    assert answer.state is MessageState.FAILED
    assert "horse" not in repr(failure)
    assert proxy.report()["denied"] == 1
    assert service.report()["connections"] == 0


def test_a_password_is_not_told_to_another_proxy(
    core: Core, keyring: MemorySecrets, qtbot: QtBot, start: Start
) -> None:
    other, service = start("http_proxy"), start("service")
    keyring.write(NETWORK_ID, PROXY_SLOT, Secret(PASSWORD))
    options = replace(through("http_proxy", other), password_for="ann@http://old.test:3128")
    core.preferences.set_network(options)
    ask(core, qtbot, f"http://api.test:{service.port}/v1", NetworkOptions())
    (head,) = other.report()["heads"]
    logins = [one for one in head if one.lower().startswith("proxy-authorization:")]
    assert PASSWORD not in repr(head)
    assert [one.lower() for one in logins] == [f"proxy-authorization: basic {NAME_ALONE}"]


@pytest.mark.parametrize(
    ("kind", "host"),
    [
        ("http_proxy", "closed.test"),
        ("http_proxy", "forbidden.test"),
        ("socks_proxy", "closed.test"),
    ],
)
def test_a_host_that_a_proxy_does_not_reach_is_named(
    core: Core, qtbot: QtBot, start: Start, kind: str, host: str
) -> None:
    proxy = start(kind)
    core.preferences.set_network(replace(through(kind, proxy, ""), password_for=""))
    failure = failure_of(ask(core, qtbot, f"https://{host}/v1", NetworkOptions()))
    assert (failure.kind, failure.host, failure.target) == (ErrorKind.PROXY, proxy.host, host)


def test_the_environments_proxy_is_used_and_its_password_never_shown(
    core: Core, qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, service = start("http_proxy", "ann:correct horse"), start("service")
    monkeypatch.setenv("http_proxy", f"http://ann:correct%20horse@{proxy.host}")
    url = f"http://api.test:{service.port}/v1"
    assert ask(core, qtbot, url, NetworkOptions()).text == "Welcome."
    monkeypatch.setenv("http_proxy", f"http://ann:incorrect%20horse@{proxy.host}")
    failure = failure_of(ask(core, qtbot, url, NetworkOptions()))
    assert failure.kind is ErrorKind.PROXY
    assert "horse" not in repr(failure)
    assert proxy.report()["denied"] == 1


def test_hosts_that_need_no_proxy_get_none(
    core: Core, qtbot: QtBot, start: Start, monkeypatch: pytest.MonkeyPatch
) -> None:
    proxy, service = start("http_proxy"), start("service")
    monkeypatch.setenv("http_proxy", f"http://{proxy.host}")
    straight = f"http://127.0.0.1:{service.port}/v1"
    assert ask(core, qtbot, straight, NetworkOptions()).text == "Welcome."
    named = replace(through("http_proxy", proxy, ""), password_for="")
    assert ask(core, qtbot, straight, named).text == "Welcome."
    # Without a proxy nobody knows these names.
    for network, listed in (
        (NetworkOptions(proxy_use=ProxyUse.NONE), ""),
        (NetworkOptions(), "api.test"),
        (replace(named, no_proxy=".test"), ""),
    ):
        monkeypatch.setenv("no_proxy", listed)
        answer = ask(core, qtbot, f"http://api.test:{service.port}/v1", network)
        assert failure_of(answer).kind in (ErrorKind.DNS, ErrorKind.OFFLINE)
    assert proxy.report()["heads"] == []


# Certificates.


@pytest.mark.parametrize("whose", ["own", "shared"])
def test_an_organisations_certificate_is_trusted_where_it_is_given(
    core: Core, qtbot: QtBot, start: Start, authority: Authority, whose: str
) -> None:
    service = start("service", authority.server_file("127.0.0.1"))
    url = f"https://127.0.0.1:{service.port}/v1"
    unknown = failure_of(ask(core, qtbot, url, NetworkOptions()))
    assert (unknown.kind, unknown.tls) == (ErrorKind.TLS, TlsFault.UNKNOWN_ISSUER)
    assert service.report()["requests"] == []
    named = NetworkOptions(proxy_use=ProxyUse.SYSTEM, ca_file=str(authority.file))
    if whose == "shared":
        core.preferences.set_network(named)
    answer = ask(core, qtbot, url, named if whose == "own" else NetworkOptions())
    assert (answer.text, answer.failure) == ("Welcome.", None)


def test_what_the_system_trusts_is_trusted(
    core: Core, qtbot: QtBot, start: Start, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    service = start("service", authority.server_file("127.0.0.1"))
    monkeypatch.setenv("SSL_CERT_FILE", str(authority.file))
    routes.trust.cache_clear()
    answer = ask(core, qtbot, f"https://127.0.0.1:{service.port}/v1", NetworkOptions())
    routes.trust.cache_clear()
    assert (answer.text, answer.failure) == ("Welcome.", None)


@pytest.mark.parametrize("locked", [False, True])
def test_a_client_certificate_is_shown_to_a_service_that_demands_one(
    core: Core,
    keyring: MemorySecrets,
    qtbot: QtBot,
    start: Start,
    authority: Authority,
    locked: bool,
) -> None:
    service = start("strict_service", authority.server_file("127.0.0.1"), authority.file)
    url = f"https://127.0.0.1:{service.port}/v1"
    trusting = NetworkOptions(ca_file=str(authority.file))
    failure = failure_of(ask(core, qtbot, url, trusting))
    assert (failure.kind, failure.tls) == (ErrorKind.TLS, TlsFault.NOT_SHOWN)
    certificate, key_file = authority.client_files("ann", "open sesame" if locked else "")
    named = replace(trusting, certificate=str(certificate), certificate_key=str(key_file))
    if locked:
        failure = failure_of(ask(core, qtbot, url, named))
        assert (failure.tls, failure.target) == (TlsFault.LOCKED_KEY, str(key_file))
        provider_id = "00000000-0000-7000-8000-000000000002"
        keyring.write(provider_id, CERTIFICATE_SLOT, Secret("open sesame"))
        answer = ask(core, qtbot, url, named, id=provider_id)
    else:
        answer = ask(core, qtbot, url, named)
    assert (answer.text, answer.failure) == ("Welcome.", None)


def test_older_encryption_asks_for_a_certificate_too(
    core: Core, qtbot: QtBot, start: Start, authority: Authority
) -> None:
    service = start("strict_service", authority.server_file("127.0.0.1"), authority.file, "1.2")
    url = f"https://127.0.0.1:{service.port}/v1"
    trusting = NetworkOptions(ca_file=str(authority.file))
    failure = failure_of(ask(core, qtbot, url, trusting))
    assert (failure.kind, failure.tls) == (ErrorKind.TLS, TlsFault.NOT_AGREED)
    certificate, key_file = authority.client_files("dora")
    named = replace(trusting, certificate=str(certificate), certificate_key=str(key_file))
    assert ask(core, qtbot, url, named).text == "Welcome."


def test_a_client_certificate_of_a_stranger_is_told(
    core: Core, qtbot: QtBot, start: Start, authority: Authority, tmp_path: Path
) -> None:
    service = start("strict_service", authority.server_file("127.0.0.1"), authority.file)
    certificate, key_file = Authority(tmp_path, "Somebody else").client_files("eve")
    named = NetworkOptions(
        ca_file=str(authority.file),
        certificate=str(certificate),
        certificate_key=str(key_file),
    )
    failure = failure_of(ask(core, qtbot, f"https://127.0.0.1:{service.port}/v1", named))
    assert (failure.kind, failure.tls) == (ErrorKind.TLS, TlsFault.NOT_ACCEPTED)


@pytest.mark.parametrize("field", ["ca_file", "certificate", "certificate_key"])
@pytest.mark.parametrize("content", [None, b"", b"nonsense"])
def test_a_file_that_holds_no_certificate_is_named(
    core: Core,
    qtbot: QtBot,
    authority: Authority,
    tmp_path: Path,
    field: str,
    content: bytes | None,
) -> None:
    file = tmp_path / "file.pem"
    if content is not None:
        file.write_bytes(content)
    certificate, key_file = authority.client_files("bob")
    good = NetworkOptions(certificate=str(certificate), certificate_key=str(key_file))
    spoilt: Any = {field: str(file)}
    named = replace(good, **spoilt)
    failure = failure_of(ask(core, qtbot, "https://127.0.0.1:9/v1", named))
    assert (failure.kind, failure.tls) == (ErrorKind.TLS, TlsFault.FILE)
    assert failure.target in (str(file), str(certificate))


def test_a_renewed_certificate_is_used_without_a_restart(
    core: Core, qtbot: QtBot, start: Start, authority: Authority, tmp_path: Path
) -> None:
    service = start("strict_service", authority.server_file("127.0.0.1"), authority.file)
    url = f"https://127.0.0.1:{service.port}/v1"
    old, old_key = Authority(tmp_path, "Out of date").client_files("carl")
    named = NetworkOptions(
        ca_file=str(authority.file), certificate=str(old), certificate_key=str(old_key)
    )
    assert failure_of(ask(core, qtbot, url, named)).tls is TlsFault.NOT_ACCEPTED
    new, new_key = authority.client_files("carl")
    for file, renewed in ((old, new), (old_key, new_key)):
        written = file.stat().st_mtime_ns
        file.write_bytes(renewed.read_bytes())
        os.utime(file, ns=(written + 1, written + 1))
    assert ask(core, qtbot, url, named).text == "Welcome."


# What is not sent.


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("protocol", ["openai_chat", "light_chat"])
def test_a_redirect_to_another_origin_gets_no_key_and_no_visit(
    core: Core, qtbot: QtBot, start: Start, status: int, protocol: str
) -> None:
    other = start("service")
    service = start("service", status, f"http://127.0.0.1:{other.port}/v1/chat/completions")
    answer = ask(
        core, qtbot, f"http://127.0.0.1:{service.port}/v1", NetworkOptions(), protocol=protocol
    )
    failure = failure_of(answer)
    assert failure.kind is ErrorKind.REDIRECT
    assert failure.target == f"http://127.0.0.1:{other.port}/v1/chat/completions"
    assert other.report() == {"requests": [], "connections": 0}
    ((_line, fields, body),) = service.report()["requests"]
    sent = sum(KEY in value for _name, value in fields) + body.count(KEY)
    assert sent == 1  # in one place: a header, or the body


def test_a_key_goes_unencrypted_to_another_computer_only_when_it_may(
    core: Core, qtbot: QtBot, start: Start
) -> None:
    proxy, service = start("http_proxy"), start("service")
    core.preferences.set_network(replace(through("http_proxy", proxy, ""), password_for=""))
    provider = provider_at(
        f"http://api.test:{service.port}/v1",
        key_source=KeySource.ENVIRONMENT,
        key_variable="WAYS_KEY",
    )
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    held_back = session.messages[-1]
    assert failure_of(held_back).kind is ErrorKind.CLEARTEXT
    assert proxy.report()["heads"] == []
    core.preferences.allow_cleartext(provider.origin)
    with qtbot.waitSignal(session.finished):
        session.retry(held_back.id)
    assert session.messages[-1].text == "Welcome."
    # Another service at the same origin is not asked about again.
    twin = replace(provider, id="00000000-0000-7000-8000-000000000003", name="Twin")
    core.preferences.save_provider(twin)
    session.setup.set_choice(ModelChoice(twin.id, "m"))
    with qtbot.waitSignal(session.finished):
        session.send("and now?")
    assert session.messages[-1].text == "Welcome."


def test_a_service_without_a_key_is_asked_unencrypted_without_a_word(
    core: Core, qtbot: QtBot, start: Start
) -> None:
    proxy, service = start("http_proxy"), start("service")
    core.preferences.set_network(replace(through("http_proxy", proxy, ""), password_for=""))
    provider = provider_at(f"http://api.test:{service.port}/v1")
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    assert session.messages[-1].text == "Welcome."
    assert "authorization" not in headers_at(service)
