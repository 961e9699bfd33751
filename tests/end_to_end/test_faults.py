"""The thirty ways in which a service or the way to it goes wrong, in the real window.

Each against a real server in a process of its own. However it ends, the question is kept, what
came is kept, the window's loop goes on, and no task and no connection is left behind.
"""

from __future__ import annotations

import asyncio
import os
import socket
import threading
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QEventLoop, QTimer
from shiboken6 import delete

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind, Failure, TlsFault
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, KeySource, ModelChoice, Provider
from desktop_chat.domain.stream import Limits, Phase
from desktop_chat.protocols.transport import faults
from desktop_chat.runtime.chats import retrying
from desktop_chat.runtime.core import Core
from desktop_chat.storage.conversations import ConversationStore
from desktop_chat.storage.paths import find_profile
from desktop_chat.storage.secrets import MemorySecrets
from desktop_chat.transcript.items import Action
from desktop_chat.ui.chat.items import notice_of
from desktop_chat.ui.look.appearance import Appearance
from desktop_chat.ui.window.main_window import MainWindow
from desktop_chat.ui.words.error_text import sentence
from tests.processes import Part
from tests.protocols.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from desktop_chat.domain.chat import Message
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.storage.paths import Profile
    from desktop_chat.ui.chat.chat_tab import ChatTab

KEY: Final = "sk-for-one-origin-0123456789"
LIMITS: Final = Limits(connect_s=1.0, first_byte_s=6.0, idle_s=1.0)
"""Connecting, the first byte, silence: fifty times as fast as for a person, as the faults are."""
BEAT_MS: Final = 10
BEATS: Final = 5
COMPLETE, INTERRUPTED, FAILED, STOPPED = (
    MessageState.COMPLETE,
    MessageState.INTERRUPTED,
    MessageState.FAILED,
    MessageState.STOPPED,
)
HALF, WHOLE = "Half ", "Half and half."


@dataclass(frozen=True, kw_only=True)
class Case:
    """One row of the table: what the server does, and how it has to end."""

    number: int
    fault: str
    ends: MessageState
    kind: ErrorKind | None = None
    text: str = ""
    more: tuple[str, ...] = ()
    scheme: str = "http"
    tls: TlsFault | None = None
    requests: int | None = None
    """How many the server must have got."""
    waits: bool = False
    """It takes long enough for the window's heart to beat many times."""
    act: Action | None = None
    """What the person does meanwhile, once the pause or the queue is seen."""
    question: str = "Why?"

    @property
    def name(self) -> str:
        """What the test is called."""
        return "-".join((f"{self.number:02}", self.fault, *self.more)).replace("/", "")


def row(
    number: int,
    fault: str,
    ends: MessageState,
    kind: ErrorKind | None = None,
    text: str = "",
    **more: Any,
) -> Case:
    """Return a row."""
    return Case(number=number, fault=fault, ends=ends, kind=kind, text=text, **more)


REUSABLE: Final = {
    "stale", "slow_head", "points", "refuses", "busy", "in_trouble", "page", "nothing", "whole",
    "error_body", "error_event", "error_later", "too_long", "no_terminal", "late_text",
    "by_the_byte", "zipped", "zipped_in_silence", "empty_lines",
}  # fmt: skip
"""The service came to the end of its HTTP, so the connection serves the next question."""
REFUSALS: Final = {
    "401": ErrorKind.BAD_KEY,
    "403": ErrorKind.FORBIDDEN,
    "404": ErrorKind.NO_PATH,
    "413": ErrorKind.TOO_LONG,
    "422": ErrorKind.BAD_REQUEST,
}
TABLE: Final = (
    row(1, "unknown name", FAILED, ErrorKind.DNS),
    row(1, "unanswered name", FAILED, ErrorKind.DNS, waits=True),
    row(2, "nobody", FAILED, ErrorKind.REFUSED),
    row(3, "full", FAILED, ErrorKind.CONNECT_TIMEOUT, waits=True),
    row(4, "expired", FAILED, ErrorKind.TLS, scheme="https", tls=TlsFault.EXPIRED),
    row(4, "other name", FAILED, ErrorKind.TLS, scheme="https", tls=TlsFault.OTHER_NAME),
    row(4, "unknown issuer", FAILED, ErrorKind.TLS, scheme="https", tls=TlsFault.UNKNOWN_ISSUER),
    row(5, "stalls", FAILED, ErrorKind.CONNECT_TIMEOUT, scheme="https", waits=True),
    row(6, "plain", FAILED, ErrorKind.TLS, scheme="https", tls=TlsFault.NO_TLS),
    row(7, "closes", FAILED, ErrorKind.BROKEN_STREAM, question="long " * 200_000),
    row(8, "stale", COMPLETE, None, WHOLE, requests=3),
    row(9, "slow_head", COMPLETE, None, WHOLE, waits=True),
    row(10, "endless_headers", FAILED, ErrorKind.LIMIT),
    row(10, "long_header", FAILED, ErrorKind.LIMIT),
    row(11, "no_http", FAILED, ErrorKind.WRONG_CONTENT),
    *(
        row(12, "points", FAILED, ErrorKind.REDIRECT, more=(status,), requests=1)
        for status in ("301", "302", "307", "308")
    ),
    *(
        row(13, "refuses", FAILED, kind, more=(status, body), requests=1)
        for status, kind in REFUSALS.items()
        for body in ("json", "html", "empty", "huge")
    ),
    row(14, "busy", COMPLETE, None, WHOLE, more=("seconds",), requests=2, waits=True),
    row(14, "busy", COMPLETE, None, WHOLE, more=("milliseconds",), requests=2, waits=True),
    row(14, "busy", COMPLETE, None, WHOLE, more=("none",), requests=2),
    row(14, "busy", COMPLETE, None, WHOLE, more=("date",), requests=2, act=Action.RETRY_NOW),
    row(14, "busy", COMPLETE, None, WHOLE, more=("years",), requests=2, act=Action.RETRY_NOW),
    row(14, "busy", STOPPED, more=("years", "cancelled"), requests=1, act=Action.CANCEL),
    *(
        row(15, "in_trouble", COMPLETE, None, WHOLE, more=(status,), requests=3)
        for status in ("500", "502", "503", "529")
    ),
    row(16, "page", FAILED, ErrorKind.WRONG_CONTENT),
    row(17, "nothing", FAILED, ErrorKind.EMPTY),
    row(18, "whole", COMPLETE, None, WHOLE),
    row(19, "error_body", FAILED, ErrorKind.STREAM_ERROR),
    row(19, "error_event", FAILED, ErrorKind.STREAM_ERROR),
    row(20, "error_later", INTERRUPTED, ErrorKind.STREAM_ERROR, HALF),
    row(21, "reset_in_event", INTERRUPTED, ErrorKind.BROKEN_STREAM, HALF),
    row(21, "reset_in_character", INTERRUPTED, ErrorKind.BROKEN_STREAM, HALF),
    row(22, "unended_chunks", INTERRUPTED, ErrorKind.BROKEN_STREAM, HALF),
    row(23, "too_short", INTERRUPTED, ErrorKind.BROKEN_STREAM, HALF),
    row(23, "too_long", COMPLETE, None, WHOLE),
    row(24, "no_terminal", INTERRUPTED, ErrorKind.BROKEN_STREAM, HALF),
    row(25, "late_text", COMPLETE, None, WHOLE),
    row(26, "by_the_byte", COMPLETE, None, WHOLE, waits=True),
    row(27, "silence", INTERRUPTED, ErrorKind.SILENCE, HALF, waits=True),
    row(28, "zipped", COMPLETE, None, WHOLE),
    row(28, "zipped_in_silence", COMPLETE, None, WHOLE),
    row(28, "bomb", FAILED, ErrorKind.LIMIT),
    row(29, "much_text", FAILED, ErrorKind.LIMIT, "All work and no play", waits=True),
    row(29, "large_event", FAILED, ErrorKind.LIMIT),
    row(29, "empty_lines", COMPLETE, None, WHOLE),
    row(29, "comments", STOPPED, act=Action.CANCEL, waits=True),
    row(30, "held_open", COMPLETE, None, WHOLE),
)


@dataclass(frozen=True)
class Running:
    """The program, and where its files are."""

    window: MainWindow
    core: Core
    profile: Profile


@pytest.fixture(scope="module")
def program(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """The program's window on a profile of its own, for all rows."""
    qapp.setStyle("Fusion")
    appearance = Appearance(qapp)
    profile = find_profile(str(tmp_path_factory.mktemp("faults")))
    core = Core(profile, window=True, keyring=MemorySecrets(), limits=LIMITS)
    core.start()
    made = MainWindow(core, appearance)
    made.show()
    # The network's thread, its loop and the demo are there before anything is counted.
    demo = core.preferences.provider(DEMO_PROVIDER_ID)
    assert demo is not None
    ready = QEventLoop()
    core.network.list_models(demo, parent=core).done.connect(ready.quit)
    ready.exec()
    yield Running(made, core, profile)
    made.close()
    assert core.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    for one in (made, core, appearance):
        delete(one)
    qapp.setStyleSheet("")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@pytest.fixture
def parts() -> Iterator[list[Part]]:
    """The servers of a row, ended with it."""
    started: list[Part] = []
    yield started
    for one in started:
        one.close()


@pytest.fixture(autouse=True)
def quick_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retrying, "FIRST_S", 0.02)
    monkeypatch.setenv("FAULTS_KEY", KEY)


class Heart:
    """Counts how often the window's loop comes round."""

    def __init__(self, window: MainWindow) -> None:
        self.beats = 0
        self._timer = QTimer(window, interval=BEAT_MS)
        self._timer.timeout.connect(self._on_beat)
        self._timer.start()

    def _on_beat(self) -> None:
        self.beats += 1

    def stop(self) -> None:
        """Count no longer."""
        self._timer.stop()
        self._timer.deleteLater()


@pytest.mark.parametrize("case", TABLE, ids=lambda case: case.name)
def test_however_it_goes_wrong(
    case: Case,
    program: Running,
    authority: Authority,
    parts: list[Part],
    qtbot: QtBot,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    service, base = _service(case, authority, parts, monkeypatch)
    tab = _new_chat(program, base, case, authority)
    tasks, sockets = _tasks(program.core), _sockets()
    heart = Heart(program.window)
    for number in range(2 if case.fault == "stale" else 1):
        _ask(tab, case, f"{number} {case.question}", heart, qtbot)
    heart.stop()
    question, answer = tab.session.messages[-2:]
    # It ends as the table says, in a sentence with its next step.
    assert answer.state is case.ends, answer.failure
    assert answer.text.startswith(case.text)
    assert bool(answer.text) is bool(case.text)
    _check_failure(case, answer)
    # Nothing is lost: question and text are on the disk.
    assert question.text == f"{number} {case.question}".strip()
    qtbot.waitUntil(lambda: _stored(program, tab.session) == [question.text, answer.text])
    # The window's loop went on.
    assert heart.beats >= (BEATS if case.waits else 0)
    # Nothing is left behind but one connection that can be used again.
    kept = case.fault in REUSABLE
    qtbot.waitUntil(lambda: _tasks(program.core) <= tasks)
    qtbot.waitUntil(lambda: _sockets() <= sockets + kept)
    if service is not None:
        qtbot.waitUntil(lambda: service.report()["open"] <= kept)
    if case.requests is not None:
        assert service is not None
        assert len(service.report()["requests"]) == case.requests
    if case.fault == "points":
        # The server that was started first is where the other one points.
        assert parts[0].report()["connections"] == 0


def _service(
    case: Case, authority: Authority, parts: list[Part], monkeypatch: pytest.MonkeyPatch
) -> tuple[Part | None, str]:
    """Start what the row needs; return its server, and the address to ask."""

    def start(fault: str, *arguments: str) -> Part:
        parts.append(Part("end_to_end/fault_server.py", fault, *arguments))
        return parts[-1]

    fault, arguments = case.fault, case.more
    if fault.endswith(" name") and case.number == 1:
        _lose_names(monkeypatch, answered=fault == "unknown name", parts=parts)
        return None, "https://lost.test/v1"
    if case.tls in (TlsFault.EXPIRED, TlsFault.OTHER_NAME, TlsFault.UNKNOWN_ISSUER):
        named = "other.test" if case.tls is TlsFault.OTHER_NAME else "127.0.0.1"
        file = authority.server_file(named, expired=case.tls is TlsFault.EXPIRED)
        fault, arguments = "good", (str(file),)
    if fault == "nobody":
        gone = start("good")
        gone.close()
        return None, f"http://{gone.host}/v1"
    if fault == "points":
        arguments = (*arguments, f"http://{start('good').host}/v1")
    made = start(fault, *arguments)
    return made, f"{case.scheme}://{made.host}/v1"


def _lose_names(monkeypatch: pytest.MonkeyPatch, *, answered: bool, parts: list[Part]) -> None:
    """Have a look-up end badly, or never."""
    over = threading.Event()

    def look_up(*_: object, **__: object) -> Any:
        if not answered:
            over.wait(20)
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    class Over:
        def close(self) -> None:
            over.set()

    parts.append(Over())  # type: ignore[arg-type]  # it ends with the servers
    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(faults, "is_offline", lambda: False)


_numbers: Final = count(1)


def _new_chat(program: Running, base: str, case: Case, authority: Authority) -> ChatTab:
    trusting = case.tls in (TlsFault.EXPIRED, TlsFault.OTHER_NAME)
    provider = Provider(
        id=new_id(),
        name=f"Service {next(_numbers)}",
        protocol="openai_chat",
        base_url=base,
        model="m",
        key_source=KeySource.ENVIRONMENT,
        key_variable="FAULTS_KEY",
        network=NetworkOptions(
            proxy_use=ProxyUse.NONE, ca_file=str(authority.file) if trusting else ""
        ),
    )
    program.core.preferences.save_provider(provider)
    program.window.tabs.open_new()
    tab = program.window.tabs.current
    tab.session.setup.set_choice(ModelChoice(provider.id, "m"))
    return tab


def _ask(tab: ChatTab, case: Case, question: str, heart: Heart, qtbot: QtBot) -> None:
    session = tab.session
    ended: list[str] = []
    session.finished.connect(ended.append)
    tab.feed.ask(lambda: session.send(question))
    if case.act is not None:
        awaited = Phase.RETRYING if case.number == 14 else Phase.QUEUED
        qtbot.waitUntil(lambda: session.phase is awaited, timeout=20_000)
        if awaited is Phase.RETRYING:
            assert 0 < session.retry_in_s <= retrying.LONGEST_S
        if case.waits:
            qtbot.waitUntil(lambda: heart.beats >= BEATS)
            assert session.phase is awaited
        tab.message_actions.run(session.messages[-1].id, case.act)
    qtbot.waitUntil(lambda: bool(ended), timeout=60_000)


def _check_failure(case: Case, answer: Message) -> None:
    failure = answer.failure
    if case.kind is None:
        assert failure is None, failure
        return
    assert failure is not None
    assert (failure.kind, failure.tls) == (case.kind, case.tls)
    said = sentence(failure, has_text=bool(answer.text))
    assert said.endswith(".")
    assert KEY not in repr(failure)
    notice = notice_of(answer)
    assert notice is not None
    assert notice.sentence == said
    wanted = _wanted(case, failure)
    assert set(wanted) <= set(notice.actions)


def _wanted(case: Case, failure: Failure) -> tuple[Action, ...]:
    """Return what a person must be offered: to go on where text came, else to try or to mend."""
    if case.ends is INTERRUPTED:
        return (Action.CONTINUE, Action.RETRY)
    mending = {
        ErrorKind.BAD_KEY: (Action.CHANGE_KEY,),
        ErrorKind.FORBIDDEN: (Action.CHOOSE_MODEL,),
        ErrorKind.NO_PATH: (Action.EDIT_ADDRESS,),
        ErrorKind.TOO_LONG: (Action.NEW_CHAT,),
        ErrorKind.WRONG_CONTENT: (Action.EDIT_ADDRESS,),
        ErrorKind.LIMIT: (),
    }
    return mending.get(failure.kind, (Action.RETRY,))


def _stored(program: Running, session: ChatSession) -> list[str]:
    """Return the last question and answer as another program would read them."""
    store = ConversationStore(program.profile.chats_file, "", read_only=True)
    texts = [one.text for one in store.messages(session.id)]
    store.close()
    return texts[-2:]


def _tasks(core: Core) -> int:
    """Return how many tasks the network's loop has."""
    loop = core.network._thread._loop
    return len(asyncio.all_tasks(loop._loop)) if loop is not None else 0


def _sockets() -> int:
    """Return how many sockets this process holds, where the system tells."""
    folder = Path("/proc/self/fd")
    if not folder.is_dir():
        return 0
    found = 0
    for one in list(folder.iterdir()):
        try:
            found += str(Path(os.readlink(one))).startswith("socket:")  # noqa: PTH115 - no path
        except OSError:
            continue  # it was closed meanwhile
    return found
