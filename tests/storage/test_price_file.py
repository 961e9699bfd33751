"""A person's prices are changed row by row, and what stands around them is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.money import Price, PriceRow
from desktop_chat.storage.price_file import drop_price, put_price
from desktop_chat.storage.prices import OWN_START, PriceError, own_prices

if TYPE_CHECKING:
    from pathlib import Path

MINE = """\
# mine
date = 2026-05-01

[[price]] # the good one
models = ["m"]
input = 1
output = 10

# the next one is dear
[[price]]
host = "a.test"
models = ["n", "o-*"]
input = 2
cached = 0.2
output = 20
long = { above = 1000, input = 4, output = 40 }
"""
M = PriceRow(models=("m",), price=Price(1_000_000, 10_000_000, 1_000_000, 10_000_000))
ROWS = st.builds(
    PriceRow,
    models=st.lists(st.text(min_size=1, max_size=9), min_size=1, max_size=3).map(tuple),
    host=st.sampled_from(["*", "a.test", 'b"\\.test']),
    price=st.builds(Price, *[st.integers(0, 10**9)] * 4),
)


def read(path: Path) -> tuple[PriceRow, ...]:
    rows, failure = own_prices(path)
    assert failure is None
    return tuple(replace(row, date="") for row in rows)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "prices.toml"


@pytest.fixture
def mine(path: Path) -> Path:
    path.parent.mkdir()
    path.write_text(MINE)
    return path


def test_the_first_price_makes_the_file(path: Path) -> None:
    put_price(path, M)
    assert read(path) == (M,)
    assert path.read_text().startswith(OWN_START)


def test_a_row_is_changed_in_its_place_and_nothing_else_is(mine: Path) -> None:
    _, other = read(mine)
    changed = replace(M, price=replace(M.price, output=11_500_000))
    put_price(mine, changed)
    assert read(mine) == (changed, other)
    text = mine.read_text()
    assert text.startswith("# mine\ndate = 2026-05-01\n")
    assert "# the next one is dear\n[[price]]\nhost" in text


def test_a_row_is_taken_out_alone(mine: Path) -> None:
    first, second = read(mine)
    drop_price(mine, first)
    assert read(mine) == (second,)
    assert "# the next one is dear" in mine.read_text()
    drop_price(mine, second)
    assert read(mine) == ()
    drop_price(mine, second)
    put_price(mine, first)
    assert read(mine) == (first,)
    assert mine.read_text().startswith("# mine\n")


def test_a_new_row_counts_before_those_that_name_more(mine: Path) -> None:
    wide = PriceRow(models=("*",), price=M.price)
    put_price(mine, wide)
    narrow = PriceRow(models=("x",), price=M.price)
    put_price(mine, narrow)
    assert read(mine)[:2] == (narrow, wide)


def test_prices_of_long_requests_stay(mine: Path) -> None:
    _, long = read(mine)
    put_price(mine, replace(long, price=replace(long.price, input=3_000_000)))
    assert read(mine)[1].long == long.long
    assert read(mine)[1].above == 1000


@pytest.mark.parametrize(
    "text",
    [
        'price = [{ models = ["m"], input = 1, output = 2 }]\n',
        'x = """\n[[price]]\n"""\n[[price]]\nmodels = ["m"]\ninput = 1\noutput = 2\n',
        "[[price\n",
    ],
)
def test_a_file_that_only_a_person_can_change_is_left_as_it_is(path: Path, text: str) -> None:
    path.parent.mkdir()
    path.write_text(text)
    with pytest.raises(PriceError):
        put_price(path, replace(M, models=("new",)))
    assert path.read_text() == text


@given(st.lists(ROWS, max_size=6, unique_by=lambda row: (row.models, row.host)))
def test_what_is_written_is_read(
    tmp_path_factory: pytest.TempPathFactory, rows: list[PriceRow]
) -> None:
    path = tmp_path_factory.mktemp("prices") / "prices.toml"
    for row in rows:
        put_price(path, row)
    if rows:
        assert read(path) == tuple(reversed(rows))
    for row in rows:
        drop_price(path, row)
    assert read(path) == ()
