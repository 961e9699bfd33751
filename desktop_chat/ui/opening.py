"""The one gate through which anything is opened outside of the program."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices

from desktop_chat.transcript.text.links import link_target

if TYPE_CHECKING:
    from pathlib import Path


def open_url(address: str) -> bool:
    """Open a web page or a new mail; an address of any other kind is left alone."""
    target = link_target(address)
    return target is not None and QDesktopServices.openUrl(target.url)


def open_folder(folder: Path) -> bool:
    """Show a folder of this computer in the file manager."""
    if not folder.is_absolute() or not folder.is_dir() or str(folder).startswith(("\\\\", "//")):
        return False
    return QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))
