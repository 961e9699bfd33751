"""The request and the response of an answer, to read and to copy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from desktop_chat.domain.exchange import Exchange, Hidden
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice
from desktop_chat.transcript.items import Action
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.chat.exchange_dialog import LONGEST_LINE, MOST_SHOWN, ExchangeDialog, readable

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance

WAIT_MS = 20_000
EXCHANGE = Exchange(
    method="POST",
    url=("https://example.org/v1",),
    headers=(("authorization", ("Bearer ", Hidden("HERE_API_KEY"))), ("accept", ("*/*",))),
    body=('{"content":"<b>it\'s</b>"}',),
    status=200,
    answer_headers=(("content-type", "text/event-stream"),),
    answer="data: <b>Hello</b>\r\n\r\n",
)


@pytest.fixture
def opened(qtbot: QtBot, appearance: Appearance) -> ExchangeDialog:
    dialog = ExchangeDialog(appearance, EXCHANGE)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, on=False)
    qtbot.addWidget(dialog)
    with qtbot.waitExposed(dialog):
        dialog.show()
    return dialog


def shown(dialog: ExchangeDialog) -> str:
    page = dialog.pages.currentWidget()
    return page.findChildren(QPlainTextEdit)[0].toPlainText()


def test_the_request_is_shown_with_dots_for_the_key(opened: ExchangeDialog) -> None:
    assert shown(opened) == (
        "POST https://example.org/v1\nauthorization: Bearer •••\naccept: */*\n\n"
        '{"content":"<b>it\'s</b>"}'
    )


def test_the_answer_is_shown_as_it_came(opened: ExchangeDialog) -> None:
    opened.pages.setCurrentIndex(1)
    assert shown(opened) == (
        "Status 200\ncontent-type: text/event-stream\n\ndata: <b>Hello</b>\n\n"
    )
    opened.copy_button.click()
    assert QApplication.clipboard().text().endswith("data: <b>Hello</b>\r\n\r\n")


def test_the_command_is_copied_and_names_its_variable(opened: ExchangeDialog) -> None:
    opened.pages.setCurrentIndex(2)
    assert opened.copy_button.text() == "Copy as curl"
    opened.copy_button.click()
    copied = QApplication.clipboard().text()
    assert copied.startswith("curl ")
    assert '"${HERE_API_KEY}"' in copied
    assert shown(opened) == copied


def test_each_field_has_a_name_and_lets_tab_go_on(opened: ExchangeDialog) -> None:
    fields = opened.findChildren(QPlainTextEdit)
    names = {one.accessibleName() for one in fields}
    assert names == {"Request", "Response", "curl"}
    assert all(one.isReadOnly() and one.tabChangesFocus() for one in fields)


def test_what_is_no_longer_kept_says_so(qtbot: QtBot, appearance: Appearance) -> None:
    dialog = ExchangeDialog(appearance, None)
    qtbot.addWidget(dialog)
    assert dialog.copy_button.isHidden()
    assert dialog.pages.count() == 0


def test_very_long_texts_are_shown_in_part_and_copied_whole(
    qtbot: QtBot, appearance: Appearance
) -> None:
    body = "x" * (2 * MOST_SHOWN)
    exchange = Exchange(method="POST", url=("u",), headers=(), body=(body,))
    dialog = ExchangeDialog(appearance, exchange)
    qtbot.addWidget(dialog)
    assert len(shown(dialog)) < MOST_SHOWN * 1.01
    dialog.copy_button.click()
    assert QApplication.clipboard().text().endswith(body)


def test_a_request_that_was_not_kept_whole_gives_no_command(
    qtbot: QtBot, appearance: Appearance
) -> None:
    exchange = Exchange(method="POST", url=("u",), headers=(), body=("x",), request_cut=9)
    dialog = ExchangeDialog(appearance, exchange)
    qtbot.addWidget(dialog)
    dialog.pages.setCurrentIndex(2)
    assert shown(dialog) == ""
    assert not dialog.copy_button.isEnabled()


def test_no_line_is_longer_than_a_field_can_take() -> None:
    text = readable("a" * (3 * LONGEST_LINE + 1) + "\r\nb\n\nc")
    assert max(map(len, text.split("\n"))) == LONGEST_LINE
    assert text.endswith("a\nb\n\nc")


def test_the_menu_of_an_answer_opens_it(qtbot: QtBot, appearance: Appearance, core: Core) -> None:
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(DEMO_PROVIDER_ID, "demo"))
    tab = ChatTab(appearance, core, session)
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitExposed(tab):
        tab.show()
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS):
        tab.composing.send("long 10")
    tab.transcript.action_requested.emit(session.messages[-1].id, Action.MORE)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    (entry,) = [one for one in menu.actions() if one.text() == "Request and response…"]
    menu.close()
    entry.trigger()
    (dialog,) = tab.findChildren(ExchangeDialog)
    assert "long 10" in shown(dialog)
    dialog.pages.setCurrentIndex(1)
    assert "data: [DONE]" in dialog._texts[1]
    dialog.close()


def test_an_answer_that_was_refused_has_its_request_to_look_at(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    session = core.library.new_session()
    session.setup.set_choice(ModelChoice(DEMO_PROVIDER_ID, "demo"))
    tab = ChatTab(appearance, core, session)
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitExposed(tab):
        tab.show()
    with qtbot.waitSignal(session.finished, timeout=WAIT_MS):
        tab.composing.send("error 401")
    answer = session.messages[-1]
    assert not answer.text
    tab.transcript.action_requested.emit(answer.id, Action.MORE)
    menu = QApplication.activePopupWidget()
    assert menu is not None
    words = [one.text() for one in menu.actions()]
    assert "Continue" not in words
    menu.close()
    menu.actions()[words.index("Request and response…")].trigger()
    (dialog,) = tab.findChildren(ExchangeDialog)
    assert "error 401" in shown(dialog)
    assert dialog._texts[1].startswith("Status 401")
    dialog.close()
