"""Parameters of a chat and of a service, by the hands of a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop_chat.domain.assistants import Assistant
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.parameters import NOTHING_SET, Parameters
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.providers import ModelChoice
from desktop_chat.transcript.items import Action
from desktop_chat.ui.assistants.parameter_fields import ParameterFields
from desktop_chat.ui.assistants.parameters_panel import ParametersPanel
from desktop_chat.ui.chat.chat_tab import ChatTab
from desktop_chat.ui.controls.fields import Field, Select
from desktop_chat.ui.controls.text_field import TextField
from desktop_chat.ui.providers.providers_dialog import ProvidersDialog
from tests.runtime.conftest import provider_at
from tests.runtime.loopback import Loopback, refuse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from desktop_chat.runtime.core import Core
    from desktop_chat.ui.look.appearance import Appearance
    from tests.protocols.servers import Call
    from tests.ui.conftest import FakeService

WHOLE = Parameters(
    system="Be brief.",
    temperature=0.0,
    top_p=0.9,
    max_tokens=100,
    seed=-1,
    stop=("END", "\n"),
    reasoning_effort="low",
    context_tokens=8192,
    extra_body='{"top_k": 40}',
    headers=(("X-Title", "Chat"),),
)


@pytest.fixture
def tab(qtbot: QtBot, appearance: Appearance, core: Core) -> ChatTab:
    tab = ChatTab(appearance, core, core.library.new_session())
    qtbot.addWidget(tab)
    tab.resize(900, 700)
    tab.load()
    with qtbot.waitActive(tab):
        tab.show()
        tab.activateWindow()
    tab.focus_message()
    return tab


@pytest.fixture
def fields(qtbot: QtBot, appearance: Appearance) -> ParameterFields:
    made = ParameterFields(appearance)
    qtbot.addWidget(made)
    return made


def panel_of(tab: ChatTab) -> ParametersPanel:
    return tab.findChildren(ParametersPanel)[-1]


def line(fields: ParameterFields, name: str) -> Field:
    control = fields.controls[name]
    assert isinstance(control, Field)
    return control


def test_nothing_is_set_and_every_field_says_so(fields: ParameterFields) -> None:
    fields.more.set_unfolded(unfolded=True)
    fields.show_parameters(NOTHING_SET)
    assert fields.parameters() == NOTHING_SET
    for control in fields.controls.values():
        shown = control.itemText(0) if isinstance(control, Select) else control.placeholderText()
        assert shown.startswith("Not set")
        assert control.accessibleName()
        assert control.accessibleDescription()


def test_what_is_shown_is_read_back_and_unfolds_what_is_seldom_set(
    fields: ParameterFields,
) -> None:
    before = fields.more.is_unfolded
    fields.show_parameters(WHOLE)
    assert (before, fields.more.is_unfolded) == (False, True)
    assert fields.parameters() == WHOLE


def test_what_stands_in_a_folded_part_is_kept(qtbot: QtBot, appearance: Appearance) -> None:
    fields = ParameterFields(appearance)
    qtbot.addWidget(fields)
    fields.show_parameters(Parameters(temperature=1.0))
    line(fields, "temperature").setText("")
    assert not fields.more.is_unfolded
    assert fields.parameters() == NOTHING_SET


def test_an_empty_field_says_what_holds_in_its_place(fields: ParameterFields) -> None:
    fields.show_parameters(NOTHING_SET, WHOLE)
    assert line(fields, "max_tokens").placeholderText() == "Not set here; 100"
    effort = fields.controls["reasoning_effort"]
    assert isinstance(effort, Select)
    assert effort.itemText(0) == "Not set; Low"
    assert fields.parameters() == NOTHING_SET


def test_a_field_that_cannot_be_read_is_marked_and_told(
    qtbot: QtBot, fields: ParameterFields
) -> None:
    fields.show()
    fields.show_parameters(Parameters(temperature=0.5))
    with qtbot.waitSignal(fields.edited):
        line(fields, "temperature").setText("hot")
    assert fields.fault.isVisible()
    assert line(fields, "temperature").property("fault")
    with pytest.raises(WordsError):
        fields.parameters()
    assert fields.sound() == Parameters(temperature=0.5)
    line(fields, "temperature").setText("1")
    assert not fields.fault.isVisible()
    assert fields.sound() == Parameters(temperature=1.0)


def test_changes_in_the_panel_hold_at_once(qtbot: QtBot, tab: ChatTab) -> None:
    tab.open_parameters()
    panel = panel_of(tab)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), TextField))
    QTest.keyClicks(panel.fields.controls["system"], "Be brief.")
    with qtbot.waitSignal(tab.session.setup.parameters_changed):
        line(panel.fields, "temperature").setText("0.5")
    assert tab.session.setup.parameters == Parameters(system="Be brief.", temperature=0.5)
    assert "2" in tab.composer.parameters_button.text()
    line(panel.fields, "max_tokens").setText("7")
    panel.close()
    assert tab.session.setup.parameters.max_tokens == 7


def test_clear_takes_everything_back(qtbot: QtBot, tab: ChatTab) -> None:
    tab.session.setup.set_parameters(WHOLE)
    tab.open_parameters()
    panel = panel_of(tab)
    # The demo speaks chat completions, which know no such field.
    assert panel.unsent.text() == "Demo does not know “Context”; it is not sent."
    panel.clear_button.click()
    assert panel.unsent.isHidden()
    assert tab.session.setup.parameters == NOTHING_SET
    assert panel.fields.parameters() == NOTHING_SET
    panel.close()
    qtbot.waitUntil(lambda: not panel.isVisible())
    assert tab.session.setup.parameters == NOTHING_SET


def test_the_panel_changes_the_assistant(tab: ChatTab, core: Core) -> None:
    pirate = Assistant(id="a", name="Pirate", parameters=Parameters(temperature=0.25))
    core.preferences.assistants.save(pirate)
    tab.open_parameters()
    panel = panel_of(tab)
    assert [panel.assistant.itemData(at) for at in range(panel.assistant.count())] == ["", "a"]
    panel.assistant.setCurrentIndex(1)
    panel.assistant.activated.emit(1)
    assert tab.session.setup.assistant == pirate
    assert line(panel.fields, "temperature").placeholderText() == "Not set here; 0.25"
    assert "Pirate" in tab.composer.parameters_button.text()
    panel.close()


def test_a_refused_parameter_leads_to_its_field(qtbot: QtBot, tab: ChatTab) -> None:
    failure = Failure(kind=ErrorKind.BAD_REQUEST, parameter="Seed", message="no seed")
    tab.message_actions.parameters_wished.emit(failure.parameter)
    panel = panel_of(tab)
    assert panel.fields.more.is_unfolded
    qtbot.waitUntil(lambda: QApplication.focusWidget() is panel.fields.controls["seed"])
    assert Action.PARAMETERS in tab.message_actions.known
    panel.close()


def test_the_button_stays_in_a_narrow_window_as_an_icon(tab: ChatTab) -> None:
    button = tab.composer.parameters_button
    assert button.text() == "Parameters"
    button.set_narrow(narrow=True)
    assert button.text() == ""
    assert not button.icon().isNull()
    assert button.accessibleName() == "Parameters"


def test_a_services_parameters_are_kept_with_it(
    qtbot: QtBot, appearance: Appearance, core: Core, service: FakeService
) -> None:
    service.key = ""
    dialog = ProvidersDialog(appearance, core)
    dialog.open_add()
    form = dialog.form
    form.fields.service.setCurrentText("Other service")
    form.fields.service.setCurrentIndex(form.fields.service.count() - 1)
    form.fields.service.activated.emit(form.fields.service.currentIndex())
    form.fields.name.setText("Mine")
    form.fields.address.setText(service.base_url)
    form.parameters.set_unfolded(unfolded=True)
    inner = form.parameters.fields
    assert inner is not None
    inner.more.set_unfolded(unfolded=True)
    assert "headers" not in inner.controls  # they stand in the form itself
    line(inner, "temperature").setText("hot")
    form.start()
    assert "Temperature" in form.status.label.text()
    line(inner, "temperature").setText("0.5")
    with qtbot.waitSignal(form.connected, timeout=10_000):
        form.start()
    (saved, _) = core.preferences.providers()
    assert saved.parameters == Parameters(temperature=0.5)
    again = ProvidersDialog(appearance, core)
    qtbot.addWidget(again)
    again.open_edit(saved.id)
    form = again.form
    assert form.parameters.is_unfolded
    assert form.parameters.applied(saved) == saved


def test_the_keyboard_reaches_every_field_of_the_panel(qtbot: QtBot, tab: ChatTab) -> None:
    tab.open_parameters()
    panel = panel_of(tab)
    panel.fields.more.set_unfolded(unfolded=True)
    qtbot.waitUntil(lambda: isinstance(QApplication.focusWidget(), TextField))
    seen = set()
    for _ in range(30):
        here = QApplication.focusWidget()
        assert here is not None
        seen.add(here)
        QTest.keyClick(here, Qt.Key.Key_Tab)
    assert set(panel.fields.controls.values()) <= seen
    assert {panel.assistant, panel.clear_button, panel.close_button} <= seen
    panel.close()


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.mark.parametrize("near", [True, False])
def test_the_way_leads_to_where_the_refused_parameter_is_set(
    qtbot: QtBot, tab: ChatTab, core: Core, loopback: Loopback, *, near: bool
) -> None:
    async def script(call: Call) -> None:
        await refuse(call, "400 Bad Request", "temperature is not supported")

    wanted = Parameters(temperature=0.5)
    url = loopback.serve(script).url
    provider = provider_at(url, parameters=NOTHING_SET if near else wanted)
    core.preferences.save_provider(provider)
    tab.session.setup.set_choice(ModelChoice(provider.id, "m"))
    tab.session.setup.set_parameters(wanted if near else NOTHING_SET)
    with qtbot.waitSignal(tab.session.finished, timeout=10_000):
        tab.session.send("Why?")
    actions, answer = tab.message_actions, tab.session.messages[-1].id
    wished = actions.parameters_wished if near else actions.service_wished
    with qtbot.waitSignal(wished) as caught:
        actions.run(answer, Action.PARAMETERS)
    assert caught.args == (["Temperature"] if near else [provider.id, "parameters"])
    for panel in tab.findChildren(ParametersPanel):
        panel.close()


def test_a_services_form_opens_at_its_parameters(
    qtbot: QtBot, appearance: Appearance, core: Core
) -> None:
    provider = provider_at("http://127.0.0.1:9/v1")
    core.preferences.save_provider(provider)
    dialog = ProvidersDialog(appearance, core)
    qtbot.addWidget(dialog)
    dialog.open_edit(provider.id, "parameters")
    assert dialog.form.parameters.is_unfolded


def test_the_panel_is_as_tall_as_what_it_shows(qtbot: QtBot, tab: ChatTab) -> None:
    tab.open_parameters()
    panel = panel_of(tab)
    folded = panel.height()
    bottom = panel.geometry().bottom()
    panel.fields.more.button.click()
    qtbot.waitUntil(lambda: panel.height() > folded)
    panel.fields.more.button.click()
    qtbot.waitUntil(lambda: panel.height() == folded)
    line(panel.fields, "temperature").setText("hot")
    qtbot.waitUntil(lambda: panel.height() > folded)
    assert abs(panel.geometry().bottom() - bottom) <= 1
    panel.close()
