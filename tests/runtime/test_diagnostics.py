"""What a running program tells of itself, after chats that went wrong."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.providers import KeyPlace, KeySource
from desktop_chat.runtime.diagnostics import collect
from desktop_chat.storage.log import LogFile, start_log
from tests.runtime.conftest import provider_at, session_with
from tests.runtime.loopback import refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from tests.protocols.servers import Call
    from tests.runtime.loopback import Loopback


@pytest.fixture(autouse=True)
def log(profile: Profile) -> Iterator[None]:
    hooks = sys.excepthook, threading.excepthook
    start_log(profile)
    yield
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(capture=False)
    root = logging.getLogger()
    for handler in [one for one in root.handlers if isinstance(one, LogFile)]:
        root.removeHandler(handler)
        handler.close()


async def no_credit(call: Call) -> None:
    await refuse(call, "402 Payment Required", "no credit, canary")


def told(core: Core, qtbot: QtBot) -> str:
    with qtbot.waitSignal(collect(core).done) as done:
        pass
    (text,) = done.args or [""]
    return str(text)


@pytest.mark.parametrize("temporary", [False, True])
def test_an_answer_that_did_not_come_is_told_by_its_kind_unless_the_chat_leaves_no_trace(
    core: Core,
    loopback: Loopback,
    qtbot: QtBot,
    temporary: bool,
) -> None:
    session = session_with(core, loopback.serve(no_credit), temporary=temporary)
    with qtbot.waitSignal(session.finished):
        session.send("canary question")
    text = told(core, qtbot)
    ended = "an answer ended by no_credit, status 402 (openai_chat, retry 0)"
    assert (ended in text) is not temporary
    assert "canary" not in text


def test_services_are_told_by_their_kinds_alone(core: Core, qtbot: QtBot) -> None:
    provider = provider_at(
        "https://canary.example.org/v1",
        key_source=KeySource.ENVIRONMENT,
        key_variable="CANARY_KEY",
        spare_keys=(KeyPlace("key-2"),),
    )
    core.preferences.save_provider(provider)
    core.preferences.save_provider(provider_at("http://127.0.0.1:1/v1", preset="ollama"))
    text = told(core, qtbot)
    assert "1 × openai_chat: a service of one's own, environment, keyring" in text
    assert "1 × openai_chat: ollama, no key" in text
    assert "canary" not in text.lower()
