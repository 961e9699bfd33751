"""One chat on the screen, on a real core."""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QDesktopServices
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from shiboken6 import delete

from desktop_chat.domain.chat import MessageState
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, KeySource, ModelChoice, Provider
from desktop_chat.domain.settings import AFTER_SENDING, SENT
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.input import code_acts
from desktop_chat.transcript.items import Action
from desktop_chat.transcript.messages.answer import Answer
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.reading.position import TOP_MARGIN
from desktop_chat.transcript.targets import Kind, Target
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.chat.link_popover import LinkPopover

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QUrl
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.ui.conftest import MakeChats

WAIT_MS = 20_000


@pytest.fixture
def core(start_core: Callable[[], Core]) -> Core:
    return start_core()


@pytest.fixture
def tab(qtbot: QtBot, appearance: Appearance, core: Core) -> ChatTab:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitActive(tab):
        tab.show()
        tab.activateWindow()
    tab.focus_message()
    return tab


def _ask(qtbot: QtBot, tab: ChatTab, question: str) -> None:
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        _type_and_send(tab, question)


def _type_and_send(tab: ChatTab, question: str) -> None:
    tab.composer.editor.insertPlainText(question)
    QTest.keyClick(tab.composer.editor, Qt.Key.Key_Return)


def test_an_empty_chat_shows_its_page_until_something_is_asked(qtbot: QtBot, tab: ChatTab) -> None:
    assert tab.page is not None
    assert tab.page.isVisible()
    assert not tab.transcript.isVisible()
    _ask(qtbot, tab, "long 10")
    assert tab.transcript.isVisible()
    assert not tab.page.isVisible()


def test_the_question_goes_to_the_top_unless_the_end_is_to_be_followed(
    qtbot: QtBot, core: Core, tab: ChatTab
) -> None:
    _type_and_send(tab, "\n".join("a long question" for _ in range(60)))
    assert tab.escape()
    _type_and_send(tab, "long 10")
    assert not tab.transcript.reading_position().following
    asked = tab.transcript.document.messages[-2]
    assert asked.item.id == tab.session.questions[-1][2]
    top = tab.transcript.document.top(len(tab.session.messages) - 2) + asked.lead
    assert top - tab.transcript.scroller.scroll == TOP_MARGIN
    assert tab.escape()
    core.preferences.set_value(AFTER_SENDING, "end")
    _type_and_send(tab, "long 10")
    assert tab.transcript.reading_position().following


def test_esc_first_leaves_the_history_then_stops_the_answer(qtbot: QtBot, tab: ChatTab) -> None:
    _ask(qtbot, tab, "long 10")
    with qtbot.waitSignal(tab.session.text_arrived, timeout=WAIT_MS):
        _type_and_send(tab, "long 900")
    QTest.keyClick(tab.composer.editor, Qt.Key.Key_Up)
    assert tab.composer.text() == "long 900"
    assert tab.escape()
    assert tab.composer.text() == ""
    assert tab.session.busy
    assert tab.escape()
    assert tab.session.messages[-1].state is MessageState.STOPPED
    assert not tab.escape()


def test_a_second_question_waits_and_can_be_taken_back(qtbot: QtBot, tab: ChatTab) -> None:
    with qtbot.waitSignal(tab.session.text_arrived, timeout=WAIT_MS):
        _type_and_send(tab, "long 900")
    _type_and_send(tab, "long 11")
    assert tab.session.outbox.text == "long 11"
    assert tab.composer.text() == ""
    _type_and_send(tab, "long 12")
    assert tab.composer.text() == "long 12"
    tab.composer.queued_edit_requested.emit()
    assert tab.session.outbox.text == ""
    assert tab.composer.text() == "long 11\nlong 12"


def test_stopping_turns_the_waiting_question_into_the_draft(qtbot: QtBot, tab: ChatTab) -> None:
    with qtbot.waitSignal(tab.session.text_arrived, timeout=WAIT_MS):
        _type_and_send(tab, "long 900")
    _type_and_send(tab, "and then?")
    tab.composer.stop_requested.emit()
    assert tab.composer.text() == "and then?"
    assert not tab.session.busy


def test_the_draft_is_kept_half_a_second_after_the_last_key(
    qtbot: QtBot, core: Core, tab: ChatTab
) -> None:
    with qtbot.waitSignal(tab.composing.draft_noted) as noted:
        QTest.keyClicks(tab.composer.editor, "a draft")
    assert noted.args == [True]
    assert core.library.draft(tab.session.id).text == "a draft"


def test_a_question_is_edited_in_place_and_asked_as_another_version(
    qtbot: QtBot, tab: ChatTab
) -> None:
    _ask(qtbot, tab, "long 10")
    question = tab.session.questions[0][2]
    tab.message_actions.run(question, Action.EDIT)
    editor = tab.question_editing.editor
    assert editor.isVisible()
    assert editor.field.toPlainText() == "long 10"
    assert QApplication.focusWidget() is editor.field
    document = tab.transcript.document
    answer_top = document.top(document.number(tab.session.messages[-1].id))
    assert answer_top - tab.transcript.scroller.scroll >= editor.geometry().bottom()
    editor.field.setPlainText("long 12")
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        QTest.keyClick(editor.field, Qt.Key.Key_Return)
    assert not editor.isVisible()
    assert [one[0] for one in tab.session.questions] == ["long 12"]
    assert tab.session.versions(tab.session.questions[0][2]) == (2, 2)
    tab.message_actions.run(tab.session.questions[0][2], Action.PREVIOUS_VERSION)
    assert [one[0] for one in tab.session.questions] == ["long 10"]


def test_esc_leaves_a_question_as_it_was(qtbot: QtBot, tab: ChatTab) -> None:
    _ask(qtbot, tab, "long 10")
    tab.edit_last_question()
    assert tab.escape()
    assert not tab.editing
    assert QApplication.focusWidget() is tab.composer.editor
    assert len(tab.session.messages) == 2


def test_selected_words_stay_selected_while_another_question_is_asked_and_answered(
    qtbot: QtBot, tab: ChatTab
) -> None:
    _ask(qtbot, tab, "tour")
    view = tab.transcript
    chosen = Selection(Point(1, Place(TEXT, 0, 0)), Point(1, Place(TEXT, 2, 5)))
    view.select(chosen)
    view.copy()
    words = QApplication.clipboard().text()
    seen: list[Selection | None] = []
    tab.session.text_arrived.connect(lambda *_: seen.append(view.selection))
    _ask(qtbot, tab, "long 40")
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        tab.run_on_last_answer(Action.REGENERATE)
    assert len(seen) > 2
    assert {*seen, view.selection} == {chosen}
    view.copy()
    assert QApplication.clipboard().text() == words


def test_an_answer_is_given_again_as_another_version(qtbot: QtBot, tab: ChatTab) -> None:
    _ask(qtbot, tab, "long 10")
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        tab.run_on_last_answer(Action.REGENERATE)
    assert tab.session.versions(tab.session.messages[-1].id) == (2, 2)


def test_a_failure_stands_in_its_place_and_is_tried_again(qtbot: QtBot, tab: ChatTab) -> None:
    _ask(qtbot, tab, "error 401")
    assert tab.session.failed
    failed = tab.session.messages[-1]
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        tab.message_actions.run(failed.id, Action.RETRY)
    assert len(tab.session.messages) == 2


def test_wishes_that_are_not_the_chats_go_out(qtbot: QtBot, tab: ChatTab) -> None:
    _ask(qtbot, tab, "error 401")
    answer = tab.session.messages[-1].id
    with qtbot.waitSignal(tab.message_actions.service_wished) as wished:
        tab.message_actions.run(answer, Action.CHANGE_KEY)
    assert wished.args == [DEMO_PROVIDER_ID, "key"]
    with qtbot.waitSignal(tab.message_actions.new_chat_wished):
        tab.message_actions.run(answer, Action.NEW_CHAT)


def test_a_key_is_held_back_until_it_may_go_unencrypted(
    qtbot: QtBot, tab: ChatTab, core: Core, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    monkeypatch.setenv("FAR_KEY", "sk-0123456789")
    _choose_far(tab, core)
    _ask(qtbot, tab, "why?")
    held_back = tab.session.messages[-1]
    assert held_back.failure is not None
    assert held_back.failure.kind is ErrorKind.CLEARTEXT
    with qtbot.waitSignal(tab.session.finished, timeout=WAIT_MS):
        tab.message_actions.run(held_back.id, Action.ALLOW_CLEARTEXT)
    assert core.preferences.network().clear_origins == {"http://far.test:80"}
    tried = tab.session.messages[-1].failure
    assert tried is not None
    assert tried.kind in (ErrorKind.DNS, ErrorKind.OFFLINE)
    assert len(tab.session.messages) == 2


@pytest.mark.parametrize("own", [False, True])
def test_what_is_wrong_with_the_way_is_mended_where_it_was_set(
    qtbot: QtBot, tab: ChatTab, core: Core, own: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FAR_KEY", "sk-0123456789")
    proxy = NetworkOptions(proxy_use=ProxyUse.OWN, proxy="gopher://none")
    if not own:
        core.preferences.set_network(proxy)
    provider = _choose_far(tab, core, proxy if own else NetworkOptions())
    core.preferences.allow_cleartext(provider.origin)
    _ask(qtbot, tab, "why?")
    answer = tab.session.messages[-1]
    assert answer.failure is not None
    assert answer.failure.kind is ErrorKind.PROXY
    wishes = tab.message_actions
    with qtbot.waitSignal(wishes.service_wished if own else wishes.network_wished) as wished:
        wishes.run(answer.id, Action.SETTINGS)
    assert wished.args == ([provider.id, "network"] if own else [])


def _choose_far(
    tab: ChatTab,
    core: Core,
    network: NetworkOptions = NetworkOptions(),  # noqa: B008 - frozen
) -> Provider:
    """Talk to a service on another computer, without encryption."""
    provider = Provider(
        id="far",
        name="Far",
        protocol="openai_chat",
        base_url="http://far.test/v1",
        key_source=KeySource.ENVIRONMENT,
        key_variable="FAR_KEY",
        network=network,
    )
    core.preferences.save_provider(provider)
    tab.session.setup.set_choice(ModelChoice(provider.id, "m"))
    return provider


def test_a_key_that_was_pasted_goes_out_with_the_wish_for_a_service(
    qtbot: QtBot, tab: ChatTab
) -> None:
    assert tab.page is not None
    with qtbot.waitSignal(tab.services_wished) as wished:
        tab.page.services_requested.emit("key-of-nobody-known-000")
    assert wished.args == ["key-of-nobody-known-000"]
    with qtbot.waitSignal(tab.services_wished) as wished:
        tab.choosing.services_wished.emit()
    assert wished.args == [""]


def test_each_action_has_its_deed(tab: ChatTab) -> None:
    # The transcript opens the menu of flavours by itself; files and limits are no message's.
    elsewhere = {Action.COPY_AS, Action.OPEN_FOLDER, Action.USAGE}
    assert set(tab.message_actions.known) == set(Action) - elsewhere


def test_a_model_for_one_question_is_used_up_by_it(qtbot: QtBot, tab: ChatTab) -> None:
    tab.choosing.choose_once(ModelChoice(DEMO_PROVIDER_ID, "demo-large"))
    _ask(qtbot, tab, "long 10")
    assert tab.session.messages[-1].model == "demo-large"
    assert tab.choosing.once is None
    assert tab.session.setup.choice == ModelChoice(DEMO_PROVIDER_ID, "demo")


def test_after_five_questions_the_hint_is_known(core: Core, tab: ChatTab) -> None:
    core.preferences.set_value(SENT, 5)
    assert "Enter sends" not in tab.composer.editor.placeholderText()


def test_a_link_is_asked_about_before_it_is_opened(
    monkeypatch: pytest.MonkeyPatch, tab: ChatTab
) -> None:
    opened: list[str] = []

    def open_url(url: QUrl) -> bool:
        opened.append(url.toString())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_url)
    tab.transcript.link_activated.emit("file:///etc/passwd", "a file")
    assert QApplication.activePopupWidget() is None
    tab.transcript.link_activated.emit("https://example.org/page", "the page")
    popover = QApplication.activePopupWidget()
    assert isinstance(popover, LinkPopover)
    assert opened == []
    popover.open_button.click()
    assert opened == ["https://example.org/page"]


def test_the_question_before_a_link_is_as_high_as_its_lines(tab: ChatTab) -> None:
    heights = []
    for address in ("https://evil.example", "https://evil.example/login"):
        tab.transcript.link_activated.emit(address, "words")
        popover = QApplication.activePopupWidget()
        assert isinstance(popover, LinkPopover)
        heights.append(popover.height())
        popover.close()
    assert heights[0] == heights[1]


def test_a_link_that_is_read_as_what_it_is_opens_at_once(
    monkeypatch: pytest.MonkeyPatch, tab: ChatTab
) -> None:
    opened: list[object] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", opened.append)
    tab.transcript.link_activated.emit("https://example.org/page", "example.org/page")
    assert QApplication.activePopupWidget() is None
    assert [str(url) for url in opened] == ["PySide6.QtCore.QUrl('https://example.org/page')"]


def test_what_was_read_is_where_it_was(
    qtbot: QtBot, appearance: Appearance, make_chats: MakeChats, start_core: Callable[[], Core]
) -> None:
    (chat_id,) = make_chats("Long", answer="A line.\n\n" * 300)
    core = start_core()
    tab = ChatTab(appearance, core, core.library.session(chat_id))
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    tab.show()
    tab.transcript.scroll_to(700)
    place = tab.position
    assert place is not None
    again = ChatTab(appearance, core, core.library.session(chat_id))
    qtbot.addWidget(again)
    again.resize(900, 700)
    again.load(place)
    again.show()
    assert again.position == place


def test_a_block_that_was_wrapped_is_wrapped_after_a_restart(
    appearance: Appearance, make_chats: MakeChats, start_core: Callable[[], Core]
) -> None:
    code = "```python\n" + "word " * 200 + "\n```\n"
    (chat_id,) = make_chats("Code", answer=f"One:\n\n{code}\nTwo:\n\n{code}")

    def open_chat() -> tuple[ChatTab, list[CodeBox]]:
        core = start_core()
        tab = ChatTab(appearance, core, core.library.session(chat_id))
        tab.resize(900, 700)
        tab.load()
        tab.show()
        answer = tab.transcript.document.messages[1]
        assert isinstance(answer, Answer)
        assert answer.column is not None
        return tab, [box for box in answer.column.boxes if isinstance(box, CodeBox)]

    tab, (first, second) = open_chat()
    assert not second.wraps
    answer = tab.transcript.document.messages[1].item.id
    code_acts.act(tab.transcript, Target(Kind.WRAP_CODE, answer, block=second.block, leaf=0))
    assert (first.wraps, second.wraps) == (False, True)
    delete(tab)
    tab, (first, second) = open_chat()
    assert (first.wraps, second.wraps) == (False, True)
    delete(tab)
