"""The service that `provider add` describes, and the secrets that come with it."""

from __future__ import annotations

import getpass
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from desktop_chat.commands.speaking import Refusal, read_stdin
from desktop_chat.domain import provider_words as words
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.keys import KEY_SLOT, KeyFormatError, Secret, clean_key, take_variable
from desktop_chat.domain.network_options import PROXY_SLOT
from desktop_chat.domain.network_words import network_from
from desktop_chat.domain.providers import KeySource, Provider
from desktop_chat.protocols.registry import PROTOCOLS

if TYPE_CHECKING:
    from desktop_chat.commands.arguments import Arguments

KEY_BYTES: Final = 64 * 1024


def provider_from(arguments: Arguments) -> Provider:
    """Return the provider that `provider add` describes."""
    try:
        name = words.name_from(arguments.name)
        protocol = _protocol(arguments.protocol)
        preset = words.preset_called(name, protocol)
        address = arguments.base_url or (preset.base_url if preset else "")
        if not address:
            raise Refusal(f"Say where {name} is: --base-url https://host/v1")
        variable = words.variable_from(arguments.key_variable) if arguments.key_variable else ""
        return Provider(
            id=new_id(),
            name=name,
            protocol=protocol,
            base_url=words.address_from(address),
            model=arguments.model.strip() or (preset.model if preset else ""),
            models=words.models_of(protocol),
            headers=(
                *map(words.header_from_line, arguments.headers),
                *map(words.header_from_variable, arguments.header_variables),
            ),
            key_source=_key_source(arguments, needed=preset is not None and preset.needs_key),
            key_variable=variable,
            key_command=words.command_from(arguments.key_command) if arguments.key_command else (),
            preset=preset.id if preset else "",
            network=network_from(
                arguments.proxy,
                *map(_file, (arguments.ca_file, arguments.client_cert, arguments.client_key)),
                password=bool(arguments.proxy_password_variable),
            ),
        )
    except words.WordsError as problem:
        raise Refusal(str(problem)) from None


def _file(path: str) -> str:
    """Return a file's whole path: the program may be started elsewhere the next time."""
    if path and not Path(path).is_file():
        raise Refusal(f"There is no file {path}. Check its path.")
    # A link stays a link: renewed certificates are often put behind one.
    return os.path.abspath(path) if path else ""  # noqa: PTH100 - see above


def _protocol(protocol_id: str) -> str:

    if protocol_id not in PROTOCOLS:
        known = ", ".join(PROTOCOLS)
        raise Refusal(f"There is no such protocol. Choose one of these: {known}")
    return protocol_id


def _key_source(arguments: Arguments, *, needed: bool) -> KeySource:

    if arguments.key_variable:
        return KeySource.ENVIRONMENT
    if arguments.key_command:
        return KeySource.COMMAND
    return KeySource.KEYRING if arguments.key_stdin or needed else KeySource.NONE


def secrets_from(arguments: Arguments) -> dict[str, Secret]:
    """Return what the keyring is to keep, by the names under which it does."""
    secrets = {KEY_SLOT: _key_from_stdin()} if arguments.key_stdin else {}
    if name := arguments.proxy_password_variable:
        password = take_variable(name)
        if not password:
            raise Refusal("The variable of --proxy-password-env is not set. Set it, and try again.")
        secrets[PROXY_SLOT] = password
    return secrets


def _key_from_stdin() -> Secret:

    if sys.stdin is not None and sys.stdin.isatty():
        text = getpass.getpass("Key: ")
    else:
        text = read_stdin(KEY_BYTES).decode("utf-8-sig", "replace")
    try:
        return clean_key(text)
    except KeyFormatError as problem:
        raise Refusal(str(problem)) from None
