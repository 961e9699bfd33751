"""The composer: what Enter, Up, Esc and a paste do, and that no written word is lost."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, Qt
from PySide6.QtGui import QInputMethodEvent, QKeyEvent, QTextCursor, QTextOption
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desktop_chat.domain.workspace import Draft
from desktop_chat.ui.composer import pasted_key
from desktop_chat.ui.composer.composer import Composer
from desktop_chat.ui.composer.message_editor import characters, units
from desktop_chat.ui.controls.strips import a_key, moment

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance

CTRL = Qt.KeyboardModifier.ControlModifier
SHIFT = Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier
ASKED = [("second", 2_000, "b"), ("first", 1_000, "a"), ("third\nline", 3_000, "c")]


class Heard:
    """What the composer asked for, in order."""

    def __init__(self, composer: Composer) -> None:
        self.sent: list[str] = []
        self.queued: list[str] = []
        self.drafts: list[Draft] = []
        self.others: list[str] = []
        composer.send_requested.connect(self.sent.append)
        composer.queue_requested.connect(self.queued.append)
        composer.draft_changed.connect(self.drafts.append)
        composer.stop_requested.connect(lambda: self.others.append("stop"))
        composer.queued_send_requested.connect(lambda: self.others.append("send now"))
        composer.queued_edit_requested.connect(lambda: self.others.append("edit"))
        composer.queued_cancel_requested.connect(lambda: self.others.append("cancel"))
        composer.key_kept.connect(lambda key: self.others.append(f"key {key}"))
        composer.question_edit_requested.connect(lambda one: self.others.append(f"edit {one}"))


@pytest.fixture
def composer(qtbot: QtBot, appearance: Appearance) -> Composer:
    made = Composer(appearance)
    qtbot.addWidget(made)
    made.resize(680, 100)
    made.show()
    made.focus_message()
    qtbot.waitUntil(made.editor.hasFocus)
    return made


@pytest.fixture
def heard(composer: Composer) -> Heard:
    return Heard(composer)


def press(composer: Composer, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QTest.keyClick(composer.editor, key, modifiers)


def write(composer: Composer, text: str) -> None:
    QTest.keyClicks(composer.editor, text)


def compose(composer: Composer, preedit: str, commit: str = "") -> None:
    event = QInputMethodEvent(preedit, [])
    event.setCommitString(commit)
    QApplication.sendEvent(composer.editor, event)


def paste(composer: Composer, text: str) -> None:
    data = QMimeData()
    data.setText(text)
    data.setHtml("<b>never this</b>")
    composer.editor.insertFromMimeData(data)


def claims(composer: Composer, key: Qt.Key, modifiers: Qt.KeyboardModifier = CTRL) -> bool:
    event = QKeyEvent(QKeyEvent.Type.ShortcutOverride, key, modifiers)
    event.ignore()
    QApplication.sendEvent(composer.editor, event)
    return event.isAccepted()


def test_enter_asks_to_send_and_keeps_the_text_until_it_is_taken(
    composer: Composer, heard: Heard
) -> None:
    write(composer, "hello")
    press(composer, Qt.Key.Key_Return)
    assert heard.sent == ["hello"]
    assert composer.text() == "hello"
    composer.clear_sent()
    assert composer.text() == ""
    assert heard.drafts[-1] == Draft()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_shift_and_enter_breaks_the_line(composer: Composer, heard: Heard, key: Qt.Key) -> None:
    write(composer, "one")
    press(composer, key, SHIFT)
    write(composer, "two")
    assert composer.text() == "one\ntwo"
    press(composer, key)
    assert heard.sent == ["one\ntwo"]


def test_ctrl_and_enter_can_be_what_sends(composer: Composer, heard: Heard) -> None:
    composer.set_send_key("ctrl_enter")
    write(composer, "one")
    press(composer, Qt.Key.Key_Return)
    press(composer, Qt.Key.Key_Return, SHIFT)
    assert heard.sent == []
    press(composer, Qt.Key.Key_Return, CTRL)
    assert heard.sent == ["one\n\n"]
    assert "Ctrl+Enter sends" in composer.send_button.toolTip()


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_nothing_is_sent_where_nothing_is_written(
    composer: Composer, heard: Heard, text: str
) -> None:
    composer.set_text(text)
    press(composer, Qt.Key.Key_Return)
    assert heard.sent == []


def test_a_held_enter_sends_once(composer: Composer, heard: Heard) -> None:
    composer.set_text("hello")
    for repeat in (False, True, True):
        event = QKeyEvent(QKeyEvent.Type.KeyPress, Qt.Key.Key_Return, NONE, "\r", autorep=repeat)
        QApplication.sendEvent(composer.editor, event)
    assert heard.sent == ["hello"]


def test_enter_never_sends_while_an_input_method_composes(composer: Composer, heard: Heard) -> None:
    write(composer, "x")
    compose(composer, "ni hao")
    states = [composer.composing]
    press(composer, Qt.Key.Key_Return)
    press(composer, Qt.Key.Key_Up)
    assert composer.escape()
    assert heard.sent == []
    compose(composer, "", "你好")
    states.append(composer.composing)
    assert states == [True, False]
    press(composer, Qt.Key.Key_Return)
    assert heard.sent == ["x你好"]


def test_send_turns_into_stop_in_the_same_place_and_size(composer: Composer, heard: Heard) -> None:
    button = composer.send_button
    assert button.accessibleName() == "Send"
    assert not button.isEnabled()
    place = button.geometry()
    composer.set_busy(True)
    assert button.accessibleName() == "Stop"
    assert button.isEnabled()
    assert button.geometry() == place
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.others == ["stop"]
    assert composer.editor.hasFocus()
    composer.set_busy(False)
    composer.set_text("next")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert heard.sent == ["next"]


def test_enter_while_an_answer_arrives_queues_one_question(
    composer: Composer, heard: Heard
) -> None:
    composer.set_busy(True)
    write(composer, "and then?")
    press(composer, Qt.Key.Key_Return)
    assert heard.queued == ["and then?"]
    composer.clear_sent()
    composer.set_queued("and then?")
    assert composer.queue_strip.text == "Sent when this answer ends: “and then?”"
    write(composer, "a third")
    press(composer, Qt.Key.Key_Return)
    assert heard.queued == ["and then?"]
    assert composer.text() == "a third"
    assert composer.queue_strip.property("flash")
    for words in ("Send now", "Edit"):
        composer.queue_strip.button(words).click()
    assert heard.others == ["send now", "edit"]
    composer.set_queued("")
    assert not composer.queue_strip.isVisible()


def test_a_question_kept_for_the_network_can_be_called_back(
    composer: Composer, heard: Heard
) -> None:
    composer.set_queued("and then?", offline=True)
    assert composer.queue_strip.text == "Sent when the network is back"
    composer.queue_strip.button("Cancel").click()
    assert heard.others == ["cancel"]


def test_up_goes_through_earlier_questions_and_down_comes_back_to_the_draft(
    composer: Composer, heard: Heard
) -> None:
    composer.set_questions(lambda: ASKED)
    seen = []
    for key in (Qt.Key.Key_Up,) * 4:
        press(composer, key)
        seen.append(composer.text())
    assert seen == ["third\nline", "second", "first", "first"]
    assert composer.history_strip.isVisible()
    seen = []
    for key in (Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down, Qt.Key.Key_Down):
        press(composer, key)
        seen.append(composer.text())
    # The caret stands on the first of two lines; the first Down moves to the second.
    assert seen == ["second", "third\nline", "third\nline", ""]
    assert not composer.history_strip.isVisible()
    assert heard.drafts == []


def test_an_earlier_question_is_asked_anew_by_enter(composer: Composer, heard: Heard) -> None:
    composer.set_questions(lambda: ASKED)
    press(composer, Qt.Key.Key_Up)
    press(composer, Qt.Key.Key_Return)
    assert heard.sent == ["third\nline"]
    composer.clear_sent()
    assert not composer.history_strip.isVisible()


def test_an_earlier_question_can_be_edited_in_its_place(composer: Composer, heard: Heard) -> None:
    composer.set_questions(lambda: ASKED)
    press(composer, Qt.Key.Key_Up)
    press(composer, Qt.Key.Key_Up)
    composer.history_strip.button("Edit it in place").click()
    assert heard.others == ["edit b"]
    assert composer.text() == ""


def test_a_changed_question_is_a_draft_and_stays(composer: Composer, heard: Heard) -> None:
    composer.set_questions(lambda: ASKED)
    press(composer, Qt.Key.Key_Up)
    press(composer, Qt.Key.Key_Up)
    write(composer, "!")
    assert composer.text() == "second!"
    assert not composer.history_strip.isVisible()
    press(composer, Qt.Key.Key_Down)
    press(composer, Qt.Key.Key_Up)
    assert composer.text() == "second!"
    assert composer.draft().text == "second!"


def test_up_in_a_text_of_ones_own_moves_the_caret_alone(composer: Composer) -> None:
    composer.set_questions(lambda: ASKED)
    composer.set_text("mine\nstill mine")
    press(composer, Qt.Key.Key_Up)
    press(composer, Qt.Key.Key_Up)
    assert composer.text() == "mine\nstill mine"


def test_escape_leaves_an_earlier_question_then_a_selection_then_is_not_ours(
    composer: Composer,
) -> None:
    composer.set_questions(lambda: ASKED)
    press(composer, Qt.Key.Key_Up)
    assert composer.escape()
    assert composer.text() == ""
    composer.set_text("words")
    composer.editor.selectAll()
    assert composer.escape()
    assert not composer.editor.textCursor().hasSelection()
    assert not composer.escape()


def test_a_paste_is_plain_text(composer: Composer) -> None:
    paste(composer, "plain **words**\nand more " * 40)
    assert composer.text() == "plain **words**\nand more " * 40


def test_a_pasted_key_is_kept_back_and_offered_to_the_keyring(
    composer: Composer, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasted_key, "service_of_key", lambda _text: "Groq")
    paste(composer, "gsk_abc\n")
    assert composer.text() == ""
    assert composer.key_strip.text == (
        "This looks like a Groq key. Keep it in the keyring instead of sending it?"
    )
    composer.key_strip.button("Keep in keyring").click()
    assert heard.others == ["key gsk_abc"]
    assert composer.text() == ""
    assert not composer.key_strip.isVisible()


def test_a_pasted_key_may_be_sent_as_text_or_dropped(
    composer: Composer, heard: Heard, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasted_key, "service_of_key", lambda _text: "")
    paste(composer, "sk-0123")
    assert "an API key" in composer.key_strip.text
    assert composer.escape()
    assert composer.text() == ""
    paste(composer, "sk-0123")
    composer.key_strip.button("Send as text").click()
    assert composer.text() == "sk-0123"
    assert heard.sent == []


def test_twenty_thousand_lines_are_pasted_in_one_change(composer: Composer) -> None:
    text = "\n".join(f"line {number} of a long log with some words" for number in range(20_000))
    changes: list[int] = []
    composer.editor.document().contentsChange.connect(lambda _at, _gone, come: changes.append(come))
    paste(composer, text)
    assert composer.text() == text
    assert len([come for come in changes if come > 1]) == 1


def test_a_word_of_200_000_characters_can_be_pasted_and_replaced(
    qtbot: QtBot, composer: Composer
) -> None:
    data = QMimeData()
    data.setText("x" * 200_000)
    composer.editor.insertFromMimeData(data)
    QApplication.processEvents()
    assert len(composer.text()) == 200_000
    qtbot.waitUntil(composer.editor.verticalScrollBar().isVisible)
    composer.editor.clear()
    composer.editor.insertPlainText("word " * 100)
    assert composer.editor.wordWrapMode() == QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere


def test_the_field_grows_to_ten_lines_and_then_scrolls(qtbot: QtBot, composer: Composer) -> None:
    one = composer.sizeHint().height()
    assert one == 100
    heights = []
    for lines in (2, 5, 10, 11, 40):
        composer.set_text("\n".join("x" * lines))
        QApplication.sendPostedEvents()
        heights.append(composer.sizeHint().height())
    assert heights == sorted(heights)
    assert heights[0] > one
    assert heights[2] == heights[3] == heights[4]
    composer.set_text("")
    QApplication.sendPostedEvents()
    assert composer.sizeHint().height() == one


def test_a_draft_is_told_when_the_keys_rest(qtbot: QtBot, composer: Composer) -> None:
    with qtbot.waitSignal(composer.draft_changed, timeout=3000) as told:
        write(composer, "half a th")
        assert composer.draft() == Draft("half a th", 9)
    assert told.args == [Draft("half a th", 9)]


def test_a_draft_is_told_at_once_where_the_chat_is_left(composer: Composer, heard: Heard) -> None:
    write(composer, "half")
    composer.flush_draft()
    composer.flush_draft()
    assert heard.drafts == [Draft("half", 4)]


def test_a_draft_comes_back_with_its_caret(composer: Composer, heard: Heard) -> None:
    composer.set_draft(Draft("a🙂b", 2))
    assert composer.draft() == Draft("a🙂b", 2)
    write(composer, "!")
    assert composer.text() == "a🙂!b"
    composer.set_draft(Draft("short", 99))
    assert composer.draft() == Draft("short", 5)


def test_undo_and_copy_are_passed_on_where_the_field_has_no_use_for_them(
    composer: Composer,
) -> None:
    assert not claims(composer, Qt.Key.Key_Z)
    assert not claims(composer, Qt.Key.Key_C)
    write(composer, "words")
    assert claims(composer, Qt.Key.Key_Z)
    assert not claims(composer, Qt.Key.Key_C)
    composer.editor.selectAll()
    assert claims(composer, Qt.Key.Key_C)
    composer.clear_sent()
    assert not claims(composer, Qt.Key.Key_Z)


def test_typing_elsewhere_ends_up_here(composer: Composer) -> None:
    composer.editor.clearFocus()
    composer.type_text("h")
    assert composer.editor.hasFocus()
    write(composer, "i")
    assert composer.text() == "hi"


def test_a_quote_stands_on_lines_of_its_own(composer: Composer) -> None:
    write(composer, "See")
    composer.insert_quote("one\n\n```\ncode\n```\n")
    assert composer.text() == "See\n\n> one\n>\n> ```\n> code\n> ```\n\n"


def test_the_model_is_named_in_the_chip_and_in_the_empty_field(composer: Composer) -> None:
    composer.set_model("gpt & co", "OpenAI")
    assert composer.editor.placeholderText() == "Message gpt & co"
    assert composer.chip.accessibleName() == "Model: gpt & co at OpenAI"
    assert composer.chip.text() == "gpt && co"
    composer.set_hint(True)
    assert composer.editor.placeholderText().endswith("Enter sends, Shift+Enter new line")


def test_the_names_that_a_reader_finds_are_exact(composer: Composer) -> None:
    assert composer.editor.accessibleName() == "Message"
    assert composer.send_button.accessibleName() == "Send"


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=40), st.data())
def test_carets_are_counted_in_characters(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text)))
    assert characters(text, units(text, place)) == place


def test_a_key_has_the_right_article() -> None:
    assert a_key("Groq") == "a Groq key"
    assert a_key("OpenAI") == "an OpenAI key"
    assert a_key("") == "an API key"


def test_a_moment_of_today_is_a_time_alone() -> None:
    now = moment(time.time_ns() // 1_000_000)
    assert len(moment(0)) > len(now)


def test_moving_the_caret_is_part_of_the_draft(qtbot: QtBot, composer: Composer) -> None:
    composer.set_draft(Draft("words", 5))
    with qtbot.waitSignal(composer.draft_changed, timeout=3000) as told:
        composer.editor.moveCursor(QTextCursor.MoveOperation.Start)
    assert told.args == [Draft("words", 0)]


def test_a_real_key_is_told_from_words() -> None:
    assert pasted_key.service_of_key("gsk_" + "a1B2" * 13) == "Groq"
    assert pasted_key.service_of_key("sk-" + "0a1b2c3d" * 4) == ""
    assert pasted_key.service_of_key("why is the sky blue") is None


@pytest.mark.parametrize("lines", [2, 3, 7, 10])
def test_all_lines_are_seen_as_long_as_there_is_room(
    qtbot: QtBot, composer: Composer, lines: int
) -> None:
    # As a tab gives the field its height: when the layout says so, after the text is there.
    frame = QWidget()
    qtbot.addWidget(frame)
    column = QVBoxLayout(frame)
    column.addStretch(1)
    column.addWidget(composer)
    frame.resize(700, 500)
    frame.show()
    composer.set_text("\n".join(f"line {number}" for number in range(lines)))
    before = composer.editor.height()
    qtbot.waitUntil(lambda: composer.editor.height() > before)
    assert composer.editor.firstVisibleBlock().blockNumber() == 0
    last = composer.editor.document().lastBlock()
    geometry = composer.editor.blockBoundingGeometry(last)
    bottom = geometry.translated(composer.editor.contentOffset()).bottom()
    assert bottom <= composer.editor.viewport().height() + 0.5
    composer.setParent(None)


def test_a_key_is_caught_beside_words_too(
    composer: Composer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pasted_key, "service_of_key", lambda _text: "Groq")
    write(composer, "use this: ")
    paste(composer, "gsk_abc")
    assert composer.text() == "use this: "
    composer.key_strip.button("Send as text").click()
    assert composer.text() == "use this: gsk_abc"


def test_markup_in_a_models_name_is_shown_and_not_read(composer: Composer) -> None:
    composer.set_model("<img src=x>", "<b>Bold</b>")
    assert "&lt;img src=x&gt; at &lt;b&gt;Bold" in composer.chip.toolTip()
    assert composer.chip.accessibleName() == "Model: <img src=x> at <b>Bold</b>"
