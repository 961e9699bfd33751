"""Settings as declarations."""

from __future__ import annotations

import pytest

from desktop_chat.domain.settings import (
    FOLD_REASONING,
    FONT_SIZE,
    SETTINGS,
    THEME,
    AnySetting,
    Setting,
)


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: str(setting.name))
def test_a_setting_is_whole(setting: AnySetting) -> None:
    assert setting.accepts(setting.default)
    assert setting.name.isidentifier()
    assert setting.label
    assert setting.section
    assert all(setting.accepts(value) and words for value, words in setting.choices)


def test_names_are_given_once() -> None:
    assert len({setting.name for setting in SETTINGS}) == len(SETTINGS)


@pytest.mark.parametrize("value", ["", "purple", 1, True, None, ["dark"], {}])
def test_a_choice_accepts_only_what_it_offers(value: object) -> None:
    assert not THEME.accepts(value)


@pytest.mark.parametrize(
    ("value", "fits"),
    [(12, True), (24, True), (11, False), (25, False), (True, False), (15.0, False), ("15", False)],
)
def test_a_number_stays_in_its_range(value: object, fits: bool) -> None:
    assert FONT_SIZE.accepts(value) is fits


def test_a_switch_is_no_number() -> None:
    assert FOLD_REASONING.accepts(value=False)
    assert not FOLD_REASONING.accepts(0)


def test_a_text_without_choices_takes_any_text() -> None:
    setting = Setting(name="free", default="", section="s", label="l")
    assert setting.accepts("anything")
    assert not setting.accepts(None)
