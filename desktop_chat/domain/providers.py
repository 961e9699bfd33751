"""Providers: the services that the person has set up, and where their keys come from."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

from desktop_chat.domain.keys import KEY_SLOT
from desktop_chat.domain.network_options import NetworkOptions
from desktop_chat.domain.parameters import NOTHING_SET, Parameters

DEMO_PROVIDER_ID = "00000000-0000-7000-8000-00000000de30"
"""The built-in demo: fixed, and never in the settings file."""


class KeySource(StrEnum):
    """Where a provider's key is read from when a request is built."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    """The variable that `Provider.key_variable` names."""
    COMMAND = "command"
    """The first line that the program `Provider.key_command` prints."""
    NONE = "none"
    """The service takes no key."""


_SECRET_WORDS: Final = re.compile(
    r"key|token|secret|authori[sz]ation|cookie|passw|credential|bearer|(?:^|[-_])(?:auth|jwt|pwd)(?:[-_]|$)",
    re.IGNORECASE,
)


def is_secret_header(name: str) -> bool:
    """Whether a header's name says that its value is a secret, which no settings file may hold."""
    return _SECRET_WORDS.search(name.strip()) is not None


@dataclass(frozen=True, slots=True)
class Header:
    """A header that the person adds to each request.

    Its value stands here, or comes from the environment variable `variable`.
    """

    name: str
    value: str = ""
    variable: str = ""


@dataclass(frozen=True, slots=True)
class KeyPlace:
    """Where one of a provider's keys is read from. Holds no key."""

    slot: str = KEY_SLOT
    """Tells a provider's keys apart for good, and is the name in the keyring."""
    source: KeySource = KeySource.KEYRING
    variable: str = ""
    command: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        """What the person knows it by, such as "key 2"; it stays when the order changes."""
        return f"key {self.slot.removeprefix(KEY_SLOT).removeprefix('-') or '1'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """A service that the person has set up. Holds no key."""

    id: str
    name: str
    protocol: str
    base_url: str
    model: str = ""
    """The model to begin with; empty: the first that the service lists."""
    models: tuple[str, ...] = ()
    """The models that the service listed last."""
    listed_ms: int = 0
    """When it did so, in ms since 1970; 0: never."""
    headers: tuple[Header, ...] = ()
    parameters: Parameters = NOTHING_SET
    """What every question to it sets, unless an assistant or a chat says otherwise."""
    key_source: KeySource = KeySource.KEYRING
    key_variable: str = ""
    key_command: tuple[str, ...] = ()
    """A program and its arguments: no shell reads them."""
    key_slot: str = KEY_SLOT
    spare_keys: tuple[KeyPlace, ...] = ()
    """Further keys, in the order in which they are tried where the first is not taken."""
    key_origin: str = ""
    """The origin (scheme, host, port) that the key was given for; another is asked about first."""
    preset: str = ""
    network: NetworkOptions = field(default_factory=NetworkOptions)

    @property
    def key_places(self) -> tuple[KeyPlace, ...]:
        """Where its keys are, in the order in which they are tried; empty where it takes none."""
        if self.key_source is KeySource.NONE:
            return self.spare_keys
        first = KeyPlace(self.key_slot, self.key_source, self.key_variable, self.key_command)
        return (first, *self.spare_keys)

    @property
    def host(self) -> str:
        """The host name of the base URL, empty where the address has none."""
        return split_origin(self.base_url)[1]

    @property
    def port(self) -> int:
        """The port of the base URL, the scheme's own where it names none."""
        return split_origin(self.base_url)[2]

    @property
    def origin(self) -> str:
        """Scheme, host and port, such as `https://api.example.org:443`."""
        scheme, host, port = split_origin(self.base_url)
        return f"{scheme}://{host}:{port}"

    @property
    def is_local(self) -> bool:
        """Whether the service runs on this computer (a loopback address)."""
        return is_loopback(self.host)

    @property
    def shows_secrets(self) -> bool:
        """Whether others on the way could read the key, or another secret, that goes to it."""
        secret = any(one.variable or is_secret_header(one.name) for one in self.headers)
        return (secret or bool(self.key_places)) and self.is_unencrypted

    @property
    def is_unencrypted(self) -> bool:
        """Whether it is on another computer, and nothing on the way there is encrypted."""
        return self.base_url.startswith("http:") and not self.is_local

    @property
    def is_demo(self) -> bool:
        """Whether this is the built-in demo."""
        return self.id == DEMO_PROVIDER_ID


def with_key_places(provider: Provider, places: tuple[KeyPlace, ...]) -> Provider:
    """Return the provider with its keys in these places, in this order."""
    if not places:
        none = KeySource.NONE
        return replace(provider, key_source=none, key_variable="", key_command=(), spare_keys=())
    first, *others = places
    return replace(
        provider,
        key_source=first.source,
        key_variable=first.variable,
        key_command=first.command,
        key_slot=first.slot,
        spare_keys=tuple(others),
    )


def free_slot(provider: Provider) -> str:
    """Return the name of a place for one more key."""
    taken = {one.slot for one in provider.key_places}
    numbers = (f"{KEY_SLOT}-{number}" for number in range(2, len(taken) + 3))
    return next((one for one in (KEY_SLOT, *numbers) if one not in taken), KEY_SLOT)


@lru_cache(maxsize=256)
def split_origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; ("", "", 0) where it is not http or https."""
    try:
        parts = urlsplit(url)
        default = {"http": 80, "https": 443}[parts.scheme]
        return parts.scheme, parts.hostname or "", parts.port or default
    except (KeyError, ValueError):
        return "", "", 0


@lru_cache(maxsize=256)
def is_loopback(host: str) -> bool:
    """Whether a host name means this computer."""
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """A model at a provider: what a chat talks to."""

    provider_id: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """A service that the program knows: a row here is all that a new service needs."""

    id: str
    name: str
    protocol: str
    base_url: str
    address: str = ""
    """How the base URL is written where everybody has one of their own."""
    model: str = ""
    models: tuple[str, ...] = ()
    """Models of a service that cannot list them."""
    key_prefixes: tuple[str, ...] = ()
    """A pasted key that starts so belongs to this service alone."""
    key_shapes: tuple[str, ...] = ()
    """Regular expressions of keys that this service shares with others: the person is asked."""
    needs_key: bool = True
    open_list: bool = False
    """Whether it lists its models to everybody, so that its list proves no key."""
    key_path: str = ""
    """Below the base URL of such a service: what a key alone opens, at no cost."""
    site: str = ""
    """Where an account's keys and credit are looked after."""
