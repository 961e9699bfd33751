"""`provider`: services are added, listed, tested and removed."""

from __future__ import annotations

import sys
from dataclasses import replace
from typing import TYPE_CHECKING, cast

from desktop_chat.commands.arguments import FAILED, Arguments
from desktop_chat.commands.speaking import (
    Refusal,
    allow_cleartext,
    failure_sentence,
    provider_called,
    refused_key_sentence,
)
from desktop_chat.domain.checkup import Checkup, Step, Verdict
from desktop_chat.domain.keys import KEY_SLOT, KeyOutcome, KeyResult, Secret
from desktop_chat.domain.providers import DEMO_PROVIDER_ID, ModelChoice, Provider
from desktop_chat.runtime.network.keys import holds_secrets
from desktop_chat.runtime.preferences import default_model
from desktop_chat.ui.words.checkup_text import NAMES, outcome, report

if TYPE_CHECKING:
    from collections.abc import Mapping

    from desktop_chat.domain.errors import Failure
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.process.waiting import Waiting


def add(
    core: Core,
    waiting: Waiting,
    provider: Provider,
    secrets: Mapping[str, Secret],
    arguments: Arguments,
) -> int:
    """Keep a service and its secrets; where one of them cannot be kept, nothing is."""
    preferences = core.preferences
    if any(one.name.casefold() == provider.name.casefold() for one in preferences.providers()):
        raise Refusal(f"There is a service called {provider.name} already. Choose another name.")
    allow_cleartext(core, provider, arguments, must=False)
    for slot, secret in secrets.items():
        result = waiting.for_any(core.keys.save(provider.id, secret, slot).finished)
        if isinstance(result, KeyResult) and result.outcome is not KeyOutcome.OK:
            raise Refusal(refused_key_sentence(result))
    if KEY_SLOT in secrets:
        provider = replace(provider, key_origin=provider.origin)
    troubles: list[object] = []
    core.noticed.connect(troubles.append)
    preferences.save_provider(provider)
    if preferences.choice().provider_id == DEMO_PROVIDER_ID:
        preferences.set_choice(ModelChoice(provider.id, default_model(provider)))
    waiting.for_any(core.when_written().done)
    if troubles:
        if secrets:
            waiting.for_any(core.keys.remove_all(provider).finished)
        return FAILED
    print(f"Added {provider.name}: {provider.protocol} at {provider.base_url}")
    return 0


def list_all(core: Core, _waiting: Waiting) -> int:
    """Print a line for each service: name, protocol, address, model and where its key is."""
    for provider in core.preferences.providers():
        where = "built in" if provider.is_demo else provider.base_url
        source = f"${provider.key_variable}" if provider.key_variable else provider.key_source.value
        print(
            provider.name,
            provider.protocol,
            where,
            provider.model or "-",
            source,
            sep="\t",
            flush=True,
        )
    return 0


def test(core: Core, waiting: Waiting, arguments: Arguments) -> int:
    """Examine the connection to a service, and print what the window shows of it."""
    provider = provider_called(core.preferences, arguments.name)
    allow_cleartext(core, provider, arguments)
    job = core.network.examine(provider, core)
    watched = sys.stderr is not None and sys.stderr.isatty()
    if watched:
        job.stepped.connect(_show_step)
    try:
        checkup = waiting.for_job(job)
    finally:
        if watched:
            _show_waiting("")
    if not isinstance(checkup, Checkup):
        raise Refusal(failure_sentence(cast("Failure", checkup)))
    print(report(checkup), flush=True)
    if checkup.failure is not None:
        if watched and sys.stdout.isatty():
            return FAILED  # the report that stands there says it
        raise Refusal(outcome(checkup))
    if checkup.models and not provider.is_demo:
        model = provider.model or checkup.models[0]
        known = replace(provider, models=checkup.models, model=model)
        core.preferences.save_provider(known)
        waiting.for_any(core.when_written().done)
    names = checkup.models
    more = f": {', '.join(names[:3])}{', …' if len(names) > 3 else ''}" if names else ""
    count = f"{len(names)} model{'' if len(names) == 1 else 's'}"
    print(f"{provider.name} works and lists {count}{more}")
    return 0


def _show_step(step: Step) -> None:
    if step.verdict is Verdict.WAITING:
        _show_waiting(f"{NAMES[step.layer]}…")


def _show_waiting(words: str) -> None:
    """Show what is waited for, in place of what was before it."""
    print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)


def remove(core: Core, waiting: Waiting, name: str) -> int:
    """Forget a service, its secrets first."""
    provider = provider_called(core.preferences, name)
    if provider.is_demo:
        raise Refusal("The demo is built in and cannot be removed.")
    if holds_secrets(provider):
        result = waiting.for_any(core.keys.remove_all(provider).finished)
        if isinstance(result, KeyResult) and not result.is_gone:
            # The provider stays, for its id is the only way to its key.
            raise Refusal(refused_key_sentence(result))
    core.preferences.remove_provider(provider.id)
    waiting.for_any(core.when_written().done)
    print(f"Removed {provider.name}")
    return 0
