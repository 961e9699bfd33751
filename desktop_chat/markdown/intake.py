"""Text that arrives in pieces, made into normal lines."""

from __future__ import annotations


def normal(text: str) -> str:
    """Return the text with line feeds alone for line ends, no NUL and no byte order mark.

    Offsets of blocks count in this text.
    """
    return _clean(text.removeprefix("\ufeff"))


def _clean(text: str) -> str:
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.replace("\0", "\ufffd")


class LineIntake:
    """Takes in pieces; keeps the whole text, and the last line while it has no end."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._part: list[str] = []
        self._held = ""
        self._begun = False
        self.length = 0
        """How long the normal text is so far."""

    @property
    def source(self) -> str:
        """The normal text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def part(self) -> str:
        """The last line, which has not ended yet."""
        if len(self._part) > 1:
            self._part = ["".join(self._part)]
        return self._part[0] if self._part else ""

    def feed(self, text: str) -> list[str]:
        """Take in a piece and return the lines that it ended. A final CR waits for its LF."""
        if not self._begun and text:
            self._begun = True
            text = text.removeprefix("\ufeff")
        text = self._held + text
        self._held = ""
        if text.endswith("\r"):
            text, self._held = text[:-1], "\r"
        return self._take(_clean(text))

    def flush(self) -> list[str]:
        """Say that no more comes and return the line that this ends, if any."""
        held, self._held = self._held, ""
        return self._take(_clean(held))

    def _take(self, text: str) -> list[str]:
        if text:
            self._pieces.append(text)
            self.length += len(text)
        if "\n" not in text:
            if text:
                self._part.append(text)
            return []
        first, *lines = text.split("\n")
        self._part.append(first)
        lines.insert(0, self.part)
        last = lines.pop()
        self._part = [last] if last else []
        return lines
