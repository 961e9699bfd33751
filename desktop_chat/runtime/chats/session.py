"""One conversation that is open: asking, answering, stopping, and its versions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal, Slot

from desktop_chat.domain.chat import Message, MessageState, Role
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.text import clean
from desktop_chat.runtime.chats.answering import Answering
from desktop_chat.runtime.chats.chat_setup import ChatSetup
from desktop_chat.runtime.chats.outbox import Outbox
from desktop_chat.runtime.chats.record import Record

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Conversation
    from desktop_chat.domain.history import MessagePath
    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.domain.stream import Phase
    from desktop_chat.domain.tree import MessageTree
    from desktop_chat.runtime.chats.answering import Services

KEYRING_KINDS: Final = (
    ErrorKind.KEYRING_LOCKED,
    ErrorKind.KEYRING_NONE,
    ErrorKind.KEYRING_REFUSED,
)
CONTINUE: Final = "Continue where you stopped."


class ChatSession(QObject):
    """The truth about one open conversation. Lives on the main thread."""

    messages_changed = Signal()
    """The whole path is another: loaded, or another version is shown."""
    message_added = Signal(object)
    message_changed = Signal(object)
    message_removed = Signal(str)
    text_arrived = Signal(str, str)
    """Payload: message id, text."""
    reasoning_arrived = Signal(str, str)
    phase_changed = Signal()
    busy_changed = Signal()
    title_changed = Signal()
    saved = Signal()
    """What the list of conversations shows of this one has changed."""
    refused = Signal(object)
    """Payload: the `CapState` of the limit to spending that kept a question from being asked."""
    finished = Signal(str)
    """Payload: the id of the answer that ended, well or not."""

    def __init__(
        self,
        services: Services,
        conversation: Conversation,
        *,
        temporary: bool = False,
        stored: bool = True,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._record = Record(
            services.store, conversation, temporary=temporary, saved=self.saved.emit
        )
        self._loaded = not stored
        self._answering: Answering | None = None
        self._patient = False
        self.setup = ChatSetup(self._record, services.preferences, self)
        self.outbox = Outbox(self.retry, self)

    @property
    def id(self) -> str:
        """The conversation's id."""
        return self._record.conversation.id

    @property
    def loaded(self) -> bool:
        """Whether the messages are in memory."""
        return self._loaded

    @property
    def tree(self) -> MessageTree:
        """All messages with their versions, as far as they are loaded."""
        return self._record.tree

    @property
    def conversation(self) -> Conversation:
        """The conversation as it is stored."""
        return self._record.conversation

    @property
    def title(self) -> str:
        """The conversation's title; empty before the first question."""
        return self._record.conversation.title

    @property
    def temporary(self) -> bool:
        """Whether nothing of it is written to a file."""
        return self._record.temporary

    @property
    def messages(self) -> MessagePath:
        """The path that is shown, from the first question to the last answer."""
        return self._record.path

    @property
    def is_empty(self) -> bool:
        """Whether nothing was asked in it yet."""
        return self._record.head_id is None

    @property
    def busy(self) -> bool:
        """Whether an answer is on its way."""
        return self._answering is not None

    @property
    def phase(self) -> Phase | None:
        """How far the answer is; None when none is on its way."""
        return self._answering.phase if self._answering else None

    @property
    def phase_since_ms(self) -> int:
        """When the phase began, on the monotonic clock, in milliseconds."""
        return int(self._answering.phase_since * 1000) if self._answering else 0

    @property
    def retry_in_s(self) -> float:
        """How long until a busy service is asked again."""
        return self._answering.retry_in_s if self._answering else 0.0

    @property
    def failed(self) -> bool:
        """Whether the last answer did not end well."""
        return self._record.failed

    @property
    def questions(self) -> list[tuple[str, int, str]]:
        """The questions of the shown path, oldest first: text, time in ms, message id."""
        path = self.messages
        asked = [path[at] for at, role in enumerate(path.roles) if role is Role.USER]
        return [(one.text, one.created_ms, one.id) for one in asked]

    def load(self) -> None:
        """Read the messages, at the first call."""
        if self._loaded:
            return
        self._loaded = True
        self._record.load()
        self.messages_changed.emit()

    def set_patient(self, *, patient: bool) -> None:
        """Tell whether nobody sees what arrives, so that it may come in fewer pieces."""
        self._patient = patient
        if self._answering is not None:
            self._answering.set_patient(patient=patient)

    def take_over(self, tree: MessageTree) -> None:
        """Go on with the messages of a session that was closed a moment ago."""
        self._record.tree = tree
        self._loaded = True

    def send(self, text: str, once: ModelChoice | None = None) -> bool:
        """Ask a question; `once` is a model for this one alone. False while busy or if empty."""
        text = clean(text).strip()
        if self.busy or not text:
            return False
        self.load()
        if self._stopped(self._record.head_id, text, once):
            return False
        self._ask(self._record.head_id, text, once)
        return True

    def edit(self, message_id: str, text: str) -> bool:
        """Ask another version of a question: a sibling, which becomes the shown path."""
        text = clean(text).strip()
        if self.busy or not text or message_id not in self._record:
            return False
        parent_id = self._record[message_id].parent_id
        if self._stopped(parent_id, text, None):
            return False
        self._record.show(parent_id)
        self.messages_changed.emit()
        self._ask(parent_id, text, None)
        return True

    def queue(self, text: str) -> bool:
        """Keep one question for when this answer ends; False where one is kept already."""
        return self.busy and self.outbox.put(text)

    def send_queued_now(self) -> bool:
        """Stop the answer and ask the kept question."""
        text = self.outbox.take()
        self.stop()
        sent = self.send(text)
        if not sent:
            self.outbox.give_back(text)
        return sent

    def stop(self, state: MessageState = MessageState.STOPPED) -> None:
        """End the answer at once and keep what came."""
        if self._answering is not None:
            self._answering.stop(state)

    def retry(self, message_id: str) -> bool:
        """Answer again: in the same place where nothing had come, else as a new version."""
        if self.busy or message_id not in self._record:
            return False
        message = self._record[message_id]
        if message.failure is not None and message.failure.kind in KEYRING_KINDS:
            self._services.keys.try_again()
        parent_id: str | None = message_id
        if message.role is not Role.USER:  # else the program ended before the answer began
            if message.parts or self._record.head_id != message_id:
                return self.regenerate(message_id)
            parent_id = message.parent_id
        if self._stopped(parent_id, "", None):
            return False
        if message.role is not Role.USER:
            self._record.remove(message)
            self.message_removed.emit(message_id)
        self._begin_answer(parent_id, None)
        return True

    def retry_now(self) -> None:
        """Do not wait for the end of the pause that a service asked for."""
        if self._answering is not None:
            self._answering.retry_now()

    def regenerate(self, message_id: str, choice: ModelChoice | None = None) -> bool:
        """Answer again as a new version, with another model if one is given."""
        if self.busy or message_id not in self._record:
            return False
        parent_id = self._record[message_id].parent_id
        if self._stopped(parent_id, "", choice):
            return False
        self._record.show(parent_id)
        self.messages_changed.emit()
        self._begin_answer(parent_id, choice)
        return True

    def continue_answer(self, message_id: str) -> bool:
        """Have an answer carried on that ended too early."""
        ended = message_id in self._record and self._record.head_id == message_id
        return ended and self.send(CONTINUE)

    def versions(self, message_id: str) -> tuple[int, int]:
        """Return which version a message is, from 1, and how many there are."""
        return self._record.versions(message_id)

    def show_version(self, message_id: str, step: int) -> None:
        """Show the version before (-1) or after (1) a message."""
        index, count = self.versions(message_id)
        if self.busy or not 1 <= index + step <= count:
            return
        tree = self._record.tree
        self._record.show(tree.leaf(tree.versions(message_id)[index - 1 + step]))
        self.messages_changed.emit()

    def rename(self, title: str) -> None:
        """Give the conversation another title."""
        title = " ".join(clean(title).split())
        if title and title != self.title:
            self._record.retitle(title)
            self.title_changed.emit()

    def close(self, state: MessageState = MessageState.STOPPED) -> None:
        """Save what came and let go of the network."""
        self.outbox.close()
        self.stop(state)
        if self.temporary:
            self._services.network.exchanges.forget(self.id)

    def _stopped(self, parent_id: str | None, text: str, choice: ModelChoice | None) -> bool:
        """Whether a limit to spending stops a question, before anything of it is shown."""
        choice = choice or self.setup.choice
        provider = self.setup.provider(choice)
        if provider is None:
            return False
        path, parameters = self._record.tree.path(parent_id), self.setup.in_force(choice)
        stop = self._services.spending().judge(provider, choice.model, path, text, parameters)
        if stop is not None:
            self.refused.emit(stop)
        return stop is not None

    def _ask(self, parent_id: str | None, text: str, once: ModelChoice | None) -> None:
        titled = bool(self.title)
        question = self._record.new_question(parent_id, text, self.setup.choice)
        self._begin_answer(question.id, once, question)
        if not titled:
            self.title_changed.emit()

    def _begin_answer(
        self, parent_id: str | None, choice: ModelChoice | None, question: Message | None = None
    ) -> None:
        """Have a model answer below a message, which is stored with the answer if it is new."""
        from desktop_chat.runtime.network.gate import Gate  # noqa: PLC0415 - not at start

        self.outbox.cancel_waiting()
        choice = choice or self.setup.choice
        path = self._record.tree.path(parent_id)
        request = self.setup.request(path, choice)
        message = self._record.new_answer(parent_id, choice, request.provider.name)
        stored = Gate()
        answering = Answering(
            self._services,
            message,
            request,
            stored=stored,
            temporary=self.temporary,
            parent=self,
        )
        answering.set_patient(patient=self._patient)
        answering.text_arrived.connect(self.text_arrived)
        answering.reasoning_arrived.connect(self.reasoning_arrived)
        answering.phase_changed.connect(self.phase_changed)
        answering.ended.connect(self._on_ended)
        self._answering = answering
        self._record.store_answer(question, message, stored.open)
        if request.provider.id:
            answering.begin()
        self._services.spending().begin(message, request, path, temporary=self.temporary)
        if question is not None:
            self.message_added.emit(question)
        self.message_added.emit(message)
        self.busy_changed.emit()
        self.phase_changed.emit()
        if not request.provider.id:
            answering.end(MessageState.FAILED, Failure(kind=ErrorKind.NO_PROVIDER))

    @Slot(object)
    def _on_ended(self, message: Message) -> None:
        self._answering = None
        self._record.tree.put(message)
        self.message_changed.emit(message)
        self.phase_changed.emit()
        self.busy_changed.emit()
        self.finished.emit(message.id)
        if self.outbox.text and not self.busy:
            text = self.outbox.take()
            if message.state is not MessageState.COMPLETE or not self.send(text):
                self.outbox.give_back(text)
