"""The way to a service in a person's own words on the command line, checked."""

from __future__ import annotations

from dataclasses import replace

from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.domain.provider_words import WordsError
from desktop_chat.domain.proxy_address import ProxyAddress, read_proxy

_NONE = "none"


def proxy_from(text: str) -> ProxyAddress:
    """Return the proxy that was named. Raises `WordsError`, also where a password stands in it."""
    found = read_proxy(text)
    if found is None:
        raise WordsError("Write the proxy's address like http://host:3128 or socks5://host:1080")
    if found.password is not None:
        raise WordsError(
            "An address is kept in a file, so it holds no password. "
            "Put it into a variable and name that: --proxy-password-env VARIABLE"
        )
    return found


def network_from(
    proxy: str, ca_file: str, certificate: str, certificate_key: str, *, password: bool
) -> NetworkOptions:
    """Return the options that were named; `password`: the keyring gets one for the proxy.

    Raises `WordsError`.
    """
    if certificate_key and not certificate:
        raise WordsError("A key goes with a certificate. Name that too: --client-cert FILE")
    if password and proxy in ("", _NONE):
        raise WordsError("A password goes with a proxy. Name that too: --proxy URL")
    options = NetworkOptions(
        ca_file=ca_file, certificate=certificate, certificate_key=certificate_key
    )
    if not proxy:
        return options
    if proxy == _NONE:
        return replace(options, proxy_use=ProxyUse.NONE)
    found = proxy_from(proxy)
    options = replace(options, proxy_use=ProxyUse.OWN, proxy=found.url, proxy_user=found.user)
    return replace(options, password_for=options.proxy_place if password else "")
