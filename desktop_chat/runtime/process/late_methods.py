"""Dataclasses whose methods are compiled when they are first called."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Method = Callable[..., object]


@contextmanager
def late_methods() -> Iterator[None]:
    """Let the dataclasses that are defined inside compile each method at its first call.

    Python writes six methods of a frozen dataclass as text and compiles them, 0.4 ms a class, and
    most are never called. From 3.13 on, it compiles them at once and there is less to gain.
    """
    compiled = getattr(dataclasses, "_create_fn", None)
    if compiled is None:
        yield
        return

    def late(name: str, *text: object, **names: object) -> Method:
        return _late(name, lambda: compiled(name, *text, **names))

    setattr(dataclasses, "_create_fn", late)  # noqa: B010 - its type is known to nobody
    try:
        yield
    finally:
        setattr(dataclasses, "_create_fn", compiled)  # noqa: B010 - as above


def _late(name: str, compiled: Callable[[], Method]) -> Method:
    """Return a method that gives its place in the class to the compiled one when it is called."""
    method: Method | None = None

    def first(self: object, *arguments: object, **named: object) -> object:
        nonlocal method
        if method is None:
            method = compiled()
            for owner in type(self).__mro__:
                if vars(owner).get(name) is first:
                    setattr(owner, name, method)
        return method(self, *arguments, **named)

    first.__name__ = name
    return first
