"""An answer into whose text a model may write its reasoning too."""

from __future__ import annotations

from abc import ABC

from typing_extensions import override

from desktop_chat.protocols.answers.answer_builder import AnswerBuilder
from desktop_chat.protocols.answers.think import Piece, ThinkSplitter


class ThinkingAnswer(AnswerBuilder, ABC):
    """Takes reasoning out of the beginning of the text, unless it comes apart."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self._think = ThinkSplitter()

    @override
    def flush(self) -> None:
        self.show_text(self._text.flush())
        self._show(self._think.flush())
        super().flush()

    @override
    def show_text(self, text: str) -> None:
        self._show(self._think.feed(text))

    @override
    def show_reasoning(self, text: str) -> None:
        if text:
            self._show(self._think.skip())
            super().show_reasoning(text)

    @override
    def correct_text(self, text: str) -> None:
        whole = ThinkSplitter()
        pieces = [*whole.feed(text), *whole.flush()]
        super().correct_text("".join(piece.text for piece in pieces if not piece.reasoning))

    def _show(self, pieces: list[Piece]) -> None:
        for text, reasoning in pieces:
            if reasoning:
                super().show_reasoning(text)
            else:
                super().show_text(text)
