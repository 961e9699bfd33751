"""What tests of the way to a service share: parts of it as processes, and no proxy from outside."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from tests.processes import Part
from tests.protocols.authority import Authority

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Start = Callable[..., Part]


@pytest.fixture(autouse=True)
def no_proxy_of_the_system(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.fixture
def start() -> Iterator[Start]:
    started: list[Part] = []

    def make(program: str, *arguments: object) -> Part:
        started.append(Part(f"protocols/{program}.py", *map(str, arguments)))
        return started[-1]

    yield make
    for one in started:
        one.close()


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))
