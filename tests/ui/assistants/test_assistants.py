"""Assistants: made, changed, removed, and chosen for a chat."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop_chat.domain.assistants import Assistant
from desktop_chat.domain.parameters import Parameters
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice
from desktop_chat.ui.assistants.assistant_form import AssistantForm, assistants_dialog
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.controls.fields import Field
from desktop_chat.ui.models.picker import ModelPicker
from desktop_chat.ui.settings.settings_dialog import SettingsDialog

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.controls.entries_dialog import EntriesDialog
    from desktop_chat.ui.look.appearance import Appearance

PIRATE = Assistant(id="a", name="Pirate", icon="☠", parameters=Parameters(system="Arr."))
EDITOR = Assistant(id="b", name="Editor")


@pytest.fixture
def dialog(qtbot: QtBot, appearance: Appearance, core: Core) -> EntriesDialog:
    return made(qtbot, appearance, core)


def made(qtbot: QtBot, appearance: Appearance, core: Core) -> EntriesDialog:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    dialog = assistants_dialog(appearance, core, tab)
    dialog.open()
    return dialog


def form_of(dialog: EntriesDialog) -> AssistantForm:
    assert isinstance(dialog.form, AssistantForm)
    return dialog.form


def test_an_assistant_is_made_and_kept_as_it_is_written(dialog: EntriesDialog, core: Core) -> None:
    assert dialog.nothing.isVisible()
    assert not dialog.list.isVisible()
    dialog.new_button.click()
    form = form_of(dialog)
    form.name.setText("  Pirate  captain ")
    form.icon.setText("☠ and more")
    temperature = form.parameters.controls["temperature"]
    assert isinstance(temperature, Field)
    temperature.setText("0.5")
    dialog.close()
    (found,) = core.preferences.assistants.all()
    assert (found.name, found.icon) == ("Pirate captain", "☠")
    assert found.parameters == Parameters(temperature=0.5)


def test_a_nameless_one_is_told_and_keeps_its_name(dialog: EntriesDialog, core: Core) -> None:
    dialog.new_button.click()
    form_of(dialog).name.setText(" ")
    dialog.show_entry("")
    (found,) = core.preferences.assistants.all()
    assert found.name == "New assistant"


def test_the_list_follows_and_chooses(qtbot: QtBot, appearance: Appearance, core: Core) -> None:
    for one in (PIRATE, EDITOR):
        core.preferences.assistants.save(one)
    dialog = made(qtbot, appearance, core)
    form = form_of(dialog)
    assert form.name.text() == "Pirate"
    form.name.setText("Corsair")
    dialog.list.setCurrentRow(1)
    assert form.name.text() == "Editor"
    assert dialog.list.item(0).text() == "☠  Corsair"
    assert core.preferences.assistants.all()[1] == EDITOR
    dialog.close()


def test_a_removal_can_be_undone(qtbot: QtBot, appearance: Appearance, core: Core) -> None:
    for one in (PIRATE, EDITOR):
        core.preferences.assistants.save(one)
    dialog = made(qtbot, appearance, core)
    dialog.remove_button.click()
    assert core.preferences.assistants.all() == (EDITOR,)
    assert form_of(dialog).name.text() == "Editor"
    dialog.undo_strip.button("Undo").click()
    assert set(core.preferences.assistants.all()) == {EDITOR, PIRATE}
    assert form_of(dialog).name.text() == "Pirate"
    dialog.remove_button.click()
    dialog.remove_button.click()
    assert core.preferences.assistants.all() == ()
    assert dialog.nothing.isVisible()
    dialog.close()


def test_an_assistant_is_given_a_model(dialog: EntriesDialog, core: Core) -> None:
    dialog.new_button.click()
    form = form_of(dialog)
    form.model_button.click()
    picker = form.findChildren(ModelPicker)[-1]
    picker.chosen.emit(ModelChoice(DEMO_PROVIDER_ID, "demo"))
    picker.close()
    assert form.model_button.accessibleName() == "Model: demo at Demo"
    dialog.close()
    assert core.preferences.assistants.all()[0].model == "demo"


def test_the_settings_lead_to_assistants_and_prompts(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    settings = SettingsDialog(appearance, core.preferences)
    with qtbot.waitSignal(settings.assistants_requested):
        settings.assistants_button.click()
    again = SettingsDialog(appearance, core.preferences)
    with qtbot.waitSignal(again.prompts_requested):
        again.prompts_button.click()


def test_an_empty_chat_offers_them(qtbot: QtBot, appearance: Appearance, core: Core) -> None:
    core.preferences.assistants.save(PIRATE)
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.load()
    assert tab.page is not None
    chips = tab.page.assistants
    assert chips is not None
    assert [chip.accessibleName() for chip in chips.chips] == ["Pirate"]
    seen = []
    for _ in range(2):
        chips.chips[0].click()
        seen.append(
            (tab.session.setup.assistant, "Pirate" in tab.composer.parameters_button.text())
        )
    assert seen == [(PIRATE, True), (None, False)]
    core.preferences.assistants.save(EDITOR)
    assert [chip.accessibleName() for chip in chips.chips] == ["Pirate", "Editor"]


def test_nobody_without_assistants_sees_a_word_of_them(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.load()
    assert tab.page is not None
    assert tab.page.assistants is None


def test_the_list_of_models_offers_them_and_the_way_back(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    core.preferences.assistants.save(PIRATE)
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.load()
    tab.open_picker()
    picker = tab.findChildren(ModelPicker)[-1]
    assert picker.rows()[:2] == ["Assistants", "☠  Pirate"]
    picker.search.setText("pira")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    first = tab.session.setup.assistant
    tab.open_picker()
    picker = tab.findChildren(ModelPicker)[-1]
    assert picker.rows()[:3] == ["Assistants", "☠  Pirate", "No assistant"]
    picker.search.setText("no assis")
    QTest.keyClick(picker.search, Qt.Key.Key_Return)
    assert (first, tab.session.setup.assistant) == (PIRATE, None)
