"""Several keys: the next one is tried where a service refuses or limits the one before."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult, Secret
from desktop_chat.domain.providers import KeyPlace, KeySource, ModelChoice
from desktop_chat.runtime.chats import retrying
from desktop_chat.runtime.network import key_chain
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import begin, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.loopback import Loopback

FIRST = "canary-first-1a2b3c4d"
SECOND = "canary-second-5e6f7a8b"
TWO = (KeyPlace("key-2"),)


class Service:
    """A service that answers each key as it is told."""

    def __init__(self, loopback: Loopback) -> None:
        self.says: dict[str, str] = {FIRST: "", SECOND: ""}
        self.keys: list[str] = []
        self.headers: dict[str, str] = {}
        self.server: RawServer = loopback.serve(self._answer)

    async def _answer(self, call: Call) -> None:
        (value,) = call.request.values("authorization")
        key = value.removeprefix("Bearer ")
        self.keys.append(key)
        if status := self.says[key]:
            await refuse(call, status, f"no, {key}", **self.headers)
        elif call.request.line.startswith("GET"):
            await call.answer(b'{"data": [{"id": "m"}]}', content_type="application/json")
        else:
            await say(call, "welcome")


class Locked(MemorySecrets):
    """A keyring that asks somebody to unlock it at each question."""

    def __init__(self) -> None:
        super().__init__()
        self.locked = True
        self.asked = 0

    @override
    def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        self.asked += 1
        return KeyResult(KeyOutcome.LOCKED) if self.locked else super().read(provider_id, slot)

    @override
    def peek(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult | None:
        return None


@pytest.fixture
def service(loopback: Loopback) -> Service:
    return Service(loopback)


@pytest.fixture
def keyring() -> MemorySecrets:
    return MemorySecrets()


@pytest.fixture
def core(make_core: CoreMaker, keyring: MemorySecrets, monkeypatch: pytest.MonkeyPatch) -> Core:
    monkeypatch.setattr(retrying, "ATTEMPTS", 0)
    return make_core(keyring=keyring)


@pytest.fixture
def provider(core: Core, service: Service, keyring: MemorySecrets) -> Provider:
    made = provider_at(service.server.url, key_source=KeySource.KEYRING, spare_keys=TWO)
    keyring.write(made.id, "key", Secret(FIRST))
    keyring.write(made.id, "key-2", Secret(SECOND))
    core.preferences.save_provider(made)
    return made


@pytest.fixture
def session(core: Core, provider: Provider) -> ChatSession:
    made = core.library.new_session()
    made.setup.set_choice(ModelChoice(provider.id, "m"))
    return made


def asked(session: ChatSession, qtbot: QtBot) -> Message:
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    return session.messages[-1]


@pytest.mark.parametrize("status", ["401 Unauthorized", "429 Too Many Requests"])
def test_the_second_key_answers_where_the_first_is_not_taken(
    session: ChatSession,
    service: Service,
    qtbot: QtBot,
    core: Core,
    provider: Provider,
    status: str,
) -> None:
    service.says[FIRST] = status
    answer = asked(session, qtbot)
    assert (answer.text, answer.state) == ("welcome", MessageState.COMPLETE)
    assert service.keys == [FIRST, SECOND]
    assert core.keys.last_used_ms(provider.id, "key") == 0
    assert core.keys.last_used_ms(provider.id, "key-2") > 0


def test_a_key_that_was_refused_a_moment_ago_is_not_asked_first(
    session: ChatSession, service: Service, qtbot: QtBot
) -> None:
    service.says[FIRST] = "429 Too Many Requests"
    asked(session, qtbot)
    asked(session, qtbot)
    assert service.keys == [FIRST, SECOND, SECOND]


def test_after_its_pause_the_first_key_is_asked_first_again(
    session: ChatSession, service: Service, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(key_chain, "PAUSE_S", 0.0)
    service.says[FIRST] = "429 Too Many Requests"
    asked(session, qtbot)
    service.says[FIRST] = ""
    asked(session, qtbot)
    assert service.keys == [FIRST, SECOND, FIRST]


def test_a_new_key_is_asked_first_at_once(
    session: ChatSession, service: Service, qtbot: QtBot, core: Core, provider: Provider
) -> None:
    service.says[FIRST] = "401 Unauthorized"
    asked(session, qtbot)
    service.says["canary-third-9c0d"] = ""
    with qtbot.waitSignal(core.keys.save(provider.id, Secret("canary-third-9c0d")).finished):
        pass
    asked(session, qtbot)
    assert service.keys == [FIRST, SECOND, "canary-third-9c0d"]


def test_where_no_key_is_taken_the_pause_is_told_as_it_passes(
    session: ChatSession, service: Service, qtbot: QtBot
) -> None:
    service.says = {FIRST: "401 Unauthorized", SECOND: "429 Too Many Requests"}
    failure = asked(session, qtbot).failure
    assert failure is not None
    assert failure.kind is ErrorKind.RATE_LIMITED
    assert "key 1: bad_key 401" in failure.detail
    assert "key 2: rate_limited 429" in failure.detail
    assert "canary" not in repr(failure)


@pytest.mark.parametrize(
    "status", ["400 Bad Request", "403 Forbidden", "500 Oops", "404 Not Found"]
)
def test_other_troubles_are_no_reason_to_give_another_key_away(
    session: ChatSession, service: Service, qtbot: QtBot, status: str
) -> None:
    service.says[FIRST] = status
    assert asked(session, qtbot).failure is not None
    assert SECOND not in service.keys


def test_after_the_first_token_no_other_key_is_asked(
    core: Core, loopback: Loopback, qtbot: QtBot, keyring: MemorySecrets
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("half"))
        error = b'data: {"error": {"message": "slow down", "code": 429, "type": "rate_limit"}}\n\n'
        await call.chunk(error)
        await call.chunk(b"")

    server = loopback.serve(script)
    made = provider_at(server.url, key_source=KeySource.KEYRING, spare_keys=TWO)
    for slot, key in (("key", FIRST), ("key-2", SECOND)):
        keyring.write(made.id, slot, Secret(key))
    core.preferences.save_provider(made)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(made.id, "m"))
    answer = asked(session, qtbot)
    assert answer.text == "half"
    assert answer.failure is not None
    assert len(server.requests) == 1


def test_a_key_that_cannot_be_read_is_told_and_not_passed_over(
    session: ChatSession, service: Service, qtbot: QtBot, keyring: MemorySecrets, provider: Provider
) -> None:
    keyring.delete(provider.id, "key")
    failure = asked(session, qtbot).failure
    assert failure is not None
    assert failure.kind is ErrorKind.NO_KEY
    assert service.keys == []


def test_the_models_are_listed_with_the_second_key_too(
    core: Core, service: Service, qtbot: QtBot, provider: Provider
) -> None:
    service.says[FIRST] = "401 Unauthorized"
    with qtbot.waitSignal(core.network.list_models(provider).done) as done:
        pass
    assert [one.id for one in (done.args or [[]])[0]] == ["m"]
    qtbot.waitUntil(lambda: core.keys.last_used_ms(provider.id, "key-2") > 0)


def test_a_temporary_chat_leaves_no_trace_of_its_key(
    core: Core, provider: Provider, service: Service, qtbot: QtBot
) -> None:
    session = core.library.new_session(temporary=True)
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    assert asked(session, qtbot).text == "welcome"
    assert core.keys.last_used_ms(provider.id, "key") == 0


def test_keys_come_from_variables_and_commands_too(
    core: Core, service: Service, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("THE_FIRST", FIRST)
    service.says[FIRST] = "401 Unauthorized"
    command = (sys.executable, "-c", f"print('{SECOND}')")
    made = provider_at(
        service.server.url,
        key_source=KeySource.ENVIRONMENT,
        key_variable="THE_FIRST",
        spare_keys=(KeyPlace("key-2", KeySource.COMMAND, command=command),),
    )
    core.preferences.save_provider(made)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(made.id, "m"))
    assert asked(session, qtbot).text == "welcome"
    assert service.keys == [FIRST, SECOND]


def test_a_command_that_gives_no_key_is_told_in_one_sentence(
    core: Core, service: Service, qtbot: QtBot
) -> None:
    program = f"import sys; sys.exit('locked: {FIRST}')"
    made = provider_at(
        service.server.url,
        key_source=KeySource.COMMAND,
        key_command=(sys.executable, "-c", program),
    )
    Secret(FIRST)
    core.preferences.save_provider(made)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(made.id, "m"))
    failure = asked(session, qtbot).failure
    assert failure is not None
    assert failure.kind is ErrorKind.KEY_COMMAND
    assert failure.message == "it ended with status 1: locked: •••"


def test_a_command_that_is_waited_for_can_be_stopped(
    core: Core, service: Service, qtbot: QtBot, tmp_path_factory: pytest.TempPathFactory
) -> None:
    begun = tmp_path_factory.mktemp("helper") / "begun"
    program = f"import pathlib, time; pathlib.Path({str(begun)!r}).touch(); time.sleep(99)"
    made = provider_at(
        service.server.url,
        key_source=KeySource.COMMAND,
        key_command=(sys.executable, "-c", program),
    )
    core.preferences.save_provider(made)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(made.id, "m"))
    session.send("why?")
    qtbot.waitUntil(begun.exists)
    session.stop()
    assert session.messages[-1].state is MessageState.STOPPED
    assert core.close()


def test_a_keyring_that_refused_once_is_asked_again_when_the_person_says_so(
    make_core: CoreMaker, service: Service, qtbot: QtBot
) -> None:
    keyring = Locked()
    core = make_core(keyring=keyring)
    made = provider_at(service.server.url, key_source=KeySource.KEYRING)
    core.preferences.save_provider(made)
    keyring.write(made.id, "key", Secret(FIRST))
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(made.id, "m"))
    for _ in range(3):
        failure = asked(session, qtbot).failure
        assert failure is not None
        assert failure.kind is ErrorKind.KEYRING_LOCKED
    assert keyring.asked == 1
    keyring.locked = False
    with qtbot.waitSignal(session.finished):
        session.retry(session.messages[-1].id)
    assert session.messages[-1].text == "welcome"
    assert keyring.asked == 2
