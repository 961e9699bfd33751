"""A program in which everything hangs: run by a test, with a profile and ports of servers."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QCoreApplication, QTimer
from typing_extensions import override

from desktop_chat.domain.providers import KeySource, ModelChoice
from desktop_chat.domain.stream import Phase
from desktop_chat.runtime.core import Core
from desktop_chat.runtime.process.interrupts import Interrupts
from desktop_chat.storage.paths import find_profile
from desktop_chat.storage.secrets import MemorySecrets
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import Loopback, begin, text

if TYPE_CHECKING:
    from desktop_chat.domain.keys import KeyResult
    from desktop_chat.runtime.chats.session import ChatSession

NEVER = threading.Event()
HUNG: set[str] = set()
_look_up = socket.getaddrinfo


class StuckKeyring(MemorySecrets):
    """Asks for a password in a window that nobody sees."""

    @override
    def read(self, provider_id: str, slot: str = "key") -> KeyResult:
        HUNG.add("keyring")
        NEVER.wait()
        return super().read(provider_id, slot)


def stuck_look_up(host: Any, *rest: Any, **more: Any) -> Any:
    """Look up addresses, but never names."""
    if "slow." in str(host):
        HUNG.add("resolver")
        NEVER.wait()
    return _look_up(host, *rest, **more)


def main(folder: str, ports: list[str]) -> int:
    """Ask eight questions at once, say when all hang, and end at a signal."""
    socket.getaddrinfo = stuck_look_up
    application = QCoreApplication([])
    servers = Loopback()

    async def half(call: Any) -> None:
        await begin(call, text("half an answer"))
        await asyncio.Event().wait()

    core = Core(find_profile(folder), window=False, keyring=StuckKeyring())
    core.start()
    addresses = [f"http://127.0.0.1:{port}/v1" for port in ports]
    addresses += ["http://slow.example/v1", servers.serve(half).url]
    sessions = [_ask(core, url, KeySource.NONE) for url in addresses]
    sessions.append(_ask(core, "http://127.0.0.1:9/v1", KeySource.KEYRING))

    def look() -> None:
        waiting = [one for one in sessions if one.phase is Phase.WAITING]
        if len(waiting) == 5 and len(HUNG) == 2 and sessions[6].messages[-1].id in begun:
            timer.stop()
            print("everything hangs", flush=True)  # noqa: T201

    begun: set[str] = set()
    sessions[6].text_arrived.connect(lambda message_id, _text: begun.add(message_id))
    timer = QTimer(interval=10)
    timer.timeout.connect(look)
    timer.start()
    interrupts = Interrupts()
    interrupts.interrupted.connect(lambda _number: application.quit())
    application.exec()
    ended = core.close()
    # The servers are the test's own; what is measured is the program.
    servers.close()
    return 0 if ended else 1


def _ask(core: Core, url: str, source: KeySource) -> ChatSession:
    provider = provider_at(url, key_source=source)
    core.preferences.save_provider(provider)
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(provider.id, "m"))
    session.send("why?")
    return session


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
