"""How requests reach a service: proxies, certificates, time limits. Holds no password, ever."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

NETWORK_ID: Final = "00000000-0000-7000-8000-00000000ae70"
"""Under which the keyring keeps the secrets of the settings that hold for all providers."""
PROXY_SLOT: Final = "proxy"
"""The password of a proxy."""
CERTIFICATE_SLOT: Final = "client-key"
"""The passphrase of a client certificate's key."""


class ProxyUse(StrEnum):
    """Whose word it is which proxy a request goes through."""

    SETTINGS = "settings"
    """What the settings say for all providers."""
    SYSTEM = "system"
    """The system's own settings, or the environment's."""
    NONE = "none"
    OWN = "own"
    """The one that `NetworkOptions.proxy` names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkOptions:
    """The way to one provider, or to all of them. Empty: nothing said."""

    proxy_use: ProxyUse = ProxyUse.SETTINGS
    proxy: str = ""
    """Scheme, host and port, such as `socks5://proxy.example.org:1080`."""
    proxy_user: str = ""
    password_for: str = ""
    """The proxy and the user that the kept password was given for; no other is told it."""
    no_proxy: str = ""
    """Hosts that are reached without the proxy, by commas: names, `.endings`, networks."""
    ca_file: str = ""
    """The organisation's own certificates, in addition to the system's."""
    certificate: str = ""
    """The person's own certificate, for services that ask for one."""
    certificate_key: str = ""
    """Its key; empty: it stands in the certificate's file."""

    @property
    def proxy_place(self) -> str:
        """The proxy and the user, as `password_for` holds them."""
        user = f"{self.proxy_user}@" if self.proxy_user else ""
        return f"{user}{self.proxy}"


@dataclass(frozen=True, slots=True, kw_only=True)
class NetworkSettings:
    """What holds for every provider at the moment when a request is built."""

    options: NetworkOptions = NetworkOptions(proxy_use=ProxyUse.SYSTEM)
    connect_s: int = 10
    first_byte_s: int = 900
    """How long a service may take to begin, thinking included; 0: as long as it likes."""
    silence_s: int = 300
    """How long an answer may pause in its middle; 0: as long as it likes."""
    clear_origins: frozenset[str] = field(default_factory=frozenset)
    """Origins to which the person allowed keys to be sent without encryption."""


@dataclass(frozen=True, slots=True)
class Way:
    """What holds for one provider, and whose secrets go with it."""

    options: NetworkOptions
    proxy_owner: str
    certificate_owner: str


def way_to(provider_id: str, own: NetworkOptions, settings: NetworkSettings) -> Way:
    """Return what a provider's own options and those for all of them come to."""
    shared = settings.options
    proxied = shared if own.proxy_use is ProxyUse.SETTINGS else own
    certified = own if own.certificate else shared
    options = NetworkOptions(
        proxy_use=proxied.proxy_use,
        proxy=proxied.proxy,
        proxy_user=proxied.proxy_user,
        password_for=proxied.password_for,
        no_proxy=proxied.no_proxy,
        ca_file=own.ca_file or shared.ca_file,
        certificate=certified.certificate,
        certificate_key=certified.certificate_key,
    )
    return Way(
        options,
        proxy_owner=provider_id if proxied is own else NETWORK_ID,
        certificate_owner=provider_id if certified is own else NETWORK_ID,
    )
