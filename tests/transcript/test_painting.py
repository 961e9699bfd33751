"""What is painted: partial repaints leave nothing behind, and states look as they should."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint
from PySide6.QtGui import QColor, QImage, QPainter, QTextCharFormat
from PySide6.QtWidgets import QApplication

from desktop_chat.markdown.blocks import Inline, Span, Style
from desktop_chat.transcript.blocks.box import Canvas
from desktop_chat.transcript.items import Action, Notice
from desktop_chat.transcript.messages.action_row import ActionRow
from desktop_chat.transcript.text.flow import Flow
from desktop_chat.transcript.text.typography import Typography
from desktop_chat.transcript.view import TranscriptView
from tests.transcript.conftest import make_look
from tests.transcript.conversations import PARAGRAPH, answer, long_chat, message, question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.look import Look

MIXED = f"""{PARAGRAPH}

## A heading

- one `item`
- two

```python
def f(x):
    return x
```

| a | b |
|---|---|
| 1 | 2 |

> A quote.

{PARAGRAPH}
"""


def shown(view: TranscriptView) -> QImage:
    """Return the pixels that are on the screen now, as partial repaints left them."""
    QApplication.processEvents()
    screen = view.screen().grabWindow(view.winId())
    return screen.toImage().convertToFormat(QImage.Format.Format_RGB32)


def fresh(view: TranscriptView) -> QImage:
    """Return the view painted whole."""
    view.viewport().repaint()
    return shown(view)


def count(image: QImage, colour: QColor) -> int:
    wanted = colour.rgb()
    return sum(
        image.pixel(x, y) == wanted for y in range(image.height()) for x in range(image.width())
    )


def test_streaming_repaints_what_changed_and_leaves_nothing_behind(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.anchor("q")
    QApplication.processEvents()
    for start in range(0, len(MIXED), 9):
        view.append_text("a", MIXED[start : start + 9])
        view.feed.flush()
        QApplication.processEvents()
        if start % 45 == 0:
            assert shown(view) == fresh(view)


def test_the_bar_after_the_last_character_hides_while_text_is_selected(
    view: TranscriptView,
) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_text("a", "Arriving")
    view.feed.flush()
    accent = view.type.colour("accent")
    assert count(fresh(view), accent) == 2 * 16
    view.select_all()
    assert count(fresh(view), accent) == 0
    view.clear_selection()
    view.update_item(answer("a", "Arriving"))
    assert count(fresh(view), accent) == 0


def test_a_waiting_answer_shows_a_bar_and_then_what_it_waits_for(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    accent = view.type.colour("accent")
    assert count(fresh(view), accent) == 2 * 16
    height = view.document.height
    view.set_status("a", "Waiting for the first word… 7 s")
    assert count(fresh(view), accent) == 0
    view.append_text("a", "Word")
    view.feed.flush()
    assert view.document.height == height


def test_a_failure_has_a_danger_bar_and_keeps_what_came(view: TranscriptView) -> None:
    notice = Notice("The connection broke off.", (Action.CONTINUE, Action.RETRY), "502")
    view.set_items([question(), answer("a", "What came.", notice=notice)])
    danger = view.type.colour("danger")
    assert count(fresh(view), danger) > 60
    quiet = Notice("Stopped.", (Action.CONTINUE,), danger=False)
    view.update_item(answer("a", "What came.", notice=quiet))
    assert count(fresh(view), danger) == 0


def test_reasoning_folds_when_the_answer_begins(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_reasoning("a", "A line of thought.\n" * 30)
    view.feed.flush()
    message = view.document.messages[1]
    thinking = message.height
    assert message.buttons(0, 999)[0].name == "Thinking… 1 s"
    view.append_text("a", "So:")
    view.feed.flush()
    assert message.height < thinking
    assert message.buttons(0, 999)[0].name.startswith("Thought for")


def test_reasoning_that_the_person_opened_stays_open(view: TranscriptView) -> None:
    view.set_items([question()])
    view.add_item(answer("a", "", streaming=True))
    view.append_reasoning("a", "A line of thought.\n" * 30)
    view.feed.flush()
    message = view.document.messages[1]
    view.pressed.emit(message.buttons(0, 999)[0].target)
    opened = message.height
    assert opened > 30 * 20
    view.append_text("a", "So:")
    view.feed.flush()
    assert message.height >= opened


def test_actions_are_drawn_on_the_last_answer_and_never_on_one_that_arrives(
    view: TranscriptView,
) -> None:
    view.set_items(long_chat(2, paragraphs=1))
    last = len(view.document.messages) - 1
    assert view.shows_actions(last)
    assert not view.shows_actions(1)
    view.hovered_message = 1
    assert view.shows_actions(1)
    view.add_item(answer("b", "", streaming=True))
    view.append_text("b", "Words")
    view.feed.flush()
    names = [one.name for one in view.document.messages[-1].buttons(0, 999)]
    assert names == []


@pytest.mark.parametrize("theme", ["light", "dark", "contrast_light", "contrast_dark"])
@pytest.mark.parametrize("width", [480, 900])
def test_every_theme_paints_every_kind_of_block(
    view: TranscriptView, qtbot: QtBot, theme: str, width: int
) -> None:
    view.set_look(make_look(theme))
    view.resize(width, 900)
    notice = Notice("It broke off.", (Action.CONTINUE, Action.RETRY), "502")
    view.set_items([question(), answer("a", MIXED, notice=notice, version=2, versions=3)])
    view.select_all()
    image = fresh(view)
    surface = view.type.colour("surface")
    assert image.pixel(2, 2) == surface.rgb()
    assert count(image, view.type.colour("ink")) > 100


def test_the_neutral_look_paints_too(qtbot: QtBot) -> None:
    view = TranscriptView()
    qtbot.addWidget(view)
    view.set_items([question(), answer("a", MIXED)])
    assert not view.grab().isNull()


def test_what_goes_on_below_the_view_fades_out(view: TranscriptView) -> None:
    def darkest(above_bottom: int) -> int:
        image = view.viewport().grab().toImage()
        y = image.height() - above_bottom
        return min(image.pixelColor(x, y).lightness() for x in range(image.width()))

    view.set_items([answer("a", PARAGRAPH * 100)])
    scrolls = range(100, 124)
    edge, above = [], []
    for scroll in scrolls:
        view.scroll_to(scroll)
        edge.append(darkest(1))
        above.append(darkest(20))
    assert min(above) < 60
    assert min(edge) > 235


def test_a_reference_to_a_note_stands_small_above_the_line(look: Look) -> None:
    type_ = Typography(look)
    shown = type_.style_format(Style.NOTE, type_.body)
    assert shown.verticalAlignment() is QTextCharFormat.VerticalAlignment.AlignSuperScript
    label = type_.style_format(Style.NOTE_LABEL, type_.body)
    assert label.foreground().color() == look.colour("ink_soft")
    plain = Flow(Inline("note"), type_.body, type_, 400)
    noted = Flow(Inline("note[1]", (Span(4, 7, Style.NOTE),)), type_.body, type_, 400)
    assert noted.height == plain.height


@pytest.mark.parametrize("base", [15, 30])
def test_marks_are_as_large_as_the_words_beside_them(base: int) -> None:
    type_ = Typography(make_look("light", base=base))
    row = ActionRow(answer("a", "Text.", actions=(Action.MORE,)), type_, room=400)
    picture = QImage(400, 100, QImage.Format.Format_RGB32)
    picture.fill(type_.colour("surface"))
    painter = QPainter(picture)
    row.paint(Canvas(painter, type_, 0, 100), QPoint(0, 0))
    painter.end()
    inked = [
        x for x in range(400) for y in range(100) if picture.pixel(x, y) != picture.pixel(0, 0)
    ]
    assert max(inked) - min(inked) == pytest.approx(base * 0.65, abs=base * 0.2)


WIDE_CODE = "```\n" + "word " * 99 + "\n```"
WIDE_TABLE = "|WWWWWWWW" * 40 + "|\n" + "|--" * 40 + "|"


@pytest.mark.parametrize(("text", "ground"), [(WIDE_CODE, "code"), (WIDE_TABLE, "surface")])
def test_what_goes_on_beyond_the_sides_fades_into_them(
    view: TranscriptView, text: str, ground: str
) -> None:
    view.set_items([answer("a", text)])
    box = message(view, "a").columns()[0][1].boxes[0]
    bar = box.sideways
    assert bar is not None

    def sharp(left: int) -> bool:
        """Whether ink stands in a strip under the card's header."""
        strip = range(left, left + 6)
        return any(
            picture.pixelColor(x, y).lightness() < 120
            for x in strip
            for y in range(box.height // 4, box.height - 3)
        )

    bar.move(200)
    for edge in (2, box.width - 8):
        seen = False
        for _ in range(12):
            bar.move(9)
            picture = QImage(box.width, box.height, QImage.Format.Format_RGB32)
            picture.fill(view.type.colour(ground))
            painter = QPainter(picture)
            box.paint(Canvas(painter, view.type, 0, box.height), None)
            painter.end()
            seen = seen or sharp(box.width // 2)
            assert not sharp(edge)
        assert seen
