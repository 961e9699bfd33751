"""Opening, closing, moving and restoring chats."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QStackedWidget

from desktop_chat.domain.workspace import OpenTab
from desktop_chat.ui.look.marks import Marks, RingClock
from desktop_chat.ui.tabs.strip import TabStrip
from desktop_chat.ui.tabs.tabs import Tabs

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import MakeChats


@dataclass
class Open:
    """Tabs on a profile with three chats."""

    core: Core
    tabs: Tabs
    strip: TabStrip
    ids: list[str]

    @property
    def titles(self) -> list[str]:
        return [face.title for face in self.strip.faces]

    @property
    def current(self) -> str:
        return self.titles[self.tabs.index]


@pytest.fixture
def open_(
    qtbot: QtBot,
    appearance: Appearance,
    start_core: Callable[[], Core],
    make_chats: MakeChats,
) -> Open:
    ids = make_chats("One", "Two", "Three")
    core = start_core()
    tabs, strip, _ = make_tabs(qtbot, appearance, core)
    tabs.open_new()
    return Open(core, tabs, strip, ids)


def make_tabs(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> tuple[Tabs, TabStrip, QStackedWidget]:
    """Return tabs without a chat, the strip that shows them, and what holds the chats' widgets."""
    stack = QStackedWidget()
    qtbot.addWidget(stack)
    strip = TabStrip(appearance, RingClock())
    qtbot.addWidget(strip)
    return Tabs(appearance, core, Marks(), strip, stack), strip, stack


def test_an_empty_new_chat_is_used_again(open_: Open) -> None:
    open_.tabs.open_chat(open_.ids[0])
    open_.tabs.open_new()
    assert open_.titles == ["New chat", "One"]
    assert open_.current == "New chat"
    open_.tabs.current.composer.set_text("a draft")
    open_.tabs.open_new()
    assert open_.titles == ["New chat", "One", "New chat"]


def test_a_temporary_chat_is_one_of_its_own(open_: Open) -> None:
    open_.tabs.open_new(temporary=True)
    open_.tabs.open_new(temporary=True)
    assert open_.titles == ["New chat", "Temporary chat"]
    assert open_.tabs.current.session.temporary


def test_chats_that_are_looked_at_share_the_one_preview_tab(open_: Open) -> None:
    open_.tabs.open_chat(open_.ids[0])
    open_.tabs.open_chat(open_.ids[1])
    assert open_.titles == ["New chat", "Two"]
    assert [face.preview for face in open_.strip.faces] == [False, True]
    assert len(open_.core.library.living()) == 2


def test_a_preview_lasts_once_something_is_written_in_it(open_: Open) -> None:
    open_.tabs.open_chat(open_.ids[0])
    QTest.keyClicks(open_.tabs.current.composer.editor, "x")
    open_.tabs.open_chat(open_.ids[1])
    assert open_.titles == ["New chat", "One", "Two"]
    assert [face.preview for face in open_.strip.faces] == [False, False, True]


def test_a_chat_opened_to_last_is_no_preview(open_: Open) -> None:
    open_.tabs.open_lasting(open_.ids[2])
    assert [face.preview for face in open_.strip.faces] == [False, False]
    open_.tabs.open_behind(open_.ids[1])
    assert open_.titles == ["New chat", "Three", "Two"]
    assert open_.current == "Three"


def test_a_chat_that_is_open_is_gone_to(open_: Open) -> None:
    open_.tabs.open_lasting(open_.ids[0])
    open_.tabs.open_lasting(open_.ids[1])
    open_.tabs.open_chat(open_.ids[0])
    assert open_.titles == ["New chat", "One", "Two"]
    assert open_.current == "One"


def test_the_right_neighbour_follows_a_closed_tab_then_the_left(open_: Open) -> None:
    for chat_id in open_.ids:
        open_.tabs.open_lasting(chat_id)
    open_.tabs.choose(1)
    open_.tabs.close_current()
    assert open_.current == "Two"
    open_.tabs.choose_last()
    open_.tabs.close_current()
    assert open_.current == "Two"
    assert open_.titles == ["New chat", "Two"]


def test_closing_a_tab_behind_leaves_the_shown_one(open_: Open) -> None:
    open_.tabs.open_lasting(open_.ids[0])
    open_.tabs.open_lasting(open_.ids[1])
    open_.tabs.close(0)
    assert (open_.current, open_.titles) == ("Two", ["One", "Two"])


def test_closing_the_last_tab_opens_a_new_chat(open_: Open) -> None:
    open_.tabs.open_lasting(open_.ids[0])
    open_.tabs.close(0)
    open_.tabs.close_current()
    assert open_.titles == ["New chat"]
    open_.tabs.close_current()
    assert open_.titles == ["New chat"]


def test_a_closed_tab_comes_back_in_its_place(open_: Open) -> None:
    for chat_id in open_.ids:
        open_.tabs.open_lasting(chat_id)
    open_.tabs.close(1)
    open_.tabs.close(2)
    assert open_.tabs.can_reopen
    open_.tabs.reopen()
    assert open_.current == "Three"
    open_.tabs.reopen()
    assert open_.titles == ["New chat", "One", "Two", "Three"]
    assert open_.current == "One"
    open_.tabs.reopen()
    assert open_.tabs.count == 4


def test_tabs_are_moved_and_stepped_through(open_: Open) -> None:
    open_.tabs.open_lasting(open_.ids[0])
    open_.tabs.open_lasting(open_.ids[1])
    open_.tabs.move(1)
    assert open_.current == "Two"
    open_.tabs.move(-1)
    assert open_.titles == ["New chat", "Two", "One"]
    assert open_.current == "Two"
    open_.tabs.step(1)
    open_.tabs.step(1)
    assert open_.current == "New chat"
    open_.tabs.step(-1)
    assert open_.current == "One"


def test_only_the_active_tab_is_read_when_tabs_are_restored(
    qtbot: QtBot,
    appearance: Appearance,
    start_core: Callable[[], Core],
    make_chats: MakeChats,
) -> None:
    ids = make_chats("One", "Two", "Three")
    core = start_core()
    tabs, strip, stack = make_tabs(qtbot, appearance, core)
    gone = OpenTab("00000000-0000-7000-8000-ffffffffffff")
    tabs.restore([OpenTab(ids[0]), gone, OpenTab(ids[2], preview=True), OpenTab(ids[1])], 2)
    assert [face.title for face in strip.faces] == ["One", "Three", "Two"]
    assert tabs.index == 1
    assert stack.count() == 1
    assert [len(core.library.session(one).messages) for one in ids] == [0, 0, 2]
    tabs.choose(0)
    assert len(core.library.session(ids[0]).messages) == 2
    assert [tab.preview for tab in tabs.open_tabs()] == [False, True, False]


def test_temporary_chats_are_not_among_what_is_restored(open_: Open) -> None:
    open_.tabs.open_new(temporary=True)
    assert len(open_.tabs.open_tabs()) == 1


def test_closing_while_an_answer_arrives_keeps_what_came(qtbot: QtBot, open_: Open) -> None:
    tab = open_.tabs.current
    session = tab.session
    with qtbot.waitSignal(session.text_arrived, timeout=10_000):
        tab.composing.send("long 500")
    open_.tabs.open_lasting(open_.ids[0])
    chat_id = session.id
    with qtbot.waitSignal(open_.tabs.answer_cut):
        open_.tabs.close(0)
    assert open_.titles == ["One"]
    open_.tabs.reopen()
    answer = open_.core.library.session(chat_id).messages[-1]
    assert answer.text
    assert open_.current == "long 500"
