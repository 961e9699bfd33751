"""What is set for one chat: a popup over the composer, in which each change holds at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QFormLayout, QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.parameter_refusals import unsent
from desktop_chat.domain.parameters import NOTHING_SET
from desktop_chat.ui.assistants.parameter_fields import ParameterFields, form_label
from desktop_chat.ui.controls.buttons import TextButton
from desktop_chat.ui.controls.fields import Select
from desktop_chat.ui.controls.labels import PlainLabel, Rule, WrappedLabel
from desktop_chat.ui.controls.popover import Popup, fit, place
from desktop_chat.ui.controls.scrolling import Scrolling

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent

    from desktop_chat.domain.assistants import Assistant
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.preferences import Preferences
    from desktop_chat.ui.look.appearance import Appearance

_SIZE: Final = QSize(420, 560)
"""As tall as this it may be; it is no taller than what it holds."""
_SOON_MS: Final = 400
"""How long the keys rest before what they wrote is kept."""
TITLE: Final = "Parameters of this chat"


class ParametersPanel(Popup):
    """Changes a session. What no field can read is not kept, and told under the fields."""

    assistants_wished = Signal()
    """The assistants themselves are to be changed."""

    def __init__(
        self,
        appearance: Appearance,
        preferences: Preferences,
        session: ChatSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._preferences = preferences
        self._session = session
        self._anchor: QWidget = self
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(TITLE)
        self.assistant = Select(appearance, "Assistant")
        self.fields = ParameterFields(appearance)
        self.unsent = WrappedLabel("", "soft", "small")
        self.clear_button = TextButton("Clear", "quiet")
        self.clear_button.setAccessibleName("Clear")
        self.clear_button.setAccessibleDescription("Nothing is set for this chat itself")
        self.assistants_button = TextButton("Assistants…", "quiet")
        self.close_button = TextButton("Done", "strong")
        self._soon = QTimer(self, singleShot=True, interval=_SOON_MS)
        self._soon.timeout.connect(self._keep)
        self._lay_out()
        self._fill()
        self.fields.edited.connect(self._soon.start)
        self.assistant.activated.connect(self._on_assistant_chosen)
        self.clear_button.clicked.connect(self._on_clear)
        self.assistants_button.clicked.connect(self._on_assistants)
        self.close_button.clicked.connect(self.close)

    def open_above(self, anchor: QWidget, label: str = "") -> None:
        """Show it above a widget, with the keyboard in the field of a label."""
        self._anchor = anchor
        self._fit()
        self.show()
        self.fields.focus_on(label)
        # Where it is, is known once it is laid out.
        QTimer.singleShot(0, self, self._show_focused)

    @Slot()
    def _fit(self) -> None:
        """Be as tall as what is unfolded, as far as there is room."""
        scaled = self._appearance.scaled
        around = self.sizeHint().height() - self._page.sizeHint().height()
        inside = self._ground.sizeHint().height()
        fit(self, scaled(_SIZE.width()), min(around + inside, scaled(_SIZE.height())))
        self.move(place(self.size(), self._anchor, above=True))

    @Slot()
    def _show_focused(self) -> None:
        focused = QApplication.focusWidget()
        if focused is not None and self._page.isAncestorOf(focused):
            self._page.ensureWidgetVisible(focused)

    @Slot()
    def _keep(self) -> None:
        self._soon.stop()
        self._session.setup.set_parameters(self.fields.sound())
        self._show_unsent()

    @Slot()
    def _on_clear(self) -> None:
        self._soon.stop()
        self._session.setup.set_parameters(NOTHING_SET)
        self._show_parameters()

    @Slot()
    def _on_assistants(self) -> None:
        self.close()
        self.assistants_wished.emit()

    @Slot(int)
    def _on_assistant_chosen(self, _index: int) -> None:
        self._keep()
        self._session.setup.set_assistant(
            self._preferences.assistants.get(self.assistant.currentData())
        )
        self._show_parameters()

    def _fill(self) -> None:
        self.assistant.addItem("None", "")
        for one in self._preferences.assistants.all():
            self.assistant.addItem(_named(one), one.id)
        now = self._session.setup.assistant
        self.assistant.setCurrentIndex(self.assistant.findData(now.id if now is not None else ""))
        self._show_parameters()

    def _show_parameters(self) -> None:
        session = self._session
        self.fields.show_parameters(
            session.setup.parameters, session.setup.inherited(session.setup.choice)
        )

        self._show_unsent()

    def _show_unsent(self) -> None:
        """Say what of all that is set the service is not told."""
        setup = self._session.setup
        provider = setup.provider(setup.choice)
        said = unsent(setup.in_force(setup.choice), provider) if provider is not None else ""
        self.unsent.setText(said)
        self.unsent.setVisible(bool(said))

    def _lay_out(self) -> None:
        who = QFormLayout()
        who.setHorizontalSpacing(16)
        who.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        label = form_label("Assistant")
        label.setBuddy(self.assistant)
        who.addRow(label, self.assistant)
        self._ground = QWidget()
        self._ground.installEventFilter(self)
        inner = QVBoxLayout(self._ground)
        inner.setContentsMargins(16, 4, 16, 8)
        inner.setSpacing(8)
        inner.addLayout(who)
        inner.addWidget(self.fields)
        inner.addWidget(self.unsent)
        inner.addStretch(1)
        head = PlainLabel(TITLE, size="head")
        head.setContentsMargins(16, 12, 16, 4)
        foot = QHBoxLayout()
        foot.setContentsMargins(4, 4, 4, 4)
        foot.addWidget(self.clear_button)
        foot.addWidget(self.assistants_button)
        foot.addStretch(1)
        foot.addWidget(self.close_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addWidget(head)
        self._page = Scrolling(self._ground)
        column.addWidget(self._page, 1)
        column.addWidget(Rule())
        column.addLayout(foot)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and self.isVisible():
            self._fit()
        return False

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        if self._soon.isActive():
            self._keep()
        super().hideEvent(event)


def _named(assistant: Assistant) -> str:
    return f"{assistant.mark}  {assistant.name}"
