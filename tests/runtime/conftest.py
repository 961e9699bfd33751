"""What the runtime's tests share: a core on a profile of its own, and real loopback servers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

import pytest

from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import KeySource, ModelChoice, Provider
from desktop_chat.runtime.core import Core
from desktop_chat.storage.paths import Profile, find_profile
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.loopback import Loopback

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.stream import Limits
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.storage.secrets import SecretStore
    from tests.protocols.servers import RawServer
    from tests.runtime.loopback import Script


class CoreMaker(Protocol):
    """Makes a started core, which is closed after the test."""

    def __call__(
        self,
        *,
        window: bool = False,
        keyring: SecretStore | None = None,
        limits: Limits | None = None,
        profile: Profile | None = None,
    ) -> Core: ...


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return find_profile(str(tmp_path / "profile"))


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def make_core(qtbot: QtBot, profile: Profile) -> Iterator[CoreMaker]:
    made: list[Core] = []
    default = profile

    def make(
        *,
        window: bool = False,
        keyring: SecretStore | None = None,
        limits: Limits | None = None,
        profile: Profile | None = None,
    ) -> Core:
        core = Core(
            profile or default, window=window, keyring=keyring or MemorySecrets(), limits=limits
        )
        made.append(core)
        core.start()
        return core

    yield make
    for core in made:
        assert core.close()


@pytest.fixture
def core(make_core: CoreMaker) -> Core:
    return make_core()


def provider_at(url: str, **fields: object) -> Provider:
    """Return a provider without a key at an address."""
    usual = {"id": new_id(), "name": "Here", "protocol": "openai_chat"}
    given: dict[str, object] = {**usual, "key_source": KeySource.NONE, "model": "m", **fields}
    return Provider(base_url=url, **given)  # type: ignore[arg-type]


def session_with(core: Core, server: RawServer, *, temporary: bool = False) -> ChatSession:
    """Return a new session that talks to a server."""
    provider = provider_at(server.url)
    core.preferences.save_provider(provider)
    session = core.library.new_session(temporary=temporary)
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    return session


class SessionMaker(Protocol):
    """Makes a session that talks to a server with this script."""

    def __call__(self, script: Script, *, temporary: bool = False) -> ChatSession: ...


@pytest.fixture
def chat(core: Core, loopback: Loopback) -> SessionMaker:
    def make(script: Script, *, temporary: bool = False) -> ChatSession:
        return session_with(core, loopback.serve(script), temporary=temporary)

    return make
