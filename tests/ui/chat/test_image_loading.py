"""Images from the press of a button to the screen, over a real connection."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from typing_extensions import override

from desktop_chat.demo.picture import png
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.transcript.image.pictures import Picture, Status
from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.targets import Kind
from desktop_chat.transcript.view import TranscriptView
from desktop_chat.ui.chat.image_loading import ImageLoading, sentence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core


class Site:
    """A web site that counts its visitors."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        site = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                site.paths.append(self.path)
                data = png(60, 30) if self.path == "/a.png" else b"<html>"
                self.send_response(404 if self.path == "/none" else 200)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            @override
            def log_message(self, *_: object) -> None:
                """Keep the tests' output clean."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


@pytest.fixture
def site() -> Iterator[Site]:
    made = Site()
    yield made
    made.close()


@pytest.fixture
def view(qtbot: QtBot, core: Core) -> TranscriptView:
    shown = TranscriptView()
    qtbot.addWidget(shown)
    shown.resize(900, 700)
    loading: list[ImageLoading] = []

    def load(picture: Picture) -> None:
        loading.append(loading[0] if loading else ImageLoading(core.network, shown))
        loading[0].load(picture)

    shown.image_requested.connect(load)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def press(view: TranscriptView) -> None:
    message = view.document.messages[0]
    buttons = message.buttons(0, message.height)
    view.pressed.emit(next(one.target for one in buttons if one.target.kind is Kind.LOAD_IMAGE))


def show(view: TranscriptView, address: str) -> Picture:
    view.set_items([Item(id="a", side=Side.MODEL, text=f"![x]({address}) [y]({address})")])
    view.grab()
    found = view.document.messages[0].picture(address)
    assert found is not None
    return found


def test_a_picture_comes_after_the_press_and_by_one_request(
    view: TranscriptView, site: Site, qtbot: QtBot
) -> None:
    picture = show(view, f"{site.address}/a.png")
    view.grab()
    press(view)
    assert picture.status is Status.NEAR
    assert site.paths == []
    press(view)
    qtbot.waitUntil(lambda: picture.status is Status.SHOWN, timeout=10_000)
    view.grab()
    assert site.paths == ["/a.png"]
    assert (picture.natural.width(), picture.natural.height()) == (60, 30)


@pytest.mark.parametrize("path", ["/page", "/none"])
def test_what_is_no_picture_can_be_tried_again(
    view: TranscriptView, site: Site, qtbot: QtBot, path: str
) -> None:
    picture = show(view, site.address + path)
    press(view)
    press(view)
    qtbot.waitUntil(lambda: picture.status is Status.FAILED, timeout=10_000)
    assert picture.sentence
    press(view)
    qtbot.waitUntil(lambda: site.paths == [path, path], timeout=10_000)
    qtbot.waitUntil(lambda: picture.status is Status.FAILED, timeout=10_000)


def test_loading_can_be_cancelled(view: TranscriptView, site: Site, qtbot: QtBot) -> None:
    picture = show(view, f"{site.address}/a.png")
    press(view)
    press(view)
    press(view)
    assert picture.status is Status.ASKED_FOR
    assert picture.image is None


@pytest.mark.parametrize("kind", list(ErrorKind))
def test_every_failure_has_a_sentence(kind: ErrorKind) -> None:
    words = sentence(Failure(kind=kind, host="pics.example", status=404))
    assert words.endswith(".")
    assert "error" not in words.lower()
