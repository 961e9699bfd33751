"""A file of entries that each bear an id; entries and fields that nobody here knows are kept."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from desktop_chat.domain.assistants import Assistant, Prompt, one_icon
from desktop_chat.domain.parameters import from_fields, to_fields
from desktop_chat.storage.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from desktop_chat.domain.errors import Failure


class HasId(Protocol):
    """What can be an entry."""

    @property
    def id(self) -> str:
        """What it is known by, for ever."""


Entry = TypeVar("Entry", bound=HasId)


class EntriesFile(Generic[Entry]):
    """The entries of one kind, in the person's order."""

    def __init__(
        self,
        path: Path,
        name: str,
        read: Callable[[dict[str, Any]], Entry | None],
        write: Callable[[Entry, dict[str, Any]], dict[str, Any]],
    ) -> None:
        """`name`: the field that holds the list. `write` is given what stood in the entry."""
        self._file = JsonFile(path)
        self._name = name
        self._read = read
        self._write = write

    def load(self) -> tuple[tuple[Entry, ...], Failure | None]:
        """Return the entries that can be read, and what was wrong with the file."""
        content, failure = self._file.read()
        found = [self._read(one) for one in self._all(content) if isinstance(one, dict)]
        return tuple({one.id: one for one in found if one is not None}.values()), failure

    def save(self, entry: Entry) -> Failure | None:
        """Add an entry at the end, or change the one of its id. Raises `ChatError`."""

        def edit(content: dict[str, Any]) -> None:
            entries = self._all(content)
            place = next((at for at, one in enumerate(entries) if _id_of(one) == entry.id), None)
            if place is None:
                content[self._name] = [*entries, self._write(entry, {})]
            else:
                entries[place] = self._write(entry, entries[place])

        return self._file.change(edit)

    def remove(self, entry_id: str) -> Failure | None:
        """Take an entry out; harmless where there is none. Raises `ChatError`."""

        def edit(content: dict[str, Any]) -> None:
            content[self._name] = [one for one in self._all(content) if _id_of(one) != entry_id]

        return self._file.change(edit)

    def _all(self, content: dict[str, Any]) -> list[Any]:
        entries = content.get(self._name)
        return entries if isinstance(entries, list) else []


def assistants_file(path: Path) -> EntriesFile[Assistant]:
    """Return the file of assistants at a path."""
    return EntriesFile(path, "assistants", _assistant_from, _assistant_fields)


def prompts_file(path: Path) -> EntriesFile[Prompt]:
    """Return the file of prompts at a path."""
    return EntriesFile(path, "prompts", _prompt_from, _prompt_fields)


def _id_of(entry: object) -> object:
    return entry.get("id") if isinstance(entry, dict) else None


def _texts(entry: dict[str, Any], *names: str) -> dict[str, str]:
    return {name: entry[name] for name in names if isinstance(entry.get(name), str)}


def _assistant_from(entry: dict[str, Any]) -> Assistant | None:
    texts = _texts(entry, "id", "name", "provider_id", "model")
    if not texts.get("id") or not texts.get("name"):
        return None
    icon = one_icon(_texts(entry, "icon").get("icon", ""))
    return Assistant(**texts, icon=icon, parameters=from_fields(entry.get("parameters")))


def _assistant_fields(assistant: Assistant, known: dict[str, Any]) -> dict[str, Any]:
    return {
        **known,
        "id": assistant.id,
        "name": assistant.name,
        "icon": assistant.icon,
        "provider_id": assistant.provider_id,
        "model": assistant.model,
        "parameters": to_fields(assistant.parameters, known.get("parameters")),
    }


def _prompt_from(entry: dict[str, Any]) -> Prompt | None:
    texts = _texts(entry, "id", "name", "text")
    return Prompt(**texts) if all(texts.get(name) for name in ("id", "name", "text")) else None


def _prompt_fields(prompt: Prompt, known: dict[str, Any]) -> dict[str, Any]:
    return {**known, "id": prompt.id, "name": prompt.name, "text": prompt.text}
