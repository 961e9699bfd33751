"""Loads the images that a person asked to see: the wish to the network, the answer back."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.pictures import Fetched, Moved, Near

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.pictures import PictureAnswer
    from desktop_chat.runtime.jobs.jobs import Job
    from desktop_chat.runtime.network.network import Network
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.view import TranscriptView


class ImageLoading(QObject):
    """One for a transcript; made at the first press. It ends with the transcript, jobs included."""

    def __init__(self, network: Network, transcript: TranscriptView) -> None:
        super().__init__(transcript)
        self._network = network
        self._pictures = transcript.pictures()
        self._jobs: dict[Picture, Job] = {}
        transcript.image_cancelled.connect(self._on_cancelled)

    def load(self, picture: Picture) -> None:
        """Fetch an image."""
        job = self._network.fetch_picture(picture.source, near=picture.near, parent=self)
        self._jobs[picture] = job
        job.done.connect(partial(self._on_done, picture))
        job.failed.connect(partial(self._on_failed, picture))

    def _on_done(self, picture: Picture, answer: PictureAnswer) -> None:
        self._end(picture)
        match answer:
            case Fetched(data):
                self._pictures.deliver(picture, data)
            case Near(host):
                self._pictures.ask_near(picture, host)
            case Moved(target):
                self._pictures.move(picture, target)

    def _on_failed(self, picture: Picture, failure: Failure) -> None:
        self._end(picture)
        self._pictures.fail(picture, sentence(failure))

    def _on_cancelled(self, picture: Picture) -> None:
        if picture in self._jobs:
            self._jobs[picture].cancel()
            self._end(picture)

    def _end(self, picture: Picture) -> None:
        self._jobs.pop(picture).deleteLater()


def sentence(failure: Failure) -> str:
    """Return why an image could not be loaded."""
    host = failure.host or "The address"
    words = {
        ErrorKind.OFFLINE: "You are offline. Reconnect, then try again.",
        ErrorKind.DNS: f"{host} cannot be found.",
        ErrorKind.REFUSED: f"Nothing answers at {host}.",
        ErrorKind.TLS: f"The certificate of {host} is not trusted.",
        ErrorKind.LIMIT: "This image is larger than 5 MB, so it was not loaded.",
        ErrorKind.BAD_ADDRESS: "This is no address that an image can be loaded from.",
        ErrorKind.PROXY: "The proxy refused the connection.",
        ErrorKind.CONNECT_TIMEOUT: f"{host} did not answer in time.",
        ErrorKind.SILENCE: f"{host} did not answer in time.",
        ErrorKind.BROKEN_STREAM: "The connection broke off in the middle.",
    }
    if failure.kind in words:
        return words[failure.kind]
    status = f" (status {failure.status})" if failure.status else ""
    return f"{host} does not give this image{status}."
