"""The small question before a link is opened: it shows where the link really leads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop_chat.transcript.text.links import is_masked, link_target
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.labels import WrappedLabel
from desktop_chat.ui.opening import open_url

if TYPE_CHECKING:
    from desktop_chat.transcript.text.links import LinkTarget

_WIDTH: Final = 360
_LONGEST: Final = 300


def follow_link(href: str, words: str, owner: QWidget) -> None:
    """Open what a link leads to; where a person read anything but its address, ask first."""
    target = link_target(href)
    if target is None:
        return
    if is_masked(target, words):
        LinkPopover(target, owner).ask()
    else:
        open_url(target.address)


class LinkPopover(QFrame):
    """Asks once. Opening, copying and going elsewhere all close it."""

    def __init__(self, target: LinkTarget, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._target = target
        self._owner = parent
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName("Open this address?")
        self.setProperty("look", "popup")
        self.setFixedWidth(_WIDTH)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 12, 16, 12)
        column.setSpacing(8)
        place = _breakable(target.place)
        column.addWidget(WrappedLabel(f"Open {place}?", "ink", "h3", self))
        address = target.address
        if len(address) > _LONGEST:
            address = address[:_LONGEST] + "…"
        column.addWidget(WrappedLabel(_breakable(address), "soft", "small", self))
        buttons = QHBoxLayout()
        self.open_button = TextButton("Open", "primary", self)
        self.copy_button = TextButton("Copy address", "plain", self)
        buttons.addWidget(self.open_button)
        buttons.addWidget(self.copy_button)
        buttons.addStretch(1)
        column.addLayout(buttons)
        self.open_button.clicked.connect(self._on_open)
        self.copy_button.clicked.connect(self._on_copy)

    def ask(self) -> None:
        """Show the question near the mouse."""
        # `sizeHint` has the height that the words would need in fewer pixels.
        self.setFixedHeight(self.heightForWidth(_WIDTH))
        owner = self._owner
        place = QCursor.pos() + QPoint(-24, 12)
        if not owner.rect().contains(owner.mapFromGlobal(QCursor.pos())):
            # Pressed by a key: the mouse is elsewhere.
            place = owner.mapToGlobal(owner.rect().center()) - self.rect().center()
        room = self.screen().availableGeometry()
        place.setX(max(room.left(), min(place.x(), room.right() - self.width())))
        place.setY(max(room.top(), min(place.y(), room.bottom() - self.height())))
        self.move(place)
        self.show()
        self.open_button.setFocus(Qt.FocusReason.PopupFocusReason)

    def _on_open(self) -> None:
        open_url(self._target.address)
        self.close()

    def _on_copy(self) -> None:
        QApplication.clipboard().setText(self._target.address)
        self.close()


def _breakable(address: str) -> str:
    """Return an address that a label may wrap anywhere."""
    return "\u200b".join(address)
