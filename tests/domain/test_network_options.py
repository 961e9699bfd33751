"""A provider's own way, and the way of all providers, come to one."""

from __future__ import annotations

from desktop_chat.domain.network_options import (
    NETWORK_ID,
    NetworkOptions,
    NetworkSettings,
    ProxyUse,
    way_to,
)

SHARED = NetworkSettings(
    options=NetworkOptions(
        proxy_use=ProxyUse.OWN,
        proxy="http://shared.test:3128",
        proxy_user="all",
        password_for="all@http://shared.test:3128",
        no_proxy="inner.test",
        ca_file="shared.pem",
        certificate="me.pem",
        certificate_key="me.key",
    )
)


def test_who_says_nothing_goes_the_way_of_all() -> None:
    way = way_to("p", NetworkOptions(), SHARED)
    assert way.options == SHARED.options
    assert (way.proxy_owner, way.certificate_owner) == (NETWORK_ID, NETWORK_ID)


def test_a_proxy_of_ones_own_brings_nothing_of_the_others() -> None:
    own = NetworkOptions(proxy_use=ProxyUse.OWN, proxy="socks5://own.test:1080")
    way = way_to("p", own, SHARED)
    assert way.options.proxy == "socks5://own.test:1080"
    assert (way.options.proxy_user, way.options.password_for, way.options.no_proxy) == ("", "", "")
    assert way.options.ca_file == "shared.pem"
    assert way.proxy_owner == "p"


def test_no_proxy_at_all_can_be_chosen() -> None:
    way = way_to("p", NetworkOptions(proxy_use=ProxyUse.NONE), SHARED)
    assert (way.options.proxy_use, way.options.proxy) == (ProxyUse.NONE, "")


def test_a_certificate_never_goes_with_the_key_of_another() -> None:
    way = way_to("p", NetworkOptions(certificate="own.pem", ca_file="own-ca.pem"), SHARED)
    assert (way.options.certificate, way.options.certificate_key) == ("own.pem", "")
    assert way.options.ca_file == "own-ca.pem"
    assert way.certificate_owner == "p"


def test_a_password_belongs_to_one_proxy_and_one_user() -> None:
    options = SHARED.options
    assert options.password_for == options.proxy_place
