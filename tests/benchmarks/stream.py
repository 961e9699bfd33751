"""What a streamed answer costs the window's thread, from its text to its paint."""

from __future__ import annotations

import gc
import os
import time
from statistics import median
from typing import TYPE_CHECKING, Final

# Before Qt reads it: what is measured is our work, not a display server's.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtWidgets import QApplication, QTextBrowser

from desktop_chat.transcript.items import Item, Side
from desktop_chat.transcript.view import TranscriptView
from desktop_chat.ui.appearance import Appearance
from tests.benchmarks.registry import Result

if TYPE_CHECKING:
    from collections.abc import Sequence

TOKEN: Final = 4
FLAT_TOKENS: Final = 32_000
RIVAL_TOKENS: Final = 8_000
NEAR_TOKENS: Final = 800
"""Over how many tokens at the end the cost of one is taken."""
FRAME_TOKENS: Final = 16
"""How many come between two frames at 1,000 tokens a second."""
FLAT_BOUND: Final = 1.3
RIVAL_BOUND: Final = 40.0
RIVAL_ROUNDS: Final = 7
SIZE: Final = (1000, 800)

SECTION: Final = """\
## What the {n}th measure says

The quick brown fox of sample {n} jumps over **{n} lazy dogs**, with `code_{n}()` in between, \
and a [link](https://example.org/{n}) to where *all of it* was written down at length. \
中文也在这里, so that a line breaks without spaces.

- a first point, which is short
- a second one, which says **rather more** and breaks over the end of its line, as points will
  1. nested, once
  2. nested, twice

> A quote of somebody who had something to say about sample {n}.

```python
def sample_{n}(values: list[int]) -> int:
    # Adds what there is to add.
    return sum(value * {n} for value in values if value > 0)
```

| measure | first | second |
|---|---:|---:|
| one of {n} | {n}.5 | 17 |
| another | 3 | **{n}** |

"""


def stream_flatness() -> Result:
    """Return the cost of a token in the last quarter of a long answer over that in the first."""
    costs = stream(tokens(FLAT_TOKENS))
    quarter = len(costs) // 4
    first, last = sum(costs[:quarter]), sum(costs[-quarter:])
    value = last / first
    return Result(
        name="stream_flatness",
        value=round(value, 3),
        unit="x the first quarter",
        bound=FLAT_BOUND,
        floor=round(first / FLAT_TOKENS * 4 * 1e6, 1),
        ok=value <= FLAT_BOUND,
    )


def stream_vs_setmarkdown() -> Result:
    """Return how much cheaper a token is than showing the whole text anew, at the same length."""
    pieces = tokens(RIVAL_TOKENS)
    near = stream(pieces)[-NEAR_TOKENS // FRAME_TOKENS :]
    own = sum(near) / NEAR_TOKENS
    rival = set_markdown("".join(pieces))
    value = rival / own
    return Result(
        name="stream_vs_setmarkdown",
        value=round(value, 1),
        unit="x cheaper",
        bound=RIVAL_BOUND,
        floor=round(rival * 1e3, 2),
        ok=value >= RIVAL_BOUND,
    )


def tokens(count: int) -> list[str]:
    """Return a long answer of every kind of block, cut without regard for anything."""
    text = ""
    number = 0
    while len(text) < count * TOKEN:
        number += 1
        text += SECTION.format(n=number)
    return [text[at : at + TOKEN] for at in range(0, count * TOKEN, TOKEN)]


def stream(pieces: Sequence[str]) -> list[float]:
    """Return the CPU seconds of the window's thread for each frame of an answer, painted."""
    application = _application()
    view = TranscriptView()
    view.set_look(Appearance(application).look())
    view.resize(*SIZE)
    view.show()
    view.set_items([Item(id="question", side=Side.PERSON, text="Tell me everything.")], None)
    answer(application, view, "warm-up", pieces[: FRAME_TOKENS * 50])
    costs = answer(application, view, "answer", pieces)
    view.close()
    return costs


def answer(
    application: QApplication, view: TranscriptView, item_id: str, pieces: Sequence[str]
) -> list[float]:
    """Stream one answer, followed to its end, and return the CPU seconds of each frame."""
    view.add_item(Item(id=item_id, side=Side.MODEL, author="model", streaming=True))
    view.follow_end()
    application.processEvents()
    gc.collect()
    gc.freeze()
    return [
        frame(application, view, item_id, pieces[at : at + FRAME_TOKENS])
        for at in range(0, len(pieces), FRAME_TOKENS)
    ]


def frame(
    application: QApplication, view: TranscriptView, item_id: str, pieces: Sequence[str]
) -> float:
    """Hand over what came since the last frame, paint, and return the CPU seconds of both."""
    begun = time.thread_time()
    for piece in pieces:
        view.append_text(item_id, piece)
    view.viewport().update()
    application.processEvents()
    return time.thread_time() - begun


def set_markdown(text: str) -> float:
    """Return the CPU seconds in which Qt's own view shows the whole text anew, painted."""
    application = _application()
    browser = QTextBrowser()
    browser.resize(*SIZE)
    browser.show()
    costs = []
    for _ in range(RIVAL_ROUNDS):
        begun = time.thread_time()
        browser.setMarkdown(text)
        application.processEvents()
        costs.append(time.thread_time() - begun)
    browser.close()
    return median(costs)


def _application() -> QApplication:
    running = QApplication.instance()
    return running if isinstance(running, QApplication) else QApplication(["benchmark"])
