"""Which links are opened, what is told of them, and how they are reached and shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desktop_chat.transcript.input.address_strip import AddressStrip
from desktop_chat.transcript.input.menu import context_menu
from desktop_chat.transcript.input.under import Under
from desktop_chat.transcript.messages.message import TEXT
from desktop_chat.transcript.targets import Kind, Target
from desktop_chat.transcript.text.links import is_masked, link_target
from tests.transcript.conversations import answer, message, question

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.transcript.view import TranscriptView


@pytest.mark.parametrize(
    ("href", "place"),
    [
        ("https://example.org/a?b=c", "example.org"),
        ("http://127.0.0.1:8080/", "127.0.0.1:8080"),
        ("http://[::1]:8080/", "[::1]:8080"),
        ("HTTPS://EXAMPLE.org", "example.org"),
        ("mailto:someone@example.org", "someone@example.org"),
        ("https://user@evil.example/", "evil.example"),
        ("https://bank.example%2F@evil.example/", "evil.example"),
        ("https://bank.example.evil.example/", "bank.example.evil.example"),
    ],
)
def test_a_link_names_the_place_it_leads_to(href: str, place: str) -> None:
    target = link_target(href)
    assert target is not None
    assert target.place == place


def test_letters_that_look_like_others_are_shown_as_what_they_are() -> None:
    target = link_target("https://xn--80ak6aa92e.com/")
    assert target is not None
    assert target.place == "xn--80ak6aa92e.com"
    cyrillic = link_target("https://аррӏе.com/")
    assert cyrillic is not None
    assert cyrillic.place == "xn--80ak6aa92e.com"
    assert is_masked(cyrillic, "apple.com")
    assert is_masked(cyrillic, "https://аррӏе.com/")


def test_a_name_before_the_host_only_misleads_and_is_left_out() -> None:
    target = link_target("https://www.bank.example:secret@evil.example/login")
    assert target is not None
    assert target.address == "https://evil.example/login"
    assert target.url.userInfo() == ""
    assert is_masked(target, "https://www.bank.example:secret@good.example/login")


def test_what_turns_the_direction_of_writing_is_shown_encoded() -> None:
    target = link_target("https://example.org/\u202egpj.exe")
    assert target is not None
    assert "\u202e" not in target.address
    assert "%E2%80%AE" in target.address
    assert link_target("https://exam\u202eple.org/") is None


@pytest.mark.parametrize(
    "href",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "data:text/html,x",
        "calculator://",
        "smb://host/share",
        "ssh://host",
        "ms-settings:",
        "vbscript:x",
        "https://",
        "https:example.org",
        "//example.org",
        "//host/share",
        "\\\\host\\share",
        "https:\\\\evil.example",
        "https://good.example\\@evil.example/",
        "https://a b/",
        "https://a\nb/",
        "https://a\x00b/",
        "ht tp://example.org",
        "relative/page",
        "http://[bad",
        "https://example.org/" + "a" * 9000,
        "mailto:",
        "mailto:?attach=/etc/passwd",
        "mailto:-attach@example.org",
        "mailto:a@b.example,c@d.example",
        "mailto:a%0d%0aBcc:b@c.example",
        "",
    ],
)
def test_other_kinds_of_address_lead_nowhere(href: str) -> None:
    assert link_target(href) is None


def test_a_mail_has_an_address_and_a_subject_alone() -> None:
    href = (
        "mailto:a@b.example?subject=Hi%20you&attach=/etc/passwd&body=x&cc=c@d.example&Attachment=y"
    )
    target = link_target(href)
    assert target is not None
    assert target.address == "mailto:a@b.example?subject=Hi%20you"
    broken = link_target("mailto:a@b.example?subject=Hi%0d%0aBcc:%20c@d.example")
    assert broken is not None
    assert broken.address == "mailto:a@b.example"


@pytest.mark.parametrize(
    ("words", "masked"),
    [
        ("https://example.org/long/path", False),
        ("example.org/long/path", False),
        ("See Example.org for more", True),
        ("example.org", True),
        ("https://example.org/long/path2", True),
        ("click here", True),
        ("", True),
    ],
)
def test_words_that_are_not_the_address_are_a_mask(words: str, masked: bool) -> None:
    target = link_target("https://example.org/long/path")
    assert target is not None
    assert is_masked(target, words) is masked


TEXT_WITH_LINKS = """Read [**the** paper](https://one.example/paper) and [this](https://two.example).

| a | b |
|---|---|
| x | [cell](https://three.example/cell) |

```python
x = 1
```

[last](mailto:a@b.example)
"""


def _point_of(view: TranscriptView, words: str) -> QPoint:
    """Return where in the viewport the middle of a link's text is."""
    shown = message(view, "a")
    for part, column, left, top in shown.columns():
        for at, box in enumerate(column.boxes):
            for link in box.links():
                if part == TEXT and link.words == words:
                    inside = box.link_rects(link)[0].center()
                    y = view.document.top(view.document.number("a")) - view.scroller.scroll
                    y += top + column.top_of(at)
                    origin = QPointF(view.column_left + left + box.left, y)
                    return (origin + inside).toPoint()
    raise AssertionError(words)


@pytest.mark.parametrize(
    ("words", "address"),
    [("the paper", "https://one.example/paper"), ("cell", "https://three.example/cell")],
)
def test_a_click_on_a_link_tells_where_it_leads_and_what_was_read(
    view: TranscriptView, qtbot: QtBot, words: str, address: str
) -> None:
    view.set_items([question(), answer("a", TEXT_WITH_LINKS)])
    view.scroll_to(0)
    with qtbot.waitSignal(view.link_activated) as told:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_point_of(view, words))
    assert told.args == [address, words]


def test_hovering_a_link_shows_its_real_address_in_the_strip(view: TranscriptView) -> None:
    text = "[https://bank.example/](https://user@xn--80ak6aa92e.com/?q=%E2%80%AE)"
    view.set_items([question(), answer("a", text)])
    view.scroll_to(0)
    point = _point_of(view, "https://bank.example/")
    QTest.mouseMove(view.viewport(), point)
    strip = view.findChild(AddressStrip)
    assert strip is not None
    assert strip.isVisible()
    assert strip.address == "https://xn--80ak6aa92e.com/?q=%E2%80%AE"
    assert strip.geometry().bottom() < view.viewport().height()
    QTest.mouseMove(view.viewport(), point + QPoint(0, 120))
    assert not strip.isVisible()


def test_a_strip_never_grows_wider_than_the_view(view: TranscriptView) -> None:
    text = f"[a](https://{'login.bank.example.' * 12}evil.example/{'x' * 3000})"
    view.set_items([question(), answer("a", text)])
    view.scroll_to(0)
    QTest.mouseMove(view.viewport(), _point_of(view, "a"))
    strip = view.findChild(AddressStrip)
    assert strip is not None
    assert strip.width() <= view.viewport().width()
    assert strip._parts[1][0].endswith("evil.example")


def test_tab_stops_at_every_link_and_button_in_reading_order(view: TranscriptView) -> None:
    view.set_items([question(), answer("a", TEXT_WITH_LINKS)])
    view.setFocus()
    view.scroll_to(0)
    seen: list[str] = []
    for _ in range(30):
        if not view.focusNextPrevChild(True) or view.focused is None:
            break
        if view.focused.item_id == "a":
            seen.append(view.focused.words or view.focused.kind.value)
    read = [one for one in seen if one != "action"]
    assert read[:3] == ["the paper", "this", "cell"]
    assert "copy code" in read[3:-1]
    assert read[-1] == "last"
    back: list[str] = []
    view.focusNextPrevChild(False)
    while view.focused is not None and view.focused.item_id == "a":
        back.append(view.focused.words or view.focused.kind.value)
        view.focusNextPrevChild(False)
    assert back == seen[::-1]


def test_enter_opens_the_link_that_has_the_focus(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", TEXT_WITH_LINKS)])
    view.setFocus()
    view.focusNextPrevChild(True)
    view.grab()
    with qtbot.waitSignal(view.link_activated) as told:
        QTest.keyClick(view, Qt.Key.Key_Return)
    assert told.args == ["https://one.example/paper", "the paper"]


def test_the_menu_of_a_link_opens_it_or_copies_its_address(
    view: TranscriptView, qtbot: QtBot
) -> None:
    target = Target(Kind.LINK, "a", href="https://аррӏе.com/x", words="apple")
    view.set_items([answer("a", "x")])
    menu = context_menu(view, Under(message(view, "a"), target=target))
    deeds = {one.text(): one for one in menu.actions()}
    deeds["Copy address"].trigger()
    assert QGuiApplication.clipboard().text() == "https://xn--80ak6aa92e.com/x"
    with qtbot.waitSignal(view.link_activated):
        deeds["Open"].trigger()
    local = Target(Kind.LINK, "a", href="file:///etc/passwd")
    names = [
        one.text() for one in context_menu(view, Under(message(view, "a"), None, local)).actions()
    ]
    assert "Open" not in names


def test_an_image_in_a_link_leads_where_the_link_leads(view: TranscriptView, qtbot: QtBot) -> None:
    view.set_items([answer("a", "[![badge](https://one.example/b.png)](https://ci.example/) x")])
    view.scroll_to(0)
    with qtbot.waitSignal(view.link_activated) as told:
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=_point_of(view, "badge"))
    assert told.args == ["https://ci.example/", "badge"]
