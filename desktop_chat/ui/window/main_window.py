"""The main window: places its parts and connects them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtWidgets import QApplication, QMainWindow, QMenu, QStackedWidget, QVBoxLayout, QWidget
from typing_extensions import override

from desktop_chat.domain.providers import DEMO_PROVIDER_ID
from desktop_chat.domain.settings import RESTORE_TABS
from desktop_chat.domain.workspace import Workspace
from desktop_chat.ui.actions import fill_menu, give_reading, make_actions
from desktop_chat.ui.controls.toast import Toast
from desktop_chat.ui.look.marks import Marks, RingClock
from desktop_chat.ui.look.zoom import Zoom
from desktop_chat.ui.sidebar.chat_groups import UNTITLED
from desktop_chat.ui.sidebar.sidebar import Sidebar
from desktop_chat.ui.tabs.row import TabRow
from desktop_chat.ui.tabs.tabs import Tabs
from desktop_chat.ui.window import accessible as window_accessible
from desktop_chat.ui.window.chat_changes import ChatChanges
from desktop_chat.ui.window.chat_commands import ChatCommands
from desktop_chat.ui.window.commands import WindowCommands
from desktop_chat.ui.window.dialogs import Dialogs
from desktop_chat.ui.window.frame import WindowFrame
from desktop_chat.ui.window.notice_bar import NoticeBar
from desktop_chat.ui.window.program_notices import ProgramNotices
from desktop_chat.ui.window.workspace_keeper import WorkspaceKeeper

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QCloseEvent, QKeyEvent, QWheelEvent

    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.chat.chat_tab import ChatTab
    from desktop_chat.ui.look.appearance import Appearance

SMALLEST: Final = QSize(480, 400)
FIRST_SIZE: Final = QSize(1180, 820)
CUT: Final = "Closed. The answer so far is saved."


class MainWindow(QMainWindow):
    """Sidebar, tabs and the shown chat. Knows how they are joined, and nothing else."""

    first_painted = Signal()
    """The shown chat and its composer were painted for the first time."""

    def __init__(self, core: Core, appearance: Appearance, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.core = core
        self.appearance = appearance
        self._closing = False
        self._cut = ""
        window_accessible.install(MainWindow)
        self._was_active = False
        workspace = core.library.workspace()
        self._zoom = Zoom(self.appearance)
        self._marks = Marks(core.library.drafts(), self)
        self.frame = WindowFrame(appearance, self)
        self.sidebar = Sidebar(appearance, core.library, self._marks, self.frame)
        self._content = QWidget(self.frame)
        self._row = TabRow(appearance, RingClock(self), self._content)
        self.strip = self._row.strip
        self.notice_bar = NoticeBar(appearance, self._content)
        self._stack = QStackedWidget(self._content)
        self.toast = Toast(appearance, self._content)
        self.tabs = Tabs(appearance, core, self._marks, self.strip, self._stack)
        self.changes = ChatChanges(core.library, self.tabs, self.toast, self)
        self.dialogs = Dialogs(appearance, core, self)
        self._notices = ProgramNotices(core, self.notice_bar)
        self._place(workspace)
        self._chat_commands = ChatCommands(self.tabs, core, self.notice_bar)
        self._actions = make_actions(self, self._handlers())
        self._keeper = WorkspaceKeeper(core.library, self._workspace, self)
        self._connect()
        self._restore(workspace)

    def open_menu(self) -> None:
        """Show the window's menu under its button."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._actions["reopen_tab"].setEnabled(True)
        fill_menu(menu, self._actions)
        shown = self.frame.sidebar_shown
        button = self.sidebar.menu_button if shown else self._row.sidebar_button
        menu.popup(button.mapToGlobal(QPoint(0, button.height() + 4)))

    # Slots

    def _on_tab_made(self, tab: ChatTab) -> None:
        tab.services_wished.connect(self.dialogs.add_service)
        tab.assistants_wished.connect(self.dialogs.open_assistants)
        tab.prompts_wished.connect(self.dialogs.open_prompts)
        tab.search_wished.connect(self._on_search_wished)
        tab.composer.key_kept.connect(self.dialogs.add_service)
        give_reading(self._actions, tab.transcript)
        tab.transcript.save_requested.connect(self._chat_commands.save_code)
        wishes = tab.message_actions
        wishes.save_wished.connect(self._chat_commands.save_chat)
        wishes.new_chat_wished.connect(self.tabs.open_new)
        wishes.network_wished.connect(self.dialogs.open_network)
        wishes.service_wished.connect(self.dialogs.edit_service)
        wishes.site_wished.connect(self.dialogs.open_site)
        wishes.usage_wished.connect(self.dialogs.open_usage)
        tab.session.busy_changed.connect(self._show_title)
        tab.session.title_changed.connect(self._show_title)

    def _on_current_changed(self) -> None:
        tab = self.tabs.current
        self.toast.set_floor(tab.composer)
        self.sidebar.list.show_chosen(tab.session.id)
        self._show_front()
        self._show_title()

    def _on_answer_cut(self, conversation_id: str) -> None:
        self._cut = conversation_id
        self.toast.offer(CUT, lambda: self.tabs.reopen(conversation_id), "Reopen")

    def _on_reopened(self, conversation_id: str) -> None:
        if self.toast.text == CUT and conversation_id == self._cut:
            self.toast.dismiss()

    def _on_news(self) -> None:
        if not self.isActiveWindow():
            QApplication.alert(self)

    def _on_tab_menu(self, index: int, point: QPoint) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction("Close").triggered.connect(lambda: self.tabs.close(index))
        others = menu.addAction("Close the others")
        others.setEnabled(self.tabs.count > 1)
        others.triggered.connect(lambda: self.tabs.close_others(index))
        menu.addSeparator()
        again = menu.addAction("Reopen closed tab")
        again.setEnabled(self.tabs.can_reopen)
        again.triggered.connect(lambda _checked=False: self.tabs.reopen())
        menu.popup(point)

    def _on_chat_wished(self, conversation_id: str) -> None:
        self.tabs.open_chat(conversation_id)
        self.frame.close_drawer()

    def _on_lasting_wished(self, conversation_id: str) -> None:
        self.tabs.open_lasting(conversation_id)
        self.frame.close_drawer()
        self.tabs.current.focus_message()

    def _on_new_wished(self) -> None:
        self.tabs.open_new()
        self.frame.close_drawer()

    def _on_typed(self, text: str) -> None:
        self.tabs.current.type_text(text)

    def _on_message_wished(self) -> None:
        self.frame.close_drawer()
        self.tabs.current.focus_message()

    def _on_connected(self, provider: Provider) -> None:
        """Let the shown chat talk to a new service, unless it talks to a real one already."""
        session = self.tabs.current.session
        if session.setup.choice.provider_id in (DEMO_PROVIDER_ID, provider.id):
            session.setup.set_choice(self.core.preferences.choice())
        # The field where the key was pasted first is gone, and would go on taking what is typed.
        self.tabs.current.focus_message()

    def _on_search_wished(self, words: str) -> None:
        if not self.frame.sidebar_shown:
            self.frame.toggle_sidebar()
        self.sidebar.focus_search(words)

    def _on_sidebar_changed(self) -> None:
        self._row.show_sidebar_button(shown=not self.frame.sidebar_shown)
        self._keeper.changed()

    # Private

    def _place(self, workspace: Workspace) -> None:
        self.setMinimumSize(SMALLEST)
        column = QVBoxLayout(self._content)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._row)
        column.addWidget(self.notice_bar)
        column.addWidget(self._stack, 1)
        self.setCentralWidget(self.frame)
        geometry = QByteArray(workspace.geometry)
        if geometry.isEmpty() or not self.restoreGeometry(geometry):
            self.resize(FIRST_SIZE)
        self.frame.fill(self.sidebar, self._content, chosen=workspace.sidebar)
        self._row.show_sidebar_button(shown=not self.frame.sidebar_shown)

    def _handlers(self) -> dict[str, Callable[[], object]]:
        zoom = self._zoom
        return {
            **self._chat_commands.handlers(),
            **WindowCommands(self.frame, self.sidebar, self.strip, self.tabs).handlers(),
            "undo": self.changes.undo,
            "settings": self.dialogs.open_settings,
            "services": self.dialogs.open_services,
            "usage": self.dialogs.open_usage,
            "assistants": self.dialogs.open_assistants,
            "prompts": self.dialogs.open_prompts,
            "shortcuts": self.dialogs.open_shortcuts,
            "copy_diagnostics": self.dialogs.copy_diagnostics,
            "zoom_in": partial(zoom.step, 1),
            "zoom_out": partial(zoom.step, -1),
            "zoom_reset": zoom.reset,
            "menu": self.open_menu,
            "full_screen": self._toggle_full_screen,
            "quit": self.close,
        }

    def _toggle_full_screen(self) -> None:
        (self.showNormal if self.isFullScreen() else self.showFullScreen)()

    def _restore(self, workspace: Workspace) -> None:
        if self.core.preferences.value(RESTORE_TABS):
            self.tabs.restore(workspace.tabs, workspace.active)
        else:
            self.tabs.open_new()
        tab = self.tabs.current
        tab.painted.connect(self.first_painted)
        tab.watch_first_paint()

    def _workspace(self) -> Workspace:
        return Workspace(
            tabs=self.tabs.open_tabs(),
            active=self.tabs.open_index(),
            geometry=bytes(self.saveGeometry().data()),
            sidebar=self.frame.chosen,
        )

    def _connect(self) -> None:
        tabs, sidebar, strip = self.tabs, self.sidebar, self.strip
        tabs.made.connect(self._on_tab_made)
        tabs.current_changed.connect(self._on_current_changed)
        tabs.answer_cut.connect(self._on_answer_cut)
        tabs.reopened.connect(self._on_reopened)
        tabs.changed.connect(self._keeper.changed)
        strip.menu_wished.connect(self._on_tab_menu)
        strip.typed.connect(self._on_typed)
        self._row.new_wished.connect(tabs.open_new)
        self._row.folded_sidebar_wished.connect(self.frame.toggle_sidebar)
        self.frame.sidebar_changed.connect(self._on_sidebar_changed)
        sidebar.new_wished.connect(self._on_new_wished)
        sidebar.settings_wished.connect(self.dialogs.open_settings)
        sidebar.menu_button_pressed.connect(self.open_menu)
        sidebar.message_wished.connect(self._on_message_wished)
        sidebar.delete_wished.connect(self.changes.delete)
        sidebar.model.rename_wished.connect(self.changes.rename)
        sidebar.list.open_wished.connect(self._on_chat_wished)
        sidebar.list.keep_wished.connect(self._on_lasting_wished)
        sidebar.list.background_wished.connect(tabs.open_behind)
        sidebar.list.typed.connect(self._on_typed)
        self._marks.news.connect(self._on_news)
        self.dialogs.connected.connect(self._on_connected)
        self.dialogs.told.connect(lambda text: self.notice_bar.show_notice("told", text, ()))
        self._notices.usage_wished.connect(self.dialogs.open_usage)

    def _show_title(self) -> None:
        session = self.tabs.current.session
        # One such mark alone stands for "not saved" in the title of a window.
        title = (session.title or UNTITLED).replace("[*]", "[*][*]")
        self.setWindowTitle(f"Answering · {title}" if session.busy else title)

    def _show_front(self) -> None:
        shown = self.tabs.current.session.id
        self._marks.set_shown(shown, in_front=self.isActiveWindow())

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Write what no pane wanted: typing anywhere is writing a message."""
        plain = event.modifiers() in (
            Qt.KeyboardModifier.NoModifier,
            Qt.KeyboardModifier.ShiftModifier,
            Qt.KeyboardModifier.GroupSwitchModifier,
        )
        if plain and event.text().isprintable() and event.text().strip():
            self._on_typed(event.text())
        else:
            super().keyPressEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom where no pane wanted the wheel for itself."""
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._zoom.wheel(event)
        else:
            super().wheelEvent(event)

    @override
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.ActivationChange and not self._closing:
            self._show_front()
            if self.isActiveWindow() and self._was_active:
                # The command line may have added chats meanwhile.
                self.core.library.refresh()
            self._was_active = True

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        """Save what is here; whoever made the window then ends the core."""
        self._closing = True
        self.tabs.save_drafts()
        self._keeper.save()
        super().closeEvent(event)
