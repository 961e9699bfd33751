"""The two files that a person may read and edit: settings and providers. Never a key in them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import KEY_SLOT
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.parameters import from_fields, to_fields
from desktop_chat.domain.providers import (
    DEMO_PROVIDER_ID,
    Header,
    KeyPlace,
    KeySource,
    Provider,
    is_secret_header,
)
from desktop_chat.storage.json_file import JsonFile

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_TEXTS: Final = (
    "id",
    "name",
    "protocol",
    "base_url",
    "model",
    "key_variable",
    "key_slot",
    "key_origin",
    "preset",
)
_NEEDED: Final = ("id", "name", "protocol", "base_url")
_NETWORK_TEXTS: Final = (
    "proxy",
    "proxy_user",
    "password_for",
    "no_proxy",
    "ca_file",
    "certificate",
    "certificate_key",
)


class SettingsFile:
    """Values by the names of their settings; names that this version does not know are kept."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path)

    def load(self) -> tuple[dict[str, object], Failure | None]:
        """Return the values as they stand in the file, unchecked, and what was wrong with it."""
        return self._file.read()

    def update(self, changes: Mapping[str, object]) -> Failure | None:
        """Change these values alone; None takes one out. Raises `ChatError`."""

        def edit(content: dict[str, Any]) -> None:
            for name, value in changes.items():
                if value is None:
                    content.pop(name, None)
                else:
                    content[name] = value

        return self._file.change(edit)


class ProvidersFile:
    """The providers in the person's order; entries and fields that it does not know are kept."""

    def __init__(self, path: Path) -> None:
        self._file = JsonFile(path)

    def load(self) -> tuple[tuple[Provider, ...], Failure | None]:
        """Return the providers that can be read, and what was wrong with the file."""
        content, failure = self._file.read()
        found = {one.id: one for entry in _entries(content) if (one := _provider_from(entry))}
        return tuple(found.values()), failure

    def save(self, provider: Provider) -> Failure | None:
        """Add a provider at the end, or change the one of its id. Raises `ChatError`."""
        if provider.is_demo:
            return None

        def edit(content: dict[str, Any]) -> None:
            entries = _entries(content)
            entry = next((one for one in entries if one.get("id") == provider.id), None)
            if entry is None:
                entry = {}
                content["providers"] = [*_all_entries(content), entry]
            _write(provider, entry)

        return self._file.change(edit)

    def remove(self, provider_id: str) -> Failure | None:
        """Take a provider out; harmless where there is none. Raises `ChatError`."""

        def edit(content: dict[str, Any]) -> None:
            content["providers"] = [
                one
                for one in _all_entries(content)
                if not (isinstance(one, dict) and one.get("id") == provider_id)
            ]

        return self._file.change(edit)


def _all_entries(content: dict[str, Any]) -> list[Any]:
    entries = content.get("providers")
    return entries if isinstance(entries, list) else []


def _entries(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [entry for entry in _all_entries(content) if isinstance(entry, dict)]


def _write(provider: Provider, entry: dict[str, Any]) -> None:
    """Bring an entry up to date, touching only what differs from what it already says."""
    before = _provider_from(entry)
    known = before.headers if before else ()
    for header in provider.headers:
        if header.value and is_secret_header(header.name) and header not in known:
            raise ChatError(
                Failure(
                    kind=ErrorKind.INTERNAL,
                    service=provider.name,
                    message=f"The header {header.name} is a secret, and kept in no file.",
                )
            )
    fields = _fields(provider)
    old = _fields(before) if before else {}
    entry.update({name: value for name, value in fields.items() if old.get(name) != value})
    if provider.network != (before.network if before else NetworkOptions()):
        known_before = entry.get("network")
        others = known_before if isinstance(known_before, dict) else {}
        entry["network"] = {**others, **_network_fields(provider.network)}
    if before is None or before.parameters != provider.parameters:
        wanted = to_fields(provider.parameters, entry.pop("parameters", None))
        if wanted:
            entry["parameters"] = wanted


def _fields(provider: Provider) -> dict[str, Any]:
    return {
        **{name: getattr(provider, name) for name in _TEXTS},
        "models": list(provider.models),
        "listed_ms": provider.listed_ms,
        "headers": [_header_fields(header) for header in provider.headers],
        "key_source": provider.key_source.value,
        "key_command": list(provider.key_command),
        "spare_keys": [_place_fields(place) for place in provider.spare_keys],
    }


def _network_fields(options: NetworkOptions) -> dict[str, str]:
    return {
        "proxy_use": options.proxy_use.value,
        **{name: getattr(options, name) for name in _NETWORK_TEXTS},
    }


def _place_fields(place: KeyPlace) -> dict[str, object]:
    fields: dict[str, object] = {"slot": place.slot, "source": place.source.value}
    if place.variable:
        fields["variable"] = place.variable
    if place.command:
        fields["command"] = list(place.command)
    return fields


def _header_fields(header: Header) -> dict[str, str]:
    if header.variable:
        return {"name": header.name, "variable": header.variable}
    return {"name": header.name, "value": header.value}


def _provider_from(entry: dict[str, Any]) -> Provider | None:
    """Return the provider of an entry; None where it lacks what a provider must have."""
    texts = {name: entry[name] for name in _TEXTS if isinstance(entry.get(name), str)}
    if not texts.get("key_slot"):
        texts.pop("key_slot", None)
    if not all(texts.get(name) for name in _NEEDED) or texts["id"] == DEMO_PROVIDER_ID:
        return None
    models = entry.get("models")
    listed = entry.get("listed_ms")
    headers = entry.get("headers")
    return Provider(
        **texts,
        models=_words(models),
        listed_ms=listed if type(listed) is int else 0,
        headers=tuple(one for each in headers if (one := _header_from(each)))
        if isinstance(headers, list)
        else (),
        key_source=_source(entry.get("key_source")),
        key_command=_words(entry.get("key_command")),
        spare_keys=_places(entry.get("spare_keys"), texts.get("key_slot", KEY_SLOT)),
        network=_network_from(entry.get("network")),
        parameters=from_fields(entry.get("parameters")),
    )


def _network_from(entry: object) -> NetworkOptions:
    """Return the way that an entry describes.

    Somebody who wrote a word that is none wanted a proxy of some kind: what is not understood is
    told when it is used, and no request goes another way meanwhile.
    """
    if not isinstance(entry, dict):
        return NetworkOptions()
    texts = {name: entry[name] for name in _NETWORK_TEXTS if isinstance(entry.get(name), str)}
    use = entry.get("proxy_use", ProxyUse.SETTINGS.value)
    known = next((one for one in ProxyUse if one.value == use), ProxyUse.OWN)
    return NetworkOptions(proxy_use=known, **texts)


def _places(entries: object, first: str) -> tuple[KeyPlace, ...]:
    """Return the places that can be read; two keys never share one."""
    found: dict[str, KeyPlace] = {}
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict) and isinstance(slot := entry.get("slot"), str) and slot:
            variable = entry.get("variable")
            place = KeyPlace(
                slot,
                _source(entry.get("source")),
                variable if isinstance(variable, str) else "",
                _words(entry.get("command")),
            )
            if slot != first and place.source is not KeySource.NONE:
                found[slot] = place
    return tuple(found.values())


def _source(value: object) -> KeySource:
    return next((one for one in KeySource if one.value == value), KeySource.KEYRING)


def _words(value: object) -> tuple[str, ...]:
    """Return a list of texts as it stands in the file, without what is none."""
    return tuple(one for one in value if isinstance(one, str)) if isinstance(value, list) else ()


def _header_from(entry: object) -> Header | None:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        return None
    value, variable = entry.get("value", ""), entry.get("variable", "")
    if not isinstance(value, str) or not isinstance(variable, str):
        return None
    return Header(entry["name"], value, variable)
