"""What the system must bring: which libraries and tools are missing, and apt for them."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TABLE = Path(__file__).resolve().parent / "system-packages.toml"

# In a process of its own: a library, once loaded, stays, and one that is broken may abort.
PROBE = """
import ctypes, sys
for name in sys.argv[1:]:
    try:
        ctypes.CDLL(name)
    except OSError:
        print(name)
"""


@dataclass(frozen=True)
class Need:
    """A library or a tool, and the Debian package that brings it."""

    name: str
    package: str
    file: str = ""
    """Where it lies; empty: it is a library, or a program on the path."""


def libraries(*groups: str) -> list[Need]:
    """Return the libraries of the named groups: `core`, `gui`, `x11`, `wayland`."""
    table = tomllib.loads(TABLE.read_text("utf-8"))["libraries"]
    return [Need(name, package) for group in groups for name, package in table[group].items()]


def tools() -> list[Need]:
    """Return what tests may ask for by name."""
    table = tomllib.loads(TABLE.read_text("utf-8"))["tools"]
    return [Need(name, one["package"], one.get("file", "")) for name, one in table.items()]


def fonts() -> list[Need]:
    """Return what a machine without a screen lacks for showing every language."""
    return [one for one in tools() if one.name.startswith("noto")]


def missing_libraries(python: Path, needs: Sequence[Need]) -> list[Need]:
    """Return the libraries that this system's loader does not find. Only Linux is asked."""
    if not sys.platform.startswith("linux"):
        return []
    command = [str(python), "-c", PROBE, *(one.name for one in needs)]
    absent = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return [one for one in needs if one.name in absent]


def missing_tools(needs: Iterable[Need]) -> list[Need]:
    """Return the tools that are not there."""
    return [one for one in needs if not is_present(one)]


def is_present(need: Need) -> bool:
    """Whether a tool's file is there, or its program is on the path."""
    return Path(need.file).exists() if need.file else shutil.which(need.name) is not None


def command_line(needs: Iterable[Need]) -> str:
    """Return the command that installs what is missing, for a person to type."""
    packages = " ".join(package_names(needs))
    return f"apt-get update && apt-get install -y --no-install-recommends {packages}"


def package_names(needs: Iterable[Need]) -> list[str]:
    """Return the packages that bring some needs, each once."""
    return sorted({one.package for one in needs})


def install(needs: Sequence[Need], purpose: str) -> bool:
    """Install what is missing where that is allowed; else name the command. True: it is done."""
    if not needs:
        return True
    names = " ".join(package_names(needs))
    rights = administrator()
    if shutil.which("apt-get") is None:
        print(f"{purpose} needs what this system lacks: {', '.join(one.name for one in needs)}.")
        print(f"Install what brings it; Debian's packages are: {names}")
        return False
    if rights is None:
        print(f"{purpose} needs system packages. As root, run:\n  {command_line(needs)}")
        return False
    print(f"{purpose} needs system packages; installing {names}")
    if _apt(rights, needs):
        return True
    print(f"apt-get failed. Try it by hand, as root:\n  {command_line(needs)}")
    return False


def borrow(needs: Sequence[Need], folder: Path) -> bool:
    """Unpack packages into a folder of our own, which needs no rights. True: they are there.

    For what the program cannot even begin without. Everything that this starts finds them.
    """
    found = _folders(needs, folder)
    if not found and _fetch(needs, folder):
        found = _folders(needs, folder)
    before = os.environ.get("LD_LIBRARY_PATH")
    os.environ["LD_LIBRARY_PATH"] = os.pathsep.join([*found, *([before] if before else [])])
    return bool(found)


def _folders(needs: Sequence[Need], folder: Path) -> list[str]:
    return sorted({str(path.parent) for one in needs for path in folder.rglob(one.name)})


def _fetch(needs: Sequence[Need], folder: Path) -> bool:
    names = package_names(needs)
    if shutil.which("apt-get") is None or shutil.which("dpkg-deb") is None:
        return False
    print(f"Without {' '.join(names)} nothing can start; unpacking it into {folder}.")
    lists, cache = folder / "lists", folder / "cache"
    for place in (lists / "partial", cache / "archives/partial"):
        place.mkdir(parents=True, exist_ok=True)
    own = ["-q", "-o", f"Dir::State::Lists={lists}", "-o", f"Dir::Cache={cache}"]
    # As another user apt would have to read what only this one may.
    own += ["-o", f"APT::Sandbox::User={getpass.getuser()}"]
    for command in (["apt-get", *own, "update"], ["apt-get", *own, "download", *names]):
        if subprocess.run(command, cwd=folder, check=False).returncode != 0:
            return False
    for package in folder.glob("*.deb"):
        if subprocess.run(["dpkg-deb", "-x", package, folder], check=False).returncode != 0:
            return False
    return True


def administrator() -> list[str] | None:
    """Return what to put before a command that needs root: nothing, sudo, or None: impossible."""
    if not hasattr(os, "geteuid"):
        return None
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n"] if asked.returncode == 0 else None


def _apt(rights: list[str], needs: Sequence[Need]) -> bool:
    # Without its lists apt knows no package; with old ones it may ask for a version that is gone.
    fresh = not any(Path("/var/lib/apt/lists").glob("*Packages*"))
    if fresh and not _call(rights, "update", "-q"):
        return False
    wanted = ("install", "-q", "-y", "--no-install-recommends", *package_names(needs))
    if _call(rights, *wanted):
        return True
    return not fresh and _call(rights, "update", "-q") and _call(rights, *wanted)


def _call(rights: list[str], *arguments: str) -> bool:
    quiet = ["env", "DEBIAN_FRONTEND=noninteractive", "apt-get"]
    return subprocess.run([*rights, *quiet, *arguments], check=False).returncode == 0
