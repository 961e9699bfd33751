"""A real Secret Service: GNOME Keyring in a D-Bus session of its own."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
UNLOCKED = 'printf "%s" "$PASSWORD" | gnome-keyring-daemon --unlock --components=secrets >/dev/null'
LOCKED = "gnome-keyring-daemon --start --components=secrets >/dev/null"
NO_DAEMON = "true"
CANARY = "sk-canary-5f0b93"

VERBS = ("read", "peek", "write", "delete")
# As a sandbox that was not granted the keyring: the bus itself refuses every call to it.
REFUSING = """<busconfig>
  <type>session</type>
  <listen>unix:tmpdir=/tmp</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
    <deny send_destination="org.freedesktop.secrets" send_type="method_call"/>
  </policy>
</busconfig>
"""

# Runs steps such as ["write", ID, SLOT, KEY]; shows each outcome, and the key where one was read.
PROGRAM = """
import json, sys
from desktop_chat.domain.keys import Secret
from desktop_chat.storage.secrets import KeyringSecrets
secrets = KeyringSecrets()
shown = []
for verb, identity, slot, *key in json.loads(sys.argv[1]):
    if verb == "write":
        result = secrets.write(identity, slot, Secret(key[0]))
    else:
        result = getattr(secrets, verb)(identity, slot)
    if result is None:
        shown.append(None)
        continue
    shown.append([result.outcome.value, result.secret.reveal() if result.secret else None])
print(json.dumps([secrets.name, shown]))
"""

pytestmark = pytest.mark.needs("dbus-run-session", "gnome-keyring-daemon")


@pytest.fixture
def home() -> Iterator[Path]:
    # A short path: the daemon's sockets lie below it.
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as folder:
        yield Path(folder)


def run(
    home: Path,
    daemon: str,
    *steps: list[str],
    unlock_with: str = "p",
    bus: tuple[str, ...] = (),
) -> tuple[str, list[Any]]:
    """Carry out steps in a session with that daemon; the session ends with them."""
    environment = {
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home),
        "PATH": os.environ["PATH"],
        "PASSWORD": unlock_with,
        "STEPS": json.dumps(steps),
        "PROGRAM": PROGRAM,
        "PYTHON": sys.executable,
        "PYTHONPATH": str(ROOT),
    }
    done = subprocess.run(
        [
            "dbus-run-session",
            *bus,
            "--",
            shutil.which("sh") or "/bin/sh",
            "-c",
            f'{daemon}; exec "$PYTHON" -c "$PROGRAM" "$STEPS"',
        ],
        cwd=home,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    name, shown = json.loads(done.stdout.splitlines()[-1])
    return name, shown


def test_a_key_is_saved_read_and_deleted(home: Path) -> None:
    name, shown = run(
        home,
        UNLOCKED,
        ["read", "one", "key"],
        ["write", "one", "key", CANARY],
        ["read", "one", "key"],
        ["write", "one", "key", "newer"],
        ["read", "one", "key"],
        ["delete", "one", "key"],
        ["read", "one", "key"],
        ["delete", "one", "key"],
    )
    assert name == "GNOME Keyring"
    assert shown == [
        ["missing", None],
        ["ok", None],
        ["ok", CANARY],
        ["ok", None],
        ["ok", "newer"],
        ["ok", None],
        ["missing", None],
        ["missing", None],
    ]


def test_two_profiles_do_not_touch_each_others_keys(home: Path) -> None:
    first, second = "0190-first", "0190-second"
    _, shown = run(
        home,
        UNLOCKED,
        ["write", first, "key", "a"],
        ["write", second, "key", "b"],
        ["write", first, "proxy", "c"],
        ["delete", second, "key"],
        ["read", first, "key"],
        ["read", first, "proxy"],
        ["read", second, "key"],
    )
    assert shown[4:] == [["ok", "a"], ["ok", "c"], ["missing", None]]


def test_a_key_outlives_the_daemon_and_lies_on_the_disk_encrypted(home: Path) -> None:
    run(home, UNLOCKED, ["write", "one", "key", CANARY])
    files = [file for file in home.rglob("*") if file.is_file()]
    assert any(file.suffix == ".keyring" for file in files)
    assert all(CANARY.encode() not in file.read_bytes() for file in files)
    assert run(home, UNLOCKED, ["read", "one", "key"])[1] == [["ok", CANARY]]


@pytest.mark.parametrize("how", ["not unlocked", "a wrong password"])
def test_a_locked_keyring_says_so_and_loses_nothing(home: Path, how: str) -> None:
    run(home, UNLOCKED, ["write", "one", "key", CANARY])
    _, shown = run(
        home,
        LOCKED if how == "not unlocked" else UNLOCKED,
        ["read", "one", "key"],
        ["write", "one", "key", "other"],
        ["delete", "one", "key"],
        unlock_with="wrong",
    )
    assert shown == [["locked", None]] * 3
    assert run(home, UNLOCKED, ["read", "one", "key"])[1] == [["ok", CANARY]]


@pytest.mark.parametrize("how", ["not unlocked", "a wrong password"])
def test_a_look_at_a_locked_keyring_tells_that_it_is_locked(home: Path, how: str) -> None:
    run(home, UNLOCKED, ["write", "one", "key", CANARY])
    daemon = LOCKED if how == "not unlocked" else UNLOCKED
    _, shown = run(home, daemon, ["peek", "one", "key"], unlock_with="wrong")
    assert shown == [["locked", None]]


def test_a_look_tells_of_a_key_without_reading_it(home: Path) -> None:
    name, shown = run(
        home,
        UNLOCKED,
        ["peek", "one", "key"],
        ["write", "one", "key-2", CANARY],
        ["peek", "one", "key"],
        ["peek", "one", "key-2"],
    )
    assert name == "GNOME Keyring"
    assert shown == [["missing", None], ["ok", None], ["missing", None], ["ok", None]]


def test_a_look_where_no_keyring_was_ever_made_makes_none(home: Path) -> None:
    _, shown = run(home, LOCKED, ["peek", "one", "key"])
    assert shown in ([["missing", None]], [["locked", None]])
    assert not list(home.rglob("*.keyring"))


def test_a_keyring_that_the_session_may_not_speak_to_refuses_and_loses_nothing(
    home: Path,
) -> None:
    run(home, UNLOCKED, ["write", "one", "key", CANARY])
    rules = home / "bus.conf"
    rules.write_text(REFUSING, "utf-8")
    _, shown = run(
        home,
        UNLOCKED,
        ["read", "one", "key"],
        ["peek", "one", "key"],
        ["write", "one", "key", "other"],
        ["delete", "one", "key"],
        bus=(f"--config-file={rules}",),
    )
    assert [one[0] for one in shown] == ["refused"] * 4
    assert run(home, UNLOCKED, ["read", "one", "key"])[1] == [["ok", CANARY]]


def test_a_session_without_a_bus_has_no_keyring(home: Path) -> None:
    environment = {"HOME": str(home), "PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    steps = json.dumps([[verb, "one", "key", "k"][: 4 if verb == "write" else 3] for verb in VERBS])
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, steps],
        cwd=home,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    _, shown = json.loads(done.stdout.splitlines()[-1])
    assert [one[0] for one in shown] == ["none"] * len(VERBS)


def test_a_session_without_a_keyring_says_so(home: Path) -> None:
    name, shown = run(home, NO_DAEMON, ["read", "one", "key"], ["write", "one", "key", CANARY])
    # The bus may know how to start the daemon by itself; then nobody is there to unlock it.
    assert shown in ([["none", None]] * 2, [["locked", None]] * 2)
    assert name in ("", "GNOME Keyring", "Secret Service")


def test_a_line_break_never_reaches_the_keyring(home: Path) -> None:
    _, shown = run(
        home,
        UNLOCKED,
        ["write", "one", "key", CANARY],
        ["write", "two", "key", "two\nlines"],
        ["read", "one", "key"],
        ["read", "two", "key"],
    )
    assert shown == [["ok", None], ["refused", None], ["ok", CANARY], ["missing", None]]
    assert run(home, UNLOCKED, ["read", "one", "key"])[1] == [["ok", CANARY]]
