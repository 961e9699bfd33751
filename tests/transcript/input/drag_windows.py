"""Two programs on one screen: a conversation to drag from, and a window to drop upon."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication, QWidget
from typing_extensions import override

from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.targets import Kind
from desktop_chat.transcript.view import TranscriptView

if TYPE_CHECKING:
    from PySide6.QtGui import QDragEnterEvent, QDropEvent

PIXEL = (
    "iVBORw0KGgoAAAANSUhEUgAAAEAAAAAgCAIAAAAt/+nTAAAATElEQVR4nO3PQQkAMAzAwEqZ1EqfiD2O"
    "QSACLnN2v264oAEtaEALGtCCBrSgAS1oQAsa0IIGtKABLWhACxrQgga0oAEtaEALGtCCxy50vQCIxvfH"
    "4gAAAABJRU5ErkJggg=="
)
TEXT = f"""```python
def grow(size):
    return size + 1
```

| name | n |
|---|--:|
| a, b | 1 |

![dot](data:image/png;base64,{PIXEL})
"""


class Receiver(QWidget):
    """Writes down the names and the bytes of the files that are dropped on it."""

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        event.acceptProposedAction()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        event.acceptProposedAction()
        files = [Path(url.toLocalFile()) for url in event.mimeData().urls()]
        told = {one.name: one.read_bytes().hex() for one in files}
        tell("dropped", told)


def tell(name: str, what: object) -> None:
    """Write a file that is whole as soon as it is there."""
    folder = Path(sys.argv[2])
    draft = folder / f"{name}.draft"
    draft.write_text(json.dumps(what), "utf-8")
    draft.rename(folder / f"{name}.json")


def places(view: TranscriptView) -> dict[str, tuple[int, int]] | None:
    """Return where to take hold of a code block, a table and an image, once the image is there."""
    message = view.document.messages[0]
    _, column, left, top = message.columns()[0]
    found: dict[str, QPoint] = {}
    for at, box in enumerate(column.boxes):
        corner = QPoint(left + box.left, top + column.top_of(at))
        if isinstance(box, CodeBox):
            found["code"] = corner + QPoint(20, 10)
        elif isinstance(box, TableBox):
            found["table"] = corner + QPoint(3, 20)
    for button in message.buttons(0, message.height):
        if button.target.kind is Kind.IMAGE:
            found["image"] = button.rect.center()
    if len(found) < 3:
        return None
    shift = QPoint(view.column_left, view.document.top(0) - view.scroller.scroll)
    seen = {name: view.viewport().mapToGlobal(point + shift) for name, point in found.items()}
    return {name: (point.x(), point.y()) for name, point in seen.items()}


def main() -> int:
    """Show one of the windows."""
    app = QApplication(sys.argv[:1])
    if sys.argv[1] == "receiver":
        window = Receiver()
        window.setAcceptDrops(True)
        window.setGeometry(760, 100, 400, 400)
        window.show()
        tell("receiver", True)
        return app.exec()
    view = TranscriptView()
    view.setGeometry(20, 60, 700, 700)
    view.set_items([Item(id="a", side=Side.MODEL, author="model", text=TEXT)])
    view.show()
    timer = view.startTimer(50)

    def look() -> None:
        seen = places(view)
        if seen is not None:
            view.killTimer(timer)
            tell("places", seen)

    view.timerEvent = lambda _event: look()  # type: ignore[method-assign]
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
