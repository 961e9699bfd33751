"""An answer that does not come ends in one failure; the question is never lost."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from desktop_chat.domain.chat import MessageState, Role
from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.domain.providers import Header, KeySource, ModelChoice
from desktop_chat.domain.stream import Limits, Phase
from desktop_chat.runtime.chats import retrying
from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at, session_with
from tests.runtime.loopback import begin, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker
    from tests.runtime.loopback import Loopback


def failed(session: ChatSession, qtbot: QtBot) -> Failure:
    """Ask, and return how it failed."""
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    question, answer = session.messages
    assert question.text == "why?"
    assert answer.failure is not None
    return answer.failure


def session_at(core: Core, provider: Provider) -> ChatSession:
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    return session


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        ("400 Bad Request", ErrorKind.BAD_REQUEST),
        ("401 Unauthorized", ErrorKind.BAD_KEY),
        ("402 Payment Required", ErrorKind.NO_CREDIT),
        ("403 Forbidden", ErrorKind.FORBIDDEN),
        ("413 Payload Too Large", ErrorKind.TOO_LONG),
    ],
)
def test_each_status_has_its_kind(
    chat: SessionMaker, qtbot: QtBot, status: str, kind: ErrorKind
) -> None:
    async def script(call: Call) -> None:
        await refuse(call, status, "these are the service's words")

    session = chat(script)
    failure = failed(session, qtbot)
    assert failure.kind is kind
    assert failure.service == "Here"
    assert session.messages[-1].state is MessageState.FAILED
    assert session.failed


def test_nobody_listens(core: Core, loopback: Loopback, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await say(call, "never")

    gone = loopback.serve(script)
    loopback.end(gone)
    failure = failed(session_with(core, gone), qtbot)
    assert (failure.kind, failure.port, failure.local) == (ErrorKind.REFUSED, gone.port, True)


def test_silence_after_some_text_keeps_the_text(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await begin(call, text("half a"))
        await call.hold()

    core = make_core(limits=Limits(idle_s=0.2))
    session = session_with(core, loopback.serve(script))
    assert failed(session, qtbot).kind is ErrorKind.SILENCE
    answer = session.messages[-1]
    assert (answer.text, answer.state) == ("half a", MessageState.INTERRUPTED)


def test_silence_before_any_text(make_core: CoreMaker, loopback: Loopback, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        await call.hold()

    core = make_core(limits=Limits(first_byte_s=0.2))
    session = session_with(core, loopback.serve(script))
    assert failed(session, qtbot).kind is ErrorKind.SILENCE
    assert session.messages[-1].state is MessageState.FAILED


def test_an_address_that_is_none(core: Core, qtbot: QtBot) -> None:
    assert failed(session_at(core, provider_at("nonsense")), qtbot).kind is ErrorKind.BAD_ADDRESS


def test_a_removed_service(core: Core, qtbot: QtBot) -> None:
    session = core.library.new_session()
    with qtbot.waitSignal(session.finished):
        session.send("why?", ModelChoice(new_id(), "m"))
    assert [one.role for one in session.messages] == [Role.USER, Role.ASSISTANT]
    failure = session.messages[-1].failure
    assert failure is not None
    assert failure.kind is ErrorKind.NO_PROVIDER


@pytest.mark.parametrize(
    ("outcome", "kind"),
    [
        (KeyOutcome.MISSING, ErrorKind.NO_KEY),
        (KeyOutcome.LOCKED, ErrorKind.KEYRING_LOCKED),
        (KeyOutcome.NONE, ErrorKind.KEYRING_NONE),
        (KeyOutcome.REFUSED, ErrorKind.KEYRING_REFUSED),
    ],
)
def test_a_key_that_the_keyring_does_not_give(
    make_core: CoreMaker, qtbot: QtBot, outcome: KeyOutcome, kind: ErrorKind
) -> None:
    class Grim(MemorySecrets):
        @override
        def read(self, provider_id: str, slot: str = "key") -> KeyResult:
            return KeyResult(outcome)

    core = make_core(keyring=Grim())
    provider = provider_at("http://127.0.0.1:9/v1", key_source=KeySource.KEYRING)
    assert failed(session_at(core, provider), qtbot).kind is kind


def test_a_key_is_not_sent_to_a_place_that_it_was_not_given_for(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await say(call, "thank you for the key")

    server = loopback.serve(script)
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    provider = provider_at(
        server.url, key_source=KeySource.KEYRING, key_origin="https://elsewhere.example:443"
    )
    keyring.write(provider.id, "key", Secret("sk-for-elsewhere"))
    assert failed(session_at(core, provider), qtbot).kind is ErrorKind.NO_KEY
    assert server.requests == []


def test_the_stored_key_is_sent_where_it_belongs(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await say(call, "welcome")

    server = loopback.serve(script)
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    provider = provider_at(server.url, key_source=KeySource.KEYRING)
    provider = provider_at(server.url, key_source=KeySource.KEYRING, key_origin=provider.origin)
    keyring.write(provider.id, "key", Secret("sk-0123456789"))
    session = session_at(core, provider)
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    assert session.messages[-1].text == "welcome"
    assert server.requests[0].values("authorization") == ["Bearer sk-0123456789"]


def test_a_key_and_a_header_come_from_variables(
    core: Core, loopback: Loopback, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        await say(call, "welcome")

    server = loopback.serve(script)
    monkeypatch.setenv("OUR_KEY", "sk-from-the-environment")
    monkeypatch.setenv("OUR_ORG", "org-7")
    provider = provider_at(
        server.url,
        key_source=KeySource.ENVIRONMENT,
        key_variable="OUR_KEY",
        headers=(Header("X-Org", variable="OUR_ORG"), Header("X-Plain", "yes")),
    )
    session = session_at(core, provider)
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    (request,) = server.requests
    assert request.values("authorization") == ["Bearer sk-from-the-environment"]
    assert request.values("x-org") == ["org-7"]
    assert request.values("x-plain") == ["yes"]


def test_a_variable_that_is_not_set_is_no_key(core: Core, qtbot: QtBot) -> None:
    provider = provider_at(
        "http://127.0.0.1:9/v1", key_source=KeySource.ENVIRONMENT, key_variable="NO_SUCH_VARIABLE"
    )
    failure = failed(session_at(core, provider), qtbot)
    assert failure.kind is ErrorKind.NO_KEY
    assert "NO_SUCH_VARIABLE" in failure.detail


def test_a_header_whose_variable_is_not_set_is_not_sent_empty(
    core: Core, loopback: Loopback, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        await say(call, "without the header")

    server = loopback.serve(script)
    headers = (Header("X-Org", variable="NO_SUCH_VARIABLE"),)
    failure = failed(session_at(core, provider_at(server.url, headers=headers)), qtbot)
    assert failure.kind is ErrorKind.NO_KEY
    assert server.requests == []


def test_a_secret_in_a_header_is_masked_where_the_service_repeats_it(
    core: Core, loopback: Loopback, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        value = call.request.values("x-api-pass")[0]
        await refuse(call, "400 Bad Request", f"cannot use {value} here")

    monkeypatch.setenv("OUR_PASS", "hush-hush-7f3a")
    headers = (Header("X-Api-Pass", variable="OUR_PASS"),)
    provider = provider_at(loopback.serve(script).url, headers=headers)
    failure = failed(session_at(core, provider), qtbot)
    assert "hush-hush" not in f"{failure.message}{failure.detail}"


def test_a_busy_service_is_asked_again_after_the_pause_that_it_asked_for(
    chat: SessionMaker, qtbot: QtBot
) -> None:
    async def script(call: Call) -> None:
        if call.number == 1:
            await refuse(call, "429 Too Many Requests", retry_after="1")
        else:
            await say(call, "now")

    session = chat(script)
    pauses: list[float] = []

    def note() -> None:
        if session.phase is Phase.RETRYING:
            pauses.append(session.retry_in_s)

    session.phase_changed.connect(note)
    with qtbot.waitSignal(session.finished):
        session.send("why?")
    assert session.messages[-1].text == "now"
    assert pauses
    assert 0.5 < pauses[0] <= 1
    assert len(session.messages) == 2


def test_the_pause_can_be_cut_short(chat: SessionMaker, qtbot: QtBot) -> None:
    async def script(call: Call) -> None:
        if call.number == 1:
            await refuse(call, "429 Too Many Requests", retry_after="60")
        else:
            await say(call, "now")

    session = chat(script)
    session.send("why?")
    qtbot.waitUntil(lambda: session.phase is Phase.RETRYING)
    with qtbot.waitSignal(session.finished):
        session.retry_now()
    assert session.messages[-1].text == "now"


def test_a_service_in_trouble_is_asked_three_times_and_no_more(
    chat: SessionMaker, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrying, "FIRST_S", 0.01)
    asked: list[int] = []

    async def script(call: Call) -> None:
        asked.append(call.number)
        await refuse(call, "503 Service Unavailable")

    assert failed(chat(script), qtbot).kind is ErrorKind.SERVER_TROUBLE
    assert asked == [1, 2, 3]


def test_a_question_whose_disk_is_slow_is_asked_from_memory(
    chat: SessionMaker, core: Core, profile: Profile, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        await say(call, "from memory")

    session = chat(script)
    lock = ConversationStore(profile.chats_file, "somebody else")
    lock._connection.execute("BEGIN IMMEDIATE")
    with qtbot.waitSignal(session.finished, timeout=3000):
        session.send("why?")
    # The answer is there, and the disk is still locked.
    assert session.messages[-1].text == "from memory"
    lock._connection.execute("ROLLBACK")
    lock.close()


def test_a_full_disk_loses_no_question_and_says_so(
    chat: SessionMaker, core: Core, profile: Profile, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def script(call: Call) -> None:
        await say(call, "answered")

    full = Failure(kind=ErrorKind.DISK_FULL)
    writes = ConversationStore.apply
    noticed: list[Failure] = []
    core.noticed.connect(noticed.append)

    def refuse_to_write(*_arguments: object, **_more: object) -> None:
        raise ChatError(full)

    session = chat(script)
    monkeypatch.setattr(ConversationStore, "apply", refuse_to_write)
    monkeypatch.setattr("desktop_chat.runtime.storing.store_thread.RETRY_S", 0.05)
    with qtbot.waitSignal(session.finished, timeout=3000):
        session.send("why?")
    assert noticed[0] == full
    with qtbot.waitSignal(core.solved):
        monkeypatch.setattr(ConversationStore, "apply", writes)
    assert core.close()
    store = ConversationStore(profile.chats_file, "", read_only=True)
    kept = list(store.messages(session.id))
    store.close()
    assert [one.text for one in kept] == ["why?", "answered"]
