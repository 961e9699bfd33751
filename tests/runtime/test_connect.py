"""Connecting a provider: the key is tried, kept in the keyring, and never in a file."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.domain.presets import presets_for_key
from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.runtime.connect import connect_provider
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import refuse

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.loopback import Loopback

KEY = "sk-canary-0123456789"


async def two_models(call: Call) -> None:
    if call.request.values("authorization") != [f"Bearer {KEY}"]:
        await refuse(call, "401 Unauthorized")
        return
    models = {"data": [{"id": "large"}, {"id": "small"}]}
    await call.answer(json.dumps(models).encode(), content_type="application/json")


class Refusing(MemorySecrets):
    """A keyring that takes nothing until it is told to."""

    outcome = KeyOutcome.LOCKED

    @override
    def write(self, provider_id: str, slot: str, secret: Secret) -> KeyResult:
        if self.outcome is not KeyOutcome.OK:
            return KeyResult(self.outcome)
        return super().write(provider_id, slot, secret)


@pytest.fixture
def server(loopback: Loopback) -> RawServer:
    return loopback.serve(two_models)


@pytest.fixture
def provider(server: RawServer) -> Provider:
    return provider_at(server.url, key_source=KeySource.KEYRING, model="")


def test_a_good_key_is_kept_and_the_provider_is_the_choice(
    make_core: CoreMaker, provider: Provider, profile: Profile, qtbot: QtBot
) -> None:
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    connection = connect_provider(core, provider, f"  Authorization: Bearer {KEY}\n")
    with qtbot.waitSignal(connection.connected) as connected:
        pass
    (made,) = connected.args or [None]
    assert made.models == ("large", "small")
    assert made.model == "large"
    assert made.key_origin == provider.origin
    assert keyring.read(provider.id).secret == Secret(KEY)
    assert core.preferences.choice() == ModelChoice(provider.id, "large")
    assert core.close()
    for file in profile.data.parent.rglob("*"):
        assert not file.is_file() or KEY.encode() not in file.read_bytes()


def test_a_key_that_the_service_does_not_know_is_not_kept(
    make_core: CoreMaker, provider: Provider, qtbot: QtBot
) -> None:
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    connection = connect_provider(core, provider, "sk-wrong-0123456789")
    with qtbot.waitSignal(connection.failed) as failed:
        pass
    (failure,) = failed.args or [None]
    assert isinstance(failure, Failure)
    assert failure.kind is ErrorKind.BAD_KEY
    assert keyring.read(provider.id).outcome is KeyOutcome.MISSING
    assert core.preferences.provider(provider.id) is None


def test_what_cannot_be_a_key_is_sent_nowhere(
    make_core: CoreMaker, provider: Provider, server: RawServer, qtbot: QtBot
) -> None:
    connection = connect_provider(make_core(), provider, "schlüssel")
    with qtbot.waitSignal(connection.failed_key) as failed:
        pass
    assert "letters" in (failed.args or [""])[0]
    assert server.requests == []


def test_a_service_that_is_away_can_be_kept_all_the_same(
    make_core: CoreMaker, loopback: Loopback, provider: Provider, server: RawServer, qtbot: QtBot
) -> None:
    loopback.end(server)
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    connection = connect_provider(core, provider, KEY)
    with qtbot.waitSignal(connection.failed):
        pass
    with qtbot.waitSignal(connection.connected):
        connection.save_anyway()
    assert core.preferences.provider(provider.id) is not None
    assert keyring.read(provider.id).outcome is KeyOutcome.OK


@pytest.mark.parametrize("outcome", [KeyOutcome.LOCKED, KeyOutcome.NONE, KeyOutcome.REFUSED])
def test_where_the_keyring_does_not_take_the_key_it_may_be_kept_until_the_end(
    make_core: CoreMaker, provider: Provider, qtbot: QtBot, outcome: KeyOutcome
) -> None:
    keyring = Refusing()
    keyring.outcome = outcome
    core = make_core(keyring=keyring)
    connection = connect_provider(core, provider, KEY)
    with qtbot.waitSignal(connection.keyring_failed) as failed:
        pass
    (result,) = failed.args or [None]
    assert isinstance(result, KeyResult)
    assert result.outcome is outcome
    assert core.preferences.provider(provider.id) is None
    with qtbot.waitSignal(connection.connected):
        connection.keep_for_session()
    assert core.keys.session_only(provider.id)
    job = core.network.list_models(provider)
    with qtbot.waitSignal(job.done):
        pass


def test_an_unlocked_keyring_takes_the_key_at_the_second_try(
    make_core: CoreMaker, provider: Provider, qtbot: QtBot
) -> None:
    keyring = Refusing()
    core = make_core(keyring=keyring)
    connection = connect_provider(core, provider, KEY)
    with qtbot.waitSignal(connection.keyring_failed):
        pass
    keyring.outcome = KeyOutcome.OK
    with qtbot.waitSignal(connection.connected):
        connection.try_again()
    assert not core.keys.session_only(provider.id)
    assert keyring.read(provider.id).outcome is KeyOutcome.OK


def test_a_known_provider_is_tested_with_its_stored_key(
    make_core: CoreMaker, provider: Provider, qtbot: QtBot
) -> None:
    keyring = MemorySecrets()
    keyring.write(provider.id, "key", Secret(KEY))
    core = make_core(keyring=keyring)
    core.preferences.save_provider(provider)
    connection = connect_provider(core, provider, "")
    with qtbot.waitSignal(connection.connected):
        pass
    found = core.preferences.provider(provider.id)
    assert found is not None
    assert found.models == ("large", "small")


def test_a_service_without_a_key_is_connected_without_one(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    async def open_house(call: Call) -> None:
        assert call.request.values("authorization") == []
        await call.answer(b'{"data": [{"id": "llama"}]}', content_type="application/json")

    core = make_core()
    provider = provider_at(loopback.serve(open_house).url, model="")
    connection = connect_provider(core, provider, "")
    with qtbot.waitSignal(connection.connected):
        pass
    assert core.preferences.choice() == ModelChoice(provider.id, "llama")


@pytest.mark.parametrize("begun", [True, False])
def test_a_dropped_attempt_changes_nothing(
    make_core: CoreMaker, provider: Provider, server: RawServer, qtbot: QtBot, begun: bool
) -> None:
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    connection = connect_provider(core, provider, KEY)
    connected: list[object] = []
    connection.connected.connect(connected.append)
    if begun:
        connection.begin()
    with qtbot.waitSignal(connection.destroyed):
        connection.cancel()
    qtbot.wait(50)
    assert connected == []
    assert begun or server.requests == []
    assert keyring.read(provider.id).outcome is KeyOutcome.MISSING
    assert core.preferences.provider(provider.id) is None


def test_a_second_provider_becomes_the_choice_and_an_edited_one_does_not(
    make_core: CoreMaker, provider: Provider, qtbot: QtBot
) -> None:
    core = make_core()
    other = provider_at("http://127.0.0.1:9/v1")
    core.preferences.save_provider(other)
    with qtbot.waitSignal(connect_provider(core, provider, KEY).connected):
        pass
    assert core.preferences.choice().provider_id == provider.id
    core.preferences.set_choice(ModelChoice(other.id, "m"))
    renamed = replace(provider, name="There")
    with qtbot.waitSignal(connect_provider(core, renamed, KEY).connected):
        pass
    assert core.preferences.choice().provider_id == other.id


def test_a_service_that_cannot_list_models_is_asked_one_word(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    bodies: list[dict[str, object]] = []

    async def light(call: Call) -> None:
        bodies.append(json.loads(call.request.body))
        if bodies[-1]["token"] != KEY:
            await call.answer(b'{"error": "bad token"}', content_type="application/json")
        else:
            await call.answer(b"Hello", content_type="text/plain")

    server = loopback.serve(light)
    provider = replace(
        provider_at(server.url.removesuffix("/v1"), key_source=KeySource.KEYRING, model=""),
        protocol="light_chat",
    )

    wrong = connect_provider(core, provider, "sk-canary-wrong-key-000")
    with qtbot.waitSignal(wrong.failed):
        pass
    right = connect_provider(core, provider, KEY)
    with qtbot.waitSignal(right.connected):
        pass

    assert [body["token"] for body in bodies] == ["sk-canary-wrong-key-000", KEY]
    assert core.preferences.provider(provider.id) is not None


@pytest.mark.parametrize(
    ("preset_id", "key", "header"),
    [
        ("anthropic", "sk-ant-api03-0123456789abcdef", "x-api-key"),
        ("gemini", "AIza0123456789abcdef0123", "x-goog-api-key"),
    ],
)
def test_a_pasted_key_connects_the_service_that_it_belongs_to(
    make_core: CoreMaker,
    loopback: Loopback,
    qtbot: QtBot,
    preset_id: str,
    key: str,
    header: str,
) -> None:
    async def service(call: Call) -> None:
        if call.request.values(header) == [key] and not call.request.values("authorization"):
            await call.answer(b'{"models": [{"name": "models/one"}]}')
        else:
            await refuse(call, "401 Unauthorized")

    (preset,) = presets_for_key(f" {key} ")
    assert preset.id == preset_id
    url = loopback.serve(service).url
    empty = provider_at(url.removesuffix("/v1"), key_source=KeySource.KEYRING, model="")
    provider = replace(empty, protocol=preset.protocol)
    core = make_core()
    wrong = connect_provider(core, provider, key + "x")
    with qtbot.waitSignal(wrong.failed) as failed:
        pass
    (failure,) = failed.args or [None]
    assert isinstance(failure, Failure)
    assert failure.kind is ErrorKind.BAD_KEY
    right = connect_provider(core, provider, key)
    with qtbot.waitSignal(right.connected):
        pass
    assert core.preferences.choice() == ModelChoice(provider.id, "one")


def test_connecting_asks_a_keyring_again_that_refused_before(
    make_core: CoreMaker, provider: Provider, qtbot: QtBot
) -> None:
    class Locked(MemorySecrets):
        locked = True

        @override
        def read(self, provider_id: str, slot: str = "key") -> KeyResult:
            if self.locked:
                return KeyResult(KeyOutcome.LOCKED)
            return super().read(provider_id, slot)

        @override
        def peek(self, provider_id: str, slot: str = "key") -> KeyResult | None:
            return None

    keyring = Locked()
    keyring.write(provider.id, "key", Secret(KEY))
    core = make_core(keyring=keyring)
    with qtbot.waitSignal(core.network.check(provider).failed) as failed:
        pass
    (failure,) = failed.args or [None]
    assert failure.kind is ErrorKind.KEYRING_LOCKED
    keyring.locked = False
    with qtbot.waitSignal(core.network.check(provider).failed):
        pass
    connection = connect_provider(core, provider, "")
    with qtbot.waitSignal(connection.connected):
        pass
