"""A provider in a person's own words: name, address, headers and variables, checked."""

from __future__ import annotations

import re
import sys
from typing import Final
from urllib.parse import urlsplit

from desktop_chat.domain.keys import HELD_LENGTH
from desktop_chat.domain.presets import looks_like_key
from desktop_chat.domain.providers import (
    Header,
    Preset,
    is_loopback,
    is_secret_header,
    split_origin,
)
from desktop_chat.domain.services import PRESETS
from desktop_chat.domain.text import clean

_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class WordsError(ValueError):
    """What was written cannot be kept; the message is a sentence for the person."""


def name_from(text: str) -> str:
    """Return a provider's name: one line without control characters. Raises `WordsError`."""
    name = " ".join("".join(one if one.isprintable() else " " for one in clean(text)).split())
    if not name:
        raise WordsError("A service needs a name. Write one.")
    return name


def address_from(text: str) -> str:
    """Return a base URL. Raises `WordsError`, also where a password stands in it.

    `localhost:11434/v1` is what people write: this computer speaks plain HTTP, others HTTPS.
    """
    address = text.strip()
    if address and "://" not in address:
        plain = is_loopback(split_origin(f"http://{address}")[1])
        address = f"{'http' if plain else 'https'}://{address}"
    _, host, _ = split_origin(address)
    if not host or not address.isascii() or not address.isprintable() or " " in address:
        raise WordsError("This is not the address of a service. Write it like https://host/v1")
    if "@" in urlsplit(address).netloc:
        raise WordsError("An address is kept in a file, so it holds no password. Leave it out.")
    return address


def header_from_line(line: str) -> Header:
    """Return the header in `Name: value`, whose value is kept in a file.

    Raises `WordsError`, also for headers that carry secrets.
    """
    name, colon, value = line.partition(":")
    name, value = name.strip(), value.strip()
    if not colon or not _HEADER_NAME.fullmatch(name) or not value.isprintable():
        raise WordsError("Write a header like this: X-Title: Desktop Chat")
    if is_secret_header(name) or looks_like_key(value):
        raise WordsError(
            f"The header {name} holds a secret, which no file keeps. "
            "Put it into a variable and name that: --header-env NAME=VARIABLE"
        )
    if not value.isascii():
        raise WordsError(f"The value of {name} has letters that no header can carry.")
    return Header(name, value)


def header_from_variable(text: str) -> Header:
    """Return the header in `Name=VARIABLE`, whose value is read at each request.

    Raises `WordsError`.
    """
    name, _, variable = text.partition("=")
    if not _HEADER_NAME.fullmatch(name.strip()):
        raise WordsError("Write the header's name, = and the name of a variable: X-Org=MY_ORG")
    return Header(name.strip(), variable=variable_from(variable))


def variable_from(text: str) -> str:
    """Return the name of an environment variable.

    Raises `WordsError`, which does not show it: by mistake it is most often the key itself.
    """
    variable = text.strip()
    mistaken = len(variable) >= HELD_LENGTH and looks_like_key(variable)
    if mistaken or not _VARIABLE.fullmatch(variable):
        raise WordsError("Give the name of the variable that holds it, not what it holds.")
    return variable


def command_from(text: str) -> tuple[str, ...]:
    """Return a helper command's program and arguments, quotes understood, no shell involved.

    Raises `WordsError`, also where a key stands in it: the command is kept in a file.
    """
    import shlex  # noqa: PLC0415 - few people have such a command

    lexer = shlex.shlex(clean(text), posix=True)
    lexer.whitespace_split = True
    lexer.commenters = ""
    if sys.platform == "win32":
        lexer.escape = ""  # there it parts the names of folders
    try:
        words = tuple(lexer)
    except ValueError:
        raise WordsError("A quote is open. Write the command like this: pass show key") from None
    if not words or not words[0]:
        raise WordsError("Write the command that prints the key, like this: pass show key")
    if not all(one.isprintable() for one in words):
        raise WordsError("The command is more than one line. Write it in one.")
    if any(len(one) >= HELD_LENGTH and looks_like_key(one) for one in words):
        raise WordsError("A command is kept in a file, so it holds no key. Leave the key out.")
    return words


def command_text(words: tuple[str, ...]) -> str:
    """Return a helper command as a person writes it."""
    import shlex  # noqa: PLC0415 - few people have such a command

    if sys.platform == "win32":
        return " ".join(f'"{one}"' if " " in one else one for one in words)
    return shlex.join(words)


def preset_called(name: str, protocol: str) -> Preset | None:
    """Return the known service of that name which speaks the protocol."""
    wanted = name.casefold()
    for one in _speaking(protocol):
        if wanted in (one.id.casefold(), one.name.casefold()):
            return one
    return None


def models_of(protocol: str) -> tuple[str, ...]:
    """Return the models of a protocol that one known service alone speaks; else none."""
    speaking = _speaking(protocol)
    return speaking[0].models if len(speaking) == 1 else ()


def _speaking(protocol: str) -> list[Preset]:
    return [one for one in PRESETS if one.protocol == protocol]
