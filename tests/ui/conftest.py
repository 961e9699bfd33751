"""What tests of the window's parts share."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from shiboken6 import delete

from desktop_chat.ui.appearance import Appearance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication


@pytest.fixture
def appearance(qapp: QApplication) -> Iterator[Appearance]:
    """The program's clothes on the application that all tests share, taken off again."""
    dressed = Appearance(qapp)
    yield dressed
    delete(dressed)
    qapp.setStyleSheet("")
