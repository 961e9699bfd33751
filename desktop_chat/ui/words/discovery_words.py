"""What is said of the model servers of this computer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.domain.discovery import looked_for_words, not_set_up

if TYPE_CHECKING:
    from collections.abc import Sequence

    from desktop_chat.domain.discovery import LocalServer
    from desktop_chat.domain.providers import Provider


def use_words(server: LocalServer, servers: Sequence[LocalServer]) -> str:
    """Return what the button says that sets a server up, told apart from its namesakes."""
    namesakes = [one for one in servers if one.name == server.name]
    where = f" ({server.port})" if len(namesakes) > 1 else ""
    return f"Use {server.name} on this computer{where}"


def about(server: LocalServer) -> str:
    """Return what a server has to offer."""
    if server.needs_key:
        return "asks for a key"
    count = len(server.models)
    return "1 model" if count == 1 else f"{count} models"


def search_result(found: Sequence[LocalServer], providers: Sequence[Provider]) -> str:
    """Return what a look for servers came to, beside what is offered; empty: nothing to add."""
    new = not_set_up(found, providers)
    if any(one.is_ready for one in new):
        return ""
    sentences = [
        f"{one.name} runs on this computer and lists no models. Load one there, then look again."
        for one in new
    ]
    known = [one.name for one in found if one not in new]
    if known:
        verb = "is" if len(known) == 1 else "are"
        sentences.append(f"{' and '.join(known)} {verb} set up already.")
    nothing = "Nothing else answered" if found else "No model server answered on this computer"
    sentences.append(f"{nothing}. Looked for {looked_for_words()}.")
    if not found:
        sentences.append("Start one, then look again.")
    return " ".join(sentences)
