"""Keys in a keyring that refuses in every way that keyrings know."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from keyring.backends import chainer, fail, null
from keyring.errors import (
    InitError,
    KeyringError,
    KeyringLocked,
    NoKeyringError,
    PasswordDeleteError,
    PasswordSetError,
)

from desktop_chat.domain.ids import new_id
from desktop_chat.domain.keys import KeyOutcome, KeyResult, Secret
from desktop_chat.storage import keyring_backend
from desktop_chat.storage.keyring_backend import Refusal, chosen_backend
from desktop_chat.storage.secrets import KeyringSecrets, MemorySecrets, SecretStore

ROOT = Path(__file__).resolve().parents[2]
CANARY = "sk-canary-0123456789"


class FakeBackend:
    """A keyring in memory; `fault` is raised by every call."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}
        self.calls: list[str] = []
        self.fault: Exception | None = None
        self.forgets = False

    def get_password(self, service: str, username: str) -> str | None:
        self._note("get")
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self._note("set")
        if not self.forgets:
            self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        self._note("delete")
        del self.kept[service, username]

    def _note(self, call: str) -> None:
        self.calls.append(call)
        if self.fault is not None:
            raise self.fault


@pytest.fixture
def backend() -> FakeBackend:
    return FakeBackend()


@pytest.fixture
def keyring_secrets(backend: FakeBackend) -> KeyringSecrets:
    return KeyringSecrets(lambda: backend)  # type: ignore[arg-type,return-value]


@pytest.fixture(params=["keyring", "memory"])
def secrets(request: pytest.FixtureRequest, keyring_secrets: KeyringSecrets) -> SecretStore:
    return keyring_secrets if request.param == "keyring" else MemorySecrets()


def test_a_key_is_saved_read_and_forgotten(secrets: SecretStore) -> None:
    one, other = new_id(), new_id()
    assert secrets.read(one).outcome is KeyOutcome.MISSING
    assert secrets.write(one, "key", Secret("a")).outcome is KeyOutcome.OK
    assert secrets.write(other, "key", Secret("b")).outcome is KeyOutcome.OK
    assert secrets.write(one, "proxy", Secret("c")).outcome is KeyOutcome.OK
    found = secrets.read(one)
    assert found.outcome is KeyOutcome.OK
    assert found.secret == Secret("a")
    assert found.backend == secrets.name
    assert secrets.delete(one).outcome is KeyOutcome.OK
    assert secrets.delete(one).outcome is KeyOutcome.MISSING
    assert secrets.read(one).secret is None
    assert secrets.read(one, "proxy").secret == Secret("c")
    assert secrets.read(other).secret == Secret("b")


def test_a_key_stands_alone_under_its_providers_id(
    keyring_secrets: KeyringSecrets, backend: FakeBackend
) -> None:
    identity = new_id()
    keyring_secrets.write(identity, "key", Secret(CANARY))
    assert backend.kept == {("desktop-chat", f"{identity}/key"): CANARY}


class LockedException(Exception):  # noqa: N818 - as SecretStorage names it
    """As SecretStorage raises it."""


class PromptDismissedException(Exception):  # noqa: N818 - as SecretStorage names it
    """As SecretStorage raises it."""


class SecretServiceNotAvailableException(Exception):  # noqa: N818 - as SecretStorage names it
    """As SecretStorage raises it."""


class PywinError(Exception):
    """As pywin32 raises it: no relative of any keyring's error."""


FAULTS = [
    (KeyringLocked("Failed to unlock the collection!"), KeyOutcome.LOCKED),
    (LockedException("Collection is locked!"), KeyOutcome.LOCKED),
    (PromptDismissedException("Prompt dismissed."), KeyOutcome.LOCKED),
    (InitError("Failed to create the collection: Prompt dismissed.."), KeyOutcome.LOCKED),
    (InitError("Failed to create the collection: no daemon."), KeyOutcome.NONE),
    (NoKeyringError("No recommended backend was available."), KeyOutcome.NONE),
    (SecretServiceNotAvailableException("gone"), KeyOutcome.NONE),
    (ConnectionRefusedError(111, "Connection refused"), KeyOutcome.NONE),
    (FileNotFoundError(2, "No such file: /run/bus"), KeyOutcome.NONE),
    (RuntimeError("name org.freedesktop.secrets was not provided by any file"), KeyOutcome.NONE),
    (PasswordSetError("Can't store password on keychain"), KeyOutcome.REFUSED),
    (PasswordDeleteError("No such password!"), KeyOutcome.REFUSED),
    (KeyringError("odd"), KeyOutcome.REFUSED),
    (PywinError(1783, "CredWrite", "The stub received bad data"), KeyOutcome.REFUSED),
    (PermissionError(13, "denied"), KeyOutcome.REFUSED),
    (UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte"), KeyOutcome.REFUSED),
    (ValueError("anything"), KeyOutcome.REFUSED),
]


@pytest.mark.parametrize(
    ("fault", "outcome"), FAULTS, ids=lambda one: getattr(one, "value", repr(one))
)
def test_every_fault_has_its_outcome_and_its_words(
    keyring_secrets: KeyringSecrets, backend: FakeBackend, fault: Exception, outcome: KeyOutcome
) -> None:
    backend.fault = fault
    identity = new_id()
    for result in (
        keyring_secrets.read(identity),
        keyring_secrets.write(identity, "key", Secret(CANARY)),
        keyring_secrets.delete(identity),
    ):
        assert result.outcome is outcome
        assert result.secret is None
        assert type(fault).__name__ in result.detail


def test_reading_that_did_not_succeed_leads_to_no_writing_and_no_deleting(
    keyring_secrets: KeyringSecrets, backend: FakeBackend
) -> None:
    identity = new_id()
    keyring_secrets.write(identity, "key", Secret(CANARY))
    backend.calls.clear()
    backend.fault = KeyringLocked("locked")
    keyring_secrets.read(identity)
    keyring_secrets.delete(identity)
    assert backend.calls == ["get", "get"]
    backend.fault = None
    assert keyring_secrets.read(identity).secret == Secret(CANARY)


HARMFUL = (
    "",
    "two\nlines",
    "cr\rlf",
    "tab\there",
    "nul\0",
    "line\u2028separator",
    "bidi\u202e",
    "x" * 1281,
    "\U0001f600" * 641,
)


@pytest.mark.parametrize("value", HARMFUL, ids=range(len(HARMFUL)))
def test_what_could_harm_a_keyring_never_reaches_it(
    keyring_secrets: KeyringSecrets, backend: FakeBackend, value: str
) -> None:
    result = keyring_secrets.write(new_id(), "key", Secret(value))
    assert result.outcome is KeyOutcome.REFUSED
    assert result.detail
    assert backend.calls == []


def test_the_longest_key_that_windows_takes_is_kept(keyring_secrets: KeyringSecrets) -> None:
    assert keyring_secrets.write(new_id(), "key", Secret("x" * 1280)).outcome is KeyOutcome.OK


def test_a_keyring_that_drops_what_it_took_is_found_out(
    keyring_secrets: KeyringSecrets, backend: FakeBackend
) -> None:
    backend.forgets = True
    assert keyring_secrets.write(new_id(), "key", Secret("a")).outcome is KeyOutcome.REFUSED


def test_a_key_is_not_repeated_in_what_the_keyring_said(
    keyring_secrets: KeyringSecrets, backend: FakeBackend
) -> None:
    backend.fault = PasswordSetError(f"cannot store {CANARY}")
    result = keyring_secrets.write(new_id(), "key", Secret(CANARY))
    assert CANARY not in repr(result)
    assert "cannot store" in result.detail


def test_a_result_never_shows_its_key(keyring_secrets: KeyringSecrets) -> None:
    keyring_secrets.write("a", "key", Secret(CANARY))
    assert CANARY not in repr(keyring_secrets.read("a"))


class PlaintextKeyring(null.Keyring):
    """Named as the one in `keyrings.alt`."""


# The library's classes are not annotated.
Plaintext: Any = PlaintextKeyring
Null: Any = null.Keyring
Fail: Any = fail.Keyring
Chainer: Any = chainer.ChainerBackend


def use(monkeypatch: pytest.MonkeyPatch, backend: Any) -> None:
    monkeypatch.setattr("keyring.get_keyring", lambda: backend)


@pytest.mark.parametrize("refused", [PlaintextKeyring, null.Keyring])
def test_keyrings_that_keep_nothing_safe_are_refused(
    monkeypatch: pytest.MonkeyPatch, refused: type[Any]
) -> None:
    use(monkeypatch, refused())
    result = KeyringSecrets().write(new_id(), "key", Secret(CANARY))
    assert result.outcome is KeyOutcome.NONE
    assert refused.__name__ in result.detail


def allowed_backend() -> Any:
    made = FakeBackend()
    # The list goes by the class's own name and module.
    kind = type("Keyring", (FakeBackend,), {"__module__": "keyring.backends.SecretService"})
    made.__class__ = kind
    return made


def test_a_trusted_keyring_is_used_and_named(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, allowed_backend())
    secrets = KeyringSecrets()
    assert secrets.name == ""
    result = secrets.write("a", "key", Secret("k"))
    assert result == KeyResult(KeyOutcome.OK, backend="Secret Service")
    assert secrets.name == "Secret Service"


def test_of_chained_keyrings_the_first_trusted_one_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    trusted = allowed_backend()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [Plaintext(), trusted])
    use(monkeypatch, Chainer())
    assert KeyringSecrets().write("a", "key", Secret("k")).outcome is KeyOutcome.OK
    assert list(trusted.kept.values()) == ["k"]


def test_a_chain_of_untrusted_keyrings_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [Plaintext(), Null()])
    use(monkeypatch, Chainer())
    assert KeyringSecrets().read("a").outcome is KeyOutcome.NONE


def test_a_keyring_that_started_later_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    use(monkeypatch, Fail())
    secrets = KeyringSecrets()
    with monkeypatch.context() as without:
        without.setattr("keyring.core.load_keyring", _not_viable)
        assert secrets.read("a").outcome is KeyOutcome.NONE
    started = allowed_backend()
    started.__class__.priority = 5
    monkeypatch.setattr("keyring.core.load_keyring", lambda _: started)
    assert secrets.read("a").outcome is KeyOutcome.MISSING


def test_a_library_that_cannot_even_choose_is_an_outcome(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken() -> None:
        raise ModuleNotFoundError("No module named 'evil'")

    monkeypatch.setattr("keyring.get_keyring", broken)
    assert KeyringSecrets().read("a").outcome is KeyOutcome.REFUSED


def test_the_backend_that_the_environment_names_is_checked_too() -> None:
    program = (
        "from desktop_chat.storage.secrets import KeyringSecrets;"
        "from desktop_chat.domain.keys import Secret;"
        "print(KeyringSecrets().write('a', 'key', Secret('k')).outcome.value)"
    )
    environment = {"PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring"}
    shown = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    assert shown == "none\n"


def test_the_keyring_library_is_not_imported_before_it_is_asked() -> None:
    program = "import sys, desktop_chat.storage.secrets; assert 'keyring' not in sys.modules"
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


def test_every_trusted_backend_exists_in_the_library() -> None:
    for name in keyring_backend._LABELS:
        module = name.rpartition(".")[0].removeprefix("keyring.backends.")
        folder = Path(null.__file__).parent
        assert (folder / f"{module}.py").exists() or (folder / module / "__init__.py").exists()


def test_the_choice_is_a_backend_or_a_reason() -> None:
    chosen = chosen_backend()
    assert not isinstance(chosen, Refusal) or chosen.reason


def _not_viable(name: str) -> Any:
    raise RuntimeError(name)
