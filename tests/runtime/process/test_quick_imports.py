"""Importing the window's code without having all of its source read."""

from __future__ import annotations

import builtins
import gc
import subprocess
import sys

import pytest

from desktop_chat.runtime.process.quick_imports import quick_imports

QUESTION = """
import linecache
from desktop_chat.runtime.process.quick_imports import quick_imports
import builtins
with quick_imports():
    import desktop_chat.app
    assert builtins.__import__.__name__ == "__import__"
assert builtins.__import__.__name__ != "__import__"
print(len(linecache.cache))
"""


def test_the_source_of_what_is_imported_stays_unread() -> None:
    done = subprocess.run(
        [sys.executable, "-c", QUESTION], capture_output=True, text=True, check=True
    )
    assert int(done.stdout) < 10


def test_imports_go_through_the_same_door_afterwards() -> None:
    before = builtins.__import__
    with quick_imports():
        pass
    assert builtins.__import__ is before


@pytest.mark.usefixtures("python_collects")
def test_garbage_is_collected_again_afterwards() -> None:
    with quick_imports():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), quick_imports():
        raise ZeroDivisionError
    assert gc.isenabled()


def test_who_collected_nothing_before_collects_nothing_afterwards() -> None:
    gc.disable()
    with quick_imports():
        pass
    assert not gc.isenabled()
