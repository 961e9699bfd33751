"""One conversation as it is known and stored: its row, and its tree of messages."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desktop_chat.domain.chat import Message, MessageState, Part, PartKind, Role, title_from
from desktop_chat.domain.ids import new_id, now_ms
from desktop_chat.domain.tree import MessageTree
from desktop_chat.storage.commands import AddMessage, DeleteMessage, SaveConversation

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.chat import Conversation
    from desktop_chat.domain.history import MessagePath
    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.runtime.storing.store import Store


class Record:
    """Every change goes into memory at once and to the store in the same order.

    `saved` is called after each change that the list of conversations may show.
    """

    def __init__(
        self,
        store: Store,
        conversation: Conversation,
        *,
        temporary: bool,
        saved: Callable[[], None],
    ) -> None:
        self._store = store
        self._saved = saved
        self.conversation = conversation
        self.temporary = temporary
        self.tree = MessageTree()

    def __contains__(self, message_id: object) -> bool:
        return message_id in self.tree

    def __getitem__(self, message_id: str) -> Message:
        return self.tree[message_id]

    @property
    def head_id(self) -> str | None:
        """The last message of the shown path."""
        return self.conversation.head_id

    @property
    def path(self) -> MessagePath:
        """The messages that are shown, from the first question to the last answer."""
        return self.tree.path(self.head_id)

    @property
    def failed(self) -> bool:
        """Whether the last answer did not end well."""
        head = self.head_id
        bad = (MessageState.FAILED, MessageState.INTERRUPTED)
        return head is not None and head in self.tree and self.tree[head].state in bad

    def load(self) -> None:
        """Read the messages from the store."""
        self.tree = MessageTree(self._store.messages(self.conversation.id))

    def versions(self, message_id: str) -> tuple[int, int]:
        """Return which version a message is, from 1, and how many there are."""
        if message_id not in self.tree:
            return 1, 1
        versions = self.tree.versions(message_id)
        return versions.index(message_id) + 1, len(versions)

    def new_question(self, parent_id: str | None, text: str, choice: ModelChoice) -> Message:
        """Show a question below a message; the first one gives the title.

        It is stored with its answer, by `store_answer`.
        """
        question = Message(
            id=new_id(),
            conversation_id=self.conversation.id,
            parent_id=parent_id,
            role=Role.USER,
            parts=(Part(PartKind.TEXT, text),),
            created_ms=now_ms(),
        )
        self.tree.put(question)
        self.conversation = replace(
            self.conversation,
            title=self.conversation.title or title_from(text),
            head_id=question.id,
            provider_id=choice.provider_id,
            model=choice.model,
        )
        return question

    def new_answer(self, parent_id: str | None, choice: ModelChoice, provider_name: str) -> Message:
        """Show an empty answer below a message. It is stored by `store_answer`."""
        answer = Message(
            id=new_id(),
            conversation_id=self.conversation.id,
            parent_id=parent_id,
            role=Role.ASSISTANT,
            state=MessageState.STREAMING,
            created_ms=now_ms(),
            provider_id=choice.provider_id,
            provider_name=provider_name,
            model=choice.model,
        )
        self.tree.put(answer)
        self.conversation = replace(self.conversation, head_id=answer.id)
        return answer

    def store_answer(
        self, question: Message | None, answer: Message, stored: Callable[[], None]
    ) -> None:
        """Store an empty answer, with its question where that is new: the disk is waited for once.

        `stored` is called on the storage thread, when they and all before are on the disk.
        """
        added = [AddMessage(one) for one in (question, answer) if one is not None]
        self._save(*added, durable=True, stored=stored)

    def remove(self, message: Message) -> None:
        """Take the last message of the path out of the conversation."""
        self.tree.remove(message.id)
        self.conversation = replace(self.conversation, head_id=message.parent_id)
        self._save(DeleteMessage(message.id, now_ms()))

    def show(self, head_id: str | None) -> None:
        """Show the path that ends with a message."""
        self.conversation = replace(self.conversation, head_id=head_id)
        self._save()

    def retitle(self, title: str) -> None:
        """Change the title."""
        self.conversation = replace(self.conversation, title=title)
        self._save()

    def choose(self, choice: ModelChoice) -> None:
        """Change the model that the conversation talks to."""
        self.conversation = replace(
            self.conversation, provider_id=choice.provider_id, model=choice.model
        )
        if self.head_id is not None:
            self._save()

    def put(self, **fields: str) -> None:
        """Change what is set for the conversation, asked in or not."""
        self.conversation = replace(self.conversation, **fields)  # type: ignore[arg-type]
        self._save()

    def _save(
        self,
        *commands: AddMessage | DeleteMessage,
        durable: bool = False,
        stored: Callable[[], None] | None = None,
    ) -> None:
        if commands:
            # Another title or model is no news: the chat keeps its place in the list.
            self.conversation = replace(self.conversation, updated_ms=now_ms())
        self._store.post(
            SaveConversation(self.conversation),
            *commands,
            durable=durable,
            temporary=self.temporary,
            stored=stored,
        )
        self._saved()
