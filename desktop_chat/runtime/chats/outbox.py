"""What goes later: a question when the answer ends, the last one again when the network is back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.domain.text import clean
from desktop_chat.runtime.chats.online import OnlineWait

if TYPE_CHECKING:
    from collections.abc import Callable


class Outbox(QObject):
    """Holds at most one question of a chat, and one answer that waits for the network."""

    changed = Signal()
    returned = Signal(str)
    """The kept question, when it is not asked after all."""

    def __init__(self, retry: Callable[[str], object], parent: QObject) -> None:
        super().__init__(parent)
        self._retry = retry
        self._text = ""
        self._answer_id = ""
        self._online = OnlineWait(self)
        self._online.online.connect(self._on_online)

    @property
    def text(self) -> str:
        """The question that is asked when this answer ends; empty: none."""
        return self._text

    @property
    def awaits_network(self) -> bool:
        """Whether the last question is asked again when the network is back."""
        return self._online.active

    def put(self, text: str) -> bool:
        """Keep one question for when this answer ends; False where one is kept already."""
        text = clean(text).strip()
        if self._text or not text:
            return False
        self._set(text)
        return True

    def take(self) -> str:
        """Take the kept question out, to be asked or edited."""
        text = self._text
        self._set("")
        return text

    def give_back(self, text: str) -> None:
        """Return a question that was taken out to whoever wrote it."""
        if text:
            self.returned.emit(text)

    def await_network(self, answer_id: str) -> None:
        """Answer again as soon as the network is back."""
        self._answer_id = answer_id
        self._online.start()
        self.changed.emit()

    def cancel_waiting(self) -> None:
        """Do not wait for the network any longer."""
        if self._online.active:
            self._online.stop()
            self.changed.emit()

    def close(self) -> None:
        """Wait for nothing any more; what is kept goes back."""
        self._online.stop()
        self.give_back(self.take())

    def _on_online(self) -> None:
        self.changed.emit()
        self._retry(self._answer_id)

    def _set(self, text: str) -> None:
        if text != self._text:
            self._text = text
            self.changed.emit()
