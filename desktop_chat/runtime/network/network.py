"""What the main thread asks of the network: answers, model lists, and calls on daemon threads."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.network_options import NetworkSettings
from desktop_chat.runtime.jobs.jobs import Job
from desktop_chat.runtime.jobs.network_thread import NetworkThread
from desktop_chat.runtime.network.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.discovery import LocalServer
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.providers import Provider
    from desktop_chat.domain.stream import ChatRequest, Limits
    from desktop_chat.protocols.transport.recording import Recording
    from desktop_chat.runtime.jobs.mailbox import Mailbox
    from desktop_chat.runtime.network.examination import Examination
    from desktop_chat.runtime.network.exchanges import Exchanges
    from desktop_chat.runtime.network.gate import Gate
    from desktop_chat.runtime.network.key_reading import SecretReader
    from desktop_chat.runtime.network.requests import Requests

Result = TypeVar("Result")


class Network(QObject):
    """Starts jobs on the network thread. Everything heavy is imported there, at its first use.

    `reader` gives secrets of providers, by calls that block. `settings` gives what holds now;
    `limits` take the place of the person's.
    """

    key_used = Signal(str, str)
    """Payload: a provider's id, and the slot of the key that it took. Emitted on any thread."""

    def __init__(
        self,
        mailbox: Mailbox,
        reader: SecretReader,
        parent: QObject | None = None,
        *,
        settings: Callable[[], NetworkSettings] | None = None,
        limits: Limits | None = None,
    ) -> None:
        super().__init__(parent)
        self._mailbox = mailbox
        self._reader = reader
        self._settings = settings or NetworkSettings
        self._limits = limits
        self._exchanges: Exchanges | None = None
        self._thread = NetworkThread(mailbox)
        self._thread.on_close(self._close)
        self._requests: Requests | None = None  # made and used on the network thread alone

    def stop(self) -> bool:
        """End everything in flight; whether the thread ended in time."""
        return self._thread.stop()

    @property
    def exchanges(self) -> Exchanges:
        """What went over the wire for the last answers; made when first wanted."""
        if self._exchanges is None:
            from desktop_chat.runtime.network.exchanges import Exchanges  # noqa: PLC0415 - not at start

            self._exchanges = Exchanges()
        return self._exchanges

    def ask(
        self,
        request: ChatRequest,
        parent: QObject | None = None,
        recording: Recording | None = None,
        stored: Gate | None = None,
    ) -> Reply:
        """Ask a question; everything is made ready meanwhile, and sent when `stored` opens.

        The caller connects the reply before it returns to the event loop.
        """
        reply = Reply(self._thread, self._mailbox, parent)
        job, settings = reply.id, self._settings()
        reply.begin(lambda: self._on_thread().answer(job, request, settings, recording, stored))
        return reply

    def list_models(
        self, provider: Provider, key: Secret | None = None, parent: QObject | None = None
    ) -> Job:
        """Fetch the models of a provider; `done` gives a tuple of `ModelInfo`.

        `key` is one that is not stored yet; without it the stored one is read.
        """
        job, settings = Job(self._thread, self._mailbox, parent), self._settings()
        job.begin(lambda: self._on_thread().models(provider, key, settings))
        return job

    def check(
        self, provider: Provider, key: Secret | None = None, parent: QObject | None = None
    ) -> Job:
        """Prove that a provider answers this key; otherwise as `list_models`."""
        job, settings = Job(self._thread, self._mailbox, parent), self._settings()
        job.begin(lambda: self._on_thread().check(provider, key, settings))
        return job

    def examine(self, provider: Provider, parent: QObject | None = None) -> Examination:
        """Examine the connection to a provider, layer by layer; `done` gives a `Checkup`."""
        from desktop_chat.runtime.network.examination import Examination  # noqa: PLC0415 - seldom

        job = Examination(self._thread, self._mailbox, parent)
        number, settings = job.id, self._settings()
        job.begin(lambda: self._on_thread().examine(number, provider, settings))
        return job

    def forget_refusals(self, provider_id: str) -> None:
        """Ask with a provider's first key again: the person changed something about its keys."""
        if self._requests is None:
            return  # nothing was refused yet
        job = Job(self._thread, self._mailbox, self)
        job.done.connect(job.deleteLater)
        job.begin(lambda: self._forget(provider_id))

    def fetch_picture(self, address: str, *, near: bool, parent: QObject | None = None) -> Job:
        """Fetch a picture that a person asked to see; `done` gives a `PictureAnswer`."""
        job, settings = Job(self._thread, self._mailbox, parent), self._settings()
        job.begin(lambda: self._on_thread().picture(address, settings, near=near))
        return job

    def find_servers(self, within_s: float, parent: QObject | None = None) -> Job:
        """Look for model servers on this computer; `done` gives a tuple of `LocalServer`."""
        job = Job(self._thread, self._mailbox, parent)
        job.begin(lambda: _find_servers(within_s))
        return job

    def call(self, name: str, function: Callable[[], Result], parent: QObject | None = None) -> Job:
        """Run a blocking function on a daemon thread; `done` gives what it returns."""
        job = Job(self._thread, self._mailbox, parent)
        job.begin(lambda: _call(name, function))
        return job

    def warm_up(self) -> None:
        """Import what requests need, and start the demo, before the first question."""
        job = Job(self._thread, self._mailbox, self)
        job.begin(lambda: self._on_thread().demo())

    def _on_thread(self) -> Requests:
        from desktop_chat.runtime.network.requests import Requests  # noqa: PLC0415 - 150 ms, not at start

        if self._requests is None:
            used = self.key_used.emit
            self._requests = Requests(self._mailbox, self._reader, self._limits, used)
        return self._requests

    async def _forget(self, provider_id: str) -> None:
        self._on_thread().forget_refusals(provider_id)

    async def _close(self) -> None:
        if self._requests is not None:
            await self._requests.close()


async def _find_servers(within_s: float) -> tuple[LocalServer, ...]:
    from desktop_chat.protocols.discovery.looking import find_servers, usual_places  # noqa: PLC0415 - late

    return await find_servers(usual_places(), within_s)


async def _call(name: str, function: Callable[[], Result]) -> Result:
    from desktop_chat.runtime.jobs.daemon import call_in_daemon  # noqa: PLC0415 - brings asyncio

    return await call_in_daemon(name, function)
