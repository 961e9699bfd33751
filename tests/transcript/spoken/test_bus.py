"""The conversation over a real accessibility bus, as a screen reader meets it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
SCRIPT = """
/usr/libexec/at-spi-bus-launcher --launch-immediately &
BUS=$!
"$1" -m tests.transcript.spoken.spoken_window > "$4/program" 2> "$4/errors" &
PROGRAM=$!
timeout 30 /usr/bin/python3 "$2" "$3"
wait $PROGRAM
echo "ended $?"
cat "$4/program"
kill $BUS
"""


@pytest.mark.needs("Xvfb", "openbox", "dbus-run-session", "at-spi-bus-launcher", "pyatspi")
def test_a_screen_reader_reads_and_presses(
    program_environment: dict[str, str], tmp_path: Path
) -> None:
    environment = {**program_environment, "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1"}
    environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
    environment["PYTHONPATH"] = str(HERE.parents[2])
    program, client = sys.executable, str(HERE / "bus_client.py")
    command = ["dbus-run-session", "--", "bash", "-c", SCRIPT, "bash", program, client]
    command += ["spoken-window", str(tmp_path)]
    ran = subprocess.run(
        command,
        env=environment,
        capture_output=True,
        text=True,
        timeout=90,
        check=False,
    )
    told = ran.stdout.splitlines()
    assert "messages 402" in told, ran.stderr
    assert "paragraph | How? 怎么做" in told
    assert "heading | Steps" in told
    assert "list item | 1. open the page" in told
    assert "panel | python code, 1 line" in told
    assert "push button | Copy" in told
    assert "link https://example.org/page" in told
    assert "node table cell | a cat | Look" in told
    assert "node link | Tom | https://example.org/tom" in told
    assert "node text | x^2 | formula" in told
    assert "node image | a cat | https://example.org/cat.png" in told
    assert 'copied print("hello")' in told
    assert "ended 0" in told
