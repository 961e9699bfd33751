"""A program that shows a conversation, for a client of the accessibility bus to read."""

from __future__ import annotations

import sys

from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication

from desktop_chat.transcript.view import TranscriptView
from tests.transcript.conversations import answer, long_chat, question

TEXT = """## Steps

1. open [the page](https://example.org/page)

```python
print("hello")
```

| Name | Look |
|---|---|
| [Tom](https://example.org/tom) and \\(x^2\\) | ![a cat](https://example.org/cat.png) |
"""
LONGEST_MS = 30_000


def main() -> None:
    """Show it until the code was copied."""
    application = QApplication(["spoken-window"])
    view = TranscriptView()
    view.set_items([question(text="How? 怎么做"), answer(text=TEXT), *long_chat(200)])
    view.show()
    view.link_activated.connect(lambda address: write("link " + address))

    def tell() -> None:
        write("copied " + QGuiApplication.clipboard().text())
        application.quit()

    QGuiApplication.clipboard().dataChanged.connect(tell)
    QTimer.singleShot(LONGEST_MS, application.quit)
    sys.exit(application.exec())


def write(line: str) -> None:
    """Write one line now."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
