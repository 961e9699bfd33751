"""Runs benchmarks, each in a process of its own, and writes what they measured.

python -m tests.benchmarks.run [NAME…]
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from tests.benchmarks.registry import BENCHMARKS, benchmark

OUTPUT: Final = Path("build/bench.json")
TRIES: Final = 3
"""A machine that is busy with something else only ever makes a figure worse."""
DEADLINE_S: Final = 600
ALONE: Final = "--alone"


def main(arguments: list[str]) -> int:
    """Measure the named benchmarks, or all; 1 where a figure is not held."""
    if arguments[:1] == [ALONE]:
        print(json.dumps(asdict(benchmark(arguments[1])())))
        return 0
    if unknown := [name for name in arguments if name not in BENCHMARKS]:
        print(f"no benchmark: {', '.join(unknown)}; there are: {', '.join(BENCHMARKS)}")
        return 2
    # An installed program has its bytecode beside it; the first start here writes it.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    results = [measure(name) for name in arguments or BENCHMARKS]
    OUTPUT.parent.mkdir(exist_ok=True)
    OUTPUT.write_text(json.dumps(results, indent=1) + "\n", "utf-8")
    print(f"written: {OUTPUT}")
    return int(any(result["ok"] is False for result in results))


def measure(name: str) -> dict[str, Any]:
    """Return the first good result of a few tries, else the last."""
    result = failed(name)
    for _ in range(TRIES):
        result = measure_once(name)
        if result["ok"] is True:
            break
    print(
        f"{name:24} {result['value']:8.3g} {result['unit']:22} bound {result['bound']:6.3g}  "
        f"floor {result['floor']:8.3g}  {result['ok']}",
        flush=True,
    )
    return result


def measure_once(name: str) -> dict[str, Any]:
    """Run one benchmark in a process of its own; one that broke is a figure not held."""
    command = [sys.executable, "-m", "tests.benchmarks.run", ALONE, name]
    try:
        done = subprocess.run(
            command, stdout=subprocess.PIPE, text=True, timeout=DEADLINE_S, check=True
        )
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        print(f"{name} broke: {error}", file=sys.stderr)
        return failed(name)
    return result


def failed(name: str) -> dict[str, Any]:
    """Return what stands for a benchmark that gave no figure."""
    nothing = {"value": 0.0, "unit": "", "bound": 0.0, "floor": 0.0}
    return {"name": name, **nothing, "ok": False}


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
