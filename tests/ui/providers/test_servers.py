"""Model servers of this computer: offered in an empty chat and in the list of services."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.protocols.discovery import looking
from desktop_chat.protocols.discovery.looking import Place
from desktop_chat.ui.chat.first_run import NewChatPage
from desktop_chat.ui.providers.providers_dialog import ProvidersDialog
from desktop_chat.ui.providers.server_search import LOOK
from tests.protocols.model_servers import SERVERS, listed, speaking
from tests.runtime.loopback import Loopback

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.providers.server_offers import ServerOffers
    from tests.protocols.model_servers import Script
    from tests.protocols.servers import Call, RawServer
    from tests.ui.conftest import FakeKeyring

    Run = Callable[..., RawServer]


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def run(core: Core, loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run a model server where the program looks, and nowhere else."""
    places: list[Place] = []
    monkeypatch.setattr(looking, "usual_places", lambda: list(places))
    core.discovery.within_s = 20.0

    def start(name: str, script: Script | None = None) -> RawServer:
        server = loopback.serve(script or speaking(SERVERS[name]))
        places.append(Place("127.0.0.1", server.port, (name,)))
        return server

    return start


@pytest.fixture
def page(qtbot: QtBot, appearance: Appearance, core: Core) -> Iterator[NewChatPage]:
    made = NewChatPage(appearance, core)
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.set_choice("Demo", "demo")
    made.show()
    qtbot.waitUntil(made.isVisible)
    yield made
    made.close()


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core, run: Run) -> ProvidersDialog:
    made = ProvidersDialog(appearance, core)
    qtbot.addWidget(made)
    made.open_list()
    qtbot.waitUntil(made.isVisible)
    return made


def look(core: Core, qtbot: QtBot) -> None:
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        core.discovery.look()


def offers_of(page: NewChatPage) -> ServerOffers:
    assert page.server_offers is not None
    return page.server_offers


def words(offers: ServerOffers) -> list[str]:
    return [one.text() for one in offers.buttons if one.isVisible()]


def test_a_first_chat_offers_what_was_found_and_one_press_makes_it_answer(
    qtbot: QtBot, core: Core, page: NewChatPage, run: Run
) -> None:
    run("ollama")
    assert page.server_offers is None
    look(core, qtbot)
    offers = offers_of(page)
    assert words(offers) == ["Use Ollama on this computer"]
    with qtbot.waitSignal(page.connected, timeout=20_000):
        offers.buttons[0].click()
    (provider, _) = core.preferences.providers()
    assert provider.preset == "ollama"
    assert provider.protocol == "ollama_chat"
    assert provider.key_source is KeySource.NONE
    assert provider.models == ("llama3.2:latest", "nomic-embed-text:latest")
    assert core.preferences.choice() == ModelChoice(provider.id, "llama3.2:latest")
    assert page.connected_words.text() == "Connected to Ollama. 2 models."
    assert not offers.isVisible()
    assert core.offers == ()


def tab_stops(first: QWidget, last: QWidget) -> list[str]:
    """Return the names of what Tab reaches from one widget to another."""
    found: list[str] = []
    one = first
    while not found or one is not last:
        following = one.nextInFocusChain()
        assert following is not None
        one = following
        if one.isVisible() and one.focusPolicy() & Qt.FocusPolicy.TabFocus:
            found.append(one.accessibleName() or one.text())  # type: ignore[attr-defined]
    return found


def test_tab_reaches_the_offers_where_they_stand(
    qtbot: QtBot, core: Core, page: NewChatPage, run: Run
) -> None:
    run("vllm")
    look(core, qtbot)
    run("jan")
    look(core, qtbot)
    qtbot.waitUntil(lambda: len(words(offers_of(page))) == 2)
    assert page.key_block is not None
    assert tab_stops(page.key_block.field, page.services_link) == [
        "Connect",
        "Use vLLM on this computer",
        "Use Jan on this computer",
        "Other services…",
    ]


def test_tab_reaches_the_offers_before_what_stands_under_them(
    qtbot: QtBot, core: Core, dialog: ProvidersDialog, run: Run
) -> None:
    run("vllm")
    look(core, qtbot)
    qtbot.waitUntil(lambda: len(words(dialog.search.offers)) == 1)
    names = tab_stops(dialog.close_button, dialog.close_button)
    start = names.index("Use vLLM on this computer")
    assert names[start:] == ["Use vLLM on this computer", LOOK, "Add a service", "Close"]


def test_a_page_that_is_made_later_offers_it_too(
    qtbot: QtBot, core: Core, appearance: Appearance, run: Run
) -> None:
    run("lmstudio")
    look(core, qtbot)
    later = NewChatPage(appearance, core)
    qtbot.addWidget(later)
    later.show()
    assert words(offers_of(later)) == ["Use LM Studio on this computer"]


def test_a_server_that_went_away_is_told(
    qtbot: QtBot, core: Core, page: NewChatPage, run: Run, loopback: Loopback
) -> None:
    server = run("lmstudio")
    look(core, qtbot)
    loopback.end(server)
    offers = offers_of(page)
    offers.buttons[0].click()
    qtbot.waitUntil(offers.status.isVisible, timeout=20_000)
    assert "is not running on this computer" in offers.status.label.text()
    assert offers.buttons[0].isEnabled()


def test_a_server_that_asks_for_a_key_is_given_one(
    qtbot: QtBot, core: Core, page: NewChatPage, run: Run, keyring: FakeKeyring
) -> None:
    plain = speaking(SERVERS["jan"])

    async def locked(call: Call) -> None:
        known = call.request.values("authorization") == ["Bearer its-own-key"]
        if call.request.line.split()[1] == "/v1/models" and not known:
            await call.answer(b'{"error": "Unauthorized"}', "401 Unauthorized")
        else:
            await plain(call)

    run("jan", locked)
    look(core, qtbot)
    offers = offers_of(page)
    offers.buttons[0].click()
    assert offers.key.isVisible()
    QTest.keyClicks(offers.key, "wrong-key")
    QTest.keyClick(offers.key, Qt.Key.Key_Return)
    qtbot.waitUntil(offers.status.isVisible, timeout=20_000)
    assert offers.key.property("fault")
    offers.key.setText("its-own-key")
    with qtbot.waitSignal(page.connected, timeout=20_000):
        QTest.keyClick(offers.key, Qt.Key.Key_Return)
    (provider, _) = core.preferences.providers()
    assert keyring.kept[provider.id].reveal() == "its-own-key"
    assert offers.key.text() == ""


def test_the_services_say_plainly_what_was_looked_for(
    qtbot: QtBot, core: Core, dialog: ProvidersDialog
) -> None:
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        dialog.search.button.click()
    assert dialog.search.button.text() == LOOK
    assert dialog.search.result.isVisible()
    assert dialog.search.result.text() == (
        "No model server answered on this computer. Looked for Ollama (11434), LM Studio (1234), "
        "llama.cpp and LocalAI (8080), vLLM (8000), Jan (1337) and KoboldCpp (5001). "
        "Start one, then look again."
    )


def test_the_services_offer_what_they_found(
    qtbot: QtBot, core: Core, dialog: ProvidersDialog, run: Run
) -> None:
    run("vllm")
    run("koboldcpp")
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        dialog.search.button.click()
    offers = dialog.search.offers
    assert words(offers) == ["Use vLLM on this computer", "Use KoboldCpp on this computer"]
    assert not dialog.search.result.isVisible()
    with qtbot.waitSignal(dialog.connected, timeout=20_000):
        offers.buttons[0].click()
    qtbot.waitUntil(lambda: words(offers) == ["Use KoboldCpp on this computer"])
    assert [card.provider.name for card in dialog.list.cards.values()] == ["vLLM"]
    with qtbot.waitSignal(dialog.connected, timeout=20_000):
        offers.buttons[0].click()
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        dialog.search.button.click()
    assert dialog.search.result.text().startswith(
        "vLLM and KoboldCpp are set up already. Nothing else answered. Looked for Ollama"
    )


def test_a_server_without_models_is_named_and_not_offered(
    qtbot: QtBot, core: Core, dialog: ProvidersDialog, run: Run
) -> None:
    run("ollama", speaking({**SERVERS["ollama"], "/v1/models": listed("")}))
    with qtbot.waitSignal(core.discovery.ended, timeout=20_000):
        dialog.search.button.click()
    assert words(dialog.search.offers) == []
    assert dialog.search.result.text().startswith(
        "Ollama runs on this computer and lists no models. Load one there, then look again."
    )


def test_servers_of_one_name_are_told_apart(
    qtbot: QtBot, core: Core, dialog: ProvidersDialog, run: Run
) -> None:
    ports = sorted(run("vllm").port for _ in range(2))
    look(core, qtbot)
    shown = sorted(words(dialog.search.offers))
    assert shown == [f"Use vLLM on this computer ({port})" for port in ports]


def test_no_button_hides_the_others_in_a_narrow_dialog(dialog: ProvidersDialog) -> None:
    dialog.resize(dialog.minimumSize())
    assert dialog.search.width() <= dialog.width() - 48
    assert dialog.search.button.sizeHint().width() <= dialog.search.width()
