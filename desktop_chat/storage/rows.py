"""Messages and conversations as rows, and back, whatever a newer version may have written."""

from __future__ import annotations

import dataclasses
import json
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, TypeVar

from desktop_chat.domain.chat import Conversation, Message, MessageState, Part, Role, Usage
from desktop_chat.domain.errors import ErrorKind, Failure, TlsFault
from desktop_chat.domain.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable

Member = TypeVar("Member", bound=StrEnum)

# Looked up for every message of a long chat: an enum's own call takes six times as long.
ROLES: Final = {role.value: role for role in Role}
_STATES: Final = {state.value: state for state in MessageState}

CONVERSATION_COLUMNS: Final = (
    "id, title, head, created_at, updated_at, deleted_at, provider_id, model, assistant_id, "
    "params, code_wraps"
)
MESSAGE_COLUMNS: Final = (
    "message.rowid, message.id, parent.id, message.role, message.state, message.created_at, "
    "message.provider_id, message.provider_name, message.model, message.usage, "
    "message.finish_reason, message.error, message.raw_tail, message.reasoning_ms, "
    "message.first_ms, message.took_ms"
)


def conversation_from(row: tuple[Any, ...]) -> Conversation:
    """Return the conversation of a row with `CONVERSATION_COLUMNS`."""
    identity, title, head, created, updated, deleted, provider, model, *rest = row
    assistant, params, code_wraps = rest
    return Conversation(
        id=identity,
        title=title,
        head_id=head,
        created_ms=created,
        updated_ms=updated,
        deleted_ms=deleted,
        provider_id=provider,
        model=model,
        assistant_id=assistant,
        params=params,
        code_wraps=code_wraps,
    )


def message_from(row: tuple[Any, ...], conversation_id: str, parts: tuple[Part, ...]) -> Message:
    """Return the message of a row with `MESSAGE_COLUMNS`."""
    _, identity, parent, role, state, created, provider, provider_name, model, *rest = row
    usage, finish_reason, error, raw_tail, reasoning_ms, first_ms, took_ms = rest
    return Message(
        id=identity,
        conversation_id=conversation_id,
        parent_id=parent,
        role=ROLES.get(role, Role.ASSISTANT),
        state=_STATES.get(state, MessageState.COMPLETE),
        parts=parts,
        created_ms=created,
        provider_id=provider,
        provider_name=provider_name,
        model=model,
        usage=_usage_from(usage) if usage is not None else None,
        finish_reason=finish_reason,
        failure=_failure_from(error) if error is not None else None,
        raw_tail=raw_tail,
        reasoning_ms=reasoning_ms,
        first_ms=first_ms,
        took_ms=took_ms,
    )


def message_values(message: Message) -> dict[str, object]:
    """Return a message's columns by name, parts left out."""
    return {
        "id": message.id,
        "conversation": message.conversation_id,
        "parent": message.parent_id,
        "role": message.role.value,
        "state": message.state.value,
        "created_at": message.created_ms,
        "provider_id": message.provider_id,
        "provider_name": clean(message.provider_name),
        "model": clean(message.model),
        "usage": _json_of(message.usage),
        "finish_reason": clean(message.finish_reason),
        "error": _json_of(message.failure),
        "raw_tail": clean(message.raw_tail),
        "reasoning_ms": message.reasoning_ms,
        "first_ms": message.first_ms,
        "took_ms": message.took_ms,
    }


def folded(parts: Iterable[Part], journal: Iterable[tuple[str, str]]) -> tuple[Part, ...]:
    """Return the parts with the journal's texts, by kind, added to the last part of that kind."""
    pieces: dict[str, list[str]] = {}
    for kind, text in journal:
        if text:
            pieces.setdefault(kind, []).append(text)
    whole = list(parts)
    for kind, texts in pieces.items():
        text = "".join(texts)
        places = [index for index, part in enumerate(whole) if part.kind == kind]
        if places:
            last = whole[places[-1]]
            whole[places[-1]] = Part(last.kind, last.text + text, last.data)
        else:
            whole.append(Part(kind, text))
    return tuple(whole)


def _json_of(value: Usage | Failure | None) -> str | None:
    if value is None:
        return None
    default = type(value)
    fields = {field.name: field.default for field in dataclasses.fields(default)}
    kept = {
        name: getattr(value, name)
        for name, usual in fields.items()
        if getattr(value, name) != usual or usual is dataclasses.MISSING
    }
    # ASCII: half a surrogate pair in a service's words must not keep a message from being stored.
    return json.dumps(kept)


def _usage_from(text: str | None) -> Usage | None:
    found = _object(text)
    if found is None:
        return None
    names = [field.name for field in dataclasses.fields(Usage)]
    return Usage(**{name: found[name] for name in names if type(found.get(name)) is int})


def _failure_from(text: str | None) -> Failure | None:
    found = _object(text)
    if found is None:
        return None
    wanted: dict[str, Any] = {}
    for field in dataclasses.fields(Failure):
        value = found.get(field.name)
        if field.name not in ("kind", "tls") and type(value) is type(field.default):
            wanted[field.name] = value
    if found.get("tls") is not None:
        wanted["tls"] = _member(TlsFault, found["tls"], TlsFault.UNKNOWN_ISSUER)
    return Failure(kind=_member(ErrorKind, found.get("kind"), ErrorKind.INTERNAL), **wanted)


def _object(text: str | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _member(kind: type[Member], value: Any, otherwise: Member) -> Member:
    """Return the member of that value, or `otherwise` for one that a newer version wrote."""
    try:
        return kind(value)
    except ValueError:
        return otherwise
