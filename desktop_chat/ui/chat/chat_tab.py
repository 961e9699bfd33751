"""One chat on the screen: a transcript over a composer, joined to one session."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.chat import Role
from desktop_chat.domain.settings import AFTER_SENDING, SPEAK_ANSWERS
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.view import TranscriptView
from desktop_chat.ui.chat.composing import Composing
from desktop_chat.ui.chat.feed import ChatFeed
from desktop_chat.ui.chat.message_actions import MessageActions
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.controls.column import NARROW, ColumnBox
from desktop_chat.ui.controls.first_paint import FirstPaint
from desktop_chat.ui.look.scale import scaled
from desktop_chat.ui.models.choosing import ModelChoosing

if TYPE_CHECKING:
    from PySide6.QtGui import QHideEvent, QPaintEvent, QResizeEvent, QShowEvent

    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.runtime.core import Core
    from desktop_chat.transcript.image.pictures import Picture
    from desktop_chat.transcript.items import ReadingPosition
    from desktop_chat.ui.chat.first_run import NewChatPage
    from desktop_chat.ui.chat.image_loading import ImageLoading
    from desktop_chat.ui.chat.question_editing import QuestionEditing
    from desktop_chat.ui.composer.prompting import Prompting
    from desktop_chat.ui.find.finding import Finding
    from desktop_chat.ui.look.appearance import Appearance


class ChatTab(QWidget):
    """Shows a session. It is loaded when it is first shown, not before."""

    painted = Signal()
    """What a person sees of it was painted once."""
    search_wished = Signal(str)
    """These words are to be looked for in all chats."""
    assistants_wished = Signal()
    prompts_wished = Signal()
    services_wished = Signal(str)
    """The form for a new service is wanted, with a key that was pasted, or an empty text."""

    def __init__(
        self,
        appearance: Appearance,
        core: Core,
        session: ChatSession,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._appearance = appearance
        self._core = core
        self._loaded = False
        self._loading: ImageLoading | None = None
        self._position: ReadingPosition | None = None
        self._editing: QuestionEditing | None = None
        self._finding: Finding | None = None
        self._prompting: Prompting | None = None
        self.session = session
        self.page: NewChatPage | None = None
        self.transcript = TranscriptView(self)
        self._foot = ColumnBox(appearance, self)
        self.composer = Composer(appearance, self._foot)
        self.feed = ChatFeed(session, self.transcript, self)
        self.message_actions = MessageActions(core.preferences, session, self.feed, self)
        self.choosing = ModelChoosing(appearance, core, session, self)
        self.composing = Composing(core, self.composer, self.feed, self.choosing, session)
        self._stack = QStackedWidget(self)
        self._stack.addWidget(self.transcript)
        self._foot.add(self.composer)
        self._column = column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._stack, 1)
        column.addWidget(self._foot)
        if not session.temporary:
            self.transcript.set_guard(core.drawing)
        self._connect()
        self._on_appearance_changed()
        self._on_setting_changed()

    @property
    def editing(self) -> bool:
        """Whether a question that was asked is being edited."""
        return self._editing is not None and self._editing.active

    @property
    def question_editing(self) -> QuestionEditing:
        """What edits a question that was asked; made when first wanted."""
        if self._editing is None:
            from desktop_chat.ui.chat.question_editing import QuestionEditing  # noqa: PLC0415 - lazily

            self._editing = QuestionEditing(self._appearance, self.transcript)
            self._editing.sent.connect(self._on_edit_sent)
            self._editing.ended.connect(self.composer.focus_message)
        return self._editing

    @property
    def finding(self) -> Finding:
        """What finds words in this chat; made when first wanted."""
        if self._finding is None:
            from desktop_chat.ui.find.finding import Finding  # noqa: PLC0415 - lazily

            self._finding = Finding(self._appearance, self.transcript, self, self._column)
            self._finding.left.connect(self.focus_message)
            self._finding.elsewhere_wished.connect(self.search_wished)
        return self._finding

    @property
    def prompting(self) -> Prompting:
        """What lists prompts over the composer; made when first wanted."""
        if self._prompting is None:
            from desktop_chat.ui.composer.prompting import Prompting  # noqa: PLC0415 - lazily

            self._prompting = Prompting(
                self._appearance, self._core.preferences, self.composer, self
            )
            self._prompting.edit_wished.connect(self.prompts_wished)
        return self._prompting

    @property
    def position(self) -> ReadingPosition | None:
        """Where the person reads, to come back to."""
        return self.transcript.reading_position() if self._loaded else self._position

    def load(self, position: ReadingPosition | None = None) -> None:
        """Read the messages and show them, at the first call."""
        if self._loaded:
            return
        self._loaded = True
        self._position = position
        self.feed.load(position)
        self._show_page()

    def watch_first_paint(self) -> None:
        """Emit `painted` when all that is visible has been painted once."""
        page = self.page if self.session.is_empty else None
        seen = page if page is not None else self.transcript.viewport()
        FirstPaint((seen, self.composer), self).done.connect(self.painted)

    def focus_message(self) -> None:
        """Put the cursor where messages are written."""
        if self.editing:
            self.question_editing.editor.field.setFocus()
        else:
            self.composer.focus_message()

    def type_text(self, text: str) -> None:
        """Write what was typed elsewhere."""
        if self.editing:
            self.question_editing.editor.field.insertPlainText(text)
            self.question_editing.editor.field.setFocus()
        else:
            self.composer.type_text(text)

    def open_find(self) -> None:
        """Ask what to find in this chat."""
        self.finding.open()

    def escape(self) -> bool:
        """Leave the innermost thing that Esc leaves here; False where there was none."""
        if self._finding is not None and self._finding.close():
            pass
        elif self.editing:
            self.question_editing.end()
        elif (self._prompting is not None and self._prompting.close()) or self.composer.escape():
            pass
        elif self.transcript.has_selection():
            self.transcript.clear_selection()
        elif self.session.busy:
            self.session.stop()
        else:
            return False
        return True

    def run_on_last_answer(self, action: Action) -> None:
        """Do something with the last answer, if there is one and it does not arrive yet."""
        messages = self.session.messages
        if messages and messages[-1].role is Role.ASSISTANT and not self.session.busy:
            self.message_actions.run(messages[-1].id, action)

    def edit_last_question(self) -> None:
        """Edit the question that was asked last."""
        questions = self.session.questions
        if questions:
            self.begin_edit(questions[-1][2])

    def open_picker(self) -> None:
        """Let the person choose a model."""
        self.choosing.open(self.composer.chip)

    def open_parameters(self, label: str = "") -> None:
        """Show what is set for this chat, at the field of a label."""
        from desktop_chat.ui.assistants.parameters_panel import ParametersPanel  # noqa: PLC0415 - not at start

        panel = ParametersPanel(self._appearance, self._core.preferences, self.session, self)
        panel.assistants_wished.connect(self.assistants_wished)
        panel.open_above(self.composer.chip, label)

    def begin_edit(self, message_id: str) -> None:
        """Edit a question that was asked, where it stands."""
        question = next((one for one in self.session.questions if one[2] == message_id), None)
        if question is None or self.session.busy:
            return
        self.composing.used.emit()
        version = self.session.versions(message_id)[0]
        self.question_editing.begin(message_id, question[0], version)

    def _on_appearance_changed(self) -> None:
        self.transcript.set_look(self._appearance.look())
        self.update()

    def _on_setting_changed(self) -> None:
        value = self._core.preferences.value
        self.feed.anchors = value(AFTER_SENDING) == "question"
        self.transcript.set_aloud(aloud=value(SPEAK_ANSWERS))

    def _on_choice_shown(self, service: str, model: str) -> None:
        if self.page is not None:
            self.page.set_choice(service, model)

    def _on_connected(self) -> None:
        self.session.setup.set_choice(self._core.preferences.choice())
        self.focus_message()

    def _on_text_edited(self) -> None:
        if self._prompting is not None or self.composer.text().startswith("/"):
            self.prompting.follow()

    def _on_link(self, href: str, words: str) -> None:
        from desktop_chat.ui.chat.link_popover import follow_link  # noqa: PLC0415 - not at start

        follow_link(href, words, self)

    def _on_menu(self, message_id: str, action: Action) -> None:
        from desktop_chat.ui.chat import message_menus  # noqa: PLC0415 - not at start

        menu = message_menus.make(self.message_actions, self._core, (message_id, action), self)
        menu.popup(self.transcript.below(message_id, action))
        if self.transcript.focused_item() and menu.actions():
            menu.setActiveAction(menu.actions()[0])

    def _on_details(self, message_id: str) -> None:
        from desktop_chat.ui.chat.message_details import MessageDetails  # noqa: PLC0415 - not at start

        message = self.session.tree[message_id]
        details = MessageDetails(message, self._core.spending, self)
        details.usage_wished.connect(self.message_actions.usage_wished)
        details.exchange_wished.connect(lambda: self._on_exchange(message_id))
        details.open_at(self.transcript.below(message_id, Action.MORE))

    def _on_exchange(self, message_id: str) -> None:
        from desktop_chat.ui.chat.exchange_dialog import ExchangeDialog  # noqa: PLC0415 - not at start

        exchange = self._core.network.exchanges.find(message_id)
        ExchangeDialog(self._appearance, exchange, self.window()).open()

    def _on_image_requested(self, picture: Picture) -> None:
        from desktop_chat.ui.chat.image_loading import ImageLoading  # noqa: PLC0415 - not at start

        if self._loading is None:
            self._loading = ImageLoading(self._core.network, self.transcript)
        self._loading.load(picture)

    def _on_edit_sent(self, message_id: str, text: str) -> None:
        if not self.feed.ask(lambda: self.session.edit(message_id, text)):
            version = self.session.versions(message_id)[0]
            self.question_editing.begin(message_id, text, version)

    def _connect(self) -> None:
        session, transcript = self.session, self.transcript
        self._appearance.changed.connect(self._on_appearance_changed)
        self._core.preferences.setting_changed.connect(self._on_setting_changed)
        session.message_added.connect(self._show_page)
        session.messages_changed.connect(self._show_page)
        session.setup.parameters_changed.connect(self._show_assistants)
        self._core.preferences.assistants_changed.connect(self._show_assistants)
        self.composer.model_requested.connect(self.open_picker)
        self.composer.text_edited.connect(self._on_text_edited)
        self.composer.question_edit_requested.connect(self.begin_edit)
        self.composing.choice_shown.connect(self._on_choice_shown)
        transcript.action_requested.connect(self.message_actions.run)
        transcript.link_activated.connect(self._on_link)
        transcript.quote_requested.connect(self.composer.insert_quote)
        transcript.typed.connect(self.type_text)
        transcript.find_requested.connect(self.open_find)
        transcript.image_requested.connect(self._on_image_requested)
        self.choosing.services_wished.connect(lambda: self.services_wished.emit(""))
        self.message_actions.edit_wished.connect(self.begin_edit)
        self.message_actions.copy_wished.connect(transcript.copy_item)
        self.message_actions.model_wished.connect(self.open_picker)
        self.message_actions.parameters_wished.connect(self.open_parameters)
        self.composer.parameters_requested.connect(self.open_parameters)
        self.message_actions.menu_wished.connect(self._on_menu)
        self.message_actions.details_wished.connect(self._on_details)
        self.message_actions.exchange_wished.connect(self._on_exchange)
        self.composing.usage_wished.connect(self.message_actions.usage_wished)

    def _show_page(self) -> None:
        """Show the page of an empty chat, or the transcript."""
        if self._editing is not None:
            self._editing.end()
        if not self.session.is_empty:
            self._stack.setCurrentWidget(self.transcript)
            return
        if self.page is None:
            self.page = self._new_page()
            self._stack.addWidget(self.page)
            self.composing.show_choice()
        self._show_assistants()
        self._stack.setCurrentWidget(self.page)

    def _new_page(self) -> NewChatPage:
        from desktop_chat.ui.chat.first_run import NewChatPage  # noqa: PLC0415 - for empty chats alone

        page = NewChatPage(self._appearance, self._core, self)
        page.set_temporary(self.session.temporary)
        page.question_chosen.connect(self.composing.send)
        page.services_requested.connect(self.services_wished)
        page.connected.connect(self._on_connected)
        page.assistant_chosen.connect(self.choosing.choose_assistant)
        return page

    def _show_assistants(self) -> None:
        preferences = self._core.preferences
        if self.page is not None and preferences.has_assistants:
            now = self.session.setup.assistant
            self.page.show_assistants(preferences.assistants.all(), now.id if now else "")

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(event.rect(), self._appearance.colour("surface"))
        painter.end()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.feed.set_watched(watched=True)

    @override
    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.feed.set_watched(watched=False)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.composer.set_narrow(self.width() < scaled(self._appearance, NARROW))
