"""The open chats: which there are, in what order, and which one is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.tabs.closed_tabs import ClosedTab, ClosedTabs
from desktop_chat.ui.tabs.open_chat import OpenChat, is_worth_opening, position_of

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtWidgets import QStackedWidget

    from desktop_chat.domain.workspace import OpenTab
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from desktop_chat.ui.look.marks import Marks
    from desktop_chat.ui.tabs.strip import TabStrip


class Tabs(QObject):
    """Opens, closes and orders chats. There is always one."""

    current_changed = Signal()
    made = Signal(object)
    """Payload: a `ChatTab` that is shown for the first time."""
    changed = Signal()
    """What is open, or in which order, is another."""
    answer_cut = Signal(str)
    """This chat's tab was closed while its answer was on its way; what came is saved."""
    reopened = Signal(str)
    """The tab of this chat is open again."""

    def __init__(
        self,
        appearance: Appearance,
        core: Core,
        marks: Marks,
        strip: TabStrip,
        stack: QStackedWidget,
    ) -> None:
        super().__init__(stack)
        self._appearance = appearance
        self._core = core
        self._marks = marks
        self._strip = strip
        self._stack = stack
        self._chats: list[OpenChat] = []
        self._closed = ClosedTabs()
        strip.chosen.connect(self.choose)
        strip.close_wished.connect(self.close)
        strip.keep_wished.connect(self.keep)
        strip.tabMoved.connect(self._on_moved)
        marks.changed.connect(self._on_mark_changed)

    @property
    def count(self) -> int:
        """How many chats are open."""
        return len(self._chats)

    @property
    def index(self) -> int:
        """Which one is shown."""
        return self._strip.currentIndex()

    @property
    def current(self) -> ChatTab:
        """The chat that is shown."""
        return self._widget(self._chats[self.index])

    @property
    def can_reopen(self) -> bool:
        """Whether a closed tab is remembered."""
        return len(self._closed) > 0

    def open_tabs(self) -> tuple[OpenTab, ...]:
        """Return what is open, to be restored another time."""
        return tuple(chat.remembered() for chat in self._chats if not chat.session.temporary)

    def open_index(self) -> int:
        """Return which of `open_tabs` is the shown one."""
        before = self._chats[: self.index]
        return sum(1 for chat in before if not chat.session.temporary)

    # Opening

    def open_new(self, *, temporary: bool = False) -> None:
        """Show a new chat: the empty one, if there is one already."""
        for index, chat in enumerate(self._chats):
            if chat.is_blank(self._core.library) and chat.session.temporary == temporary:
                self.choose(index)
                return
        session = self._core.library.new_session(temporary=temporary)
        self._insert(len(self._chats), OpenChat(session))
        self.choose(len(self._chats) - 1)

    def open_chat(self, conversation_id: str) -> None:
        """Go to a chat's tab, or show it in the one preview tab."""
        index = self.find(conversation_id)
        if index < 0:
            index = self._open_preview(conversation_id)
        self.choose(index)

    def open_lasting(self, conversation_id: str) -> None:
        """Show a chat in a tab that lasts."""
        self.open_chat(conversation_id)
        self.keep(self.index)

    def open_behind(self, conversation_id: str) -> None:
        """Open a chat in a tab of its own, without going there."""
        if self.find(conversation_id) < 0:
            session = self._core.library.session(conversation_id)
            self._insert(self.index + 1, OpenChat(session))

    def restore(self, tabs: Iterable[OpenTab], active: int) -> None:
        """Open what was open last time; only the active chat is read now."""
        wanted = 0
        for at, tab in enumerate(tabs):
            session = self._core.library.session(tab.conversation_id)
            if not is_worth_opening(session, self._core.library):
                self._core.library.close_session(session)
                continue
            if at <= active:
                wanted = len(self._chats)
            self._insert(len(self._chats), OpenChat(session, tab.preview, position_of(tab)))
        if self._chats:
            self.choose(wanted)
        else:
            self.open_new()

    # Closing

    def close(self, index: int) -> None:
        """Close a tab. An answer on its way ends, and what came of it is kept."""
        if not 0 <= index < len(self._chats):
            return
        chat = self._chats[index]
        if len(self._chats) == 1:
            if chat.is_blank(self._core.library):
                return
            self._insert(1, OpenChat(self._core.library.new_session()))
        was_current = index == self.index
        was_busy = chat.session.busy
        self._remember(index, chat)
        self._take_out(index)
        self._end(chat)
        if was_current:
            self._show(self.index)
        if was_busy and not chat.session.temporary:
            self.answer_cut.emit(chat.session.id)

    def close_current(self) -> None:
        """Close the tab that is shown."""
        self.close(self.index)

    def close_others(self, index: int) -> None:
        """Close every tab but one."""
        stays = self._chats[index]
        for chat in [one for one in self._chats if one is not stays]:
            self.close(self._chats.index(chat))

    def close_chat(self, conversation_id: str) -> bool:
        """Close a chat's tab; False where it has none."""
        index = self.find(conversation_id)
        self.close(index)
        return index >= 0

    def reopen(self, conversation_id: str = "") -> None:
        """Open a chat's tab again, or the one closed last, in its place and at its line."""
        while (closed := self._closed.pop(conversation_id)) is not None:
            if self.find(closed.conversation_id) >= 0:
                continue
            session = self._core.library.session(closed.conversation_id)
            if not is_worth_opening(session, self._core.library):
                self._core.library.close_session(session)
                continue
            index = min(closed.index, len(self._chats))
            self._insert(index, OpenChat(session, closed.preview, closed.position))
            self.choose(index)
            self.reopened.emit(closed.conversation_id)
            return

    def save_drafts(self) -> None:
        """Keep every unsent text now."""
        for chat in self._chats:
            if chat.widget is not None:
                chat.widget.composer.flush_draft()

    # Choosing

    def find(self, conversation_id: str) -> int:
        """Return which tab a chat has; -1 where it has none."""
        for index, chat in enumerate(self._chats):
            if chat.session.id == conversation_id:
                return index
        return -1

    def choose(self, index: int) -> None:
        """Show a tab."""
        if 0 <= index < len(self._chats):
            self._strip.choose(index)
            self._show(index)

    def choose_last(self) -> None:
        """Show the last tab."""
        self.choose(len(self._chats) - 1)

    def step(self, by: int) -> None:
        """Show the next tab or the one before, round and round."""
        self.choose((self.index + by) % len(self._chats))

    def move(self, by: int) -> None:
        """Move the shown tab right or left."""
        other = self.index + by
        if 0 <= other < len(self._chats):
            self._strip.move_tab(self.index, other)

    def keep(self, index: int) -> None:
        """Make a preview tab a lasting one."""
        if 0 <= index < len(self._chats) and self._chats[index].preview:
            self._chats[index].preview = False
            self._show_face(self._chats[index])
            self.changed.emit()

    # Slots

    def _on_moved(self, index: int, other: int) -> None:
        self._chats.insert(other, self._chats.pop(index))
        self.changed.emit()

    def _on_mark_changed(self, conversation_id: str) -> None:
        index = self.find(conversation_id)
        if index >= 0:
            self._show_face(self._chats[index])

    # Private

    def _open_preview(self, conversation_id: str) -> int:
        session = self._core.library.session(conversation_id)
        old = next((at for at, chat in enumerate(self._chats) if chat.preview), -1)
        index = old if old >= 0 else self.index + 1
        self._insert(index, OpenChat(session, preview=True))
        if old >= 0:
            replaced = self._chats[old + 1]
            self._take_out(old + 1)
            self._end(replaced)
        return index

    def _insert(self, index: int, chat: OpenChat) -> None:
        session = chat.session
        self._chats.insert(index, chat)
        self._closed.drop(session.id)
        self._marks.watch(session)
        self._strip.insert_face(index, chat.face(self._marks.mark(chat.session.id)))
        session.title_changed.connect(lambda: self._show_face(chat))
        session.setup.choice_changed.connect(lambda: self._show_face(chat))
        self.changed.emit()

    def _take_out(self, index: int) -> None:
        """Take a tab out of the strip; its right neighbour follows as the shown one."""
        current = self.index
        if current > index or (current == index and index == len(self._chats) - 1):
            current -= 1
        self._chats.pop(index)
        self._strip.remove_face(index, current)
        self.changed.emit()

    def _end(self, chat: OpenChat) -> None:
        if chat.widget is not None:
            chat.widget.composer.flush_draft()
            self._stack.removeWidget(chat.widget)
            chat.widget.hide()
        self._marks.forget(chat.session.id)
        self._core.library.close_session(chat.session)
        if chat.widget is not None:
            chat.widget.deleteLater()

    def _remember(self, index: int, chat: OpenChat) -> None:
        if not chat.session.temporary and not chat.is_blank(self._core.library):
            self._closed.push(ClosedTab(chat.session.id, index, chat.reading, chat.preview))

    def _show(self, index: int) -> None:
        chat = self._chats[index]
        widget = self._widget(chat)
        # It has its size before it is filled: else all would be laid out twice.
        self._stack.setCurrentWidget(widget)
        widget.load(chat.position)
        if not self._strip.hasFocus():
            widget.focus_message()
        self.current_changed.emit()
        self.changed.emit()

    def _widget(self, chat: OpenChat) -> ChatTab:
        if chat.widget is None:
            widget = ChatTab(self._appearance, self._core, chat.session, self._stack)
            chat.widget = widget
            widget.composing.used.connect(lambda: self.keep(self.find(chat.session.id)))
            widget.composing.draft_noted.connect(
                lambda has_draft: self._marks.set_draft(chat.session.id, has_draft=has_draft)
            )
            self._stack.addWidget(widget)
            self.made.emit(widget)
        return chat.widget

    def _show_face(self, chat: OpenChat) -> None:
        if chat in self._chats:
            self._strip.set_face(
                self._chats.index(chat), chat.face(self._marks.mark(chat.session.id))
            )
