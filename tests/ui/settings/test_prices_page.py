"""Prices are found, written over and taken back in the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.providers import Provider
from desktop_chat.ui.settings.prices_page import PricesPage

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.storage.paths import Profile

HERE = Provider(
    id="p",
    name="Here",
    protocol="openai_chat",
    base_url="https://models.example/v1",
    model="large",
)
OPENAI = Provider(
    id="o", name="OpenAI", protocol="openai_chat", base_url="https://api.openai.com/v1"
)
MILLION = Usage(1_000_000, 1_000_000)


@pytest.fixture
def page(qtbot: QtBot, core: Core) -> PricesPage:
    core.preferences.save_provider(HERE)
    made = PricesPage(core)
    qtbot.addWidget(made)
    made.resize(700, 500)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    return made


def rows(page: PricesPage) -> list[tuple[str, ...]]:
    table = page.table
    return [
        tuple(table.item(row, column).text() for column in range(table.columnCount()))  # type: ignore[union-attr]
        for row in range(table.rowCount())
    ]


def write(qtbot: QtBot, page: PricesPage, row: int, column: int, text: str) -> None:
    """Write an amount by keyboard alone."""
    page.table.setFocus(Qt.FocusReason.TabFocusReason)
    page.table.setCurrentCell(row, column)
    QTest.keyClick(page.table, Qt.Key.Key_Return)
    editor = page.table.findChildren(QLineEdit)[-1]  # the one before may not be gone yet
    editor.selectAll()
    QTest.keyClicks(editor, text)
    with qtbot.waitSignal(page.table.itemDelegate().closeEditor):
        QTest.keyClick(editor, Qt.Key.Key_Return)


def test_models_in_use_that_have_no_price_come_first(page: PricesPage) -> None:
    first, second, *_ = rows(page)
    assert first == ("large", "models.example · no price", "", "", "")
    assert second[1] == "api.openai.com"


def test_a_model_gets_a_price_once_both_are_written(
    qtbot: QtBot, page: PricesPage, core: Core
) -> None:
    prices = core.spending.prices
    write(qtbot, page, 0, 4, "10")
    assert rows(page)[0][4] == "10.00"
    assert "both" in page.fault.text()
    assert prices.find(HERE, "large") is None
    write(qtbot, page, 0, 2, "$2,5")
    found = prices.find(HERE, "large")
    assert found is not None
    assert found.cost(MILLION) == 12_500_000
    assert rows(page)[0] == ("large", "models.example · yours", "2.50", "2.50", "10.00")
    assert not page.fault.isVisible()


def test_a_price_of_the_program_is_written_over_and_comes_back(
    qtbot: QtBot, page: PricesPage, core: Core
) -> None:
    prices = core.spending.prices
    before = prices.find(OPENAI, "gpt-4.1")
    assert before is not None
    page.search.setText("gpt-4.1 openai")
    at = next(at for at, row in enumerate(rows(page)) if row[0].split(", ")[0] == "gpt-4.1")
    write(qtbot, page, at, 4, "99")
    after = prices.find(OPENAI, "gpt-4.1")
    assert after is not None
    assert (after.price.input, after.price.output) == (before.price.input, 99_000_000)
    assert page.table.current is not None
    assert page.table.current.own
    page.remove_button.click()
    assert prices.find(OPENAI, "gpt-4.1") == before


def test_cached_tokens_cost_what_others_do_until_they_have_a_price(
    qtbot: QtBot, page: PricesPage, core: Core
) -> None:
    write(qtbot, page, 0, 2, "4")
    write(qtbot, page, 0, 4, "8")
    assert rows(page)[0][2:] == ("4.00", "4.00", "8.00")
    write(qtbot, page, 0, 2, "5")
    assert rows(page)[0][2:] == ("5.00", "5.00", "8.00")
    write(qtbot, page, 0, 3, "1")
    write(qtbot, page, 0, 2, "6")
    assert rows(page)[0][2:] == ("6.00", "1.00", "8.00")
    found = core.spending.prices.find(HERE, "large")
    assert found is not None
    assert found.price.cached == 1_000_000


@pytest.mark.parametrize("text", ["much", "-1", "1e99", ""])
def test_what_is_no_amount_is_told_and_changes_nothing(
    qtbot: QtBot, page: PricesPage, profile: Profile, text: str
) -> None:
    page.search.setText("gpt-4.1")
    before = rows(page)
    write(qtbot, page, 0, 2, text or " ")
    assert page.fault.text().startswith("This is not an amount")
    assert rows(page) == before
    assert not profile.prices_file.exists()


def test_a_file_that_cannot_be_changed_is_told_and_kept(
    qtbot: QtBot, page: PricesPage, profile: Profile
) -> None:
    profile.prices_file.parent.mkdir(parents=True, exist_ok=True)
    profile.prices_file.write_text('price = [{ models = ["m"], input = 1, output = 2 }]\n')
    page.search.setText("gpt-4.1")
    write(qtbot, page, 0, 2, "7")
    assert "cannot be changed here" in page.fault.text()
    assert profile.prices_file.read_text().startswith("price = [")


def test_a_search_finds_models_and_services(page: PricesPage) -> None:
    page.search.setText("anthropic opus")
    found = rows(page)
    assert found
    assert all("anthropic" in row[1] for row in found)
    page.search.setText("no such model")
    assert rows(page) == []
