"""Messages as the transcript shows them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLocale
from typing_extensions import override

from desktop_chat.domain.chat import Message, MessageState, PartKind, Role
from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.domain.stream import FinishReason, Phase
from desktop_chat.transcript.items import Action, Item, Notice, Side, Source, ToolCall
from desktop_chat.transcript.messages.outline import Outline
from desktop_chat.ui.chat.waiting_line import Waiting, waiting_line
from desktop_chat.ui.controls.tooltips import plain_tooltip
from desktop_chat.ui.words.error_actions import actions
from desktop_chat.ui.words.error_text import details, sentence

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from desktop_chat.domain.history import MessagePath

_ENDED_SHORT: Final = {
    FinishReason.LENGTH.value: ErrorKind.LENGTH_STOP,
    FinishReason.PAUSED.value: ErrorKind.PAUSED,
    FinishReason.SAFETY.value: ErrorKind.SAFETY_STOP,
}
_SHOWN: Final = (Role.USER, Role.ASSISTANT)
ROW: Final = (
    Action.COPY,
    Action.COPY_AS,
    Action.REGENERATE,
    Action.REGENERATE_WITH,
    Action.MORE,
)
"""What is offered under an answer."""


@dataclass(frozen=True, slots=True)
class Versions:
    """Which of its siblings a message is, counted from 1."""

    index: int = 1
    count: int = 1


class ConversationItems(Outline):
    """The messages of a conversation as items, each made when it is first looked at."""

    def __init__(self, path: MessagePath, item: Callable[[Message], Item]) -> None:
        self._path = path
        self._roles = path.roles
        self._numbers = [at for at, role in enumerate(self._roles) if role in _SHOWN]
        """Where in the path the messages stand that a person sees: questions and answers."""
        self._item = item
        ids, sizes = path.ids, path.sizes
        self._ids = [ids[at] for at in self._numbers]
        self._sizes = [sizes[at] for at in self._numbers]

    @override
    def ids(self) -> Sequence[str]:
        return self._ids

    @override
    def sizes(self) -> Sequence[int]:
        return self._sizes

    @override
    def side(self, number: int) -> Side:
        return Side.PERSON if self._roles[self._numbers[number]] is Role.USER else Side.MODEL

    @override
    def packed(self, number: int) -> bytes | None:
        return self._path.packed(self._numbers[number])

    @override
    def words(self, number: int) -> tuple[str, str]:
        packed = self.packed(number)
        if packed is not None:
            return packed.decode(errors="replace"), ""
        message = self._path[self._numbers[number]]
        return message.text, "" if message.role is Role.USER else message.reasoning

    @override
    def item(self, number: int) -> Item:
        return self._item(self._path[self._numbers[number]])


def item_of(message: Message, versions: Versions, waiting: Waiting | None = None) -> Item:
    """Return a message as an item. `waiting` tells of a reply in flight, if it is one."""
    if message.role is Role.USER:
        return Item(
            id=message.id,
            side=Side.PERSON,
            text=message.text,
            version=versions.index,
            versions=versions.count,
            actions=(Action.COPY, Action.EDIT),
        )
    streaming = message.state is MessageState.STREAMING
    notice = _live_notice(waiting) if streaming else notice_of(message)
    return Item(
        id=message.id,
        side=Side.MODEL,
        text=message.text,
        author=message.model or message.provider_name,
        tooltip=plain_tooltip(tooltip(message)),
        reasoning=message.reasoning,
        reasoning_ms=message.reasoning_ms,
        calls=_calls(message),
        sources=_sources(message),
        streaming=streaming,
        status=status_of(waiting) if waiting is not None and streaming else "",
        notice=notice,
        version=versions.index,
        versions=versions.count,
        actions=() if streaming else _actions(message, notice),
    )


def _calls(message: Message) -> tuple[ToolCall, ...]:
    kept = [one for one in message.parts if one.kind == PartKind.TOOL_CALL]
    return tuple(ToolCall(one.field("name"), one.text) for one in kept)


def _sources(message: Message) -> tuple[Source, ...]:
    kept = [one for one in message.parts if one.kind == PartKind.CITATION]
    named = [Source(one.field("url"), one.text) for one in kept]
    return tuple(one for one in named if one.href)


def status_of(waiting: Waiting) -> str:
    """Return the waiting line, unless a notice or the reasoning itself stands in its place."""
    elsewhere = (Phase.RETRYING, Phase.THINKING)
    return "" if waiting.phase in elsewhere else waiting_line(waiting)


def notice_of(message: Message) -> Notice | None:
    """Return what is said under a message that ended other than well."""
    has_text = bool(message.text)
    if message.state is MessageState.STOPPED:
        return _stopped(has_text=has_text)
    failure = message.failure or _short_end(message)
    if failure is not None:
        return Notice(
            sentence=sentence(failure, has_text=has_text),
            actions=actions(failure, has_text=has_text),
            details=details(failure),
        )
    if message.state is MessageState.INTERRUPTED:
        wanted = (Action.CONTINUE, Action.REGENERATE) if has_text else (Action.RETRY,)
        return Notice("Interrupted when the program closed.", wanted, danger=False)
    return None


def tooltip(message: Message) -> str:
    """Return what is told of an answer on demand: service, time, tokens."""
    lines = [f"{message.model} at {message.provider_name}" if message.provider_name else ""]
    if message.created_ms:
        moment = dt.datetime.fromtimestamp(message.created_ms / 1000, tz=dt.UTC)
        lines.append(f"{moment.astimezone():%Y-%m-%d %H:%M}")
    if message.usage is not None:
        usage = message.usage
        read, written = map(QLocale().toString, (usage.input_tokens, usage.output_tokens))
        lines.append(f"{read} tokens read, {written} written")
    if message.first_ms:
        first, whole = message.first_ms / 1000, message.took_ms / 1000
        lines.append(f"First word after {first:.1f} s, whole answer in {whole:.1f} s")
    return "\n".join(line for line in lines if line)


def _actions(message: Message, notice: Notice | None) -> tuple[Action, ...]:
    """Return the row under an answer; one without a word has nothing to copy."""
    if message.text:
        return ROW
    offered = notice is not None and Action.RETRY in notice.actions
    return (Action.MORE,) if offered else (Action.RETRY, Action.MORE)


def _stopped(*, has_text: bool) -> Notice:
    if has_text:
        return Notice("Stopped.", (Action.CONTINUE, Action.REGENERATE), danger=False)
    return Notice("Stopped before the first word.", (Action.RETRY, Action.EDIT), danger=False)


def _live_notice(waiting: Waiting | None) -> Notice | None:
    if waiting is None or waiting.phase is not Phase.RETRYING:
        return None
    return Notice(waiting_line(waiting), (Action.RETRY_NOW, Action.CANCEL), danger=False)


def _short_end(message: Message) -> Failure | None:
    kind = _ENDED_SHORT.get(message.finish_reason)
    if kind is None:
        return None
    return Failure(kind=kind, service=message.provider_name, model=message.model)
