"""The whole window, as a person uses it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QAction, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit, QMenu, QWidget
from typing_extensions import override

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.providers import ModelChoice, Provider
from desktop_chat.transcript.input.code_acts import FileOffer
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.ui.settings.settings_dialog import SettingsDialog
from desktop_chat.ui.window.main_window import MainWindow

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import MakeChats

    Opener = Callable[[], MainWindow]

CONTROL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def open_window(
    qtbot: QtBot, appearance: Appearance, start_core: Callable[[], Core]
) -> Callable[[], MainWindow]:
    """Start the program's window, as often as a test wants."""

    def start() -> MainWindow:
        window = MainWindow(start_core(), appearance)
        qtbot.addWidget(window)
        with qtbot.waitSignal(window.first_painted):
            window.show()
        window.activateWindow()
        qtbot.waitUntil(window.isActiveWindow)
        return window

    return start


class _Keys(QObject):
    """The keys that a widget was given, instead of a shortcut."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.keys: list[int] = []
        widget.installEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            self.keys.append(event.key())
        return False


def _answer(qtbot: QtBot, window: MainWindow, question: str) -> None:
    session = window.tabs.current.session
    with qtbot.waitSignal(session.finished, timeout=20_000):
        QTest.keyClicks(window.tabs.current.composer.editor, question)
        QTest.keyClick(window.tabs.current.composer.editor, Qt.Key.Key_Return)


def _titles(window: MainWindow) -> list[str]:
    return [face.title for face in window.strip.faces]


def test_the_window_opens_on_a_new_chat_with_the_cursor_in_message(open_window: Opener) -> None:
    window = open_window()
    assert _titles(window) == ["New chat"]
    assert window.windowTitle() == "New chat"
    assert QApplication.focusWidget() is window.tabs.current.composer.editor


def test_a_question_is_asked_and_answered(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    titles: list[str] = []
    window.windowTitleChanged.connect(titles.append)
    _answer(qtbot, window, "long 20")
    tab = window.tabs.current
    assert [one.role.value for one in tab.session.messages] == ["user", "assistant"]
    assert "Answering · long 20" in titles
    assert window.windowTitle() == "long 20"
    assert tab.composer.text() == ""
    qtbot.waitUntil(lambda: window.sidebar.model.chat_count == 1)
    assert _titles(window) == ["long 20"]


def test_tabs_places_and_drafts_come_back(
    qtbot: QtBot, open_window: Opener, make_chats: MakeChats
) -> None:
    ids = make_chats("One", "Two", "Three", answer="A line.\n\n" * 200)
    window = open_window()
    window.tabs.open_lasting(ids[0])
    window.tabs.open_lasting(ids[1])
    window.tabs.current.composer.set_text("a draft for later", 7)
    window.tabs.current.transcript.scroll_to(500)
    place = window.tabs.current.transcript.reading_position()
    window.tabs.open_chat(ids[2])
    window.tabs.choose(2)
    window.resize(760, 700)
    window.close()
    window = open_window()
    assert _titles(window) == ["One", "Two", "Three"]
    assert window.tabs.index == 1
    assert window.size().width() == 760
    assert window.strip.faces[2].preview
    tab = window.tabs.current
    assert (tab.composer.draft().text, tab.composer.draft().caret) == ("a draft for later", 7)
    document, scroller = tab.transcript.document, tab.transcript.scroller
    number = document.number(place.item_id)
    read = document.messages[number].caret(Place(TEXT, place.block, place.offset))
    assert document.top(number) + read.top() - scroller.scroll == place.y


def test_typing_anywhere_writes_a_message(
    qtbot: QtBot, open_window: Opener, make_chats: MakeChats
) -> None:
    make_chats("One")
    window = open_window()
    editor = window.tabs.current.composer.editor
    for pane in (window.sidebar.list, window.strip):
        pane.setFocus()
        QTest.keyClick(pane, Qt.Key.Key_H)
        assert QApplication.focusWidget() is editor
    assert editor.toPlainText() == "hh"


def test_f6_goes_round_the_panes(qtbot: QtBot, open_window: Opener, make_chats: MakeChats) -> None:
    ids = make_chats("One")
    window = open_window()
    window.tabs.open_lasting(ids[0])
    tab = window.tabs.current
    visited = []
    here: QWidget | None = tab.composer.editor
    for _ in range(4):
        assert here is not None
        QTest.keyClick(here, Qt.Key.Key_F6)
        here = QApplication.focusWidget()
        visited.append(here)
    assert visited == [window.sidebar.list, window.strip, tab.transcript, tab.composer.editor]
    QTest.keyClick(tab.composer.editor, Qt.Key.Key_F6, SHIFT)
    assert QApplication.focusWidget() is tab.transcript


def test_tabs_are_opened_closed_and_chosen_by_keys(
    qtbot: QtBot, open_window: Opener, make_chats: MakeChats
) -> None:
    ids = make_chats("One", "Two")
    window = open_window()
    window.tabs.open_lasting(ids[0])
    window.tabs.open_lasting(ids[1])

    def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = CONTROL) -> None:
        QTest.keyClick(window.tabs.current.composer.editor, key, modifiers)

    press(Qt.Key.Key_2)
    assert window.tabs.index == 1
    press(Qt.Key.Key_9)
    assert window.tabs.index == 2
    press(Qt.Key.Key_PageUp, CONTROL | SHIFT)
    assert _titles(window) == ["New chat", "Two", "One"]
    press(Qt.Key.Key_W)
    assert _titles(window) == ["New chat", "One"]
    press(Qt.Key.Key_T, CONTROL | SHIFT)
    assert _titles(window) == ["New chat", "Two", "One"]
    press(Qt.Key.Key_T)
    assert window.tabs.index == 0
    press(Qt.Key.Key_Tab)
    assert window.tabs.index == 1


@pytest.mark.parametrize(
    ("widths", "shown", "sidebar"),
    [
        ((900,), True, 232),
        ((900, 830), True, 232),
        ((900, 815), False, None),
        ((900, 815, 840), False, None),
        ((900, 815, 870), True, 232),
        ((1280,), True, 256),
        ((1920,), True, 288),
    ],
)
def test_the_sidebar_folds_below_820_and_returns_above_860(
    widths: tuple[int, ...], shown: bool, sidebar: int | None, open_window: Opener
) -> None:
    window = open_window()
    for width in widths:
        window.resize(width, 600)
    assert window.frame.sidebar_shown == shown
    assert window.sidebar.isVisible() == shown
    if sidebar is not None:
        assert window.sidebar.width() == sidebar


def test_a_sidebar_that_the_person_put_away_stays_away(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    QTest.keyClick(window.tabs.current.composer.editor, Qt.Key.Key_B, CONTROL)
    assert not window.frame.sidebar_shown
    window.resize(600, 600)
    window.resize(1200, 600)
    assert not window.frame.sidebar_shown
    window.close()
    window = open_window()
    assert not window.frame.sidebar_shown


def test_in_a_small_window_the_sidebar_is_a_drawer_that_esc_puts_away(
    qtbot: QtBot, open_window: Opener
) -> None:
    window = open_window()
    window.resize(600, 600)
    width = window.tabs.current.width()
    editor = window.tabs.current.composer.editor
    QTest.keyClick(editor, Qt.Key.Key_B, CONTROL)
    qtbot.waitUntil(lambda: window.frame.drawer_open and window.sidebar.x() == 0)
    assert window.sidebar.width() == 280
    assert window.tabs.current.width() == width
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert not window.frame.drawer_open
    qtbot.waitUntil(lambda: not window.sidebar.isVisible())


def test_a_click_in_the_list_shows_a_chat_and_the_middle_button_opens_it_behind(
    qtbot: QtBot, open_window: Opener, make_chats: MakeChats
) -> None:
    ids = make_chats("One", "Two")
    window = open_window()
    chats = window.sidebar.list
    places = [chats.visualRect(window.sidebar.model.index_of(one)).center() for one in ids]
    QTest.mouseClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=places[0])
    assert window.tabs.current.session.id == ids[0]
    assert window.strip.faces[1].preview
    QTest.mouseClick(chats.viewport(), Qt.MouseButton.MiddleButton, pos=places[1])
    assert window.tabs.current.session.id == ids[0]
    assert _titles(window) == ["New chat", "One", "Two"]
    QTest.mouseDClick(chats.viewport(), Qt.MouseButton.LeftButton, pos=places[0])
    assert not window.strip.faces[1].preview


def test_a_deleted_chat_comes_back_with_its_tab(
    qtbot: QtBot, open_window: Opener, make_chats: MakeChats
) -> None:
    ids = make_chats("One", "Two")
    window = open_window()
    window.tabs.open_lasting(ids[0])
    chats = window.sidebar.list
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_Delete)
    assert _titles(window) == ["New chat"]
    assert window.toast.text == "Chat deleted."
    qtbot.waitUntil(lambda: window.sidebar.model.chat_count == 1)
    QTest.keyClick(window.tabs.current.composer.editor, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: window.sidebar.model.chat_count == 2)
    assert _titles(window) == ["New chat", "One"]


def test_f2_renames_in_the_list(qtbot: QtBot, open_window: Opener, make_chats: MakeChats) -> None:
    ids = make_chats("One")
    window = open_window()
    window.tabs.open_lasting(ids[0])
    chats = window.sidebar.list
    chats.setFocus()
    QTest.keyClick(chats, Qt.Key.Key_F2)
    field = chats.findChild(QLineEdit)
    assert field is not None
    field.setText("Renamed")
    QTest.keyClick(field, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.sidebar.model.index_of(ids[0]).data() == "Renamed")
    assert _titles(window) == ["New chat", "Renamed"]
    assert window.windowTitle() == "Renamed"


def test_the_list_is_filtered_by_what_is_typed_over_it(
    qtbot: QtBot, open_window: Opener, make_chats: MakeChats
) -> None:
    make_chats("Trip to Lisbon", "Postgres upsert")
    window = open_window()
    QTest.keyClick(window.tabs.current.composer.editor, Qt.Key.Key_K, CONTROL)
    field = window.sidebar.field
    assert QApplication.focusWidget() is field
    QTest.keyClicks(field, "lisb")
    assert window.sidebar.model.chat_count == 1
    QTest.keyClicks(field, "x")
    assert window.sidebar.empty.text() == "Nothing found for “lisbx”. Try fewer or other words."
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert window.sidebar.model.chat_count == 2
    QTest.keyClick(field, Qt.Key.Key_Escape)
    assert QApplication.focusWidget() is window.tabs.current.composer.editor


def test_esc_stops_the_answer_of_the_shown_tab(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    tab = window.tabs.current
    with qtbot.waitSignal(tab.session.text_arrived, timeout=10_000):
        tab.composing.send("long 500")
    QTest.keyClick(tab.composer.editor, Qt.Key.Key_Escape)
    assert not tab.session.busy
    assert tab.session.messages[-1].text


def test_closing_a_tab_that_answers_offers_to_reopen_it(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    tab = window.tabs.current
    with qtbot.waitSignal(tab.session.text_arrived, timeout=10_000):
        tab.composing.send("long 500")
    QTest.keyClick(tab.composer.editor, Qt.Key.Key_W, CONTROL)
    assert window.toast.text == "Closed. The answer so far is saved."
    assert _titles(window) == ["New chat"]
    window.toast.undo()
    assert "long 500" in _titles(window)


def test_a_cut_answer_that_was_reopened_by_key_is_offered_no_more(
    qtbot: QtBot, open_window: Opener
) -> None:
    window = open_window()
    tab = window.tabs.current
    with qtbot.waitSignal(tab.session.text_arrived, timeout=10_000):
        tab.composing.send("long 500")
    QTest.keyClick(tab.composer.editor, Qt.Key.Key_W, CONTROL)
    assert window.toast.active
    QTest.keyClick(window.tabs.current.composer.editor, Qt.Key.Key_T, CONTROL | SHIFT)
    assert "long 500" in _titles(window)
    assert not window.toast.active


def test_what_concerns_the_whole_program_stands_under_the_tabs(open_window: Opener) -> None:
    window = open_window()
    assert not window.notice_bar.isVisible()
    window.core.noticed.emit(Failure(kind=ErrorKind.DISK_FULL))
    assert window.notice_bar.isVisible()
    window.core.solved.emit()
    assert not window.notice_bar.isVisible()


def test_each_damaged_file_is_told_of(open_window: Opener) -> None:
    window = open_window()
    for kept in ("settings.damaged.json", "providers.damaged.json", "settings.damaged.json"):
        window.core.noticed.emit(Failure(kind=ErrorKind.SETTINGS_DAMAGED, target=kept))
    told = [window.notice_bar.text(key) for key in window.notice_bar.keys]
    assert len(told) == 2
    assert all(any(kept in one for one in told) for kept in ("settings.d", "providers.d"))


def test_the_menu_holds_what_its_table_names(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    QTest.keyClick(window.tabs.current.composer.editor, Qt.Key.Key_F10)
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    texts = [one.text() for one in menu.actions() if not one.isSeparator()]
    assert texts[0] == "New chat"
    assert {"Settings", "Keyboard shortcuts", "Quit"} <= set(texts)
    menu.close()


def test_the_window_can_be_as_small_as_480_by_400(open_window: Opener) -> None:
    window = open_window()
    window.resize(100, 100)
    assert (window.width(), window.height()) == (480, 400)
    window.tabs.current.composer.set_text("\n".join("many lines" for _ in range(30)))
    assert window.tabs.current.composer.geometry().bottom() <= 400


def test_a_title_with_markup_is_shown_to_the_letter(
    open_window: Opener, make_chats: MakeChats
) -> None:
    title = "<b>bold</b> & [*] more"
    (chat_id,) = make_chats(title)
    window = open_window()
    window.tabs.open_lasting(chat_id)
    assert window.strip.faces[1].title == title
    assert "&lt;b&gt;" in window.strip.tabToolTip(1)
    assert window.strip.accessibleTabName(1) == title
    assert "[*][*]" in window.windowTitle()


def test_a_renaming_can_be_taken_back(open_window: Opener, make_chats: MakeChats) -> None:
    (chat_id,) = make_chats("Before")
    window = open_window()
    window.changes.rename(chat_id, "After")
    assert window.core.library.conversations()[0].title == "After"
    assert window.toast.text == "Renamed."
    assert window.changes.undo()
    assert window.core.library.conversations()[0].title == "Before"


def test_versions_are_stepped_through_by_keys(qtbot: QtBot, open_window: Opener) -> None:
    window = open_window()
    _answer(qtbot, window, "long 10")
    tab = window.tabs.current
    with qtbot.waitSignal(tab.session.finished, timeout=20_000):
        QTest.keyClick(tab.composer.editor, Qt.Key.Key_R, CONTROL)
    last = tab.session.messages[-1].id
    window.activateWindow()
    tab.transcript.setFocus()
    qtbot.waitUntil(tab.transcript.hasFocus)
    alt = Qt.KeyboardModifier.AltModifier
    QTest.keyClick(tab.transcript, Qt.Key.Key_Left, alt)
    assert tab.session.messages[-1].id == last
    tab.transcript.step_message(1)
    QTest.keyClick(tab.transcript, Qt.Key.Key_Left, alt)
    assert tab.session.messages[-1].id != last
    QTest.keyClick(tab.transcript, Qt.Key.Key_Right, alt)
    assert tab.session.messages[-1].id == last


def test_where_messages_are_written_alt_and_arrows_are_left_to_the_text(
    qtbot: QtBot, open_window: Opener
) -> None:
    window = open_window()
    _answer(qtbot, window, "long 10")
    tab = window.tabs.current
    with qtbot.waitSignal(tab.session.finished, timeout=20_000):
        QTest.keyClick(tab.composer.editor, Qt.Key.Key_R, CONTROL)
    last = tab.session.messages[-1].id
    tab.transcript.step_message(1)
    tab.composer.focus_message()
    editor = tab.composer.editor
    qtbot.waitUntil(editor.hasFocus)
    heard = _Keys(editor)
    QTest.keyClick(editor, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert Qt.Key.Key_Left in heard.keys
    assert tab.session.messages[-1].id == last


def test_a_service_that_was_connected_answers_in_the_shown_chat(open_window: Opener) -> None:
    window = open_window()
    preferences = window.core.preferences
    service = Provider(
        id=new_id(), name="Local", protocol="openai_chat", base_url="http://127.0.0.1:9/v1"
    )
    preferences.save_provider(service)
    preferences.set_choice(ModelChoice(service.id, "small"))
    window.dialogs.connected.emit(service)
    assert window.tabs.current.session.setup.choice == ModelChoice(service.id, "small")


def _round(window: MainWindow) -> list[str]:
    """Press Tab until the keyboard is where it was; return the names of what it came to."""
    window.tabs.current.focus_message()
    QApplication.processEvents()
    came: list[QWidget] = []
    while (here := QApplication.focusWidget()) is not None and here not in came:
        came.append(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert here is came[0]
    return [
        one.accessibleName() or str(getattr(one, "words", one.property("text"))) for one in came
    ]


def test_tab_goes_round_the_whole_window_of_a_new_person(open_window: Opener) -> None:
    assert _round(open_window())[:8] == [
        "Message",
        "Model: Demo",
        "Parameters",
        "Show me around",
        "Think first",
        "Write a long answer",
        "API key",
        "Other services…",
    ]


def test_tab_goes_round_the_whole_window_past_a_list_of_chats(
    open_window: Opener, make_chats: MakeChats
) -> None:
    make_chats("One", "Two")
    names = _round(open_window())
    assert names[0] == "Message"
    at = names.index("Search all chats")
    assert names[at : at + 2] == ["Search all chats", "Menu"]
    assert names[at + 3] == "Chats"
    assert names[at + 5] == "Open chats"


def test_a_key_field_that_is_gone_keeps_neither_key_nor_keyboard(open_window: Opener) -> None:
    window = open_window()
    page = window.tabs.current.page
    assert page is not None
    assert page.key_block is not None
    page.key_block.field.setFocus()
    page.key_block.field.setText("key-of-nobody-known-000")
    service = Provider(
        id=new_id(), name="Local", protocol="openai_chat", base_url="http://127.0.0.1:9/v1"
    )
    window.core.preferences.save_provider(service)
    window.dialogs.connected.emit(service)
    assert not page.key_block.isVisible()
    assert page.key_block.field.text() == ""
    assert QApplication.focusWidget() is window.tabs.current.composer.editor


@pytest.mark.parametrize("over", ["transcript", "composer"])
def test_the_wheel_zooms_with_control_over_every_pane(
    open_window: Opener, qtbot: QtBot, over: str
) -> None:
    window = open_window()
    _answer(qtbot, window, "help")
    tab = window.tabs.current
    pane = (tab.transcript if over == "transcript" else tab.composer.editor).viewport()
    place = QPointF(pane.mapTo(window, pane.rect().center()))
    zooms = []
    for turn in (60, 60, -240):
        QTest.wheelEvent(window.windowHandle(), place, QPoint(0, turn), QPoint(), CONTROL)
        zooms.append(window.appearance.zoom)
    assert zooms == [100, 110, 90]


def test_a_block_of_code_is_saved_under_its_name_and_a_refusal_is_told(
    qtbot: QtBot, open_window: Callable[[], MainWindow], tmp_path: Path
) -> None:
    window = open_window()
    offer = FileOffer("grow.py", "def grow(): ...\n", "Python")
    window.tabs.current.transcript.save_requested.emit(offer)
    dialog = window.findChild(QFileDialog)
    assert dialog is not None
    assert Path(dialog.selectedFiles()[0]).name == "grow.py"
    assert dialog.nameFilters()[0] == "Python (*.py)"
    path = tmp_path / "mine.py"
    dialog.fileSelected.emit(str(path))
    qtbot.waitUntil(path.exists)
    assert path.read_text("utf-8") == offer.text
    dialog.fileSelected.emit(str(tmp_path / "gone" / "mine.py"))
    qtbot.waitUntil(lambda: "save" in window.notice_bar.keys)
    assert "mine.py could not be saved" in window.notice_bar.text("save")
    dialog.close()


def test_diagnostics_are_copied_from_the_menu_and_from_the_settings(
    qtbot: QtBot, open_window: Callable[[], MainWindow]
) -> None:
    window = open_window()
    clipboard = QGuiApplication.clipboard()
    clipboard.clear()
    action = window.findChild(QAction, "copy_diagnostics")
    assert action is not None
    action.trigger()
    qtbot.waitUntil(lambda: "told" in window.notice_bar.keys)
    assert window.notice_bar.text("told").startswith("Diagnostics copied.")
    text = clipboard.text()
    assert text.startswith("Desktop Chat ")
    assert "Display: offscreen" in text
    clipboard.clear()
    window.dialogs.open_settings()
    (settings,) = window.findChildren(SettingsDialog)
    settings.diagnostics_button.click()
    qtbot.waitUntil(lambda: clipboard.text().startswith("Desktop Chat "))
