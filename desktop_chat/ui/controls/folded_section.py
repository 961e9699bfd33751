"""A part of a form that few people need: a title with a chevron, and what unfolds below it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.tab_order import follow_layout
from desktop_chat.ui.look.scale import scaled

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.ui.look.appearance import Appearance

_CHEVRON: Final = 14


class FoldedSection(QWidget):
    """Folded at first. Its body is built when it is unfolded for the first time."""

    unfolded = Signal()
    """The body is shown; it is built by then."""

    def __init__(
        self,
        appearance: Appearance,
        title: str,
        build: Callable[[], QWidget],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._build = build
        self._body: QWidget | None = None
        self.button = TextButton(title, "quiet")
        self.button.setAccessibleName(title)
        self.button.setCheckable(True)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(12)
        self._column.addWidget(self.button, 0, Qt.AlignmentFlag.AlignLeft)
        self.button.toggled.connect(self._on_toggled)
        appearance.changed.connect(self._show_chevron)
        self._show_chevron()

    @property
    def body(self) -> QWidget | None:
        """What unfolds; None before the first time."""
        return self._body

    @property
    def is_unfolded(self) -> bool:
        """Whether the body is shown."""
        return self.button.isChecked()

    def set_unfolded(self, *, unfolded: bool) -> None:
        """Show the body, or put it away; what stands in its fields is kept."""
        self.button.setChecked(unfolded)

    @Slot(bool)
    def _on_toggled(self, unfolded: bool) -> None:  # noqa: FBT001 - a slot
        if unfolded and self._body is None:
            self._body = self._build()
            self._column.addWidget(self._body)
            # It was made after all the rest.
            follow_layout(self)
        if self._body is not None:
            self._body.setVisible(unfolded)
        self._show_chevron()
        if unfolded:
            self.unfolded.emit()

    @Slot()
    def _show_chevron(self) -> None:
        unfolded = self.is_unfolded
        right = "chevron-left" if self.isRightToLeft() else "chevron-right"
        icon = "chevron-down" if unfolded else right
        side = scaled(self._appearance, _CHEVRON)
        self.button.setIcon(self._appearance.icon(icon, "ink_soft"))
        self.button.setIconSize(QSize(side, side))
        # Readers say of such a button whether it is pressed, and not what that means.
        self.button.setAccessibleDescription("Unfolded" if unfolded else "Folded")
