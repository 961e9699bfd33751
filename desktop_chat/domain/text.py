"""Text as it enters a message: no NUL, no half of a surrogate pair."""

from __future__ import annotations

NUL_PICTURE = "␀"


def clean(text: str) -> str:
    """Return `text` fit for a file, a database and a screen.

    NUL becomes U+2400; the two halves of a surrogate pair that JSON escapes left apart are joined;
    a half without its partner becomes U+FFFD.
    """
    if "\0" in text:
        text = text.replace("\0", NUL_PICTURE)
    try:
        text.encode()
    except UnicodeEncodeError:
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


class TextIntake:
    """Cleans a text that arrives in pieces, so that a pair cut between two pieces is joined."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, text: str) -> str:
        """Return what of the text so far is ready; a trailing high surrogate waits for its half."""
        text = self._held + text
        self._held = ""
        if text and "\ud800" <= text[-1] <= "\udbff":
            text, self._held = text[:-1], text[-1]
        return clean(text)

    def flush(self) -> str:
        """Return what was still held, at the end of the text."""
        held, self._held = self._held, ""
        return clean(held)
