"""What went over the wire is kept for the last answers, in memory and within bounds."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.exchange import shown
from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, Secret
from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.runtime.network.exchanges import Exchanges
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at, session_with
from tests.runtime.loopback import begin, refuse, say, text

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.conftest import CoreMaker, SessionMaker
    from tests.runtime.loopback import Loopback

PROVIDER = provider_at("https://example.org/v1")
CANARY = "sk-canary-exchange-0123456789"


async def hello(call: Call) -> None:
    await say(call, "Hello")


async def half(call: Call) -> None:
    await begin(call, text("half an answer"))
    await call.hold()


async def refusing(call: Call) -> None:
    await refuse(call, "401 Unauthorized", f"no such key: {CANARY}")


def filled(exchanges: Exchanges, message_id: str, size: int, chat: str = "c") -> None:
    recording = exchanges.begin(message_id, chat, PROVIDER)
    recording.sent("POST", "https://example.org", [], b"x" * size, ())
    exchanges.end(message_id)


def test_the_oldest_go_first() -> None:
    exchanges = Exchanges(limit=100_000)
    for name in "abc":
        filled(exchanges, name, 40_000)
    assert exchanges.find("a") is None
    assert exchanges.find("b") is not None
    assert exchanges.find("c") is not None


def test_the_newest_stays_however_large() -> None:
    exchanges = Exchanges(limit=10)
    filled(exchanges, "a", 5)
    filled(exchanges, "b", 40)
    assert exchanges.find("a") is None
    assert exchanges.find("b") is not None


def test_a_chat_can_be_forgotten() -> None:
    exchanges = Exchanges()
    filled(exchanges, "a", 5, "c")
    filled(exchanges, "b", 5, "d")
    exchanges.forget("c")
    assert exchanges.find("a") is None
    assert exchanges.find("b") is not None


def test_an_answer_has_its_exchange_while_it_comes_and_after(
    chat: SessionMaker, core: Core, qtbot: QtBot
) -> None:
    session = chat(half)
    with qtbot.waitSignal(session.text_arrived):
        session.send("Why is that?")
    answer = session.messages[-1].id
    coming = core.network.exchanges.find(answer)
    assert coming is not None
    assert "half an answer" in coming.answer
    session.stop()
    qtbot.waitUntil(lambda: core.network.exchanges.find(answer) == coming)


def test_a_key_from_the_keyring_is_in_no_exchange(
    make_core: CoreMaker, loopback: Loopback, qtbot: QtBot
) -> None:
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    server = loopback.serve(refusing)
    provider = provider_at(server.url, key_source=KeySource.KEYRING)
    assert keyring.write(provider.id, KEY_SLOT, Secret(CANARY)).outcome is KeyOutcome.OK
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    with qtbot.waitSignal(session.finished):
        session.send(f"Is {CANARY} a key?")
    assert CANARY in server.requests[-1].values("authorization")[0]
    exchange = core.network.exchanges.find(session.messages[-1].id)
    assert exchange is not None
    assert exchange.status == 401
    assert "Is ••• a key?" in shown(exchange.body)
    assert CANARY not in repr(exchange)


def test_a_temporary_chat_takes_its_exchanges_with_it(
    core: Core, loopback: Loopback, profile: Profile, qtbot: QtBot
) -> None:
    session = session_with(core, loopback.serve(hello), temporary=True)
    with qtbot.waitSignal(session.finished):
        session.send("a secret question")
    answer = session.messages[-1].id
    assert core.network.exchanges.find(answer) is not None
    core.library.close_session(session)
    assert core.network.exchanges.find(answer) is None
    files = [one for one in profile.data.parent.rglob("*") if one.is_file()]
    assert not any(b"a secret question" in one.read_bytes() for one in files)
