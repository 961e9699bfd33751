"""Draws what a token costs by the length of its answer. The README shows a copy."""

from __future__ import annotations

from math import log10
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

OUTPUT: Final = Path("build/cost-per-token.svg")
WIDTH: Final = 720
HEIGHT: Final = 400
LEFT, RIGHT, TOP, BOTTOM = 84, 20, 44, 56
TOKENS: Final = 32_000
LOWEST_US, HIGHEST_US = 10.0, 100_000.0
INK, GRID = "#7d8590", "#7d859040"
"""Grey and colours of a middle lightness are read on light grounds and on dark ones."""
OWN, RIVAL, ELSEWHERE = "#1a9c6b", "#d9534f", "#8a7fd6"


class Point(NamedTuple):
    """What one token costs in seconds where the answer has so many."""

    tokens: int
    seconds: float


class Mark(NamedTuple):
    """A rival's figure that was not taken in this run."""

    words: str
    point: Point


MARKS: Final = (
    Mark("react-markdown in Chromium*", Point(8_000, 11e-3)),
    Mark("marked + innerHTML in Chromium*", Point(8_000, 7e-3)),
)


def draw(own: Sequence[Point], rivals: Sequence[Point]) -> None:
    """Write the plot."""
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text("\n".join((*frame(), *curves(own, rivals), "</svg>", "")), "utf-8")


def frame() -> Iterable[str]:
    """Yield the drawing's start, its axes and what they say."""
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" '
        f'width="{WIDTH}" height="{HEIGHT}" role="img" '
        f'font-family="system-ui, sans-serif" font-size="13" fill="{INK}">'
    )
    yield "<title>What one more token costs, by the length of the answer</title>"
    yield _words(LEFT, 22, "CPU time of the window's thread for one more token, painted", 15)
    for power, label in ((1, "10 µs"), (2, "100 µs"), (3, "1 ms"), (4, "10 ms"), (5, "100 ms")):
        y = _y(10.0**power)
        yield f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="{GRID}"/>'
        yield _words(LEFT - 10, y + 4, label, anchor="end")
    for tokens in range(0, TOKENS + 1, 8_000):
        yield _words(_x(tokens), HEIGHT - BOTTOM + 20, f"{tokens:,}", anchor="middle")
    yield _words((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 18, "tokens in the answer", anchor="middle")
    yield _words(WIDTH - RIGHT, HEIGHT - 18, "* measured in another run", 11, anchor="end")


def curves(own: Sequence[Point], rivals: Sequence[Point]) -> Iterable[str]:
    """Yield both curves with their names, and the marks."""
    yield _curve(rivals, RIVAL)
    yield from (_dot(point, RIVAL) for point in rivals)
    yield _curve(own, OWN)
    yield _named(rivals[-2], "QTextBrowser.setMarkdown", RIVAL, -14)
    yield _named(own[-1], "Desktop Chat", OWN, -12)
    for number, mark in enumerate(MARKS):
        yield _dot(mark.point, ELSEWHERE)
        x, y = _x(mark.point.tokens), _y(mark.point.seconds * 1e6)
        yield _words(x + 10, y + (-6, 14)[number % 2], mark.words, 12, fill=ELSEWHERE)


def _curve(points: Sequence[Point], colour: str) -> str:
    path = "L".join(f"{_x(one.tokens):.1f} {_y(one.seconds * 1e6):.1f}" for one in points)
    return f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"/>'


def _dot(point: Point, colour: str) -> str:
    x, y = _x(point.tokens), _y(point.seconds * 1e6)
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>'


def _named(point: Point, words: str, colour: str, above: float) -> str:
    y = _y(point.seconds * 1e6) + above
    return _words(_x(point.tokens), y, words, 14, anchor="end", fill=colour)


def _words(
    x: float, y: float, words: str, size: int = 13, *, anchor: str = "start", fill: str = INK
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}" '
        f'fill="{fill}">{words}</text>'
    )


def _x(tokens: float) -> float:
    return LEFT + (WIDTH - LEFT - RIGHT) * tokens / TOKENS


def _y(microseconds: float) -> float:
    """Return the height on a scale on which each line stands for ten times the one below."""
    part = log10(microseconds / LOWEST_US) / log10(HIGHEST_US / LOWEST_US)
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * part
