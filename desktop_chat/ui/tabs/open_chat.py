"""A chat that has a tab, shown or not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.workspace import OpenTab
from desktop_chat.transcript.items import ReadingPosition
from desktop_chat.ui.sidebar.chat_groups import UNTITLED
from desktop_chat.ui.tabs.painting import TabFace

if TYPE_CHECKING:
    from desktop_chat.runtime.chats.library import Library
    from desktop_chat.runtime.chats.session import ChatSession
    from desktop_chat.ui.chat.chat_tab import ChatTab
    from desktop_chat.ui.look.marks import Mark

TEMPORARY: Final = "Temporary chat"


@dataclass(slots=True, eq=False)
class OpenChat:
    """A tab's chat. Its widget is made when it is first shown."""

    session: ChatSession
    preview: bool = False
    position: ReadingPosition | None = None
    """Where it was read before it had a widget."""
    widget: ChatTab | None = None

    @property
    def reading(self) -> ReadingPosition | None:
        """Where the person reads in it."""
        return self.widget.position if self.widget is not None else self.position

    def face(self, mark: Mark) -> TabFace:
        """Return what its tab shows."""
        session = self.session
        title = session.title or (TEMPORARY if session.temporary else UNTITLED)
        model = session.setup.choice.model
        tooltip = f"{title}\n{model}" if model else title
        return TabFace(session.id, title, tooltip, mark, self.preview)

    def is_blank(self, library: Library) -> bool:
        """Whether nothing was asked or written in it."""
        if not self.session.is_empty:
            return False
        if self.widget is not None:
            return not self.widget.composer.text()
        return not library.draft(self.session.id).text

    def remembered(self) -> OpenTab:
        """Return what it takes to open it another time as it is now."""
        place = self.reading or ReadingPosition()
        return OpenTab(
            conversation_id=self.session.id,
            preview=self.preview,
            item_id=place.item_id,
            block=place.block,
            offset=place.offset,
            following=place.following,
            y=place.y,
        )


def position_of(tab: OpenTab) -> ReadingPosition | None:
    """Return the place that was read in a tab; None where none is known."""
    if not tab.item_id and not tab.following:
        return None
    return ReadingPosition(tab.item_id, tab.block, tab.offset, tab.following, tab.y)


def is_worth_opening(session: ChatSession, library: Library) -> bool:
    """Whether there is anything in a chat that was open before."""
    gone = session.conversation.deleted_ms is not None
    return not gone and (not session.is_empty or bool(library.draft(session.id).text))
