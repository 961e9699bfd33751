"""Save as…: the system asks for a place, the text goes there, and only a failure is told."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Qt, Signal
from PySide6.QtWidgets import QFileDialog

from desktop_chat.domain.file_names import file_stem
from desktop_chat.runtime.process.text_file import TextFile

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget


class FileSaving(QObject):
    """Saves texts where the person says; the folder is remembered while the window lives."""

    failed = Signal(str)
    """Payload: a sentence."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        places = QStandardPaths.standardLocations(QStandardPaths.StandardLocation.DocumentsLocation)
        self._folder = next((one for one in places if Path(one).is_dir()), str(Path.home()))
        self.dialog: QFileDialog | None = None
        """The question for a place, while it is open."""

    def ask(
        self,
        words: str,
        read: Callable[[], str | bytes],
        ending: str = ".md",
        kinds: str = "Markdown (*.md)",
    ) -> None:
        """Ask where to save a text and read it then; the name is made of any words."""
        dialog = QFileDialog(self._window, "Save as", self._folder, f"{kinds};;All files (*)")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(QFileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(ending.removeprefix("."))
        dialog.selectFile(file_stem(words, "chat") + ending)
        dialog.fileSelected.connect(lambda path: self.write(Path(path), read()))
        self.dialog = dialog
        dialog.destroyed.connect(self._on_closed)
        dialog.open()

    def write(self, path: Path, text: str | bytes) -> None:
        """Write a text to a file."""
        self._folder = str(path.parent)
        file = TextFile(self)
        file.ended.connect(self._on_ended)
        file.ended.connect(file.deleteLater)
        file.write(path, text)

    def _on_closed(self) -> None:
        self.dialog = None

    def _on_ended(self, name: str, reason: str) -> None:
        path = Path(name)
        if reason:
            self.failed.emit(
                f"{path.name} could not be saved in {path.parent} ({reason}). Choose another place."
            )
