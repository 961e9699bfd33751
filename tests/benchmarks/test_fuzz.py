"""The fuzzing of protocols: what streams it makes, and that it sees what goes wrong."""

from __future__ import annotations

import asyncio
from random import Random
from typing import TYPE_CHECKING

import pytest

from desktop_chat.protocols.registry import PROTOCOLS
from tests.benchmarks import fuzz
from tests.benchmarks.fuzzed import NARROW, Corpus
from tests.protocols.replaying import Reading, replayed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from desktop_chat.domain.stream import Limits


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return Corpus()


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    """What there is without recordings."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DESKTOP_CHAT_SHARED", str(tmp_path_factory.mktemp("nothing")))
        return Corpus()


def test_some_hundred_streams_of_each_protocol_are_read(corpus: Corpus) -> None:
    assert asyncio.run(fuzz.broken_of(corpus, range(1400))) == 0


def test_without_recordings_the_dialects_are_damaged(bare: Corpus) -> None:
    assert asyncio.run(fuzz.broken_of(bare, range(700))) == 0


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_a_seed_always_makes_the_same_stream_and_another_one_another(
    wire: str, bare: Corpus
) -> None:
    streams = [bare.stream(wire, Random(seed)) for seed in range(300)]
    assert streams == [bare.stream(wire, Random(seed)) for seed in range(300)]
    assert all(b"".join(one.parts) == one.body for one in streams)
    assert len({one.body for one in streams}) > 200
    assert any(one.limits == NARROW for one in streams)
    assert any(len(one.body) > 4000 for one in streams)


@pytest.mark.parametrize("wire", PROTOCOLS)
def test_many_streams_still_say_something(wire: str, bare: Corpus) -> None:
    async def said() -> int:
        streams = [bare.stream(wire, Random(seed)) for seed in range(100)]
        return sum([bool((await replayed(wire, [one.body])).text) for one in streams])

    assert asyncio.run(said()) > 30


class Bad:
    """Readers that do what none may."""

    @staticmethod
    async def raises(wire: str, parts: Iterable[bytes], limits: Limits) -> Reading:
        raise KeyError(wire)

    @staticmethod
    async def counts_parts(wire: str, parts: Iterable[bytes], limits: Limits) -> Reading:
        return Reading(text=str(len(list(parts))))

    @staticmethod
    async def gives_halves(wire: str, parts: Iterable[bytes], limits: Limits) -> Reading:
        return Reading(opaque=["\ud83d"])


@pytest.mark.parametrize(
    ("reader", "told"),
    [
        (Bad.raises, "KeyError('gemini')"),
        (Bad.counts_parts, "otherwise"),
        (Bad.gives_halves, "UnicodeEncodeError"),
    ],
)
def test_what_goes_wrong_is_counted_and_named(
    reader: object, told: str, bare: Corpus, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setattr(fuzz, "replayed", reader)
    gemini = PROTOCOLS.index("gemini")
    numbers = [
        one for one in range(gemini, 280, 7) if len(bare.stream("gemini", Random(one)).parts) > 1
    ]
    assert asyncio.run(fuzz.broken_of(bare, numbers)) == len(numbers) > 10
    first = capsys.readouterr().err.splitlines()[0]
    assert first.startswith(f"stream {numbers[0]} of gemini: ")
    assert told in first


def test_what_takes_too_long_each_time_is_counted(
    bare: Corpus, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(fuzz, "HANG_S", -1.0)
    assert asyncio.run(fuzz.broken_of(bare, [3])) == 1
    assert " bytes" in capsys.readouterr().err
