"""Going back and forth through the questions of one chat, as a shell does with commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence


class Question(NamedTuple):
    """A question that was asked: its text, when, and its message's id."""

    text: str
    created_ms: int
    message_id: str


def _none_asked() -> Sequence[tuple[str, int, str]]:
    return ()


class QuestionHistory:
    """Where in the chat's questions the composer stands. Outside of them it holds a draft."""

    def __init__(self) -> None:
        self.source: Callable[[], Sequence[tuple[str, int, str]]] = _none_asked
        self._asked: list[Question] = []
        self._place = 0
        self._active = False
        self.draft = ""

    @property
    def active(self) -> bool:
        """Whether an earlier question is shown."""
        return self._active

    @property
    def shown(self) -> Question | None:
        """The question that is shown."""
        return self._asked[self._place] if self._active else None

    def earlier(self, draft: str) -> Question | None:
        """Go one question back; None where there is no earlier one."""
        if not self._active:
            self._asked = sorted((Question(*one) for one in self.source()), key=_when)
            self._place = len(self._asked)
        if self._place == 0:
            return None
        if not self._active:
            self.draft = draft
        self._active = True
        self._place -= 1
        return self._asked[self._place]

    def later(self) -> Question | None:
        """Go one question forward; None past the newest, where the draft stands again."""
        if not self._active:
            return None
        self._place += 1
        if self._place < len(self._asked):
            return self._asked[self._place]
        self.leave()
        return None

    def leave(self) -> None:
        """Stop: what stands in the composer is a draft again."""
        self._active = False
        self._asked = []


def _when(question: Question) -> int:
    return question.created_ms
