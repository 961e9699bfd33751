"""Lists of models stay fresh by themselves, and no failure takes one away."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.ids import now_ms
from desktop_chat.domain.keys import KEY_SLOT, Secret
from desktop_chat.domain.presets import preset
from desktop_chat.domain.providers import KeySource, ModelChoice, Provider
from desktop_chat.runtime.preferences import with_models
from desktop_chat.runtime.services import model_lists
from desktop_chat.runtime.services.model_lists import OLD_IN_USE_MS, OLD_MS
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import refuse, say

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from tests.protocols.servers import Call, RawServer
    from tests.runtime.conftest import CoreMaker
    from tests.runtime.loopback import Loopback


class Listing:
    """A service whose list, and whose mood, a test can change."""

    def __init__(self, loopback: Loopback) -> None:
        self.names = ["one", "two"]
        self.status = ""
        self.server: RawServer = loopback.serve(self._answer)

    async def _answer(self, call: Call) -> None:
        if call.request.line.startswith("POST"):
            await say(call, "Hello")
        elif self.status:
            await refuse(call, self.status)
        else:
            body = {"data": [{"id": one} for one in self.names]}
            await call.answer(json.dumps(body).encode(), content_type="application/json")

    @property
    def asked(self) -> int:
        """How often its list was asked for."""
        return sum(one.line.startswith("GET") for one in self.server.requests)


@pytest.fixture
def listing(loopback: Loopback) -> Listing:
    return Listing(loopback)


def known(core: Core, listing: Listing, age_ms: int = 0, **fields: object) -> Provider:
    """Return a provider that listed `old` so long ago."""
    provider = provider_at(listing.server.url, **fields)
    provider = replace(provider, model="old", models=("old",), listed_ms=now_ms() - age_ms)
    core.preferences.save_provider(provider)
    return provider


def models_of(core: Core, provider: Provider) -> tuple[str, ...]:
    found = core.preferences.provider(provider.id)
    assert found is not None
    return found.models


def wait(core: Core, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not core.model_lists.asked, timeout=20_000)


def test_a_list_that_is_old_is_read_anew_at_start(
    core: Core, listing: Listing, qtbot: QtBot
) -> None:
    provider = known(core, listing, OLD_MS)
    core.model_lists.refresh_old()
    assert core.model_lists.asked == {provider.id}
    wait(core, qtbot)
    assert models_of(core, provider) == ("one", "two")


def test_one_that_is_not_old_is_left_alone(core: Core, listing: Listing) -> None:
    known(core, listing, OLD_MS // 2)
    core.model_lists.refresh_old()
    assert not core.model_lists.asked


def test_a_clock_that_was_set_back_keeps_no_list_for_ever(core: Core, listing: Listing) -> None:
    provider = known(core, listing, -OLD_MS)
    core.model_lists.refresh_old()
    assert core.model_lists.asked == {provider.id}


@pytest.mark.parametrize("source", [KeySource.KEYRING, KeySource.COMMAND])
def test_no_keyring_is_asked_for_a_list_that_nobody_looks_at(
    core: Core, listing: Listing, source: KeySource
) -> None:
    known(core, listing, OLD_MS, key_source=source)
    core.model_lists.refresh_old()
    assert not core.model_lists.asked


def test_who_looks_at_the_lists_sees_new_ones_soon(
    core: Core, listing: Listing, qtbot: QtBot
) -> None:
    provider = known(core, listing, OLD_IN_USE_MS)
    core.model_lists.look_at()
    wait(core, qtbot)
    assert models_of(core, provider) == ("one", "two")
    core.model_lists.look_at()
    assert not core.model_lists.asked
    assert listing.asked == 1


def test_a_wish_reads_all_anew_and_no_list_twice_at_once(
    core: Core, listing: Listing, qtbot: QtBot
) -> None:
    known(core, listing)
    core.model_lists.refresh()
    core.model_lists.refresh()
    wait(core, qtbot)
    assert listing.asked == 1


@pytest.mark.parametrize("status", ["503 Service Unavailable", "401 Unauthorized"])
def test_a_failure_keeps_the_list_and_is_told(
    core: Core, listing: Listing, qtbot: QtBot, status: str
) -> None:
    provider = known(core, listing, OLD_MS)
    listing.status = status
    core.model_lists.refresh()
    wait(core, qtbot)
    assert models_of(core, provider) == ("old",)
    assert core.model_lists.troubled == {provider.id}
    listing.status = ""
    core.model_lists.refresh()
    wait(core, qtbot)
    assert models_of(core, provider) == ("one", "two")
    assert not core.model_lists.troubled


def test_an_empty_list_takes_no_model_away(core: Core, listing: Listing, qtbot: QtBot) -> None:
    provider = known(core, listing, OLD_MS)
    listing.names = []
    core.model_lists.refresh()
    wait(core, qtbot)
    assert models_of(core, provider) == ("old",)
    assert not core.model_lists.troubled


def test_a_service_without_a_list_is_no_trouble(core: Core, listing: Listing, qtbot: QtBot) -> None:
    provider = known(core, listing, OLD_MS)
    listing.status = "404 Not Found"
    core.model_lists.refresh_old()
    wait(core, qtbot)
    assert models_of(core, provider) == ("old",)
    assert not core.model_lists.troubled
    core.model_lists.refresh_old()
    assert not core.model_lists.asked


def test_a_list_is_there_after_a_restart(
    make_core: CoreMaker, listing: Listing, qtbot: QtBot
) -> None:
    core = make_core()
    provider = known(core, listing, OLD_MS)
    core.model_lists.refresh()
    wait(core, qtbot)
    assert core.close()
    again = make_core()
    assert models_of(again, provider) == ("one", "two")
    again.model_lists.refresh_old()
    assert not again.model_lists.asked


def test_a_service_that_went_meanwhile_stays_away(
    core: Core, listing: Listing, qtbot: QtBot
) -> None:
    provider = known(core, listing, OLD_MS)
    core.model_lists.refresh()
    core.preferences.remove_provider(provider.id)
    wait(core, qtbot)
    assert core.preferences.provider(provider.id) is None


def test_a_list_of_another_address_is_dropped(core: Core, listing: Listing, qtbot: QtBot) -> None:
    provider = known(core, listing, OLD_MS)
    core.model_lists.refresh()
    core.preferences.save_provider(replace(provider, base_url="http://127.0.0.1:1/v1"))
    wait(core, qtbot)
    assert models_of(core, provider) == ("old",)


def test_an_answer_is_followed_by_the_list_of_its_service(
    make_core: CoreMaker, listing: Listing, qtbot: QtBot
) -> None:
    """The keyring is open then: nobody is asked to unlock it for a list."""
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    provider = known(core, listing, OLD_MS, key_source=KeySource.KEYRING)
    keyring.write(provider.id, KEY_SLOT, Secret("the-key-of-it"))
    assert not core.model_lists.asked
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "old"))
    session.send("Hi")
    qtbot.waitUntil(lambda: models_of(core, provider) == ("one", "two"), timeout=20_000)
    wait(core, qtbot)
    assert listing.asked == 1


def test_a_model_that_was_written_by_hand_stays_the_one_to_begin_with() -> None:
    written = provider_at("http://one.example", model="my-own")
    assert with_models(written, ("x", "y")).model == "my-own"
    again = with_models(with_models(written, ("x", "y")), ("y", "z"))
    assert (again.model, again.models) == ("my-own", ("y", "z"))


def test_a_model_that_is_listed_no_longer_gives_way_to_the_first() -> None:
    listed = with_models(provider_at("http://one.example", model=""), ("x", "y"))
    assert listed.model == "x"
    assert with_models(listed, ("y", "z")).model == "y"
    groq = preset("groq")
    assert groq is not None
    ready = provider_at("http://one.example", model=groq.model, preset="groq")
    assert with_models(ready, ("a", "b")).model == "a"
    assert with_models(ready, ("b", groq.model)).model == groq.model


def test_ages_are_hours_and_minutes() -> None:
    assert model_lists.OLD_MS == 6 * 60 * 60 * 1000
    assert model_lists.OLD_IN_USE_MS == 5 * 60 * 1000
