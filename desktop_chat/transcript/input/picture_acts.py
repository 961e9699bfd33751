"""What a person may do with an image that is shown: copy it, and carry it away as a file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from desktop_chat.transcript.image.decoding import data_of, format_of
from desktop_chat.transcript.input.code_acts import FileOffer

if TYPE_CHECKING:
    from desktop_chat.transcript.image.pictures import Picture

ENDINGS = {b"png": "png", b"jpeg": "jpg", b"gif": "gif", b"webp": "webp", b"bmp": "bmp"}


def copy(picture: Picture) -> None:
    """Put the image on the clipboard, and nothing that could be fetched."""
    if picture.image is not None:
        QGuiApplication.clipboard().setImage(picture.image)


def file_name(picture: Picture) -> str:
    """Return a name for a file, never one that somebody else chose."""
    return f"image.{ENDINGS.get(format_of(file_bytes(picture)), 'png')}"


def file_bytes(picture: Picture) -> bytes:
    """Return the image as it came."""
    return picture.data or data_of(picture.address) or b""


def offer(picture: Picture) -> FileOffer:
    """Return the image as a file to be."""
    name = file_name(picture)
    return FileOffer(name, file_bytes(picture), f"{name.partition('.')[2].upper()} image")
