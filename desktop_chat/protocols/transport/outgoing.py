"""What is sent, made ready: each header once, and secrets revealed at the last moment."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ChatError, ErrorKind, Failure
from desktop_chat.domain.keys import Secret
from desktop_chat.protocols.transport.redaction import message_of

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME: Final = re.compile(r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+")
_FRAMING: Final = {"content-length", "transfer-encoding", "connection", "te", "upgrade"}
"""What frames a message is the transport's alone."""


def header_fields(
    headers: Mapping[str, str | Secret], secrets: list[Secret], place: Failure
) -> dict[str, str]:
    """Return headers to send, each name once; the values that are secret go into `secrets`."""
    fields: dict[str, str] = {}
    for name, value in headers.items():
        if isinstance(value, Secret):
            secrets.append(value)
            value = value.reveal()  # noqa: PLW2901 - the secret is known by now
        # The library would print the whole value in its exception.
        if not (value.isascii() and value.isprintable() and _NAME.fullmatch(name)):
            message = f"The header {message_of(name)[:60]} holds letters that cannot be sent."
            raise ChatError(replace(place, kind=ErrorKind.BAD_REQUEST, message=message))
        if name.lower() not in _FRAMING:
            fields[name.lower()] = value.strip()
    return fields


def json_bytes(value: object, secrets: list[Secret]) -> bytes:
    """Return a JSON body, secrets in it revealed; they go into `secrets`."""

    def revealed(one: object) -> str:
        if isinstance(one, Secret):
            secrets.append(one)
            return one.reveal()
        raise TypeError(f"{type(one).__name__} cannot be sent")

    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=revealed)
    return text.encode("utf-8", "replace")
