"""The harness: each benchmark alone, what it writes, and what makes it fail."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import fields
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from tests.benchmarks import run, sse
from tests.benchmarks.registry import BENCHMARKS, Result

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
GOOD: dict[str, Any] = {"name": "some", "value": 2, "unit": "x", "bound": 1, "floor": 1, "ok": True}


@pytest.fixture
def tries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> list[object]:
    """Return what `ok` is in each further try of one benchmark."""
    outcomes: list[object] = []

    def answers() -> Iterator[dict[str, Any]]:
        while outcomes:
            yield GOOD | {"ok": outcomes.pop(0)}

    found = answers()
    monkeypatch.setattr(run, "measure_once", lambda name: next(found))
    monkeypatch.setattr(run, "BENCHMARKS", {"some": "some"})
    monkeypatch.chdir(tmp_path)
    return outcomes


def written() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run.OUTPUT.read_text())
    return found


def test_a_figure_is_tried_again_until_it_holds(tries: list[object]) -> None:
    tries += [False, True, False]
    assert run.main([]) == 0
    assert written() == [GOOD]
    assert tries == [False]


def test_a_figure_that_never_holds_fails_the_run(tries: list[object]) -> None:
    tries += [False, "noisy", False]
    assert run.main(["some"]) == 1
    assert written()[0]["ok"] is False


def test_a_noisy_machine_is_no_failure(tries: list[object]) -> None:
    tries += [False, "noisy", "noisy"]
    assert run.main([]) == 0
    assert written()[0]["ok"] == "noisy"


def test_an_unknown_name_is_told_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["stop_ms", "nothing"]) == 2
    assert "no benchmark: nothing" in capsys.readouterr().out


def test_a_benchmark_that_breaks_is_a_figure_not_held(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.measure_once("nothing")["ok"] is False
    assert "nothing broke" in capsys.readouterr().err


def test_every_benchmark_stands_in_the_module_that_is_named() -> None:
    for name, module in BENCHMARKS.items():
        text = (ROOT / f"tests/benchmarks/{module}.py").read_text("utf-8")
        assert f"def {name}() -> Result:" in text


def test_one_benchmark_alone_prints_its_result_last() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.benchmarks.run", run.ALONE, "sse_vs_httpx_sse"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    result = json.loads(done.stdout.splitlines()[-1])
    assert list(result) == [field.name for field in fields(Result)]
    assert result["name"] == "sse_vs_httpx_sse"
    assert result["value"] > 0


def test_all_decoders_find_every_event_of_the_recording() -> None:
    chunks = sse.recording()
    assert sse.ours(chunks) == sse.httpx_sse(chunks) == sse.EVENTS + 1
    decoder = import_module("openai._streaming").SSEDecoder
    assert sse.openai(decoder, chunks) == sse.EVENTS + 1
    with pytest.raises(ValueError, match="were found"):
        sse.timed(lambda: 1, 2)
