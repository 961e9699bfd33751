"""What tests of the transcript share: a look from the shipped themes, and a view on the screen."""

from __future__ import annotations

import threading
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from PySide6.QtGui import QColor, QFont

from desktop_chat.domain.resources import resource
from desktop_chat.markdown.preparing import preparer
from desktop_chat.transcript.look import Look
from desktop_chat.transcript.view import TranscriptView

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def look(qapp: QApplication) -> Look:
    """The light theme at the base size."""
    return make_look("light")


@pytest.fixture(scope="session")
def languages() -> None:
    """The languages of the tests, ready as they are soon after the program's start."""
    for name in ("python", "javascript", "json", "bash"):
        preparer().prepare(name)
    for thread in threading.enumerate():
        if thread.name == "languages":
            thread.join()


@pytest.fixture
def view(qtbot: QtBot, look: Look, languages: None) -> TranscriptView:
    """A shown transcript of 900 × 700 pixels."""
    shown = TranscriptView()
    qtbot.addWidget(shown)
    shown.resize(900, 700)
    shown.set_look(look)
    with qtbot.waitExposed(shown):
        shown.show()
    return shown


def make_look(theme: str, **changes: Any) -> Look:
    """Return a look in a theme's colours."""
    read = tomllib.loads(resource(f"themes/{theme}.toml").read_text("utf-8"))
    colours = {role: QColor(value) for role, value in read["colours"].items()}
    values: dict[str, Any] = {
        "colours": colours,
        "text_font": QFont("Noto Sans"),
        "code_font": QFont("Noto Sans Mono"),
        "animate": False,
        **changes,
    }
    return Look(**values)
