"""Text on its way in: collected, and taken up once a frame, only while somebody can see it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer

from desktop_chat.transcript.answer import Answer

if TYPE_CHECKING:
    from desktop_chat.transcript.view import TranscriptView

FRAME_MS: Final = 16
SECOND_MS: Final = 1000


class Feed(QObject):
    """What has arrived for one transcript and is not laid out yet."""

    def __init__(self, view: TranscriptView) -> None:
        super().__init__(view)
        self._view = view
        self._texts: dict[str, list[str]] = {}
        self._thoughts: dict[str, list[str]] = {}
        self._frame = QTimer(self)
        self._frame.setSingleShot(True)
        self._frame.setInterval(FRAME_MS)
        self._frame.timeout.connect(self._on_frame)
        self._clock = QTimer(self)
        self._clock.setInterval(SECOND_MS)
        self._clock.timeout.connect(self._on_second)

    def text(self, item_id: str, text: str) -> None:
        """Collect a piece of an answer."""
        self._texts.setdefault(item_id, []).append(text)
        self._wake()

    def reasoning(self, item_id: str, text: str) -> None:
        """Collect a piece of reasoning."""
        self._thoughts.setdefault(item_id, []).append(text)
        self._wake()

    def clear(self) -> None:
        """Forget what was collected: it belongs to messages that are gone."""
        self._texts.clear()
        self._thoughts.clear()

    def flush(self) -> None:
        """Take up now what was collected."""
        if not self._texts and not self._thoughts:
            return
        texts, self._texts = self._texts, {}
        thoughts, self._thoughts = self._thoughts, {}
        document = self._view.document
        with self._view.changing():
            for item_id, pieces in thoughts.items():
                if document.has(item_id):
                    number = document.number(item_id)
                    message = document.messages[number]
                    if isinstance(message, Answer):
                        message.append_reasoning("".join(pieces))
                        document.measured(number)
            for item_id, pieces in texts.items():
                if document.has(item_id):
                    number = document.number(item_id)
                    document.messages[number].append("".join(pieces))
                    document.measured(number)

    def watch(self) -> None:
        """Run or stop the clock of the reasoning that is in view."""
        thinking = self._view.isVisible() and self._thinking()
        if thinking != self._clock.isActive():
            (self._clock.start if thinking else self._clock.stop)()

    def _wake(self) -> None:
        if self._view.isVisible() and not self._frame.isActive():
            self._frame.start()

    def _thinking(self) -> bool:
        messages = self._view.document.messages
        last = messages[-1] if messages else None
        fold = last.fold if isinstance(last, Answer) else None
        return fold is not None and fold.thinking

    def _on_frame(self) -> None:
        self.flush()
        self.watch()

    def _on_second(self) -> None:
        self._view.viewport().update()
        self.watch()
