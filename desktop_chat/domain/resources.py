"""Where the files that the program ships with lie: icons, themes, translations."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path


@cache
def resource_root() -> Path:
    """Return the folder of the resources: of an installed wheel, a frozen program or a checkout.

    Raises `FileNotFoundError` where the program was taken apart.
    """
    package = Path(__file__).resolve().parent.parent
    frozen = Path(getattr(sys, "_MEIPASS", package))
    for folder in (package / "_resources", frozen / "_resources", package.parent / "resources"):
        if folder.is_dir():
            return folder
    raise FileNotFoundError("the program's resources are missing; install it again")


def resource(name: str) -> Path:
    """Return the path of a resource, such as `icons/copy.svg`."""
    return resource_root() / name
