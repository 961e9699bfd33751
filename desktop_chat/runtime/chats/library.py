"""All conversations, the sessions of those that are open, drafts, and what the window holds."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop_chat.domain.chat import Conversation, MessageState
from desktop_chat.domain.ids import new_id, now_ms
from desktop_chat.domain.workspace import Draft, Workspace
from desktop_chat.runtime.chats.session import ChatSession
from desktop_chat.storage.commands import (
    DeleteConversations,
    RestoreConversations,
    SaveConversation,
    SaveDraft,
    SaveWorkspace,
)
from desktop_chat.storage.locks import WindowLock

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.providers import ModelChoice
    from desktop_chat.domain.tree import MessageTree
    from desktop_chat.runtime.chats.answering import Services
    from desktop_chat.storage.paths import Profile

FIRST_ROWS: Final = 200
"""How many conversations are read before the window shows; the rest follows when it is idle."""
ALL_ROWS: Final = 1_000_000


class Library(QObject):
    """Lists conversations and opens sessions. Lives on the main thread."""

    changed = Signal()
    """The list of conversations, or what a row shows, is another."""
    deleted = Signal(int)
    """Payload: how many conversations were deleted; `undo_delete` brings them back."""

    def __init__(
        self, services: Services, profile: Profile, *, window: bool, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._lock = WindowLock(profile) if window else None
        self._holds_window = self._lock is not None and self._lock.acquire()
        self._rows: dict[str, Conversation] | None = None
        self._order: tuple[Conversation, ...] | None = None
        self._living: dict[str, ChatSession] = {}
        self._closing: dict[str, MessageTree] = {}
        self._drafts: dict[str, Draft] | None = None
        self._deleted: tuple[Conversation, ...] = ()

    @property
    def holds_window(self) -> bool:
        """Whether tabs, drafts and geometry belong to this process."""
        return self._holds_window

    def conversations(self) -> tuple[Conversation, ...]:
        """Return the conversations in which something was asked, those changed last first."""
        if self._order is None:
            rows = self._read_rows().values()
            asked = (one for one in rows if one.head_id is not None)
            self._order = tuple(sorted(asked, key=lambda one: one.updated_ms, reverse=True))
        return self._order

    def session(self, conversation_id: str) -> ChatSession:
        """Return the living session of a conversation, or open one; its messages load later."""
        living = self._living.get(conversation_id)
        if living is not None:
            return living
        # What was renamed or brought back a moment ago may not be on the disk yet.
        found = self._read_rows().get(conversation_id)
        found = found or self._services.store.conversation(conversation_id)
        conversation = found or self._new_conversation(conversation_id)
        session = self._open(conversation, stored=found is not None)
        if (tree := self._closing.get(conversation_id)) is not None:
            session.take_over(tree)
        return session

    def new_session(self, *, temporary: bool = False) -> ChatSession:
        """Open a new conversation; a temporary one is written to no file."""
        return self._open(self._new_conversation(new_id()), stored=False, temporary=temporary)

    def living(self) -> tuple[ChatSession, ...]:
        """Return the sessions that are open."""
        return tuple(self._living.values())

    def close_session(self, session: ChatSession) -> None:
        """End a session: what came is saved, its answer stopped."""
        session.close()
        self._living.pop(session.id, None)
        if session.loaded and not session.temporary:
            self._keep_until_stored(session)
        session.deleteLater()
        self.changed.emit()

    def rename(self, conversation_id: str, title: str) -> None:
        """Give a conversation another title."""
        living = self._living.get(conversation_id)
        if living is not None:
            living.rename(title)
            return
        row = self._read_rows().get(conversation_id)
        title = " ".join(title.split())
        if row is not None and title and title != row.title:
            self._put(replace(row, title=title))
            self._services.store.post(SaveConversation(replace(row, title=title)))

    def delete(self, ids: Iterable[str]) -> None:
        """Delete conversations; their tabs are closed by whoever shows them."""
        rows = self._read_rows()
        gone = tuple(rows.pop(one) for one in dict.fromkeys(ids) if one in rows)
        if not gone:
            return
        self._deleted = gone
        self._order = None
        names = tuple(one.id for one in gone)
        self._services.store.post(DeleteConversations(names, now_ms()), durable=True)
        self.changed.emit()
        self.deleted.emit(len(gone))

    def undo_delete(self) -> bool:
        """Bring back what was deleted last; False where nothing is to be brought back."""
        back, self._deleted = self._deleted, ()
        if not back:
            return False
        names = tuple(one.id for one in back)
        self._services.store.post(RestoreConversations(names), durable=True)
        self._read_rows().update({one.id: one for one in back})
        self._order = None
        self.changed.emit()
        return True

    def refresh(self) -> None:
        """Read the list again: the command line may have added chats beside the window."""
        self._rows = None
        self._order = None
        self.changed.emit()

    def workspace(self) -> Workspace:
        """Return what the window held open last time; nothing where another window has it."""
        return self._services.store.workspace() if self._holds_window else Workspace()

    def save_workspace(self, workspace: Workspace) -> None:
        """Keep what the window holds open, without its temporary chats."""
        if not self._holds_window:
            return
        tabs = tuple(one for one in workspace.tabs if not self._is_temporary(one.conversation_id))
        self._services.store.post(SaveWorkspace(replace(workspace, tabs=tabs)))

    def draft(self, conversation_id: str) -> Draft:
        """Return the unsent text of a conversation."""
        return self._read_drafts().get(conversation_id, Draft())

    def drafts(self) -> frozenset[str]:
        """Return the ids of the conversations with an unsent text."""
        return frozenset(key for key, draft in self._read_drafts().items() if draft.text)

    def save_draft(self, conversation_id: str, draft: Draft) -> None:
        """Keep the unsent text of a conversation; that of a temporary one only in memory."""
        drafts = self._read_drafts()
        if drafts.get(conversation_id, Draft()) == draft:
            return
        had = conversation_id in self.drafts()
        drafts[conversation_id] = draft
        if not self._is_temporary(conversation_id) and self._holds_window:
            self._store_draft(conversation_id, draft)
        if had != bool(draft.text):
            self.changed.emit()

    def recent_choices(self) -> tuple[ModelChoice, ...]:
        """Return the models that chats talked to last, at most five."""
        return tuple(self._services.store.recent_choices(5))

    def close(self) -> None:
        """Save what every open session has and let go of the network, at the end."""
        for session in self.living():
            session.close(MessageState.INTERRUPTED)

    def release(self) -> None:
        """Give tabs, drafts and geometry free for another window."""
        if self._lock is not None:
            self._lock.release()

    def _open(
        self, conversation: Conversation, *, stored: bool, temporary: bool = False
    ) -> ChatSession:
        session = ChatSession(
            self._services, conversation, temporary=temporary, stored=stored, parent=self
        )
        session.saved.connect(lambda: self._on_saved(session))
        session.busy_changed.connect(self.changed)
        self._living[session.id] = session
        return session

    def _keep_until_stored(self, session: ChatSession) -> None:
        """Hold a closed session's messages as long as a reader could still see older ones."""
        conversation_id, tree = session.id, session.tree
        self._closing[conversation_id] = tree

        def let_go() -> None:
            if self._closing.get(conversation_id) is tree:
                del self._closing[conversation_id]

        self._services.store.post(durable=True, then=let_go)

    def _on_saved(self, session: ChatSession) -> None:
        if not session.temporary:
            self._put(session.conversation)

    @Slot()
    def _read_rest(self) -> None:
        if self._rows is not None:
            rest = self._services.store.conversations(ALL_ROWS, FIRST_ROWS)
            self._rows = {one.id: one for one in rest} | self._rows
            self._order = None
            self.changed.emit()

    def _put(self, conversation: Conversation) -> None:
        self._read_rows()[conversation.id] = conversation
        self._order = None
        self.changed.emit()

    def _read_rows(self) -> dict[str, Conversation]:
        if self._rows is None:
            first = self._services.store.conversations(FIRST_ROWS)
            self._rows = {one.id: one for one in first}
            if len(first) == FIRST_ROWS:
                QTimer.singleShot(0, self, self._read_rest)
        return self._rows

    def _read_drafts(self) -> dict[str, Draft]:
        if self._drafts is None:
            self._drafts = self._services.store.drafts() if self._holds_window else {}
        return self._drafts

    def _store_draft(self, conversation_id: str, draft: Draft) -> None:
        living = self._living.get(conversation_id)
        if living is not None and living.is_empty:
            # A new chat has no row of its own before its first question.
            row = SaveConversation(living.conversation)
            self._services.store.post(row, SaveDraft(conversation_id, draft))
        else:
            self._services.store.post(SaveDraft(conversation_id, draft))

    def _is_temporary(self, conversation_id: str) -> bool:
        living = self._living.get(conversation_id)
        return living is not None and living.temporary

    def _new_conversation(self, conversation_id: str) -> Conversation:
        choice = self._services.preferences.choice()
        now = now_ms()
        return Conversation(
            id=conversation_id,
            created_ms=now,
            updated_ms=now,
            provider_id=choice.provider_id,
            model=choice.model,
        )
