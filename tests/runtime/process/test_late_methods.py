"""Dataclasses whose methods are compiled late behave as others do."""

from __future__ import annotations

import dataclasses
import pickle
import sys
from dataclasses import FrozenInstanceError, dataclass, field, replace

import pytest

from desktop_chat.runtime.process.late_methods import late_methods

with late_methods():

    @dataclass(frozen=True, slots=True)
    class Point:
        """A frozen one."""

        x: int
        y: int = 2
        names: tuple[str, ...] = field(default_factory=tuple)

    @dataclass(frozen=True, slots=True)
    class Named(Point):
        """One of its kind with a method more."""

        name: str = ""

    @dataclass(slots=True)
    class Loose:
        """One that may change."""

        x: int


def test_values_are_made_compared_and_shown() -> None:
    assert Point(1) == Point(1, y=2) != Point(1, 3)
    assert Named(1, name="a") == Named(1, 2, (), "a")
    assert Named(1) != Point(1)
    assert hash(Point(1)) == hash(Point(1, 2))
    assert repr(Point(1)) == repr(Point(1)) == "Point(x=1, y=2, names=())"
    assert replace(Point(1), y=5) == Point(1, 5)
    assert pickle.loads(pickle.dumps(Named(4, name="b"))) == Named(4, name="b")  # noqa: S301


def test_missing_arguments_are_told() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'x'"):
        Point()  # type: ignore[call-arg]


def test_the_frozen_stay_frozen_and_the_loose_do_not() -> None:
    for _ in range(2):
        with pytest.raises(FrozenInstanceError):
            Point(1).x = 2  # type: ignore[misc]
    one = Loose(1)
    one.x = 2
    assert one == Loose(2)


@pytest.mark.skipif(sys.version_info >= (3, 13), reason="compiles all at once")
def test_a_method_is_compiled_once_and_takes_its_place() -> None:
    with late_methods():

        @dataclass
        class Fresh:
            x: int

    first = Fresh.__init__
    Fresh(1)
    second = Fresh.__init__
    Fresh(2)
    assert first is not second
    assert Fresh.__init__ is second


def test_afterwards_all_is_compiled_as_ever() -> None:
    before = getattr(dataclasses, "_create_fn", None)
    with pytest.raises(ZeroDivisionError), late_methods():
        raise ZeroDivisionError
    assert getattr(dataclasses, "_create_fn", None) is before
