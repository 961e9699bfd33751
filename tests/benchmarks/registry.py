"""Benchmarks by name. A new one is a function here or beside, and a line in `BENCHMARKS`."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Final, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True, kw_only=True)
class Result:
    """One figure beside what it must hold and what it was measured against in the same run."""

    name: str
    value: float
    unit: str
    bound: float
    """The worst value that is still good."""
    floor: float
    """What the bare counterpart or the rival measured, in that one's own unit."""
    ok: bool | Literal["noisy"]


BENCHMARKS: Final = {
    "cuts_read_wrong": "cuts",
    "sse_vs_httpx_sse": "sse",
    "sse_vs_openai": "sse",
    "fuzz_streams": "fuzz",
    "start_ratio": "start",
    "memory_ratio": "memory",
    "stream_us_per_token": "stream",
    "stream_flatness": "stream",
    "stream_vs_setmarkdown": "stream",
    "flat_fence": "flat",
    "flat_list": "flat",
    "flat_table": "flat",
    "flat_paragraph": "flat",
    "stall_3tabs_p99_ms": "stall",
    "stall_3tabs_max_ms": "stall",
    "stall_1tab_p99_ms": "stall",
    "hidden_tab_ratio": "hidden",
    "open_10k_ms": "long",
    "memory_10k_mb": "long",
    "scroll_10k_p99_ms": "long",
    "find_10k_ms": "long",
    "stop_ms": "stop",
    "stall_20_p99_ms": "stall_many",
    "overhead_ratio": "overhead",
    "leak_1000": "leak",
}
"""The module of each, whose function bears the benchmark's name."""


def benchmark(name: str) -> Callable[[], Result]:
    """Return a benchmark, importing nothing that another one needs."""
    module = import_module(f"tests.benchmarks.{BENCHMARKS[name]}")
    return cast("Callable[[], Result]", getattr(module, name))
