"""The settings and providers files: edited by people, shared by processes, never half written."""

from __future__ import annotations

import errno
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, Header, KeyPlace, KeySource, Provider
from desktop_chat.storage.settings import ProvidersFile, SettingsFile

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "file.json"


def some_provider(**changes: Any) -> Provider:
    usual = Provider(
        id=new_id(),
        name="Example",
        protocol="openai_chat",
        base_url="https://api.example.org/v1",
        model="m",
        models=("m", "n"),
        headers=(Header("X-Title", "chat"), Header("X-Api-Key", variable="MY_KEY")),
        key_source=KeySource.ENVIRONMENT,
        key_variable="EXAMPLE_KEY",
        key_origin="https://api.example.org:443",
        preset="example",
    )
    return replace(usual, **changes)


def test_a_file_that_is_not_there_is_empty_and_not_made(path: Path) -> None:
    assert SettingsFile(path).load() == ({}, None)
    assert ProvidersFile(path).load() == ((), None)
    assert not path.parent.exists()


def test_changes_leave_everything_else_as_it_was(path: Path) -> None:
    file = SettingsFile(path)
    assert file.update({"theme": "dark", "from the future": {"a": [1, None]}}) is None
    assert file.update({"font_size": 16, "theme": None}) is None
    assert file.load() == ({"from the future": {"a": [1, None]}, "font_size": 16}, None)
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'{"a": 1}}', b"\xff\xfe\x00", b"\0" * 50, b"[" * 100_000],
)
def test_a_damaged_file_is_kept_aside_and_named(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    values, failure = SettingsFile(path).load()
    assert values == {}
    assert failure is not None
    assert failure.kind is ErrorKind.SETTINGS_DAMAGED
    assert Path(failure.target).read_bytes() == content
    assert SettingsFile(path).load() == ({}, None)


def test_a_change_to_a_damaged_file_keeps_it_aside_too(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{ my edit", "utf-8")
    failure = SettingsFile(path).update({"theme": "dark"})
    assert failure is not None
    assert Path(failure.target).read_text("utf-8") == "{ my edit"
    assert SettingsFile(path).load() == ({"theme": "dark"}, None)


def test_a_file_with_a_byte_order_mark_is_read(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"theme": "dark"}', "utf-8-sig")
    assert SettingsFile(path).load() == ({"theme": "dark"}, None)


def test_a_link_to_the_file_stays_a_link(path: Path, tmp_path: Path) -> None:
    kept = tmp_path / "dotfiles.json"
    kept.write_text("{}", "utf-8")
    path.parent.mkdir()
    path.symlink_to(kept)
    SettingsFile(path).update({"theme": "dark"})
    assert path.is_symlink()
    assert json.loads(kept.read_text("utf-8")) == {"theme": "dark"}


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (errno.ENOSPC, ErrorKind.DISK_FULL),
        (errno.EDQUOT, ErrorKind.DISK_FULL),
        (errno.EROFS, ErrorKind.STORE_REFUSED),
        (errno.EIO, ErrorKind.STORE_REFUSED),
    ],
)
def test_a_write_that_does_not_succeed_leaves_the_old_file(
    path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: ErrorKind
) -> None:
    file = SettingsFile(path)
    file.update({"theme": "dark"})

    def refuse(_: int) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)
        with pytest.raises(ChatError) as caught:
            file.update({"theme": "light"})
    assert caught.value.failure.kind is kind
    assert caught.value.failure.target == str(path)
    assert file.load() == ({"theme": "dark"}, None)
    assert not [one for one in path.parent.iterdir() if one.name.endswith(".new")]
    file.update({"theme": "light"})
    assert file.load() == ({"theme": "light"}, None)


def test_processes_that_change_one_file_at_once_lose_nothing(path: Path) -> None:
    program = (
        "import sys; from pathlib import Path;"
        "from desktop_chat.storage.settings import SettingsFile;"
        "file = SettingsFile(Path(sys.argv[1]));"
        "[file.update({f'{sys.argv[2]}-{n}': n}) for n in range(25)]"
    )
    writers = [
        subprocess.Popen([sys.executable, "-c", program, str(path), name], cwd=ROOT)
        for name in "abc"
    ]
    assert [one.wait() for one in writers] == [0, 0, 0]
    values, failure = SettingsFile(path).load()
    assert failure is None
    assert values == {f"{name}-{n}": n for name in "abc" for n in range(25)}


def test_a_provider_comes_back_as_it_was(path: Path) -> None:
    file = ProvidersFile(path)
    first, second = some_provider(), some_provider(name="二")
    file.save(first)
    file.save(second)
    assert file.load() == ((first, second), None)
    changed = replace(first, model="n", headers=(), models=())
    file.save(changed)
    assert file.load() == ((changed, second), None)
    file.remove(first.id)
    file.remove("nobody")
    assert file.load() == ((second,), None)


SEVERAL = (
    KeyPlace("key-2", KeySource.ENVIRONMENT, "MY_OTHER_KEY"),
    KeyPlace("key-3", KeySource.COMMAND, command=("pass", "show", "key of mine")),
    KeyPlace("key"),
)


def test_several_keys_come_back_in_their_order(path: Path) -> None:
    provider = some_provider(
        key_source=KeySource.COMMAND,
        key_command=("op", "read", "op://a b/c"),
        key_slot="key-4",
        spare_keys=SEVERAL,
    )
    ProvidersFile(path).save(provider)
    assert ProvidersFile(path).load() == ((provider,), None)
    assert [one.label for one in provider.key_places] == ["key 4", "key 2", "key 3", "key 1"]


def test_places_of_keys_that_make_no_sense_are_passed_over(path: Path) -> None:
    ProvidersFile(path).save(some_provider(spare_keys=SEVERAL))
    content = json.loads(path.read_text("utf-8"))
    spare = content["providers"][0]["spare_keys"]
    content["providers"][0]["spare_keys"] = [
        *spare, None, {}, {"slot": 5}, {"slot": ""}, {"slot": "x", "source": "none"},
        {"slot": "key-5", "source": "keyring", "variable": 7, "command": "rm"},
    ]  # fmt: skip
    path.write_text(json.dumps(content), "utf-8")
    ((loaded,), _) = ProvidersFile(path).load()
    # The first one has the place `key` already.
    assert loaded.spare_keys == (*SEVERAL[:2], KeyPlace("key-5"))


def test_fields_and_entries_of_a_newer_version_are_kept(path: Path) -> None:
    file = ProvidersFile(path)
    provider = some_provider()
    file.save(provider)
    content = json.loads(path.read_text("utf-8"))
    content["version"] = 9
    content["providers"][0] |= {"key_source": "helper", "helper": ["pass", "show"]}
    content["providers"] += [{"kind": "assistant"}, "odd", None]
    path.write_text(json.dumps(content), "utf-8")

    (found,), failure = file.load()
    assert failure is None
    file.save(replace(found, model="n"))
    file.save(some_provider())
    file.remove("nobody")

    after = json.loads(path.read_text("utf-8"))
    assert after["version"] == 9
    assert after["providers"][0] == content["providers"][0] | {"model": "n"}
    assert after["providers"][1:4] == [{"kind": "assistant"}, "odd", None]
    assert len(after["providers"]) == 5


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"id": "a"},
        {"id": "a", "name": "n", "protocol": "p", "base_url": 5},
        {"id": "", "name": "n", "protocol": "p", "base_url": "u"},
        {"id": DEMO_PROVIDER_ID, "name": "n", "protocol": "p", "base_url": "u"},
    ],
)
def test_an_entry_that_is_no_provider_is_passed_over(path: Path, entry: dict[str, Any]) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"providers": [entry]}), "utf-8")
    assert ProvidersFile(path).load() == ((), None)


@pytest.mark.parametrize("providers", [5, {}, None, "x"])
def test_a_list_that_is_none_is_as_good_as_empty(path: Path, providers: object) -> None:
    path.parent.mkdir()
    path.write_text(json.dumps({"providers": providers}), "utf-8")
    file = ProvidersFile(path)
    assert file.load() == ((), None)
    provider = some_provider()
    file.save(provider)
    assert file.load() == ((provider,), None)


def test_odd_values_inside_an_entry_do_not_hide_the_provider(path: Path) -> None:
    path.parent.mkdir()
    entry = {
        "id": "a",
        "name": "n",
        "protocol": "p",
        "base_url": "u",
        "model": 7,
        "models": ["m", 5],
        "headers": [{"name": "X", "value": "v"}, {"name": 1}, "odd", {"name": "Y", "value": 2}],
    }
    path.write_text(json.dumps({"providers": [entry]}), "utf-8")
    (found,), _ = ProvidersFile(path).load()
    assert found.model == ""
    assert found.models == ("m",)
    assert found.headers == (Header("X", "v"),)


def test_the_demo_is_never_written(path: Path) -> None:
    ProvidersFile(path).save(some_provider(id=DEMO_PROVIDER_ID))
    assert not path.exists()


def test_a_secret_in_a_header_is_never_written(path: Path) -> None:
    file = ProvidersFile(path)
    with pytest.raises(ChatError):
        file.save(some_provider(headers=(Header("X-Api-Key", "sk-canary"),)))
    assert all(b"sk-canary" not in one.read_bytes() for one in path.parent.iterdir())


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=20)
FILLED = st.text(min_size=1, max_size=20)
HARMLESS = settings(
    max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@HARMLESS
@given(values=st.dictionaries(st.text(), VALUES, max_size=4))
def test_any_values_round_trip(path: Path, values: dict[str, Any]) -> None:
    path.unlink(missing_ok=True)
    file = SettingsFile(path)
    file.update(values)
    assert file.load() == ({k: v for k, v in values.items() if v is not None}, None)


@HARMLESS
@given(
    provider=st.builds(
        Provider,
        id=st.uuids().map(str),
        name=FILLED,
        protocol=FILLED,
        base_url=FILLED,
        model=ANY_TEXT,
        models=st.lists(ANY_TEXT, max_size=3).map(tuple),
        headers=st.lists(
            st.builds(Header, st.just("X-A"), ANY_TEXT)
            | st.builds(Header, FILLED, st.just(""), FILLED),
            max_size=3,
        ).map(tuple),
        key_source=st.sampled_from(KeySource),
        key_variable=ANY_TEXT,
        key_origin=ANY_TEXT,
        preset=ANY_TEXT,
    )
)
def test_any_provider_round_trips(path: Path, provider: Provider) -> None:
    path.unlink(missing_ok=True)
    file = ProvidersFile(path)
    file.save(provider)
    file.save(provider)
    assert file.load() == ((provider,), None)


@HARMLESS
@given(content=st.binary(max_size=60) | VALUES.map(lambda value: json.dumps(value).encode()))
def test_no_content_whatever_breaks_a_start(path: Path, content: bytes) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(content)
    _, failure = ProvidersFile(path).load()
    assert failure is None or Path(failure.target).read_bytes() == content


def test_the_way_to_a_provider_is_kept_and_what_is_not_known_of_it_too(path: Path) -> None:
    options = NetworkOptions(
        proxy_use=ProxyUse.OWN,
        proxy="socks5://proxy.test:1080",
        proxy_user="ann",
        password_for="ann@socks5://proxy.test:1080",
        no_proxy="inner.test",
        ca_file="/ca.pem",
        certificate="/me.pem",
        certificate_key="/me.key",
    )
    provider = some_provider(network=options)
    file = ProvidersFile(path)
    file.save(provider)
    assert file.load() == ((provider,), None)
    content = json.loads(path.read_text("utf-8"))
    content["providers"][0]["network"]["from the future"] = 1
    path.write_text(json.dumps(content), "utf-8")
    changed = replace(provider, network=replace(options, proxy_use=ProxyUse.NONE))
    file.save(changed)
    assert file.load() == ((changed,), None)
    assert json.loads(path.read_text("utf-8"))["providers"][0]["network"]["from the future"] == 1


def test_a_provider_of_an_older_version_gets_no_way_written_that_nobody_chose(path: Path) -> None:
    file = ProvidersFile(path)
    file.save(some_provider())
    assert "network" not in json.loads(path.read_text("utf-8"))["providers"][0]
    assert file.load()[0][0].network == NetworkOptions()


@pytest.mark.parametrize("use", ["sock5", 7, None])
def test_a_way_that_is_no_word_is_not_taken_for_none(path: Path, use: object) -> None:
    """Somebody who wanted a proxy must not be sent out without one."""
    file = ProvidersFile(path)
    provider = some_provider()
    file.save(provider)
    content = json.loads(path.read_text("utf-8"))
    content["providers"][0]["network"] = {"proxy_use": use, "ca_file": 4}
    path.write_text(json.dumps(content), "utf-8")
    (read,), _ = file.load()
    assert read.network == NetworkOptions(proxy_use=ProxyUse.OWN)
