"""Text goes out at once, and a reader that stops or goes away holds nobody."""

from __future__ import annotations

import io
import os
from typing import TYPE_CHECKING

import pytest

from desktop_chat.runtime.process.text_output import TextOutput

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot


class Pipe:
    """A pipe with its two ends."""

    def __init__(self) -> None:
        self.reading, writing = os.pipe()
        self.writer = os.fdopen(writing, "w", encoding="utf-8")

    def stop_reading(self) -> None:
        """Close the end that reads."""
        os.close(self.reading)
        self.reading = -1

    def close(self) -> None:
        """Close both ends."""
        self.writer.close()
        if self.reading >= 0:
            self.stop_reading()


@pytest.fixture
def pipe() -> Iterator[Pipe]:
    made = Pipe()
    yield made
    made.close()


def test_each_piece_goes_out_without_waiting_for_the_next(pipe: Pipe, qtbot: QtBot) -> None:
    output = TextOutput(pipe.writer)
    output.write("Hé")
    assert os.read(pipe.reading, 100).decode() == "Hé"
    output.write("llo 你好")
    assert os.read(pipe.reading, 100).decode() == "llo 你好"


def test_it_tells_when_all_is_written(pipe: Pipe, qtbot: QtBot) -> None:
    output = TextOutput(pipe.writer)
    with qtbot.waitSignal(output.drained):
        output.write("x" * 1000)
        output.finish()
    assert os.read(pipe.reading, 2000) == b"x" * 1000
    assert not output.gone


def test_who_waits_late_for_the_end_does_not_miss_it(pipe: Pipe, qtbot: QtBot) -> None:
    output = TextOutput(pipe.writer)
    output.finish()
    output._thread.join(5)
    with qtbot.waitSignal(output.drained):
        pass


def test_a_reader_that_does_not_read_blocks_nobody(pipe: Pipe, qtbot: QtBot) -> None:
    output = TextOutput(pipe.writer)
    for _ in range(100):
        output.write("0123456789" * 1000)
    # All was taken, though a pipe holds a small part of it and nothing was read yet.
    assert not output._queue.empty()
    output.finish()
    got = 0
    while got < 1_000_000:
        got += len(os.read(pipe.reading, 100_000))
    with qtbot.waitSignal(output.drained):
        pass
    assert got == 1_000_000


def test_a_reader_that_goes_away_is_no_trouble(pipe: Pipe, qtbot: QtBot) -> None:
    output = TextOutput(pipe.writer)
    pipe.stop_reading()
    with qtbot.waitSignal(output.closed):
        output.write("to nobody")
    with qtbot.waitSignal(output.drained):
        output.write("more to nobody")
        output.finish()
    assert output.gone
    assert output.trouble is None


def test_a_stream_that_was_closed_from_the_start_is_the_same(qtbot: QtBot) -> None:
    output = TextOutput(None)
    with qtbot.waitSignal(output.closed):
        output.write("to nobody")
    assert output.trouble is None


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")  # noqa: PTH110
def test_a_full_disk_is_trouble(qtbot: QtBot) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:  # noqa: PTH123
        output = TextOutput(full)
        with qtbot.waitSignal(output.closed):
            output.write("too much")
    assert output.trouble is not None
    assert output.trouble.strerror == "No space left on device"


def test_a_file_gets_the_text_as_it_is(pipe: Pipe, qtbot: QtBot) -> None:
    output = TextOutput(pipe.writer)
    output.write("\x1b[2J\a line\r\n")
    output.end_line()
    with qtbot.waitSignal(output.drained):
        output.finish()
    assert os.read(pipe.reading, 100) == b"\x1b[2J\a line\r\n"


class Terminal(io.TextIOWrapper):
    """A stream that says that a person looks at it."""

    def isatty(self) -> bool:  # type: ignore[explicit-override]
        return True


def test_a_terminal_is_not_steered_by_what_a_model_says(pipe: Pipe, qtbot: QtBot) -> None:
    terminal = Terminal(pipe.writer.buffer, encoding="utf-8")
    output = TextOutput(terminal)
    output.write("\x1b]52;c;aGk=\a\x9b2J ok\r\n\t你好")
    output.end_line()
    with qtbot.waitSignal(output.drained):
        output.finish()
    assert os.read(pipe.reading, 100).decode() == "␛]52;c;aGk=␇\ufffd2J ok\n\t你好\n"
    terminal.detach()


def test_letters_that_the_encoding_lacks_are_replaced(pipe: Pipe, qtbot: QtBot) -> None:
    narrow = io.TextIOWrapper(pipe.writer.buffer, encoding="ascii")
    output = TextOutput(narrow)
    output.write("naïve 你")
    assert os.read(pipe.reading, 100) == b"na?ve ?"
    narrow.detach()
