"""Choosing a model for a chat: opens the picker, and reads a service's list anew on request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.models.filter import AssistantRow


class ModelChoosing(QObject):
    """Gives a session the model that the person picks, for good or for one question."""

    services_wished = Signal()
    once_changed = Signal()

    def __init__(
        self, appearance: Appearance, core: Core, session: ChatSession, owner: QWidget
    ) -> None:
        super().__init__(owner)
        self._appearance = appearance
        self._core = core
        self._session = session
        self._owner = owner
        self._once: ModelChoice | None = None

    @property
    def once(self) -> ModelChoice | None:
        """The model for the next question alone."""
        return self._once

    def take_once(self) -> ModelChoice | None:
        """Use up the model that was chosen for the next question alone."""
        once, self._once = self._once, None
        if once is not None:
            self.once_changed.emit()
        return once

    def choose_once(self, choice: ModelChoice) -> None:
        """Ask another model the next question alone."""
        self._once = choice if choice != self._session.setup.choice else None
        self.once_changed.emit()

    def open(self, anchor: QWidget) -> None:
        """Show the picker above a widget."""
        # The first paint does not wait for what only a press of the chip needs.
        from desktop_chat.ui.models.fresh_lists import FreshLists  # noqa: PLC0415
        from desktop_chat.ui.models.picker import ModelPicker  # noqa: PLC0415
        from desktop_chat.ui.models.server_rows import ServerRows  # noqa: PLC0415

        picker = ModelPicker(self._appearance, self._core.preferences, self._owner)
        picker.chosen.connect(self._on_chosen)
        picker.chosen_once.connect(self.choose_once)
        picker.add_service_requested.connect(self.services_wished)
        picker.assistant_chosen.connect(self.choose_assistant)
        picker.offer_assistants(self._assistants())
        current = self._once or self._session.setup.choice
        picker.open_above(anchor, current, self._core.library.recent_choices())
        ServerRows(picker, self._core)
        FreshLists(picker, self._core)

    def choose_assistant(self, assistant_id: str) -> None:
        """Let an assistant answer from the next question on; an empty id: none of them."""
        self.take_once()
        self._session.setup.set_assistant(self._core.preferences.assistants.get(assistant_id))

    def _assistants(self) -> list[AssistantRow]:
        from desktop_chat.ui.models.filter import AssistantRow  # noqa: PLC0415 - as above

        now = self._session.setup.assistant
        rows = [
            AssistantRow(one.id, f"{one.mark}  {one.name}", current=one == now)
            for one in self._core.preferences.assistants.all()
        ]
        return [*rows, AssistantRow("", "No assistant")] if now is not None else rows

    def _on_chosen(self, choice: ModelChoice) -> None:
        self.take_once()
        self._session.setup.set_choice(choice)
        self._core.preferences.set_choice(choice)
