"""The plot is a drawing that any reader takes, with both curves where their figures are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import pytest

from tests.benchmarks import plot
from tests.benchmarks.plot import HEIGHT, WIDTH, Point, draw

if TYPE_CHECKING:
    from pathlib import Path

SVG = "{http://www.w3.org/2000/svg}"
OWN = [Point(tokens, 80e-6) for tokens in range(1000, 32_001, 1000)]
RIVALS = [Point(tokens, tokens * 1.5e-6) for tokens in (1000, 4000, 8000, 32_000)]


@pytest.fixture
def drawn(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ET.Element:
    """Return a plot as it was written."""
    monkeypatch.setattr(plot, "OUTPUT", tmp_path / "below" / "plot.svg")
    draw(OWN, RIVALS)
    return ET.fromstring((tmp_path / "below" / "plot.svg").read_text("utf-8"))  # noqa: S314 - ours


def curve(drawn: ET.Element, colour: str) -> list[tuple[float, float]]:
    (path,) = [one for one in drawn.iter(f"{SVG}path") if one.get("stroke") == colour]
    numbers = re.findall(r"([\d.]+) ([\d.]+)", path.get("d", ""))
    return [(float(x), float(y)) for x, y in numbers]


def test_each_figure_is_a_point_of_its_curve(drawn: ET.Element) -> None:
    assert len(curve(drawn, plot.OWN)) == len(OWN)
    assert len(curve(drawn, plot.RIVAL)) == len(RIVALS)
    dots = [one for one in drawn.iter(f"{SVG}circle") if one.get("fill") == plot.RIVAL]
    assert len(dots) == len(RIVALS)


def test_what_costs_the_same_stands_at_the_same_height(drawn: ET.Element) -> None:
    assert len({y for _, y in curve(drawn, plot.OWN)}) == 1


def test_what_costs_more_stands_higher_and_longer_answers_further_right(drawn: ET.Element) -> None:
    points = curve(drawn, plot.RIVAL)
    assert points == sorted(points, key=lambda one: (one[0], -one[1]))
    assert points[0][1] > points[-1][1]
    assert max(y for _, y in points) < min(y for _, y in curve(drawn, plot.OWN))


def test_everything_stands_within_the_drawing(drawn: ET.Element) -> None:
    for x, y in (*curve(drawn, plot.OWN), *curve(drawn, plot.RIVAL)):
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT
    words = [one.text for one in drawn.iter(f"{SVG}text")]
    assert {"Desktop Chat", "QTextBrowser.setMarkdown"} <= set(words)
