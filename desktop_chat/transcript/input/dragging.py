"""Dragging something out of the transcript: as a file, or as words."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import TYPE_CHECKING

from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QDrag

from desktop_chat.transcript.copying import clipboard

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.markdown.flavours import Flavours
    from desktop_chat.transcript.input.code_acts import FileOffer


def drag(source: QWidget, offer: FileOffer) -> None:
    """Let the person carry a text away; returns when it was dropped."""
    carried = QDrag(source)
    carried.setMimeData(file_data(offer))
    carried.exec(Qt.DropAction.CopyAction)


def drag_words(source: QWidget, flavours: Flavours) -> None:
    """Let the person carry words away, as a copy would hold them."""
    carried = QDrag(source)
    carried.setMimeData(clipboard.mime(flavours))
    carried.exec(Qt.DropAction.CopyAction)


def file_data(offer: FileOffer) -> QMimeData:
    """Return a text as what it is and as a file, which is written now.

    Whoever gets it may read the file after the drop, so it stays until the program ends.
    """
    data = QMimeData()
    if isinstance(offer.text, str):
        data.setText(offer.text)
    try:
        path = Path(mkdtemp(dir=_folder().name)) / offer.name
        path.write_bytes(offer.text if isinstance(offer.text, bytes) else offer.text.encode())
    except OSError:
        return data
    data.setUrls([QUrl.fromLocalFile(str(path))])
    return data


@cache
def _folder() -> TemporaryDirectory[str]:
    """Return a folder that only this user may read, gone when the program ends."""
    return TemporaryDirectory(prefix="desktop-chat-")
