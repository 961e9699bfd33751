"""Formulas in the transcript: painted in ink, copied as LaTeX, late without a jump."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAccessible, QColor, QGuiApplication
from PySide6.QtTest import QTest

from desktop_chat.markdown.formula_paths import Typesetter
from desktop_chat.transcript.blocks.code import CodeBox
from desktop_chat.transcript.blocks.formula import FormulaBox
from desktop_chat.transcript.blocks.prose import ProseBox
from desktop_chat.transcript.blocks.table import TableBox
from desktop_chat.transcript.formula import formulas as formulas_module
from desktop_chat.transcript.formula import thread as formula_thread
from desktop_chat.transcript.formula.formulas import Absent, Formulas
from desktop_chat.transcript.formula.thread import FormulaThread, Wish
from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.spoken.facts import Key
from desktop_chat.transcript.spoken.tree import Spoken
from tests.transcript.conftest import make_look

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.blocks.box import Box
    from desktop_chat.transcript.view import TranscriptView

DISPLAYED = "$$\n\\frac{a}{b}\n$$"
INLINE = r"Where \(a^2 = b\) holds."


@pytest.fixture
def formulas(qapp: object) -> Formulas:
    """What draws formulas."""
    del qapp
    return Formulas()


@pytest.fixture
def drawing(view: TranscriptView, formulas: Formulas) -> Iterator[TranscriptView]:
    """A transcript that draws formulas."""
    view.set_look(make_look("light", formulas=formulas))
    yield view
    view.close()


def show(qtbot: QtBot, view: TranscriptView, text: str) -> None:
    """Show an answer, and wait until its formulas are drawn or refused."""
    formulas = view.type.look.formulas
    assert formulas is not None
    view.set_items([Item(id="a", side=Side.MODEL, text=text)])
    qtbot.waitUntil(lambda: not settled(view, formulas), timeout=20_000)


def settled(view: TranscriptView, formulas: Formulas) -> bool:
    """Whether anything is waited for still."""
    view.grab()
    return bool(formulas._waiting)


def boxes(view: TranscriptView) -> list[Box]:
    """Return the boxes of the first message."""
    return view.document.messages[0].columns()[0][1].boxes


def inks(view: TranscriptView, box: Box) -> set[str]:
    """Return the colours that a box is painted in."""
    message = view.document.messages[0]
    _, column, _, top = message.columns()[0]
    y = top + column.top_of(column.boxes.index(box)) - view.scroller.scroll
    image = view.viewport().grab().toImage()
    return {
        image.pixelColor(x, line).name()
        for x in range(view.column_left, view.column_left + box.width)
        for line in range(y, y + box.height)
    }


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_displayed_formula_is_painted_in_ink_without_a_card(
    qtbot: QtBot, drawing: TranscriptView, formulas: Formulas, theme: str
) -> None:
    drawing.set_look(make_look(theme, formulas=formulas))
    show(qtbot, drawing, DISPLAYED)
    (box,) = boxes(drawing)
    assert isinstance(box, FormulaBox)
    assert box.drawn
    found = inks(drawing, box)
    assert drawing.type.colour("ink").name() in found
    assert drawing.type.colour("line").name() not in found
    assert drawing.type.colour("code").name() not in found


def test_a_formula_on_its_way_in_is_shown_as_its_source_until_it_ends(
    qtbot: QtBot, drawing: TranscriptView, formulas: Formulas
) -> None:
    drawing.set_items([Item(id="a", side=Side.MODEL, text="So:\n", streaming=True)])
    drawing.append_text("a", "$$\na_1 \\\\ *b* _c")
    drawing.feed.flush()
    box = boxes(drawing)[-1]
    assert isinstance(box, CodeBox)
    assert box.code.lines == ["a_1 \\\\ *b* _c"]
    drawing.append_text("a", "_\n$$\n")
    drawing.feed.flush()
    qtbot.waitUntil(lambda: not settled(drawing, formulas), timeout=20_000)
    assert isinstance(boxes(drawing)[-1], FormulaBox)


def test_a_displayed_formula_stands_in_the_middle(qtbot: QtBot, drawing: TranscriptView) -> None:
    show(qtbot, drawing, DISPLAYED)
    (box,) = boxes(drawing)
    left, right = box.caret(0).x, box.caret(box.length).x
    assert left + right == pytest.approx(box.width, abs=1)
    assert right - left < 40


def test_a_wide_formula_scrolls_sideways(qtbot: QtBot, drawing: TranscriptView) -> None:
    show(qtbot, drawing, "$$" + "+".join(["abcdef"] * 60) + "$$")
    (box,) = boxes(drawing)
    before = box.caret(0).x
    assert box.scroll_by(50)
    assert box.caret(0).x == before - 50


def test_a_formula_in_a_line_takes_its_own_width_and_no_chip(
    qtbot: QtBot, drawing: TranscriptView
) -> None:
    show(qtbot, drawing, INLINE)
    (box,) = boxes(drawing)
    start, end = INLINE.index("\\("), INLINE.index("\\)") + 2
    width = box.caret(end).x - box.caret(start).x
    assert 20 < width < drawing.type.code.advance * (end - start) - 20
    assert drawing.type.colour("code").name() not in inks(drawing, box)


def test_offsets_inside_a_drawn_formula_stand_at_its_beginning(
    qtbot: QtBot, drawing: TranscriptView
) -> None:
    show(qtbot, drawing, INLINE)
    (box,) = boxes(drawing)
    start, end = INLINE.index("\\("), INLINE.index("\\)") + 2
    assert {box.caret(at).x for at in range(start, end)} == {box.caret(start).x}
    middle = (box.caret(start).x + box.caret(end).x) / 2
    found = {box.offset_at(middle + dx, 10) for dx in range(-25, 25)}
    assert found <= {start, end, start - 1, end + 1}


def test_a_tall_formula_makes_its_line_higher(qtbot: QtBot, drawing: TranscriptView) -> None:
    show(qtbot, drawing, "a\n\nWhere $$\\frac{\\frac{a}{b}}{\\frac{c}{d}}$$ stands.")
    plain, tall = boxes(drawing)
    assert tall.height > 1.5 * plain.height


def test_formulas_in_cells_make_columns_as_wide_as_they_are(
    qtbot: QtBot, drawing: TranscriptView
) -> None:
    show(qtbot, drawing, "| a |\n|---|\n| \\(\\frac{\\mathrm{a}}{\\mathrm{b}}\\) |")
    (box,) = boxes(drawing)
    assert isinstance(box, TableBox)
    assert sum(box._columns) < 80


def test_formulas_far_from_the_view_are_drawn_too(
    qtbot: QtBot, drawing: TranscriptView, formulas: Formulas
) -> None:
    words = "\n\n".join(f"Paragraph {number}." for number in range(60))
    text = f"| a |\n|---|\n| \\(x^2\\) |\n\n{words}"
    drawing.set_items([Item(id="a", side=Side.MODEL, text=text)])
    drawing.grab()
    drawing.document.messages[0].keep(900, 1600)
    box = boxes(drawing)[0]
    assert isinstance(box, TableBox)
    # Where a place stands is asked, for instance, of what is above the view.
    drawing.document.messages[0].caret(Place(TEXT, 0, 4))
    assert box._laid(1, 0).waits
    qtbot.waitUntil(lambda: not settled(drawing, formulas), timeout=20_000)
    assert not box._laid(1, 0).waits
    assert box.drawn_at(4) is not None


def test_the_source_is_shown_where_nobody_draws(view: TranscriptView) -> None:
    view.set_items([Item(id="a", side=Side.MODEL, text=f"{INLINE}\n\n{DISPLAYED}")])
    view.grab()
    line, box = boxes(view)
    assert isinstance(line, ProseBox)
    assert isinstance(box, FormulaBox)
    assert not box.drawn
    assert view.type.colour("code").name() in inks(view, box)


@pytest.mark.parametrize("broken", [r"\undefined{x}", r"\frac{1}{2", "x" * 4500])
def test_broken_latex_shows_its_source(qtbot: QtBot, drawing: TranscriptView, broken: str) -> None:
    show(qtbot, drawing, f"$$\n{broken}\n$$")
    (box,) = boxes(drawing)
    assert isinstance(box, FormulaBox)
    assert not box.drawn
    assert drawing.type.colour("code").name() in inks(drawing, box)


def test_prices_stay_text_unless_dollars_are_asked_for(
    qtbot: QtBot, drawing: TranscriptView, formulas: Formulas
) -> None:
    text = "It is $5 and $10, where $x^2$ holds."
    show(qtbot, drawing, text)
    assert not boxes(drawing)[0].partial
    drawing.set_look(make_look("light", formulas=formulas, dollar_maths=True))
    show(qtbot, drawing, text)
    assert boxes(drawing)[0].partial
    assert drawing.document.messages[0].blocks[0].leaves[0].inline.text == text  # type: ignore[union-attr]


def test_what_is_read_stays_when_formulas_above_it_arrive(
    qtbot: QtBot, drawing: TranscriptView
) -> None:
    tall = "\n\n".join(f"$$\n\\frac{{\\frac{{a}}{{{n}}}}}{{c}}\n$$" for n in range(6))
    words = "\n\n".join(f"Paragraph {n} of many words." for n in range(60))
    drawing.set_items([Item(id="a", side=Side.MODEL, text=f"{tall}\n\n{words}")])
    drawing.scroll_to(60)
    message = drawing.document.messages[0]
    block = next(
        at for at in range(60) if message.caret(Place(TEXT, at, 0)).top() > 60 + 700 // 3 - 24
    )
    place = Place(TEXT, block, 0)
    formulas = drawing.type.look.formulas
    assert formulas is not None
    before = message.caret(place).top() - drawing.scroller.scroll
    height = drawing.document.height
    qtbot.waitUntil(lambda: not settled(drawing, formulas), timeout=20_000)
    assert drawing.document.height != height
    assert message.caret(place).top() - drawing.scroller.scroll == before


def test_a_selected_formula_copies_its_source(qtbot: QtBot, drawing: TranscriptView) -> None:
    show(qtbot, drawing, f"{INLINE}\n\n{DISPLAYED}")
    drawing.select_all()
    drawing.copy()
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    markdown = bytes(data.data("text/markdown").data()).decode()
    assert INLINE in markdown
    assert DISPLAYED in markdown
    assert "\\frac{a}{b}" in data.text()


def test_a_double_click_takes_all_of_a_formula(qtbot: QtBot, drawing: TranscriptView) -> None:
    show(qtbot, drawing, INLINE)
    start, end = INLINE.index("\\("), INLINE.index("\\)") + 2
    rect = drawing.document.messages[0].caret(Place(TEXT, 0, start))
    at = QPoint(drawing.column_left + round(rect.left()) + 6, round(rect.center().y()))
    QTest.mouseClick(drawing.viewport(), Qt.MouseButton.LeftButton, pos=at)
    QTest.mouseDClick(drawing.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert drawing.selection is not None
    assert drawing.selection.first == Point(0, Place(TEXT, 0, start))
    assert drawing.selection.last == Point(0, Place(TEXT, 0, end))


def test_a_selected_formula_has_the_ground_of_a_selection(
    qtbot: QtBot, drawing: TranscriptView
) -> None:
    show(qtbot, drawing, DISPLAYED)
    (box,) = boxes(drawing)
    first, last = Place(TEXT, 0, 2), Place(TEXT, 0, 3)
    drawing.select(Selection(Point(0, first), Point(0, last)))
    role = "selection" if drawing.hasFocus() else "selection_idle"
    assert drawing.type.colour(role).name() in inks(drawing, box)


def test_copy_beside_a_formula_takes_its_latex(qtbot: QtBot, drawing: TranscriptView) -> None:
    show(qtbot, drawing, DISPLAYED)
    message = drawing.document.messages[0]
    button = next(one for one in message.buttons(0, message.height) if "formula" in one.description)
    assert button.name == "Copy"
    drawing.pressed.emit(button.target)
    data = QGuiApplication.clipboard().mimeData()
    assert data is not None
    assert data.text() == "\\frac{a}{b}"
    assert bytes(data.data("text/markdown").data()).decode() == DISPLAYED


def test_a_screen_reader_hears_the_source(drawing: TranscriptView) -> None:
    drawing.set_items([Item(id="a", side=Side.MODEL, text=DISPLAYED)])
    facts = Spoken().facts(drawing.document, Key("a", (0, 0)))
    assert facts is not None
    assert facts.role is QAccessible.Role.Equation
    assert facts.name == "\\frac{a}{b}"


def test_sizes_change_without_another_run(
    qtbot: QtBot, drawing: TranscriptView, formulas: Formulas, monkeypatch: pytest.MonkeyPatch
) -> None:
    show(qtbot, drawing, DISPLAYED)
    (small,) = boxes(drawing)
    monkeypatch.setattr(formulas, "_want", lambda _wish: pytest.fail("drawn again"))
    drawing.set_look(make_look("dark", formulas=formulas, base=30))
    drawing.grab()
    (large,) = boxes(drawing)
    assert large.height > 1.7 * small.height


def test_a_formula_that_still_streams_is_not_drawn(
    drawing: TranscriptView, formulas: Formulas
) -> None:
    drawing.set_items([Item(id="a", side=Side.MODEL, streaming=True)])
    for piece in ("See ", "$$", "\n\\fr", "ac{a}", "{b", "}\n"):
        drawing.append_text("a", piece)
        drawing.feed.flush()
        drawing.grab()
    assert not formulas._waiting
    assert not formulas._known


class Silent:
    """A thread that never answers."""

    def __init__(self) -> None:
        self.answers: list[Any] = []

    def start(self) -> None:
        """Do nothing."""

    def want(self, _wish: Wish) -> None:
        """Do nothing."""

    def take(self) -> list[Any]:
        """Return what a test put in."""
        taken, self.answers = self.answers, []
        return taken


def test_a_stuck_thread_gives_way_to_sources_until_it_answers(
    qtbot: QtBot, formulas: Formulas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formulas_module, "FormulaThread", Silent)
    formulas._patience.setInterval(1)
    with qtbot.waitSignal(formulas.ready):
        assert formulas.find("x", display=False) is Absent.WAITING
    assert formulas.find("x", display=False) is Absent.REFUSED
    assert formulas.find("y", display=False) is Absent.REFUSED
    thread: Any = formulas._thread
    assert type(thread).__name__ == "Silent"
    thread.answers = [(Wish("x", display=False), None)]
    assert formulas.find("x", display=False) is Absent.REFUSED
    assert formulas.find("y", display=False) is Absent.WAITING


def test_so_many_formulas_are_kept_and_no_more(
    qtbot: QtBot, formulas: Formulas, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(formulas_module, "FormulaThread", Silent)
    monkeypatch.setattr(formulas_module, "MOST", 10)
    formulas.find("0", display=False)
    thread: Any = formulas._thread
    assert type(thread).__name__ == "Silent"
    thread.answers = [(Wish(str(number), display=False), None) for number in range(50)]
    qtbot.waitUntil(lambda: not formulas._waiting)
    assert len(formulas._known) == 10
    assert formulas.find("49", display=False) is Absent.REFUSED


def test_the_newest_wish_comes_first_and_old_ones_are_forgotten(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(FormulaThread, "_run", lambda _self: None)
    thread = FormulaThread()
    wishes = [Wish(str(number), display=False) for number in range(501)]
    forgotten = [thread.want(wish) for wish in wishes]
    assert forgotten == [None] * 500 + [wishes[0]]
    assert thread._wishes.pop() == wishes[-1]


def test_the_thread_starts_once_events_are_handled(
    qtbot: QtBot, formulas: Formulas, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As a window opens with formulas in it, nothing is taken from its first paint."""
    started: list[FormulaThread] = []
    monkeypatch.setattr(FormulaThread, "start", lambda self: started.append(self))  # noqa: PLW0108 - a method
    monkeypatch.setattr(formulas_module, "START_MS", 0)
    formulas.find("x", display=False)
    formulas.find("y", display=False)
    assert not started
    qtbot.waitUntil(lambda: started == [formulas._thread])


def test_a_thread_without_wishes_lets_the_font_go(
    qtbot: QtBot, formulas: Formulas, monkeypatch: pytest.MonkeyPatch
) -> None:
    rested: list[Typesetter] = []
    monkeypatch.setattr(formula_thread, "REST_S", 0)
    monkeypatch.setattr(Typesetter, "rest", lambda self: rested.append(self))  # noqa: PLW0108 - a method
    for source in ("x", "y"):
        with qtbot.waitSignal(formulas.ready, timeout=20_000):
            formulas.find(source, display=False)
        qtbot.waitUntil(lambda: bool(rested))
        rested.clear()


def test_nothing_is_loaded_before_the_first_formula() -> None:
    code = (
        "import sys; import desktop_chat.app, desktop_chat.transcript.view; "
        "from desktop_chat.transcript.formula.formulas import Formulas; Formulas(); "
        "print([name for name in sys.modules if name.startswith(('zia', 'latex2'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout.strip() == "[]"


def test_an_ink_is_the_selections_where_that_is_another(
    qtbot: QtBot, drawing: TranscriptView, formulas: Formulas
) -> None:
    look = make_look("contrast_light", formulas=formulas)
    drawing.set_look(look)
    show(qtbot, drawing, INLINE)
    drawing.select_all()
    drawing.setFocus()
    qtbot.waitUntil(drawing.hasFocus)
    (box,) = boxes(drawing)
    assert QColor(look.colour("selection_ink")).name() in inks(drawing, box)


def test_a_formula_is_not_the_last_code(drawing: TranscriptView) -> None:
    text = f"```\ncode\n```\n\n{DISPLAYED}"
    drawing.set_items([Item(id="a", side=Side.MODEL, text=text)])
    drawing.copy_last_code()
    assert QGuiApplication.clipboard().text() == "code"
