"""Which proxy an address is reached through: the person's, the system's, or none."""

from __future__ import annotations

import sys

import pytest

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.domain.network_options import NetworkOptions, ProxyUse
from desktop_chat.protocols.transport import desktop_proxy
from desktop_chat.protocols.transport.proxies import is_listed
from desktop_chat.protocols.transport.routes import route_for
from tests.processes import Part

PROXY = "http://proxy.test:3128"
OWN = NetworkOptions(proxy_use=ProxyUse.OWN, proxy=PROXY, no_proxy="inner.test, 8.8.8.0/24")


@pytest.mark.parametrize(
    ("host", "port", "entry", "listed"),
    [
        ("a.test", 443, "a.test", True),
        ("b.a.test", 443, "a.test", True),
        ("b.a.test", 443, ".a.test", True),
        ("b.a.test", 443, "*.a.test", True),
        ("ba.test", 443, "a.test", False),
        ("A.Test.", 443, "a.test", True),
        ("a.test", 443, "a.test:443", True),
        ("a.test", 80, "a.test:443", False),
        ("10.1.2.3", 80, "10.0.0.0/8", True),
        ("11.1.2.3", 80, "10.0.0.0/8", False),
        ("2001:db8::5", 80, "2001:db8::/32", True),
        ("2001:db8::5", 80, "[2001:db8::5]:80", True),
        ("2001:db8::5", 80, "[2001:db8::5]:81", False),
        ("anything.test", 80, "*", True),
        ("anything.test", 80, "", False),
        ("anything.test", 80, ".", False),
    ],
)
def test_hosts_that_need_no_proxy_are_written_in_each_of_the_usual_ways(
    host: str, port: int, entry: str, listed: bool
) -> None:
    assert is_listed(host, port, ["x.test", f" {entry} "]) is listed


def test_a_proxy_of_the_settings_leaves_out_what_is_near_and_what_is_listed() -> None:
    assert route_for("https://api.test/v1", OWN).proxy == PROXY
    near = ("http://localhost:1", "http://10.0.0.7", "https://nas.local", "https://a.inner.test")
    for address in (*near, "https://8.8.8.9"):
        assert route_for(address, OWN).proxy == ""


def test_a_proxy_of_one_service_is_meant_for_hosts_nearby_too_but_not_for_this_computer() -> None:
    assert route_for("http://10.0.0.7", OWN, meant=True).proxy == PROXY
    assert route_for("https://api.inner.test", OWN, meant=True).proxy == ""
    for here in ("http://localhost:1", "http://127.0.0.1:1", "http://[::1]:1"):
        assert route_for(here, OWN, meant=True).proxy == ""


def test_no_proxy_means_none_whatever_the_system_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    none = NetworkOptions(proxy_use=ProxyUse.NONE)
    assert route_for("https://api.test/v1", none).proxy == ""
    assert route_for("https://api.test/v1").proxy == PROXY


def test_the_environments_list_may_hold_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", PROXY)
    monkeypatch.setenv("NO_PROXY", "8.8.8.0/24,.inner.test")
    assert route_for("https://8.8.8.7/v1").proxy == ""
    assert route_for("https://a.inner.test/v1").proxy == ""
    assert route_for("https://9.9.9.9/v1").proxy == PROXY


@pytest.mark.parametrize(
    "address", ["", "gopher://x", "http://h:0", "socks4://h:1", "http://é.test"]
)
def test_a_proxy_that_is_no_address_is_told_and_no_other_way_is_taken(address: str) -> None:
    options = NetworkOptions(proxy_use=ProxyUse.OWN, proxy=address)
    with pytest.raises(ChatError) as caught:
        route_for("https://api.test/v1", options)
    assert caught.value.failure.kind is ErrorKind.PROXY


def test_a_system_that_knows_socks_alone_is_understood(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("SOCKS_PROXY", "http://proxy.test:1080")
    assert route_for("https://api.test/v1").proxy == "socks5://proxy.test:1080"


@pytest.mark.needs("dbus-run-session")
@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="portals are Linux's")
def test_the_desktops_own_proxy_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy", "socks_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setattr(desktop_proxy, "_answers", {})
    with Part("protocols/portal.py", "http://desktop.test:3128") as portal:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", portal.report()["bus"])
        for _ in range(3):
            assert route_for("https://api.test/v1/a/path").proxy == "http://desktop.test:3128"
        assert route_for("https://near.test/v1").proxy == ""
        assert route_for("http://10.0.0.7/v1").proxy == ""
        # Only origins are told, and each once.
        assert portal.report()["asked"] == ["https://api.test:443", "https://near.test:443"]
        monkeypatch.setenv("HTTPS_PROXY", PROXY)
        assert route_for("https://other.test/v1").proxy == PROXY


@pytest.mark.parametrize("bus", ["", "disabled:", "unix:path=/no/such/bus"])
def test_without_a_desktop_there_is_no_proxy(bus: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(desktop_proxy, "_answers", {})
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus)
    assert desktop_proxy.desktop_proxy("https", "api.test", 443) == ""
