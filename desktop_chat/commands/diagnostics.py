"""`diagnostics`: what helps to find a fault, without chats and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desktop_chat.runtime.diagnostics import collect

if TYPE_CHECKING:
    from desktop_chat.runtime.core import Core
    from desktop_chat.runtime.process.waiting import Waiting


def print_diagnostics(core: Core, waiting: Waiting) -> int:
    """Print them; return the exit status."""
    print(waiting.for_job(collect(core, parent=core)), end="", flush=True)
    return 0
