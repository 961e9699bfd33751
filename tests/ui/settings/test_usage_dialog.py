"""Usage and limits in the window: the dialog, the details, the strip and the notice."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice, Provider
from desktop_chat.domain.settings import SPENDING_CAPS
from desktop_chat.domain.spending import Cap, CapState, Period, Sums
from desktop_chat.transcript.items import Action
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.chat.message_details import MessageDetails
from desktop_chat.ui.composer.spending_strip import SpendingStrip
from desktop_chat.ui.settings.usage_dialog import UsageDialog
from desktop_chat.ui.settings.usage_table import cells, csv_text
from desktop_chat.ui.window.notice_bar import NoticeBar
from desktop_chat.ui.window.program_notices import ProgramNotices

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile
    from desktop_chat.ui.look.appearance import Appearance

WAIT_MS = 20_000
SERVICE = Provider(id="p", name="Here & <b>there</b>", protocol="openai_chat", base_url="http://x/")
PRICES = '[[price]]\nmodels = ["demo"]\ninput = 100\noutput = 100\n'


@pytest.fixture
def priced(profile: Profile) -> None:
    profile.prices_file.parent.mkdir(parents=True, exist_ok=True)
    profile.prices_file.write_text(PRICES)


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core) -> UsageDialog:
    core.preferences.save_provider(SERVICE)
    made = UsageDialog(appearance, core)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


@pytest.fixture
def tab(qtbot: QtBot, appearance: Appearance, core: Core) -> ChatTab:
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(DEMO_PROVIDER_ID, "demo"))
    tab = ChatTab(appearance, core, session)
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitExposed(tab):
        tab.show()
    return tab


def ask(qtbot: QtBot, tab: ChatTab) -> None:
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        tab.composing.send("long 10")


def strip(tab: ChatTab) -> SpendingStrip:
    return tab.composer.findChildren(SpendingStrip)[0]


def test_nothing_spent_says_so(qtbot: QtBot, dialog: UsageDialog) -> None:
    qtbot.waitUntil(lambda: dialog.nothing.text() == "Nothing was asked yet.")
    assert not dialog.table.isVisible()
    assert dialog.summary.text() == "Today: $0.00 · This month: $0.00"


@pytest.mark.usefixtures("priced")
def test_an_answer_is_seen_in_the_open_dialog(
    qtbot: QtBot, dialog: UsageDialog, tab: ChatTab
) -> None:
    ask(qtbot, tab)
    qtbot.waitUntil(lambda: dialog.table.rowCount() == 1 and "about" not in _cell(dialog, 5))
    assert _cell(dialog, 1) == "Demo"
    assert _cell(dialog, 2) == "1"
    assert _cell(dialog, 5).startswith("$")
    dialog.groups.setCurrentIndex(2)
    dialog.groups.activated.emit(2)
    qtbot.waitUntil(lambda: dialog.table.isColumnHidden(0))
    dialog.copy_button.click()
    rows = list(csv.reader(io.StringIO(QApplication.clipboard().text())))
    assert rows[0][1] == "service"
    assert rows[1][1] == "Demo"


def _cell(dialog: UsageDialog, column: int) -> str:
    item = dialog.table.item(0, column)
    return item.text() if item is not None else ""


def test_a_limit_is_set_by_leaving_its_field(dialog: UsageDialog, core: Core) -> None:
    dialog.pages.setCurrentIndex(1)
    field = dialog.limits.fields[Period.MONTH, "p"]
    assert field.accessibleName() == "Limit for Here & <b>there</b>, a month"
    field.setFocus()
    QTest.keyClicks(field, "12.5")
    QTest.keyClick(field, Qt.Key.Key_Tab)
    assert core.preferences.value(SPENDING_CAPS) == "month\tp\t12.50"
    field.clear()
    dialog.limits.save()
    assert core.spending.caps() == ()


def test_what_is_no_amount_is_marked_and_keeps_the_limit(dialog: UsageDialog, core: Core) -> None:
    cap = Cap(period=Period.DAY, micros=3_000_000)
    core.spending.set_caps((cap,))
    dialog.pages.setCurrentIndex(1)
    dialog.limits.fields[Period.DAY, ""].setText("three")
    assert not dialog.limits.save()
    assert dialog.limits.fault.isVisible()
    assert core.spending.caps() == (cap,)


def test_limits_of_services_that_the_form_does_not_show_are_kept(
    dialog: UsageDialog, core: Core
) -> None:
    gone = Cap(period=Period.DAY, micros=1, provider_id="gone")
    core.spending.set_caps((gone,))
    dialog.limits.fields[Period.DAY, ""].setText("5")
    dialog.limits.save()
    assert gone in core.spending.caps()


def test_ones_own_prices_are_begun_and_shown(
    dialog: UsageDialog, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: shown.append(url.toLocalFile()))
    dialog.prices.file_button.click()
    assert profile.prices_file.exists()
    assert shown == [str(profile.settings)]


def test_a_folder_that_cannot_be_written_is_told(dialog: UsageDialog, profile: Profile) -> None:
    profile.settings.parent.mkdir(parents=True, exist_ok=True)
    if profile.settings.exists():
        profile.settings.rename(profile.settings.with_name("elsewhere"))
    profile.settings.write_text("a file in the folder's place")
    dialog.prices.file_button.click()
    assert "cannot be made" in dialog.prices.fault.text()


def test_rows_say_what_they_leave_out() -> None:
    sums = Sums(name='A "b", c', answers=3, usage=Usage(1, 2, 3, 4), cost=5, unpriced=1)
    assert cells(sums)[5] == "at least $0.000005"
    (_, row) = csv.reader(io.StringIO(csv_text([sums])))
    assert row == ["", 'A "b", c', "3", "1", "4", "2", "3", "0.000005", "1", "0"]
    unknown = Sums(answers=1, unpriced=1)
    assert cells(unknown)[5] == "no price known"
    assert list(csv.reader(io.StringIO(csv_text([unknown]))))[1][7] == ""


@pytest.mark.usefixtures("priced")
def test_details_are_read_from_the_menu_of_an_answer(qtbot: QtBot, tab: ChatTab) -> None:
    ask(qtbot, tab)
    answer = tab.session.messages[-1].id
    tab.transcript.action_requested.emit(answer, Action.MORE)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    (details,) = [one for one in menu.actions() if one.text() == "Read details"]
    menu.close()
    details.trigger()
    qtbot.waitUntil(lambda: isinstance(QApplication.activePopupWidget(), MessageDetails))
    shown = QApplication.activePopupWidget()
    assert isinstance(shown, MessageDetails)
    rows = dict(shown.rows)
    assert rows["Service"] == "Demo"
    assert rows["Cost"].startswith("$")
    assert "tokens/s" in rows.get("Speed", "tokens/s")
    assert shown.accessibleDescription() == shown.text
    shown.copy_button.click()
    assert QApplication.clipboard().text() == shown.text


@pytest.mark.usefixtures("priced")
def test_a_stop_keeps_the_draft_and_says_why_over_it(
    qtbot: QtBot, tab: ChatTab, core: Core
) -> None:
    core.spending.set_caps((Cap(period=Period.DAY, micros=1),))
    tab.composer.set_text("a question")
    tab.composer.send_requested.emit("a question")
    assert tab.session.is_empty
    assert tab.composer.text() == "a question"
    assert strip(tab).isVisible()
    assert "Today’s limit" in strip(tab).text
    with qtbot.waitSignal(tab.message_actions.usage_wished):
        strip(tab).button("Usage and limits").click()
    core.spending.set_caps(())
    assert not strip(tab).isVisible()
    tab.composer.send_requested.emit("a question")
    assert tab.session.busy
    assert tab.composer.text() == ""
    tab.session.stop()


@pytest.mark.usefixtures("priced")
def test_a_stopped_edit_stays_in_its_editor(qtbot: QtBot, tab: ChatTab, core: Core) -> None:
    ask(qtbot, tab)
    core.spending.set_caps((Cap(period=Period.DAY, micros=1),))
    tab.edit_last_question()
    editor = tab.question_editing.editor
    editor.field.setPlainText("another question")
    editor.sent.emit(editor.message_id, "another question")
    assert tab.editing
    assert editor.field.toPlainText() == "another question"
    assert len(tab.session.messages) == 2


@pytest.mark.usefixtures("priced")
def test_a_stopped_regenerate_moves_nothing(qtbot: QtBot, tab: ChatTab, core: Core) -> None:
    ask(qtbot, tab)
    before = tab.transcript.reading_position()
    core.spending.set_caps((Cap(period=Period.DAY, micros=1),))
    tab.run_on_last_answer(Action.REGENERATE)
    assert strip(tab).isVisible()
    assert tab.transcript.reading_position().item_id == before.item_id
    assert tab.session.versions(tab.session.messages[-1].id) == (1, 1)


def test_a_near_limit_is_a_notice_that_leads_to_the_limits(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    bar = NoticeBar(appearance)
    qtbot.addWidget(bar)
    notices = ProgramNotices(core, bar)
    cap = Cap(period=Period.DAY, micros=100)
    core.spending_warned.emit(CapState(cap, 85, None))
    (key,) = bar.keys
    assert "nearly spent" in bar.text(key)
    with qtbot.waitSignal(notices.usage_wished):
        bar.button_pressed.emit(key, "Usage and limits")
    core.spending.set_caps((Cap(period=Period.DAY, micros=1000),))
    assert list(bar.keys) == []
    core.spending_warned.emit(CapState(cap, 85, None))
    assert list(bar.keys) == [key]
    core.spending.eased.emit(cap)
    assert list(bar.keys) == []
    core.noticed.emit(Failure(kind=ErrorKind.PRICE_UNKNOWN, service="Here", model="m"))
    (unknown,) = bar.keys
    assert bar.text(unknown).startswith("No price is known for m at Here,")
    with qtbot.waitSignal(notices.usage_wished):
        bar.button_pressed.emit(unknown, "Usage and limits")


@pytest.mark.usefixtures("priced")
def test_costs_are_told_by_chat(
    qtbot: QtBot, tab: ChatTab, core: Core, dialog: UsageDialog
) -> None:
    ask(qtbot, tab)
    dialog.groups.setCurrentIndex(dialog.groups.findText("By chat"))
    dialog.groups.activated.emit(dialog.groups.currentIndex())
    qtbot.waitUntil(lambda: cells_of(dialog) == ["long 10"])
    heading = dialog.table.horizontalHeaderItem(1)
    assert heading is not None
    assert heading.text() == "Chat"
    dialog.copy_button.click()
    head, line = csv.reader(io.StringIO(QApplication.clipboard().text()))
    assert (head[1], line[1]) == ("chat", "long 10")
    core.library.delete([tab.session.id])
    with qtbot.waitCallback() as stored:
        tab.session._services.store.post(durable=True, then=stored)
    dialog.groups.activated.emit(dialog.groups.currentIndex())
    qtbot.waitUntil(lambda: cells_of(dialog) == ["Deleted chats"])


def cells_of(dialog: UsageDialog) -> list[str]:
    items = [dialog.table.item(row, 1) for row in range(dialog.table.rowCount())]
    return [one.text() for one in items if one is not None]
