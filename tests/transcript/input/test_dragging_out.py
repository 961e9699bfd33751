"""What is dragged out of a conversation arrives as a file in another program, by a real drag."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from base64 import b64decode
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from tests.display import ending
from tests.transcript.input.drag_windows import PIXEL

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.needs("Xvfb", "openbox", "xdotool")

PROGRAM: Final = str(Path(__file__).with_name("drag_windows.py"))
DEADLINE_S: Final = 30.0
TARGET: Final = (900, 300)
FILES: Final = {
    "code": ("grow.py", b"def grow(size):\n    return size + 1\n"),
    "table": ("table.csv", b'name,n\r\n"a, b",1\r\n'),
    "image": ("image.png", b64decode(PIXEL)),
}


def told(file: Path) -> Any:
    end = time.monotonic() + DEADLINE_S
    while not file.exists():
        assert time.monotonic() < end, f"no {file.name}"
        time.sleep(0.02)
    return json.loads(file.read_text("utf-8"))


@pytest.fixture
def windows(
    program_environment: dict[str, str], tmp_path: Path
) -> Iterator[tuple[dict[str, str], Path]]:
    """A conversation and a receiver beside it, and the folder of what they tell."""
    with ExitStack() as stack:
        for role, ready in (("receiver", "receiver"), ("source", "places")):
            command = [sys.executable, PROGRAM, role, str(tmp_path)]
            program = subprocess.Popen(command, env=program_environment)
            stack.enter_context(ending(program))
            told(tmp_path / f"{ready}.json")
        yield program_environment, tmp_path


@pytest.mark.parametrize("what", list(FILES))
def test_what_is_dragged_out_arrives_as_a_file(
    windows: tuple[dict[str, str], Path], what: str
) -> None:
    environment, folder = windows
    x, y = told(folder / "places.json")[what]
    steps = [f"mousemove {x} {y}", "mousedown 1"]
    steps += [
        f"mousemove {x + (TARGET[0] - x) * n // 12} {y + (TARGET[1] - y) * n // 12}"
        for n in range(1, 13)
    ]
    steps += ["mousemove_relative 3 3", "mouseup 1"]
    words = " sleep 0.06 ".join(steps).split()
    subprocess.run(["xdotool", *words], env=environment, timeout=DEADLINE_S, check=True)
    name, data = FILES[what]
    assert told(folder / "dropped.json") == {name: data.hex()}
