"""The price tables: the program's own is sound, and a person's comes before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.chat import Usage
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.money import find_price
from desktop_chat.domain.providers import Provider
from desktop_chat.domain.services import PRESETS
from desktop_chat.storage.prices import OWN_START, begin_own, own_prices, shipped_prices

if TYPE_CHECKING:
    from pathlib import Path


def at(host: str) -> Provider:
    return Provider(id="p", name="P", protocol="openai_chat", base_url=f"https://{host}/v1")


def test_every_row_of_the_programs_table_names_its_host_and_its_date() -> None:
    rows = shipped_prices()
    assert len(rows) > 100
    assert all("*" not in row.host for row in rows)
    assert all(re.fullmatch(r"20\d\d-\d\d-\d\d", row.date) for row in rows)
    assert all(row.price.cached <= row.price.input for row in rows)


def test_no_model_of_the_programs_table_is_named_twice_for_a_host() -> None:
    named = [(row.host, model) for row in shipped_prices() for model in row.models]
    assert len(named) == len(set(named))


def test_a_known_model_costs_what_its_service_asks() -> None:
    row = find_price(shipped_prices(), at("api.openai.com"), "gpt-5-2025-08-07")
    assert row is not None
    assert row.cost(Usage(1_000_000, 100_000, 0, 400_000)) == 750_000 + 50_000 + 1_000_000


@pytest.mark.parametrize("model", ["gpt-5-zzz", "", "gpt-50"])
def test_a_model_that_no_row_names_has_no_price(model: str) -> None:
    assert find_price(shipped_prices(), at("api.openai.com"), model) is None


def test_a_known_model_at_another_host_has_no_price() -> None:
    assert find_price(shipped_prices(), at("proxy.example.org"), "gpt-5") is None


@pytest.mark.parametrize("preset_id", ["openai", "anthropic", "gemini", "groq", "xai"])
def test_the_model_that_a_service_begins_with_has_a_price(preset_id: str) -> None:
    preset = next(one for one in PRESETS if one.id == preset_id)
    provider = Provider(
        id="p", name=preset.name, protocol=preset.protocol, base_url=preset.base_url
    )
    assert find_price(shipped_prices(), provider, preset.model) is not None


def test_a_persons_table_is_read(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(
        'date = 2026-01-02\n[[price]]\nmodels = ["*"]\ninput = 0.1\noutput = 2\nreasoning = 3\n'
        "long = { above = 100, input = 1, output = 1 }\n"
    )
    (row,), failure = own_prices(path)
    assert failure is None
    assert (row.host, row.protocol, row.date, row.above) == ("*", "*", "2026-01-02", 100)
    assert (row.price.input, row.price.cached, row.price.reasoning) == (100_000, 100_000, 3_000_000)


def test_no_table_of_their_own_is_nothing_wrong(tmp_path: Path) -> None:
    assert own_prices(tmp_path / "prices.toml") == ((), None)


def test_the_table_that_is_made_for_a_person_is_sound_and_never_written_over(
    tmp_path: Path,
) -> None:
    path = tmp_path / "settings" / "prices.toml"
    begin_own(path)
    assert own_prices(path) == ((), None)
    sample = OWN_START.split("change it:")[1].replace("#", "")
    path.write_text(sample)
    assert len(own_prices(path)[0]) == 1
    begin_own(path)
    assert path.read_text() == sample


@pytest.mark.parametrize(
    "text",
    [
        "[[price]",
        "price = 3",
        'price = ["a"]',
        "[[price]]\nmodels = []\ninput = 1\noutput = 1",
        '[[price]]\nmodels = ["m"]\ninput = 1',
        '[[price]]\nmodels = ["m"]\ninput = -1\noutput = 1',
        '[[price]]\nmodels = ["m"]\ninput = nan\noutput = 1',
        '[[price]]\nmodels = ["m"]\ninput = "much"\noutput = 1',
        '[[price]]\nmodels = ["m"]\ninput = true\noutput = 1',
        '[[price]]\nmodels = ["m"]\nhost = 3\ninput = 1\noutput = 1',
        '[[price]]\nmodels = ["m"]\ninput = 1\noutput = 1\nlong = { input = 1, output = 1 }',
    ],
)
def test_a_row_that_cannot_be_read_is_told_and_gives_no_price(text: str, tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    path.write_text(text)
    rows, failure = own_prices(path)
    assert rows == ()
    assert failure is not None
    assert failure.kind is ErrorKind.PRICES_DAMAGED
    assert failure.target == str(path)
    assert failure.detail


def test_sound_rows_beside_a_bad_one_count(tmp_path: Path) -> None:
    path = tmp_path / "prices.toml"
    sound = '[[price]]\nmodels = ["m"]\ninput = 1\noutput = 1\n'
    path.write_text('[[price]]\nmodels = ["a"]\ninput = 1\n' + sound)
    rows, failure = own_prices(path)
    assert [row.models for row in rows] == [("m",)]
    assert failure is not None
    assert "row 1" in failure.detail


@given(st.binary(max_size=200))
def test_any_file_is_read_or_told(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    path = tmp_path_factory.getbasetemp() / "any.toml"
    path.write_bytes(data)
    rows, failure = own_prices(path)
    assert rows == () or failure is None
