"""How many tokens a question and its answer take, where no service has counted them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.chat import MessageState, Role, Usage

if TYPE_CHECKING:
    from desktop_chat.domain.chat import Message
    from desktop_chat.domain.history import MessagePath
    from desktop_chat.domain.parameters import Parameters

BYTES: Final = 4
"""In a token. Of letters it has as many only in English: elsewhere each takes more bytes."""
ASSUMED_ANSWER: Final = 500
"""Tokens of an answer, where none came before in its chat."""


def estimated(path: MessagePath, text: str, parameters: Parameters) -> Usage:
    """Return about how many tokens a question takes below a path, and its answer.

    The service's own count for the last answer is the best that is known of all before it, the
    system prompt included.
    """
    size, answer = _size(text), ASSUMED_ANSWER
    known: int | None = None
    roles, sizes = path.roles, path.sizes
    for at in reversed(range(len(path))):
        if roles[at] is Role.ASSISTANT:
            usage = path[at].usage
            if usage is not None and path[at].state is MessageState.COMPLETE:
                # Reasoning is not sent back.
                known = max(0, usage.input_tokens + usage.output_tokens - usage.reasoning_tokens)
                answer = usage.output_tokens
                break
        size += sizes[at]
    if known is None:
        size += _size(parameters.system)
    return Usage((known or 0) + _tokens(size), min(answer, parameters.max_tokens or answer))


def final_usage(message: Message, begun: Usage) -> tuple[Usage, bool]:
    """Return an answer's tokens, and whether they are an estimate; `begun`: the one before it."""
    counted = message.usage
    if counted is not None and not _was_cut(message):
        return counted, False
    written = _tokens(sum(_size(part.text) for part in message.parts))
    if counted is None:
        return Usage(begun.input_tokens, written), True
    # What was counted before the cut is the least that it can be.
    read = counted.input_tokens or begun.input_tokens
    most = max(counted.output_tokens, written)
    return replace(counted, input_tokens=read, output_tokens=most), True


def _was_cut(message: Message) -> bool:
    return message.state in (MessageState.STOPPED, MessageState.INTERRUPTED, MessageState.FAILED)


def _size(text: str) -> int:
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def _tokens(size: int) -> int:
    return -(-size // BYTES)
