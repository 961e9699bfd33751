"""What the running program adds to its diagnostics: services by their kinds, the way to them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from PySide6.QtCore import QSysInfo, qVersion

from desktop_chat.domain.network_options import NetworkOptions
from desktop_chat.storage.diagnostics import diagnostics

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from PySide6.QtCore import QObject

    from desktop_chat.domain.keys import KeyResult
    from desktop_chat.domain.providers import Provider
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.jobs.jobs import Job


def collect(core: Core, window: Sequence[str] = (), parent: QObject | None = None) -> Job:
    """Gather the diagnostics on a daemon thread; `done` gives their text.

    `window`: what is known of the window, where there is one.
    """
    parts: Mapping[str, Sequence[str]] = {
        "Qt": [f"Qt {qVersion()}", QSysInfo.prettyProductName(), *window],
        "Services": _services(core.preferences.providers()),
        "Network": _network(core.preferences.network().options),
        "Keyring": _keyring(core.keys.trouble),
    }
    profile = core.profile
    return core.network.call("diagnostics", lambda: diagnostics(profile, parts), parent)


def _services(providers: Sequence[Provider]) -> list[str]:
    """Return how many services of each kind there are: names and addresses tell of people."""
    kinds = Counter(_kind(one) for one in providers if not one.is_demo)
    return [f"{count} × {kind}" for kind, count in sorted(kinds.items())] or ["the demo alone"]


def _kind(provider: Provider) -> str:
    sources = ", ".join(one.source.value for one in provider.key_places) or "no key"
    where = provider.preset or (
        "on this computer" if provider.is_local else "a service of one's own"
    )
    own = "" if provider.network == NetworkOptions() else ", a way of its own"
    return f"{provider.protocol}: {where}, {sources}{own}"


def _network(options: NetworkOptions) -> list[str]:
    files = (("own authority", options.ca_file), ("client certificate", options.certificate))
    return [f"Proxy: {options.proxy_use.value}", *(name for name, file in files if file)]


def _keyring(trouble: KeyResult | None) -> list[str]:
    return ["no trouble"] if trouble is None else [f"trouble: {trouble.outcome.value}"]
