"""Settings and providers: seen at once, written soon, followed when another program writes."""

from __future__ import annotations

import json
import threading
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.keys import KeyOutcome, Secret
from desktop_chat.domain.network_options import NetworkOptions, NetworkSettings, ProxyUse
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, KeySource, ModelChoice
from desktop_chat.domain.settings import FONT_SIZE, SILENCE_S, THEME
from desktop_chat.runtime.core import Core
from desktop_chat.runtime.preferences import with_models
from desktop_chat.storage.secrets import MemorySecrets
from desktop_chat.storage.settings import ProvidersFile, SettingsFile
from tests.runtime.conftest import provider_at

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.keys import KeyResult
    from desktop_chat.storage.paths import Profile
    from tests.runtime.conftest import CoreMaker


def test_a_setting_has_its_default_until_it_is_set(make_core: CoreMaker, qtbot: QtBot) -> None:
    core = make_core()
    assert core.preferences.value(FONT_SIZE) == 15
    with qtbot.waitSignal(core.preferences.setting_changed) as changed:
        core.preferences.set_value(FONT_SIZE, 18)
    assert changed.args == ["font_size"]
    assert core.close()
    assert make_core().preferences.value(FONT_SIZE) == 18


def test_a_value_that_fits_nothing_is_refused(core: Core) -> None:
    with pytest.raises(ValueError, match="theme"):
        core.preferences.set_value(THEME, "mauve")
    assert core.preferences.value(THEME) == "system"


def test_a_value_in_the_file_that_fits_nothing_is_as_if_not_there(
    make_core: CoreMaker, profile: Profile
) -> None:
    SettingsFile(profile.settings_file).update({"theme": "mauve", "font_size": "big"})
    core = make_core()
    assert core.preferences.value(THEME) == "system"
    assert core.preferences.value(FONT_SIZE) == 15


def test_damaged_files_are_told_of_and_kept(profile: Profile, qtbot: QtBot) -> None:
    profile.settings.mkdir(parents=True)
    profile.settings_file.write_text("{not json", "utf-8")
    profile.providers_file.write_text("[", "utf-8")
    core = Core(profile, window=False, keyring=MemorySecrets())
    noticed: list[Failure] = []
    core.noticed.connect(noticed.append)
    core.start()
    assert [one.kind for one in noticed] == [ErrorKind.SETTINGS_DAMAGED] * 2
    core.preferences.set_value(FONT_SIZE, 20)
    assert core.close()
    kept = sorted(one.read_text("utf-8") for one in profile.settings.glob("*damaged*"))
    assert kept == ["[", "{not json"]
    assert json.loads(profile.settings_file.read_text("utf-8")) == {"font_size": 20}


def test_without_a_provider_chats_talk_to_the_demo(core: Core) -> None:
    assert core.preferences.choice() == ModelChoice(DEMO_PROVIDER_ID, "demo")
    assert [one.is_demo for one in core.preferences.providers()] == [True]


def test_providers_keep_their_order_and_the_demo_is_the_last(make_core: CoreMaker) -> None:
    core = make_core()
    first = provider_at("http://one.example", model="")
    second = provider_at("http://two.example")
    for one in (first, second, with_models(first, ("x", "y"))):
        core.preferences.save_provider(one)
    ids = [first.id, second.id, DEMO_PROVIDER_ID]
    assert [one.id for one in core.preferences.providers()] == ids
    assert core.close()
    again = make_core().preferences
    assert [one.id for one in again.providers()] == ids
    found = again.provider(first.id)
    assert found is not None
    assert (found.models, found.model) == (("x", "y"), "x")


def test_the_demo_is_neither_saved_nor_removed(core: Core) -> None:
    demo = core.preferences.provider(DEMO_PROVIDER_ID)
    assert demo is not None
    core.preferences.save_provider(demo)
    core.preferences.remove_provider(DEMO_PROVIDER_ID)
    assert core.preferences.providers() == (demo,)


def test_a_removed_provider_comes_back_by_undo(core: Core, qtbot: QtBot) -> None:
    provider = provider_at("http://one.example")
    core.preferences.save_provider(provider)
    core.preferences.set_choice(ModelChoice(provider.id, "m"))
    with qtbot.waitSignal(core.preferences.choice_changed):
        core.preferences.remove_provider(provider.id)
    assert core.preferences.provider(provider.id) is None
    assert core.preferences.choice().provider_id == DEMO_PROVIDER_ID
    assert core.preferences.undo_remove()
    assert core.preferences.provider(provider.id) == provider
    assert not core.preferences.undo_remove()


def test_the_key_of_a_removed_provider_stays_while_undo_is_offered(
    make_core: CoreMaker, qtbot: QtBot
) -> None:
    keyring = MemorySecrets()
    core = make_core(keyring=keyring)
    provider = provider_at("http://one.example", key_source=KeySource.KEYRING)
    core.preferences.save_provider(provider)
    keyring.write(provider.id, "key", Secret("sk-0123456789"))
    core.preferences.remove_provider(provider.id)
    assert keyring.read(provider.id).outcome is KeyOutcome.OK
    core.preferences.finish_removal()
    qtbot.waitUntil(lambda: keyring.read(provider.id).outcome is KeyOutcome.MISSING)


class Slow(MemorySecrets):
    """A keyring that takes its time, as real ones do."""

    @override
    def delete(self, provider_id: str, slot: str = "key") -> KeyResult:
        threading.Event().wait(0.1)
        return super().delete(provider_id, slot)


def test_the_end_of_the_program_takes_the_key_of_a_removed_provider_along(
    make_core: CoreMaker,
) -> None:
    keyring = Slow()
    core = make_core(keyring=keyring)
    provider = provider_at("http://one.example", key_source=KeySource.KEYRING)
    core.preferences.save_provider(provider)
    keyring.write(provider.id, "key", Secret("sk-0123456789"))
    core.preferences.remove_provider(provider.id)
    assert core.close()
    assert keyring.read(provider.id).outcome is KeyOutcome.MISSING


def test_the_window_follows_what_another_program_writes(
    make_core: CoreMaker, profile: Profile, qtbot: QtBot
) -> None:
    core = make_core(window=True)
    core.settle()
    provider = provider_at("http://one.example")
    with qtbot.waitSignal(core.preferences.providers_changed):
        ProvidersFile(profile.providers_file).save(provider)
    assert core.preferences.provider(provider.id) == provider


def test_stars_are_toggled_and_kept(make_core: CoreMaker) -> None:
    core = make_core()
    one, two = ModelChoice("p", "a"), ModelChoice("q", "b")
    for choice in (one, two, one):
        core.preferences.toggle_favourite(choice)
    assert core.preferences.favourites() == (two,)
    assert core.close()
    assert make_core().preferences.favourites() == (two,)


def test_the_choice_is_remembered(make_core: CoreMaker) -> None:
    core = make_core()
    provider = provider_at("http://one.example", models=("m", "n"))
    core.preferences.save_provider(provider)
    assert core.preferences.choice() == ModelChoice(provider.id, "m")
    core.preferences.set_choice(ModelChoice(provider.id, "n"))
    assert core.close()
    assert make_core().preferences.choice() == ModelChoice(provider.id, "n")


def test_who_waits_for_files_hears_of_trouble_first(
    make_core: CoreMaker, profile: Profile, qtbot: QtBot
) -> None:
    core = make_core()
    order: list[str] = []
    core.noticed.connect(lambda failure: order.append(failure.kind.value))
    profile.settings.parent.mkdir(parents=True, exist_ok=True)
    profile.settings.write_text("a file where the folder should be", "utf-8")
    core.preferences.save_provider(provider_at("http://one.example"))
    written = core.when_written()
    written.done.connect(lambda: order.append("written"))
    qtbot.waitUntil(lambda: "written" in order)
    assert order[-1] == "written"
    assert len(order) == 2


def test_the_network_settings_are_kept(make_core: CoreMaker) -> None:
    core = make_core()
    options = NetworkOptions(
        proxy_use=ProxyUse.OWN, proxy="http://proxy.test:3128", proxy_user="ann", no_proxy="x.test"
    )
    core.preferences.set_network(options)
    core.preferences.set_value(SILENCE_S, 0)
    core.preferences.allow_cleartext("http://b.test:80")
    core.preferences.allow_cleartext("http://a.test:80")
    expected = NetworkSettings(
        options=options,
        silence_s=0,
        clear_origins=frozenset({"http://a.test:80", "http://b.test:80"}),
    )
    assert core.preferences.network() == expected
    assert core.close()
    assert make_core().preferences.network() == expected


def test_a_word_that_is_none_does_not_switch_the_proxy_off(
    make_core: CoreMaker, profile: Profile
) -> None:
    SettingsFile(profile.settings_file).update({"proxy_use": "socks", "proxy": 7})
    assert make_core().preferences.network().options == NetworkOptions(proxy_use=ProxyUse.OWN)


def test_what_two_processes_allow_holds_for_both(
    make_core: CoreMaker, profile: Profile, qtbot: QtBot
) -> None:
    window, line = make_core(), make_core()
    window.preferences.watch()
    line.preferences.allow_cleartext("http://a.test:80")
    both = {"http://a.test:80"}
    qtbot.waitUntil(lambda: window.preferences.network().clear_origins == both)
    line.preferences.allow_cleartext("http://b.test:80")
    with qtbot.waitSignal(line.when_written().done):
        pass
    # Before the window has heard of it.
    window.preferences.allow_cleartext("http://c.test:80")
    with qtbot.waitSignal(window.when_written().done):
        pass
    stored, _ = SettingsFile(profile.settings_file).load()
    assert stored["clear_origins"] == "http://a.test:80\nhttp://b.test:80\nhttp://c.test:80"
