"""What tests of the window and its parts share."""

from __future__ import annotations

import gc
import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Protocol

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from shiboken6 import delete
from typing_extensions import override

from desktop_chat.domain.chat import Conversation, Message, MessageState, Part, PartKind, Role
from desktop_chat.domain.ids import now_ms
from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult, Secret
from desktop_chat.domain.providers import DEMO_PROVIDER_ID
from desktop_chat.runtime.core import Core
from desktop_chat.storage.commands import AddMessage, SaveConversation
from desktop_chat.storage.conversations import open_store
from desktop_chat.storage.paths import Profile, find_profile
from desktop_chat.storage.secrets import MemorySecrets
from desktop_chat.ui.look.appearance import Appearance

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The program's clothes on the application that all tests share, taken off again."""
    qapp.setStyle("Fusion")
    dressed = Appearance(qapp)
    yield dressed
    delete(dressed)
    qapp.setStyleSheet("")


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """A profile of its own for each test."""
    return find_profile(str(tmp_path / "profile"))


class MakeChats(Protocol):
    """Writes chats into the profile before anything is started on it."""

    def __call__(self, *titles: str, answer: str = "An answer.") -> list[str]: ...


@pytest.fixture
def make_chats(profile: Profile) -> MakeChats:
    """Chats of one question and one answer each, the first title the newest; returns their ids."""

    def make(*titles: str, answer: str = "An answer.") -> list[str]:
        store, failure = open_store(profile, "test")
        assert failure is None
        ids = []
        for age, title in enumerate(titles):
            chat_id = f"00000000-0000-7000-8000-{age:012d}"
            ids.append(chat_id)
            moment = now_ms() - age * 1000
            head = f"{chat_id}-a"
            chat = Conversation(
                id=chat_id,
                title=title,
                head_id=head,
                created_ms=moment,
                updated_ms=moment,
                provider_id=DEMO_PROVIDER_ID,
                model="demo",
            )
            question = _message(chat_id, f"{chat_id}-q", None, title)
            reply = _message(chat_id, head, question.id, answer)
            store.apply(
                [SaveConversation(chat), AddMessage(question), AddMessage(reply)], durable=False
            )
        store.close()
        return ids

    return make


def _message(chat_id: str, message_id: str, parent_id: str | None, text: str) -> Message:
    return Message(
        id=message_id,
        conversation_id=chat_id,
        parent_id=parent_id,
        role=Role.USER if parent_id is None else Role.ASSISTANT,
        state=MessageState.COMPLETE,
        parts=(Part(PartKind.TEXT, text),),
        created_ms=now_ms(),
        provider_id=DEMO_PROVIDER_ID,
        provider_name="Demo",
        model="demo",
    )


@pytest.fixture
def start_core(profile: Profile, qapp: QApplication) -> Iterator[Callable[[], Core]]:
    """Start cores on the profile, one after another, as a program that is started again."""
    cores: list[Core] = []

    def start() -> Core:
        if cores:
            _end(cores.pop())
        core = Core(profile, window=True, keyring=MemorySecrets())
        core.start()
        cores.append(core)
        return core

    yield start
    for core in cores:
        _end(core)


def _end(core: Core) -> None:
    assert core.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    delete(core)
    gc.collect()


class FakeKeyring:
    """A keyring in memory that can be told to refuse. Serves as a `SecretStore`."""

    name = "Test Keyring"

    def __init__(self) -> None:
        self.kept: dict[str, Secret] = {}
        self.outcome = KeyOutcome.OK
        self.opens_when_read = False
        """Whether it asks a person to unlock it, who does."""
        self.open = threading.Event()
        self.open.set()

    def read(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Return the key, or why there is none."""
        self.open.wait(20)
        if self.opens_when_read:
            self.outcome = KeyOutcome.OK
        return self._look(provider_id, slot)

    def _look(self, provider_id: str, slot: str) -> KeyResult:
        if self.outcome is not KeyOutcome.OK:
            return KeyResult(self.outcome, backend=self.name)
        secret = self.kept.get(self._name(provider_id, slot))
        return KeyResult(KeyOutcome.OK if secret else KeyOutcome.MISSING, secret, self.name)

    def peek(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult | None:
        """Say whether a key is there."""
        self.open.wait(20)
        return replace(self._look(provider_id, slot), secret=None)

    def write(self, provider_id: str, slot: str, secret: Secret) -> KeyResult:
        """Keep a key."""
        self.open.wait(20)
        if self.outcome is KeyOutcome.OK:
            self.kept[self._name(provider_id, slot)] = secret
        return KeyResult(self.outcome, backend=self.name)

    def delete(self, provider_id: str, slot: str = KEY_SLOT) -> KeyResult:
        """Forget a key."""
        if self.outcome is not KeyOutcome.OK:
            return KeyResult(self.outcome, backend=self.name)
        gone = self.kept.pop(self._name(provider_id, slot), None)
        return KeyResult(KeyOutcome.OK if gone else KeyOutcome.MISSING, backend=self.name)

    def _name(self, provider_id: str, slot: str) -> str:
        return provider_id if slot == KEY_SLOT else f"{provider_id}/{slot}"


@pytest.fixture
def keyring() -> Iterator[FakeKeyring]:
    """The keyring behind `core`."""
    made = FakeKeyring()
    yield made
    made.open.set()


@pytest.fixture
def core(profile: Profile, keyring: FakeKeyring, qapp: QApplication) -> Iterator[Core]:
    """A core on an empty profile, with a keyring that can be told to refuse."""
    made = Core(profile, window=True, keyring=keyring)
    made.start()
    yield made
    keyring.open.set()
    _end(made)


class FakeService:
    """A loopback service that lists its models to those who know its key."""

    def __init__(self) -> None:
        self.key = "gsk_right1"
        self.models = ["m-one", "m-two"]
        self.keys_seen: list[str] = []
        service = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                key = self.headers.get("Authorization", "").removeprefix("Bearer ")
                service.keys_seen.append(key)
                known = key == service.key or not service.key
                models = [{"id": one} for one in service.models]
                body = {"data": models} if known else {"error": {"message": "no such key"}}
                data = json.dumps(body).encode()
                self.send_response(200 if known else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            def do_POST(self) -> None:
                self.rfile.read(int(self.headers["Content-Length"]))
                key = self.headers.get("Authorization", "").removeprefix("Bearer ")
                known = key == service.key or not service.key
                welcome = (
                    b'data: {"choices": [{"delta": {"content": "Hello"}}]}\n\ndata: [DONE]\n\n'
                )
                data = welcome if known else b'{"error": {"message": "no such key"}}'
                self.send_response(200 if known else 401)
                self.send_header("Content-Type", "text/event-stream")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            @override
            def log_message(self, *_: object) -> None:
                """Keep the tests' output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    @property
    def base_url(self) -> str:
        """Its address, as a provider has it."""
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def service() -> Iterator[FakeService]:
    """A loopback service that lists models."""
    made = FakeService()
    yield made
    made.close()
