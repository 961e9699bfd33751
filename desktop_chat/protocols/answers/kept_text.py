"""The text that one answer may bring: cleaned, counted, and cut where the limit is."""

from __future__ import annotations

from desktop_chat.domain.text import TextIntake


class TextBudget:
    """How many more bytes an answer's text, reasoning included, may take."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._left = limit
        self.spent = False
        """Whether something had to be cut."""

    def charge(self, size: int) -> None:
        """Count what an answer brings beside its text."""
        self._left = max(0, self._left - size)
        self.spent = self.spent or not self._left

    def take(self, text: str) -> str:
        """Return as much of `text` as still fits."""
        if self.spent:
            return ""
        size = len(text) if text.isascii() else len(text.encode())
        if size <= self._left:
            self._left -= size
            return text
        self.spent = True
        return text.encode()[: self._left].decode("utf-8", "ignore")


class KeptText:
    """One kind of text of an answer, fed in pieces."""

    def __init__(self, budget: TextBudget) -> None:
        self._intake = TextIntake()
        self._budget = budget

    def feed(self, text: str) -> str:
        """Return what of the text so far is ready and fits."""
        return self._budget.take(self._intake.feed(text))

    def flush(self) -> str:
        """Return what was held, at the end."""
        return self._budget.take(self._intake.flush())
