"""One heap for all threads, where the C library would give each its own."""

from __future__ import annotations

import ctypes
import sys
from typing import Final

_ARENA_MAX: Final = -8
"""glibc's `M_ARENA_MAX`."""


def share_one_heap() -> None:
    """Have threads that begin from now on take memory from one heap; call it before there are any.

    A heap for each never gives back what its thread needed once: 2 MB after the first answer. They
    are there for threads that run at once, and ours take turns at Python.
    """
    if sys.platform != "linux":
        return
    # Other C libraries of Linux have neither such heaps nor the call.
    limit = getattr(ctypes.CDLL(None), "mallopt", None)
    if limit is not None:
        limit(_ARENA_MAX, 1)
