"""Images in answers: nothing is fetched by itself, and what is shown is bounded."""

from __future__ import annotations

import os
import re
import socket
import struct
import subprocess
import sys
import threading
import zlib
from base64 import b64decode, b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.copying import clipboard
from desktop_chat.transcript.image.decoding import DAMAGED, OTHER_DATA, OTHER_KIND, TOO_MUCH, decode
from desktop_chat.transcript.image.pictures import KEPT_BYTES, Picture, Status
from desktop_chat.transcript.input import hovering, picture_acts
from desktop_chat.transcript.input.address_strip import AddressStrip
from desktop_chat.transcript.input.dragging import file_data
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.targets import Kind
from tests.transcript.conversations import answer, message, question

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.targets import Button
    from desktop_chat.transcript.view import TranscriptView


ROOT = Path(__file__).resolve().parents[3]


class Listener:
    """Counts who comes to a port of this computer."""

    def __init__(self) -> None:
        self.count = 0
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _run(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            self.count += 1
            connection.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    made = Listener()
    yield made
    made.close()


def image_bytes(kind: str = "PNG", width: int = 40, height: int = 20) -> bytes:
    """Return a picture as a file holds it."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("teal"))
    data = QByteArray()
    buffer = QBuffer(data)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, kind)  # type: ignore[call-overload]
    return bytes(data.data())


def data_address(data: bytes, kind: str = "png") -> str:
    return f"data:image/{kind};base64,{b64encode(data).decode()}"


def bomb(width: int, height: int) -> bytes:
    """Return a PNG that says to be very large."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = [(b"IHDR", head), (b"IDAT", zlib.compress(bytes(100_000))), (b"IEND", b"")]
    written = b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + written


def buttons(view: TranscriptView, item_id: str = "a") -> list[Button]:
    shown = message(view, item_id)
    return [
        one
        for one in shown.buttons(0, shown.height)
        if one.target.kind in (Kind.LOAD_IMAGE, Kind.IMAGE)
    ]


def centre(view: TranscriptView, button: Button) -> QPoint:
    """Return where in the viewport a button of the answer is."""
    top = view.document.top(view.document.number("a")) - view.scroller.scroll
    return button.rect.center() + QPoint(view.column_left, top)


TRICKS = """Inline ![one](http://127.0.0.1:{port}/1.png "a title") in text.

![alone](http://127.0.0.1:{port}/2.png)

Late reference ![three][late], and a footnote[^n].

- in a list ![four](http://127.0.0.1:{port}/4.png)

> in a quote ![five](http://127.0.0.1:{port}/5.png)

| a | b |
|---|---|
| ![six](http://127.0.0.1:{port}/6.png) | x |
| [![seven](http://127.0.0.1:{port}/7.png)](http://127.0.0.1:{port}/7) | y |

# Heading ![eight](http://127.0.0.1:{port}/8.png)

[a link](http://127.0.0.1:{port}/link) http://127.0.0.1:{port}/bare <http://127.0.0.1:{port}/auto>

<img src="http://127.0.0.1:{port}/9.png">
<picture><source srcset="http://127.0.0.1:{port}/10.png"></picture>
<svg><image xlink:href="http://127.0.0.1:{port}/11.png"/></svg><base href="http://127.0.0.1:{port}/">
<style>body {{ background: url(http://127.0.0.1:{port}/12.png) }}</style>
<link rel="icon" href="http://127.0.0.1:{port}/favicon.ico"><iframe src="http://127.0.0.1:{port}/13"></iframe>
<video src="http://127.0.0.1:{port}/14" poster="http://127.0.0.1:{port}/15"></video>

<div style="background:url(http://127.0.0.1:{port}/16.png)">block</div>

![svg](data:image/svg+xml;base64,PHN2ZyB4bWxuczp4bGluaz0iaHR0cDovL3d3dy53My5vcmcvMTk5OS94bGluayIvPg==)
![html](data:text/html,<img src=http://127.0.0.1:{port}/17.png>)
![file](file:///etc/hostname) ![unc](//127.0.0.1:{port}/18.png) ![relative](19.png)
![root](/etc/hostname)
![smb](smb://127.0.0.1:{port}/20.png) ![qrc](qrc:/x.png) ![js](javascript:alert(1))
![user](http://a:b@127.0.0.1:{port}/21.png) ![case](hTTp://127.0.0.1:{port}/22.png)

```html
<img src="http://127.0.0.1:{port}/23.png">
```

[late]: http://127.0.0.1:{port}/3.png 'and a title'
[^n]: ![noted](http://127.0.0.1:{port}/24.png)
"""


def read_aloud(node: object) -> None:
    """Ask for everything that a screen reader asks for."""
    node.text(QAccessible.Text.Name)  # type: ignore[attr-defined]
    node.text(QAccessible.Text.Description)  # type: ignore[attr-defined]
    node.rect()  # type: ignore[attr-defined]
    node.role()  # type: ignore[attr-defined]
    for number in range(node.childCount()):  # type: ignore[attr-defined]
        read_aloud(node.child(number))  # type: ignore[attr-defined]


def test_no_trick_makes_the_program_fetch_anything_until_a_button_is_pressed(
    view: TranscriptView, qtbot: QtBot, listener: Listener
) -> None:
    wished: list[Picture] = []
    view.image_requested.connect(wished.append)
    text = TRICKS.format(port=listener.port)
    view.set_items([question(text=text), answer("a", streaming=True, text="")])
    for start in range(0, len(text), 97):
        view.append_text("a", text[start : start + 97])
        view.feed.flush()
    view.update_item(answer("a", text))
    for at in range(0, view.scroller.maximum + 1, 200):
        view.scroll_to(at)
        view.grab()
        for y in range(0, view.viewport().height(), 40):
            QTest.mouseMove(view.viewport(), QPoint(view.column_left + 40, y))
    root = QAccessible.queryAccessibleInterface(view)
    read_aloud(root)
    view.select_all()
    view.copy()
    html = QGuiApplication.clipboard().mimeData().html()
    view.copy_item("a")
    html += QGuiApplication.clipboard().mimeData().html()
    for item_id in ("q", "a"):
        html += clipboard.message_copy(message(view, item_id)).html
    for tag in ("<img", "<picture", "<source", "<link", "<iframe", "<video", "<svg", "<base"):
        assert tag not in html.lower()
    assert not re.search(r"<[^>]*(?:url\(|src=|srcset=|background=)", html, re.IGNORECASE)
    assert wished == []
    assert listener.count == 0


def test_a_pressed_button_asks_once_and_names_the_address(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "A ![cat](https://pics.example/cat.png?q=1) here.")])
    view.scroll_to(0)
    view.grab()
    (button,) = buttons(view)
    assert button.name == "Load this image"
    assert "https://pics.example/cat.png?q=1" in button.description
    with qtbot.waitSignal(view.image_requested) as told:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=centre(view, button))
    assert told.args[0].source == "https://pics.example/cat.png?q=1"
    assert [one.name for one in buttons(view)] == ["Cancel"]


def test_an_address_in_the_own_network_is_asked_about_twice(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "![router](http://192.168.1.1/reboot)")])
    view.grab()
    with qtbot.assertNotEmitted(view.image_requested):
        view.pressed.emit(buttons(view)[0].target)
    assert [one.name for one in buttons(view)] == ["Load anyway"]
    with qtbot.waitSignal(view.image_requested) as told:
        view.pressed.emit(buttons(view)[0].target)
    assert told.args[0].near


def load(view: TranscriptView, data: bytes, qtbot: QtBot) -> Picture:
    """Press the first button and give what it asks for."""
    with qtbot.waitSignal(view.image_requested) as told:
        view.pressed.emit(buttons(view)[0].target)
    picture: Picture = told.args[0]
    with qtbot.waitSignal(view.pictures().changed):
        view.pictures().deliver(picture, data)
    return picture


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "BMP"])
def test_what_was_fetched_is_shown_and_never_larger_than_it_is(
    view: TranscriptView, qtbot: QtBot, kind: str
) -> None:
    view.set_items([question(), answer("a", "![cat](https://pics.example/cat)\n\nMore.")])
    view.grab()
    load(view, image_bytes(kind), qtbot)
    (button,) = buttons(view)
    assert (button.rect.width(), button.rect.height()) == (40, 20)
    spot = centre(view, button)
    colour = view.grab().toImage().pixelColor(spot)
    assert abs(colour.green() - 128) < 12
    assert colour.red() < 12


def test_a_wide_image_takes_the_columns_width(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", "![wide](https://pics.example/w.png)")])
    view.grab()
    picture = load(view, image_bytes("PNG", 3000, 300), qtbot)
    assert buttons(view)[0].rect.width() == view.document.geometry.width
    assert picture.image is not None
    assert picture.image.width() < 3000


def test_an_image_arriving_moves_nothing_that_is_read(view: TranscriptView, qtbot: QtBot) -> None:
    words = "\n\n".join(f"Line {number} of many." for number in range(60))
    view.set_items([answer("a", "![tall](https://pics.example/t.png)\n\n" + words)])
    view.scroll_to(0)
    view.grab()
    (button,) = buttons(view)
    view.scroll_to(900)
    place = view.reading_position()
    with qtbot.waitSignal(view.image_requested) as told:
        view.pressed.emit(button.target)
    with qtbot.waitSignal(view.pictures().changed):
        view.pictures().deliver(told.args[0], image_bytes("PNG", 300, 500))
    assert view.scroller.scroll > 1200
    assert view.reading_position() == place


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", OTHER_KIND),
        (b"<!doctype html><img src=x>", OTHER_KIND),
        (b"", OTHER_KIND),
        (b"\x89PNG\r\n\x1a\nrubbish", DAMAGED),
        (b"GIF89a", DAMAGED),
        (b"\xff\xd8\xff\xe0" + bytes(5 * 1024 * 1024), TOO_MUCH),
    ],
)
def test_what_is_no_image_says_so_and_can_be_tried_again(
    view: TranscriptView, qtbot: QtBot, data: bytes, sentence: str
) -> None:
    view.set_items([answer("a", "![cat](https://pics.example/cat.png)")])
    view.grab()
    picture = load(view, data, qtbot)
    assert picture.sentence == sentence
    assert [one.name for one in buttons(view)] == ["Try again"]
    view.grab()


def test_an_image_of_too_many_points_is_not_decoded() -> None:
    found = decode(bomb(30_000, 30_000), 680)
    assert found.image is None
    assert found.sentence == "This image is 30,000 × 30,000 points, too many to show."
    assert decode(bomb(100_000, 10), 680).image is None


def test_of_a_moving_image_the_first_picture_is_shown() -> None:
    gif = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
    found = decode(b64decode(gif), 680)
    assert found.image is not None
    assert found.natural.width() == 1


def test_a_program_that_ends_while_it_decodes_ends_in_peace() -> None:
    program = """
from PySide6.QtCore import QCoreApplication, QObject
from tests.transcript.image.test_images import image_bytes
from desktop_chat.transcript.image.decoding import Decoder
app = QCoreApplication([])
decoder = Decoder(app)
data = image_bytes("PNG", 4000, 4000)
for number in range(20):
    decoder.decode(number, data, 600)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("kind", ["png", "jpeg", "webp"])
def test_an_image_in_the_answer_itself_is_shown_without_asking(
    view: TranscriptView, qtbot: QtBot, kind: str
) -> None:
    with qtbot.assertNotEmitted(view.image_requested):
        address = data_address(image_bytes(kind.upper()), kind)
        view.set_items([answer("a", f"Look: ![dot]({address})")])
        view.grab()
        picture = message(view, "a").picture(address)
        assert picture is not None
        qtbot.waitUntil(lambda: picture.status is Status.SHOWN)
        view.grab()
        QTest.mouseMove(view.viewport(), centre(view, buttons(view)[0]))
        strip = view.findChild(AddressStrip)
        assert strip is None or not strip.isVisible()


@pytest.mark.parametrize(
    "address",
    [
        "data:image/svg+xml;base64,PHN2Zy8+",
        "data:text/html;base64,PGltZz4=",
        "data:image/bmp;base64,Qk0=",
        "data:,x",
    ],
)
def test_other_data_stays_a_card_that_says_why(
    view: TranscriptView, qtbot: QtBot, address: str
) -> None:
    view.set_items([answer("a", f"![x]({address})")])
    view.grab()
    picture = message(view, "a").picture(address)
    assert picture is not None
    qtbot.waitUntil(lambda: picture.status is Status.REFUSED)
    assert picture.sentence == OTHER_DATA
    assert buttons(view) == []
    view.grab()


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="a system without pipes")
def test_files_pipes_and_devices_are_never_opened(view: TranscriptView, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    addresses = [pipe.as_uri(), str(pipe), "file:///dev/zero", "/dev/zero"]
    view.set_items([answer("a", "\n\n".join(f"![x]({one})" for one in addresses))])
    view.grab()
    assert buttons(view) == []
    with pytest.raises(OSError, match="No such device or address"):
        os.open(pipe, os.O_WRONLY | os.O_NONBLOCK)


def test_a_redirect_is_shown_and_only_followed_by_another_press(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "![cat](https://pics.example/cat.png)")])
    view.grab()
    with qtbot.waitSignal(view.image_requested) as told:
        view.pressed.emit(buttons(view)[0].target)
    picture: Picture = told.args[0]
    view.pictures().move(picture, "https://cdn.example/c.png?x=1")
    (button,) = buttons(view)
    assert button.name == "Load from there"
    assert "https://cdn.example/c.png?x=1" in button.description
    with qtbot.waitSignal(view.image_requested) as told:
        view.pressed.emit(button.target)
    assert told.args[0].source == "https://cdn.example/c.png?x=1"
    view.pictures().move(picture, "file:///etc/passwd")
    assert picture.status is Status.FAILED


def test_what_was_loaded_survives_scrolling_away_and_memory_is_bounded(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "\n\n".join(f"![{n}](https://p.example/{n})" for n in range(20)))])
    view.grab()
    data = image_bytes("PNG", 1600, 1000)
    pictures = view.pictures()
    shown = [pictures.of("a", f"https://p.example/{n}") for n in range(20)]
    for picture in shown:
        with qtbot.waitSignal(view.image_requested):
            pictures.press("a", picture.address)
        with qtbot.waitSignal(pictures.changed):
            pictures.deliver(picture, data)
    held = sum(one.image.sizeInBytes() for one in shown if one.image is not None)
    assert held <= KEPT_BYTES
    assert all(one.status is Status.SHOWN for one in shown)
    assert shown[0].image is None
    view.scroll_to(0)
    view.grab()
    qtbot.waitUntil(lambda: shown[0].image is not None)


def test_images_are_graphics_for_assistive_technology_with_a_button(view: TranscriptView) -> None:
    view.set_items([answer("a", "A ![black cat](https://pics.example/cat.png) here.")])
    view.grab()
    root = QAccessible.queryAccessibleInterface(view)
    paragraph = root.child(0).child(0)
    graphic = paragraph.child(0)
    assert graphic.role() == QAccessible.Role.Graphic
    assert graphic.text(QAccessible.Text.Name) == "black cat"
    assert graphic.text(QAccessible.Text.Description) == "https://pics.example/cat.png"
    press = graphic.child(0)
    assert press.role() == QAccessible.Role.Button
    assert press.text(QAccessible.Text.Name) == "Load this image"


def test_the_title_of_an_image_is_a_line_of_its_card_a_tooltip_and_told(
    view: TranscriptView, qtbot: QtBot
) -> None:
    source = "![a cat](https://pictures.example/c.png{})"
    view.set_items([answer("a", source.format(""))])
    view.grab()
    untitled = message(view, "a").height
    view.set_items([answer("b", source.format(' "Tom <b>at\n home</b>"'))])
    view.grab()
    assert message(view, "b").height == untitled + view.type.small.line
    root = QAccessible.queryAccessibleInterface(view).child(0)
    graphic = root.child(0).child(0)
    told = graphic.text(QAccessible.Text.Description)
    assert told == "Tom <b>at home</b> https://pictures.example/c.png"
    with qtbot.waitSignal(view.image_requested) as asked:
        view.pressed.emit(buttons(view, "b")[0].target)
    with qtbot.waitSignal(view.pictures().changed):
        view.pictures().deliver(asked.args[0], image_bytes())
    view.grab()
    (shown,) = buttons(view, "b")
    shift = QPoint(view.column_left, view.document.top(0) - view.scroller.scroll)
    tip = hovering.tooltip(view, shown.rect.center() + shift)
    assert tip == "<qt>Tom &lt;b&gt;at home&lt;/b&gt;</qt>"


def test_the_button_is_reached_by_tab(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", "![cat](https://pics.example/cat.png)")])
    view.setFocus()
    view.focusNextPrevChild(True)
    assert view.focused is not None
    assert view.focused.kind is Kind.LOAD_IMAGE
    with qtbot.waitSignal(view.image_requested):
        QTest.keyClick(view, Qt.Key.Key_Return)


def test_the_keyboard_goes_with_an_image_from_its_button_to_itself(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "![cat](https://pics.example/cat.png)")])
    view.setFocus()
    view.focusNextPrevChild(True)
    with qtbot.waitSignal(view.image_requested) as wished:
        QTest.keyClick(view, Qt.Key.Key_Return)
    picture = wished.args[0]
    with qtbot.waitSignal(view.pictures().changed):
        view.pictures().deliver(picture, image_bytes("PNG"))
    assert view.focused is not None
    assert view.focused.kind is Kind.IMAGE


def test_a_shown_image_is_copied_and_carried_away_under_a_name_of_ours(
    view: TranscriptView, qtbot: QtBot
) -> None:
    view.set_items([answer("a", "![../../evil.sh](https://pics.example/evil.sh)")])
    view.grab()
    picture = load(view, image_bytes(), qtbot)
    picture_acts.copy(picture)
    copied = QGuiApplication.clipboard().mimeData()
    assert copied.hasImage()
    assert not copied.hasHtml()
    offer = picture_acts.offer(picture)
    assert offer.name == "image.png"
    (url,) = file_data(offer).urls()
    assert url.fileName() == "image.png"
    assert Path(url.toLocalFile()).read_bytes() == image_bytes()


def test_images_of_other_messages_are_forgotten(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", "![cat](https://pics.example/cat.png)")])
    view.grab()
    load(view, image_bytes(), qtbot)
    view.set_items([answer("b", "Nothing.")])
    view.set_items([answer("a", "![cat](https://pics.example/cat.png)")])
    view.grab()
    assert [one.name for one in buttons(view)] == ["Load this image"]


def test_a_persons_own_words_show_no_image(view: TranscriptView) -> None:
    view.set_items([question("a", "![cat](https://pics.example/cat.png)")])
    view.grab()
    assert buttons(view) == []


def test_a_table_with_images_grows_and_shows_them_below(view: TranscriptView) -> None:
    view.set_items([answer("a", "", streaming=True)])
    rows = "".join(f"| ![i{n}](https://p.example/{n}) | x |\n" for n in range(30))
    for line in ("| a | b |\n|---|---|\n" + rows).splitlines(keepends=True):
        view.append_text("a", line)
        view.feed.flush()
        QApplication.processEvents()
    shown = message(view, "a")
    assert isinstance(shown, Answer)
    assert shown.column is not None
    assert [part for part, *_ in shown.columns()] == [TEXT]
    assert len(shown.column.boxes[0].pictures) == 20
    assert len(buttons(view)) == 20
