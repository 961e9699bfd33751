"""The one gate to the world outside, and that there is no other."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QDesktopServices

from desktop_chat.ui.opening import open_folder, open_url

if TYPE_CHECKING:
    from PySide6.QtCore import QUrl

ROOT = Path(__file__).resolve().parents[2]
WAYS_OUT = re.compile(
    r"QDesktopServices|openUrl|webbrowser|startfile|xdg-open|QProcess|OpenExternalLinks"
    r"|setOpenLinks|ShellExecute|QWebEngine|QTextBrowser|setHtml\(|setMarkdown\("
)
ALLOWED = {
    "desktop_chat/ui/opening.py": {"QDesktopServices", "openUrl"},
    # A copy's flavours, which are put on the clipboard and never shown.
    "desktop_chat/transcript/copying/clipboard.py": {"setHtml("},
}


def watch(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list into which goes what would be opened."""
    opened: list[str] = []

    def open_instead(url: QUrl) -> bool:
        opened.append(url.url())
        return True

    monkeypatch.setattr(QDesktopServices, "openUrl", open_instead)
    return opened


def test_nothing_else_in_the_program_opens_anything() -> None:
    found: dict[str, set[str]] = {}
    for path in (ROOT / "desktop_chat").rglob("*.py"):
        ways = set(WAYS_OUT.findall(path.read_text("utf-8")))
        name = path.relative_to(ROOT).as_posix()
        if ways - ALLOWED.get(name, set()):
            found[name] = ways
    assert found == {}


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "javascript:x", "calculator://", "smb://a/b", "//a/b", "", "data:,x"],
)
def test_the_gate_is_shut_for(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda _url: pytest.fail("it was opened"))
    assert not open_url(address)


def test_the_gate_lets_pages_through(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = watch(monkeypatch)
    assert open_url("https://example.org/a")
    assert opened == ["https://example.org/a"]


def test_only_folders_of_this_computer_are_shown(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    opened = watch(monkeypatch)
    file = tmp_path / "run.sh"
    file.write_text("x")
    assert not open_folder(file)
    assert not open_folder(Path("//host/share"))
    assert not open_folder(Path("relative"))
    assert open_folder(tmp_path)
    assert opened == [tmp_path.as_uri()]
