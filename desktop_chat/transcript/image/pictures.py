"""The images of one conversation: which are shown, which wait for a press, and what they take."""

from __future__ import annotations

from collections import OrderedDict
from enum import Enum
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QSize, Signal

from desktop_chat.domain.pictures import is_near
from desktop_chat.transcript.image.decoding import Decoded, Decoder, is_data
from desktop_chat.transcript.text.links import link_target

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QImage

KEPT_BYTES: Final = 32 * 1024 * 1024
"""What shown images may take, and as much again what they are made of."""
FIRST_WIDTH: Final = 1600
NOT_LOADED: Final = "Images are loaded from http and https addresses alone."
NEAR: Final = "{host} is on this computer or in your own network. Load it only if you know it."
MOVED: Final = "{host} points to another address, shown above."


class Status(Enum):
    """How far an image is; the value is what its button says."""

    ASKED_FOR = "Load this image"
    NEAR = "Load anyway"
    MOVED = "Load from there"
    FAILED = "Try again"
    LOADING = "Cancel"
    HELD = "Show"
    """It stands in the answer itself, and is decoded once it comes into view."""
    SHOWN = "Image"
    REFUSED = ""


def _nobody(_width: int) -> None:
    """Nobody looks at it yet."""


class Picture:
    """One image of one message."""

    __slots__ = (
        "address",
        "data",
        "decoding",
        "image",
        "item_id",
        "natural",
        "near",
        "sentence",
        "source",
        "status",
        "want",
    )

    def __init__(self, item_id: str, address: str) -> None:
        self.item_id = item_id
        self.address = address
        self.source = address
        """Where it is fetched from: another address after a redirect."""
        self.near = False
        """Whether the person said that it may come from their own network."""
        self.data = b""
        self.image: QImage | None = None
        self.natural = QSize()
        self.want: Callable[[int], None] = _nobody
        """Says that it is painted at a width."""
        self.decoding = 0
        """The width that it is being decoded for."""
        self.sentence = ""
        target = link_target(address)
        if is_data(address):
            self.status = Status.HELD
        elif target is not None and target.url.scheme() != "mailto":
            self.status = Status.ASKED_FOR
            self.source = target.address
        else:
            self.status = Status.REFUSED
            self.sentence = NOT_LOADED

    @property
    def button(self) -> str:
        """What the image's button says; nothing where it has none."""
        return "" if self.status is Status.HELD else self.status.value

    @property
    def host(self) -> str:
        """The host in letters that cannot be mistaken for others."""
        target = link_target(self.source)
        return target.place if target is not None else ""

    @property
    def shown_address(self) -> str:
        """The address as a person may read it."""
        if is_data(self.address):
            return "In the answer itself"
        return self.source[:500]


class Pictures(QObject):
    """One for a view. Fetches nothing: what a person wishes is told, and what came is given."""

    requested = Signal(object)
    """A `Picture` that the person wants to be fetched from its `source`."""
    cancelled = Signal(object)
    """A `Picture` whose fetching the person gives up."""
    changed = Signal(object)
    """A `Picture` that looks otherwise now."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._known: dict[tuple[str, str], Picture] = {}
        self._recent: OrderedDict[tuple[str, str], None] = OrderedDict()
        """Those that take memory, the one painted last at the end."""
        self._decoder = Decoder(self)
        self._decoder.decoded.connect(self._on_decoded)

    def of(self, item_id: str, address: str) -> Picture:
        """Return an image of a message."""
        key = (item_id, address)
        known = self._known.get(key)
        if known is None:
            known = self._known[key] = Picture(item_id, address)
            known.want = partial(self.need, known)
        return known

    def press(self, item_id: str, address: str) -> None:
        """Do what an image's button says."""
        picture = self.of(item_id, address)
        match picture.status:
            case Status.LOADING:
                picture.status = Status.ASKED_FOR
                self.cancelled.emit(picture)
            case Status.ASKED_FOR | Status.FAILED | Status.NEAR | Status.MOVED:
                self._wish(picture)
            case Status.HELD | Status.SHOWN | Status.REFUSED:
                return
        self.changed.emit(picture)

    def deliver(self, picture: Picture, data: bytes) -> None:
        """Take the bytes that were fetched."""
        if picture.status is Status.LOADING:
            picture.data = data
            picture.decoding = FIRST_WIDTH
            self._decoder.decode((picture.item_id, picture.address), data, FIRST_WIDTH)

    def fail(self, picture: Picture, sentence: str) -> None:
        """Take note that an image could not be fetched."""
        self._say(picture, Status.FAILED, sentence)

    def ask_near(self, picture: Picture, host: str) -> None:
        """Take note that an image's address is in the person's own network: they are asked."""
        self._say(picture, Status.NEAR, NEAR.format(host=host))

    def move(self, picture: Picture, target: str) -> None:
        """Take note that an address points at another one: the person is asked."""
        found = link_target(target)
        if found is None or found.url.scheme() == "mailto":
            self._say(picture, Status.FAILED, NOT_LOADED)
            return
        before = picture.host
        picture.source, picture.near = found.address, False
        self._say(picture, Status.MOVED, MOVED.format(host=before))

    def need(self, picture: Picture, width: int) -> None:
        """See to it that an image which is painted at a width is there, and sharp."""
        key = (picture.item_id, picture.address)
        if key in self._recent:
            self._recent.move_to_end(key)
        source = picture.data or (picture.address if is_data(picture.address) else "")
        if picture.status not in (Status.HELD, Status.SHOWN) or picture.decoding or not source:
            return
        there = picture.image.width() if picture.image is not None else 0
        natural = picture.natural.width()
        if picture.image is None or there < min(width, natural):
            picture.decoding = width
            self._decoder.decode(key, source, width)

    def forget(self, is_kept: Callable[[str], bool]) -> None:
        """Let go of the images of messages that are gone."""
        for key in [key for key in self._known if not is_kept(key[0])]:
            del self._known[key]
            self._recent.pop(key, None)

    def _wish(self, picture: Picture) -> None:
        target = link_target(picture.source)
        if picture.status is Status.NEAR:
            picture.near = True
        elif target is not None and is_near(target.url.host()) and not picture.near:
            picture.status, picture.sentence = Status.NEAR, NEAR.format(host=target.place)
            return
        picture.status, picture.sentence = Status.LOADING, ""
        self.requested.emit(picture)

    def _say(self, picture: Picture, status: Status, sentence: str) -> None:
        picture.status, picture.sentence = status, sentence
        self.changed.emit(picture)

    def _on_decoded(self, key: tuple[str, str], decoded: Decoded) -> None:
        picture = self._known.get(key)
        if picture is None or not picture.decoding:
            return
        picture.decoding = 0
        if decoded.image is None:
            again = not is_data(picture.address)
            picture.data = b""
            self._say(picture, Status.FAILED if again else Status.REFUSED, decoded.sentence)
            return
        picture.image, picture.natural = decoded.image, decoded.natural
        self._recent[key] = None
        self._recent.move_to_end(key)
        self._say(picture, Status.SHOWN, "")
        self._let_go()

    def _let_go(self) -> None:
        """Forget what was painted longest ago, where all takes too much."""
        images = sum(self._bytes(key) for key in self._recent)
        data = sum(len(self._known[key].data) for key in self._recent)
        for key in list(self._recent)[:-1]:
            picture = self._known[key]
            if images > KEPT_BYTES and picture.image is not None:
                images -= self._bytes(key)
                picture.image = None
            if data > KEPT_BYTES and picture.data:
                data -= len(picture.data)
                picture.data, picture.image = b"", None
                del self._recent[key]
                self._say(picture, Status.ASKED_FOR, "")

    def _bytes(self, key: tuple[str, str]) -> int:
        image = self._known[key].image
        return image.sizeInBytes() if image is not None else 0
