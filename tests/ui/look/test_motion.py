"""Whether the system asks for stillness is asked without waiting, and never guessed."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QObject

from desktop_chat.ui.look import motion
from desktop_chat.ui.look.motion import MotionProbe

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


class Reply:
    """What the portal answers with."""

    def __init__(self, *arguments: object) -> None:
        self._arguments = list(arguments)

    def arguments(self) -> list[object]:
        return self._arguments


class Watcher(QObject):
    """A call to the portal that has ended."""

    def __init__(self, reply: Reply, *, failed: bool = False) -> None:
        super().__init__()
        self._reply = reply
        self._failed = failed

    def reply(self) -> Reply:
        return self._reply

    def isError(self) -> bool:  # noqa: N802 - Qt's own name
        return self._failed


def answers(reply: Reply, *, failed: bool = False) -> list[bool]:
    probe = MotionProbe()
    heard: list[bool] = []
    probe.answered.connect(heard.append)
    probe._on_portal_answered(Watcher(reply, failed=failed))  # type: ignore[arg-type]
    return heard


def test_without_a_bus_nothing_is_asked_and_nothing_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    heard: list[bool] = []
    probe = MotionProbe()
    probe.answered.connect(heard.append)
    probe.start()
    assert heard == []


@pytest.mark.parametrize("animates", [True, False])
def test_the_portals_answer_is_told(animates: bool) -> None:
    assert answers(Reply(animates)) == [animates]


def test_an_answer_that_is_none_changes_nothing() -> None:
    assert answers(Reply()) == []
    assert answers(Reply("yes")) == []
    assert answers(Reply(True), failed=True) == []


@pytest.mark.parametrize(
    ("platform", "probe"), [("win32", "_windows_animates"), ("darwin", "_macos_animates")]
)
def test_other_systems_are_asked_their_own_way(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, platform: str, probe: str
) -> None:
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(motion, probe, lambda: False)
    made = MotionProbe()
    with qtbot.waitSignal(made.answered) as told:
        made.start()
    assert told.args == [False]


def test_a_system_without_those_libraries_moves() -> None:
    if sys.platform == "linux":
        assert motion._windows_animates()
        assert motion._macos_animates()
