"""The environment `.venv` at the root: made once, from locked requirements, and again on change."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

import editable
import package_index
import specification

LOCKS: Final = ("run", "dev")
"""`dev` holds all that `run` holds, in the same versions."""
FILES: Final = {"run": ("run",), "dev": ("dev", "specification")}
"""The files of each, in `packaging/requirements`."""


class SetupError(Exception):
    """The environment could not be made; the message says why."""


class Environment:
    """A virtual environment below a checkout, with the checkout itself linked into it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / ".venv"
        self._stamp = self.folder / "desktop-chat-stamp.json"

    @property
    def scripts(self) -> Path:
        """The folder of the environment's programs."""
        return self.folder / ("Scripts" if sys.platform == "win32" else "bin")

    @property
    def python(self) -> Path:
        """The environment's own interpreter."""
        return self.scripts / ("python.exe" if sys.platform == "win32" else "python")

    def lock(self, name: str) -> Path:
        """Return the file of locked requirements of that name."""
        return self.root / "packaging" / "requirements" / f"{name}.txt"

    def ensure(self, lock: str) -> None:
        """Make the environment hold what a lock names. Does nothing where it already does."""
        wanted = self._facts(lock)
        known = self._read_stamp()
        if self.python.exists() and wanted.items() <= known.items():
            return
        self._stamp.unlink(missing_ok=True)
        if not self._runs():
            self._make()
            known = {}
        if known.get(lock) != wanted[lock]:
            self._install(lock)
        self._link()
        if lock == "dev":
            wanted |= self._facts("run")
        elif "dev" in known:
            # The tests' packages are still there as they were.
            wanted["dev"] = known["dev"]
        self._prune()
        self._stamp.write_text(json.dumps(wanted, indent=1), "utf-8")

    def _facts(self, lock: str) -> dict[str, str]:
        return {
            "interpreter": f"{sys.version} {Path(sys.base_prefix).resolve()}",
            "project": _digest(json.dumps(editable.project(self.root)).encode(), bytes(self.root)),
            lock: _digest(*(self.lock(file).read_bytes() for file in FILES[lock])),
        }

    def _read_stamp(self) -> dict[str, str]:
        try:
            stamp = json.loads(self._stamp.read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return stamp if isinstance(stamp, dict) else {}

    def _runs(self) -> bool:
        """Whether an environment of this very interpreter is there and works."""
        question = "import sys; print(sys.version, sys.base_prefix)"
        try:
            done = subprocess.run(
                [self.python, "-c", question], capture_output=True, text=True, check=False
            )
        except OSError:
            return False
        same = done.stdout.strip() == f"{sys.version} {sys.base_prefix}".strip()
        return done.returncode == 0 and same

    def _make(self) -> None:
        if self.folder.exists():
            print("The environment .venv is of another Python; making it again.")
            shutil.rmtree(self.folder)
        print(f"Making the environment .venv with Python {sys.version.split()[0]}.")
        # pip comes afterwards: with it, venv gives up where Debian left ensurepip out.
        self._call(sys.executable, "-m", "venv", "--without-pip", str(self.folder))

    def _install(self, lock: str) -> None:
        self._ensure_pip()
        print(f"Installing the locked packages of packaging/requirements/{lock}.txt.")
        # A person sees the downloads grow; a log wants no line for each.
        quiet = () if sys.stdout.isatty() else ("-qq",)
        self._pip("install", *quiet, "--require-hashes", "-r", str(self.lock(lock)))
        if lock == "dev":
            self._fetch_specification()

    def _fetch_specification(self) -> None:
        try:
            specification.fetch(self.lock("specification"), self.folder / specification.FOLDER)
        except package_index.FetchError as error:
            raise SetupError(str(error)) from error

    def _ensure_pip(self) -> None:
        if self._answers("-m", "pip", "--version"):
            return
        if self._answers("-m", "ensurepip", "--default-pip"):
            return
        pin = package_index.read_pin(self.lock("pip"), package_index.WHEEL)
        print(f"This Python has no ensurepip; fetching {pin.filename}.")
        with tempfile.TemporaryDirectory() as folder:
            try:
                wheel = package_index.fetch(pin, Path(folder))
            except package_index.FetchError as error:
                raise SetupError(str(error)) from error
            runner = str(wheel / "pip")
            self._call(str(self.python), runner, "install", "-q", "--no-index", str(wheel))

    def _link(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            wheel = editable.build(self.root, Path(folder))
            self._pip("install", "-q", "--no-index", "--no-deps", "--force-reinstall", str(wheel))
        # As pip does for what it installs: each start would compile everything otherwise, where
        # the person's environment forbids Python to write bytecode.
        self._answers("-m", "compileall", "-q", str(self.root / "desktop_chat"))

    def _prune(self) -> None:
        """Take out what no lock names, so that a forgotten dependency is noticed."""
        listed = subprocess.run(
            [self.python, "-m", "pip", "list", "--format=json", "--disable-pip-version-check"],
            capture_output=True,
            check=True,
        )
        present = {_normal(one["name"]) for one in json.loads(listed.stdout)}
        locked = {name for lock in LOCKS for name in locked_names(self.lock(lock))}
        if stray := sorted(present - locked - {"pip", "desktop-chat"}):
            self._pip("uninstall", "-q", "-y", *stray)

    def _pip(self, *arguments: str) -> None:
        self._call(str(self.python), "-m", "pip", "--disable-pip-version-check", *arguments)

    def _answers(self, *arguments: str) -> bool:
        done = subprocess.run([self.python, *arguments], capture_output=True, check=False)
        return done.returncode == 0

    def _call(self, *command: str) -> None:
        if subprocess.run(command, check=False).returncode != 0:
            raise SetupError(f"this failed: {' '.join(command)}")


def locked_names(lock: Path) -> set[str]:
    """Return the names of the packages that a lock pins."""
    return {_normal(one) for one in re.findall(r"^([\w.-]+)==", lock.read_text("utf-8"), re.M)}


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _digest(*contents: bytes) -> str:
    return hashlib.sha256(b"\0".join(contents)).hexdigest()
