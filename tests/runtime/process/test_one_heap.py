"""Threads share the heap of the C library."""

from __future__ import annotations

import subprocess
import sys
from typing import Final

import pytest

PROGRAM: Final = """
import sys, threading
from ctypes import CDLL
from pathlib import Path
from desktop_chat.runtime.process.one_heap import share_one_heap

if sys.argv[1] == "shared":
    share_one_heap()
go = threading.Event()
ready = threading.Barrier(9)

def take():
    kept = [bytearray(5000) for _ in range(50)]
    ready.wait()
    go.wait()
    del kept

for _ in range(8):
    threading.Thread(target=take, daemon=True).start()
ready.wait()
starts = [line.split("-")[0] for line in Path("/proc/self/maps").read_text().splitlines()]
# A heap of a thread begins where its address is a multiple of its largest size.
print(sum(int(start, 16) % (64 << 20) == 0 for start in starts))
go.set()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="only there is it asked of the C library")
def test_threads_take_memory_from_one_heap() -> None:
    heaps = {}
    for how in ("apart", "shared"):
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, how], capture_output=True, text=True, check=True
        )
        heaps[how] = int(done.stdout)
    assert heaps["shared"] < heaps["apart"]
