"""Links the checkout into the environment: a wheel that holds one path and the entry point.

It is what a build backend's editable install makes, without needing the backend to run a program.
"""

from __future__ import annotations

import base64
import hashlib
import locale
import re
import tomllib
import zipfile
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import Path


def project(root: Path) -> dict[str, Any]:
    """Return what pyproject.toml says of the project itself."""
    table: dict[str, Any] = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]
    return table


def build(root: Path, folder: Path) -> Path:
    """Write the wheel that makes `root` importable and its scripts callable."""
    told = project(root)
    name = re.sub(r"[-_.]+", "_", told["name"]).lower()
    tag = f"{name}-{told['version']}"
    metadata = [
        "Metadata-Version: 2.1",
        f"Name: {told['name']}",
        f"Version: {told['version']}",
        f"Requires-Python: {told['requires-python']}",
        *(f"Requires-Dist: {one}" for one in told["dependencies"]),
    ]
    scripts = [f"{script} = {target}" for script, target in told["scripts"].items()]
    wheel = ["Wheel-Version: 1.0", "Generator: desktop-chat-dev", "Root-Is-Purelib: true"]
    files = {
        # Python reads path files in the locale's encoding.
        f"{name}.pth": f"{root}\n".encode(locale.getencoding()),
        f"{tag}.dist-info/METADATA": _lines(metadata),
        f"{tag}.dist-info/WHEEL": _lines([*wheel, "Tag: py3-none-any"]),
        f"{tag}.dist-info/entry_points.txt": _lines(["[console_scripts]", *scripts]),
    }
    record = [f"{path},sha256={_digest(content)},{len(content)}" for path, content in files.items()]
    files[f"{tag}.dist-info/RECORD"] = _lines([*record, f"{tag}.dist-info/RECORD,,"])
    path = folder / f"{tag}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, content in files.items():
            archive.writestr(inside, content)
    return path


def _lines(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


def _digest(content: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest()).rstrip(b"=").decode()
