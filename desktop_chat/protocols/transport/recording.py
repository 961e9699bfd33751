"""Keeps what one question sent and got, byte by byte, as far as there is room."""

from __future__ import annotations

import marshal
import re
import zlib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.exchange import KEPT_BYTES, Exchange, Hidden, Passage, joined
from desktop_chat.domain.keys import HELD_LENGTH, MASK, Secret, held_values
from desktop_chat.domain.providers import is_secret_header
from desktop_chat.domain.redaction import spellings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop_chat.domain.exchange import Words
    from desktop_chat.domain.providers import Provider

_SCHEME: Final = re.compile(r"(?i)((?:bearer|basic|token)\s+)(.+)", re.DOTALL)
_ADDRESS: Final = re.compile(r"(?s)([a-z]+://)([^/?#]*@)?([^?#]*)(\?[^#]*)?(.*)")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRAIGHT: Final = Passage()
_SECRET_ANSWERS: Final = ("set-cookie", "set-cookie2")


@dataclass(slots=True)
class _Wire:
    """What went over the wire, as far as it is kept, and how much it was."""

    method: str
    url: str
    fields: tuple[tuple[str, str], ...]
    content: bytes
    content_size: int
    status: int = 0
    answer_fields: tuple[tuple[str, str], ...] = ()
    answer: bytes = b""
    """All that came, once nothing more does; until then it is in `pieces`."""
    came: int = 0
    kept: int = 0
    pieces: list[bytes] = field(default_factory=list)

    def packed(self) -> bytes:
        """Return it in a tenth of the space: a stream of small events packs well."""
        answer = b"".join(self.pieces)
        head = (self.method, self.url, self.fields, self.content, self.content_size)
        return zlib.compress(
            marshal.dumps((*head, self.status, self.answer_fields, answer, self.came)), 1
        )


class Recording:
    """Written by the network thread alone, and read by any: each part is set or added whole.

    Asked again, as after a refusal, it begins anew: the last attempt is what counts.
    """

    __slots__ = ("_packed", "_passage", "_provider", "_secrets", "_wire")

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._secrets: tuple[Secret, ...] = ()
        self._passage = _STRAIGHT
        self._wire: _Wire | None = None
        self._packed = b""

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        wire = self._wire
        return len(self._packed) if wire is None else len(wire.content) + wire.kept

    def sent(
        self,
        method: str,
        url: str,
        fields: Iterable[tuple[str, str]],
        content: bytes,
        secrets: tuple[Secret, ...],
        passage: Passage = _STRAIGHT,
    ) -> None:
        """Note a request that is about to go; `secrets` are all that it reveals."""
        self._secrets, self._passage = secrets, passage
        self._wire = _Wire(method, url, tuple(fields), content[:KEPT_BYTES], len(content))

    def answered(self, status: int, fields: Iterable[tuple[str, str]]) -> None:
        """Note the head of the answer."""
        if (wire := self._wire) is not None:
            wire.status, wire.answer_fields = status, tuple(fields)

    def took(self, data: bytes) -> None:
        """Note a piece of the answer."""
        if (wire := self._wire) is None:
            return
        wire.came += len(data)
        room = KEPT_BYTES - wire.kept
        if room > 0:
            wire.pieces.append(data[:room])
            wire.kept += min(len(data), room)

    def ended(self) -> None:
        """Note that nothing more comes."""
        if self._wire is not None:
            self._packed = self._wire.packed()
            # In this order: whoever reads meanwhile finds the one or the other.
            self._wire = None

    def exchange(self) -> Exchange | None:
        """Return what is kept, with nothing secret in it; None where nothing was sent."""
        if (wire := self._read()) is None:
            return None
        values = self._known_values()
        return Exchange(
            method=wire.method,
            url=self._url_words(wire.url, values),
            headers=tuple((name, self._header(name, value, values)) for name, value in wire.fields),
            body=self._split(wire.content.decode("utf-8", "replace"), values),
            request_cut=wire.content_size - len(wire.content),
            status=wire.status,
            answer_headers=tuple(
                (name, MASK if name.lower() in _SECRET_ANSWERS else _masked(value, values))
                for name, value in wire.answer_fields
            ),
            answer=_masked(wire.answer.decode("utf-8", "replace"), values),
            answer_cut=max(0, wire.came - len(wire.answer)),
            passage=self._passage,
        )

    def _read(self) -> _Wire | None:
        wire = self._wire
        if wire is not None:
            return replace(wire, answer=b"".join(wire.pieces))
        if not self._packed:
            return None
        return _Wire(*marshal.loads(zlib.decompress(self._packed)))  # noqa: S302 - our own

    def _known_values(self) -> dict[str, str]:
        """Return every way in which a secret may stand in a text, and its variable, longest first.

        What this process ever held is a secret here too: a person may have pasted it anywhere.
        """
        values: dict[str, str] = {}
        variable = variable_for(self._provider)
        # Without white space around them, which a value may have had before it was cleaned.
        mine = [one.reveal().strip() for one in self._secrets]
        for value in (*mine, *map(str.strip, held_values())):
            found = _SCHEME.fullmatch(value)
            bare = found[2] if found else value
            for text in (value, bare) if value in mine else (value,):
                if len(text) >= HELD_LENGTH:
                    values.update(dict.fromkeys(spellings(text), variable))
                elif text in mine:
                    values.setdefault(text, variable)
        values.pop("", None)
        return dict(sorted(values.items(), key=lambda item: -len(item[0])))

    def _header(self, name: str, value: str, values: Mapping[str, str]) -> Words:
        low = name.lower()
        secret = any(value == one.reveal().strip() for one in self._secrets)
        if not secret and not is_secret_header(low):
            return self._split(value, values)
        for one in self._provider.headers:
            if one.name.strip().lower() == low:
                return (Hidden(_sound(one.variable, low)),)
        found = _SCHEME.fullmatch(value)
        key = Hidden(variable_for(self._provider))
        return (found[1], key) if found else (key,)

    def _url_words(self, url: str, values: Mapping[str, str]) -> Words:
        found = _ADDRESS.fullmatch(url)
        if found is None:
            return self._split(url, values)
        scheme, login, place, query, rest = found.groups()
        words: list[str | Hidden] = [scheme]
        if login:
            words += [Hidden("URL_LOGIN"), "@"]
        words += self._split(place, values)
        for number, part in enumerate((query or "").removeprefix("?").split("&") if query else ()):
            name, equals, value = part.partition("=")
            words.append(("&" if number else "?") + name + equals)
            if is_secret_header(name) and value:
                words.append(Hidden(_sound("", name)))
            else:
                words += self._split(value, values)
        words += self._split(rest or "", values)
        return joined(words)

    def _split(self, text: str, values: Mapping[str, str]) -> Words:
        """Return a text with a variable in the place of each secret in it."""
        known = [value for value in values if value in text]
        if not known:
            return (text,) if text else ()
        pieces = re.split("(" + "|".join(map(re.escape, known)) + ")", text)
        return joined([Hidden(values[one]) if one in values else one for one in pieces])


def variable_for(provider: Provider) -> str:
    """Return the environment variable in which a person would keep a provider's key."""
    if _VARIABLE.fullmatch(provider.key_variable):
        return provider.key_variable
    return _sound("", f"{provider.name}_API_KEY")


def _sound(variable: str, name: str) -> str:
    """Return a variable's name that every shell takes; where it is none, one made from a name."""
    if _VARIABLE.fullmatch(variable):
        return variable
    made = re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").upper()
    return made if _VARIABLE.fullmatch(made) else f"KEY_{made}".rstrip("_")


def _masked(text: str, values: Iterable[str]) -> str:
    for value in values:
        text = text.replace(value, MASK)
    return text
