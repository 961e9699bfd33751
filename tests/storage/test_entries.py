"""Assistants and prompts in their files, where whatever is not known stays."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.assistants import Assistant, Prompt
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.parameters import Parameters
from desktop_chat.storage.entries import assistants_file, prompts_file

if TYPE_CHECKING:
    from pathlib import Path

PIRATE = Assistant(
    id="1",
    name="Pirate",
    icon="P",
    provider_id="p",
    model="m",
    parameters=Parameters(system="Answer like a pirate.", temperature=0.0),
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "settings" / "entries.json"


def written(path: Path) -> dict[str, Any]:
    found = json.loads(path.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


def test_a_file_that_is_not_there_is_empty_and_not_made(path: Path) -> None:
    assert assistants_file(path).load() == ((), None)
    assert not path.parent.exists()


def test_entries_come_back_as_they_were_in_their_order(path: Path) -> None:
    plain = Assistant(id="2", name="Plain")
    for one in (PIRATE, plain):
        assert assistants_file(path).save(one) is None
    assert assistants_file(path).load() == ((PIRATE, plain), None)
    changed = Assistant(id="1", name="Corsair")
    assistants_file(path).save(changed)
    assert assistants_file(path).load() == ((changed, plain), None)
    assistants_file(path).remove("1")
    assistants_file(path).remove("9")
    assert assistants_file(path).load() == ((plain,), None)


def test_prompts_come_back_as_they_were(path: Path) -> None:
    prompt = Prompt(id="1", name="Ask", text="What is {{this}}?\n")
    prompts_file(path).save(prompt)
    assert prompts_file(path).load() == ((prompt,), None)


def test_what_a_newer_version_wrote_stays(path: Path) -> None:
    path.parent.mkdir()
    old = {
        "version": 2,
        "assistants": [
            {"id": "1", "name": "Old", "voice": "deep", "parameters": {"seed": 1, "top_z": 2}},
            {"id": "2", "name": ""},
            "nonsense",
        ],
    }
    path.write_text(json.dumps(old), encoding="utf-8")
    assert assistants_file(path).load()[0] == (
        Assistant(id="1", name="Old", parameters=Parameters(seed=1)),
    )
    assistants_file(path).save(PIRATE)
    after = written(path)
    assert after["version"] == 2
    assert after["assistants"][0]["voice"] == "deep"
    assert after["assistants"][0]["parameters"]["top_z"] == 2
    assert "seed" not in after["assistants"][0]["parameters"]
    assert after["assistants"][1:] == old["assistants"][1:]  # type: ignore[index]


@pytest.mark.parametrize("content", [b"{", b"[]", b"\xff"])
def test_a_damaged_file_is_kept_aside_and_told(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    entries, failure = prompts_file(path).load()
    assert entries == ()
    assert failure is not None
    assert failure.kind is ErrorKind.SETTINGS_DAMAGED


def test_a_list_that_is_none_is_as_good_as_empty(path: Path) -> None:
    path.parent.mkdir()
    path.write_text('{"prompts": 7}', encoding="utf-8")
    assert prompts_file(path).load() == ((), None)
    prompts_file(path).save(Prompt(id="1", name="n", text="t"))
    assert len(written(path)["prompts"]) == 1
