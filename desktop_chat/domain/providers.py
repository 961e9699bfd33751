"""Providers: the services that the person has set up, and where their keys come from."""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from desktop_chat.domain.network_options import NetworkOptions
from desktop_chat.domain.parameters import NOTHING_SET, Parameters

DEMO_PROVIDER_ID = "00000000-0000-7000-8000-00000000de30"
"""The built-in demo: fixed, and never in the settings file."""


class KeySource(StrEnum):
    """Where a provider's key is read from when a request is built."""

    KEYRING = "keyring"
    ENVIRONMENT = "environment"
    """The variable that `Provider.key_variable` names."""
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
    headers: tuple[Header, ...] = ()
    parameters: Parameters = NOTHING_SET
    """What every question to it sets, unless an assistant or a chat says otherwise."""
    key_source: KeySource = KeySource.KEYRING
    key_variable: str = ""
    key_origin: str = ""
    """The origin (scheme, host, port) that the key was given for; another is asked about first."""
    preset: str = ""
    network: NetworkOptions = field(default_factory=NetworkOptions)

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
    def is_demo(self) -> bool:
        """Whether this is the built-in demo."""
        return self.id == DEMO_PROVIDER_ID


def split_origin(url: str) -> tuple[str, str, int]:
    """Return scheme, host and port of an address; ("", "", 0) where it is not http or https."""
    try:
        parts = urlsplit(url)
        default = {"http": 80, "https": 443}[parts.scheme]
        return parts.scheme, parts.hostname or "", parts.port or default
    except (KeyError, ValueError):
        return "", "", 0


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
    model: str = ""
    models: tuple[str, ...] = ()
    """Models of a service that cannot list them."""
    key_prefixes: tuple[str, ...] = ()
    """A pasted key that starts so belongs to this service alone."""
    key_shapes: tuple[str, ...] = ()
    """Regular expressions of keys that this service shares with others: the person is asked."""
    needs_key: bool = True
    site: str = ""
    """Where an account's keys and credit are looked after."""
