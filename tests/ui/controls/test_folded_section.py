"""A folded part of a form is built when it is wanted, by mouse or by keyboard."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop_chat.ui.controls.folded_section import FoldedSection

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.ui.look.appearance import Appearance


class Builder:
    """Counts how often the body is built."""

    def __init__(self) -> None:
        self.bodies: list[QLineEdit] = []

    def __call__(self) -> QLineEdit:
        self.bodies.append(QLineEdit())
        return self.bodies[-1]


@pytest.fixture
def builder() -> Builder:
    return Builder()


@pytest.fixture
def section(qtbot: QtBot, appearance: Appearance, builder: Builder) -> FoldedSection:
    made = FoldedSection(appearance, "Network", builder)
    qtbot.addWidget(made)
    made.show()
    return made


def test_the_body_is_built_once_and_not_before_it_is_wanted(
    section: FoldedSection, builder: Builder
) -> None:
    assert builder.bodies == []
    section.button.click()
    (body,) = builder.bodies
    assert section.body is body
    assert body.isVisible()
    body.setText("kept")
    section.button.click()
    assert not body.isVisible()
    section.button.click()
    assert len(builder.bodies) == 1
    assert body.isVisible()
    assert body.text() == "kept"


def test_it_unfolds_by_keyboard_and_says_what_it_is(section: FoldedSection, qtbot: QtBot) -> None:
    assert section.button.accessibleName() == "Network"
    assert section.button.accessibleDescription() == "Folded"
    section.button.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(section.unfolded):
        QTest.keyClick(section.button, Qt.Key.Key_Space)
    assert section.is_unfolded
    assert section.button.accessibleDescription() == "Unfolded"


def test_it_can_be_unfolded_for_the_person(section: FoldedSection) -> None:
    section.set_unfolded(unfolded=True)
    assert section.body is not None
    assert section.body.isVisible()


def test_tab_goes_from_the_title_into_the_body_and_on(qtbot: QtBot, appearance: Appearance) -> None:
    form = QWidget()
    qtbot.addWidget(form)

    def build() -> QWidget:
        body = QWidget()
        row = QVBoxLayout(body)
        row.addWidget(QLineEdit("first"))
        row.addWidget(QLineEdit("second"))
        return body

    section = FoldedSection(appearance, "Network", build)
    column = QVBoxLayout(form)
    column.addWidget(section)
    column.addWidget(QLineEdit("after"))
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    section.button.setFocus(Qt.FocusReason.TabFocusReason)
    QTest.keyClick(section.button, Qt.Key.Key_Return)
    assert section.is_unfolded
    reached = []
    for _ in range(3):
        QTest.keyClick(form.focusWidget(), Qt.Key.Key_Tab)
        now = form.focusWidget()
        assert isinstance(now, QLineEdit)
        reached.append(now.text())
    assert reached == ["first", "second", "after"]
