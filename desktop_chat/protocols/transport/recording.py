"""Keeps what one question sent and got, byte by byte, as far as there is room."""

from __future__ import annotations

import json
import re
import zlib
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.exchange import KEPT_BYTES, Exchange, Hidden, Passage, joined
from desktop_chat.domain.keys import HELD_LENGTH, MASK, Secret, held_values
from desktop_chat.domain.providers import is_secret_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from desktop_chat.domain.exchange import Words
    from desktop_chat.domain.providers import Provider

_SCHEME: Final = re.compile(r"(?i)((?:bearer|basic|token)\s+)(.+)", re.DOTALL)
_ADDRESS: Final = re.compile(r"(?s)([a-z]+://)([^/?#]*@)?([^?#]*)(\?[^#]*)?(.*)")
_VARIABLE: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_STRAIGHT: Final = Passage()
_SECRET_ANSWERS: Final = ("set-cookie", "set-cookie2")


class Recording:
    """Written by the network thread alone, and read by any: each part is set or added whole.

    Asked again, as after a refusal, it begins anew: the last attempt is what counts.
    """

    def __init__(self, provider: Provider) -> None:
        self._own_headers = {
            name: _sound(one.variable, name)
            for one in provider.headers
            if (name := one.name.strip().lower())
        }
        self._key_variable = variable_for(provider)
        self._method = ""
        self._url = ""
        self._fields: tuple[tuple[str, str], ...] = ()
        self._content = b""
        self._content_size = 0
        self._secrets: tuple[Secret, ...] = ()
        self._passage = _STRAIGHT
        self._status = 0
        self._answer_fields: tuple[tuple[str, str], ...] = ()
        self._pieces: list[bytes] = []
        self._kept = 0
        self._came = 0
        self._packed: tuple[bytes, bytes] | None = None
        """Request and answer, once nothing more comes: a stream of small events packs well."""

    @property
    def size(self) -> int:
        """How many bytes it holds."""
        packed = self._packed
        return sum(map(len, packed)) if packed is not None else len(self._content) + self._kept

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
        self._passage = passage
        self._method, self._url, self._fields = method, url, tuple(fields)
        self._content, self._content_size = content[:KEPT_BYTES], len(content)
        self._secrets, self._packed = secrets, None
        self._status, self._answer_fields = 0, ()
        self._pieces, self._kept, self._came = [], 0, 0

    def answered(self, status: int, fields: Iterable[tuple[str, str]]) -> None:
        """Note the head of the answer."""
        self._status, self._answer_fields = status, tuple(fields)

    def took(self, data: bytes) -> None:
        """Note a piece of the answer."""
        self._came += len(data)
        room = KEPT_BYTES - self._kept
        if room > 0:
            self._pieces.append(data[:room])
            self._kept += min(len(data), room)

    def ended(self) -> None:
        """Note that nothing more comes."""
        self._packed = (zlib.compress(self._content, 1), zlib.compress(b"".join(self._pieces), 1))
        self._content, self._pieces = b"", []

    def exchange(self) -> Exchange | None:
        """Return what is kept, with nothing secret in it; None where nothing was sent."""
        if not self._method:
            return None
        content, answer = self._both()
        values = self._known_values()
        return Exchange(
            method=self._method,
            url=self._url_words(values),
            headers=tuple(
                (name, self._header(name, value, values)) for name, value in self._fields
            ),
            body=self._split(content.decode("utf-8", "replace"), values),
            request_cut=self._content_size - len(content),
            status=self._status,
            answer_headers=tuple(
                (name, MASK if name.lower() in _SECRET_ANSWERS else _masked(value, values))
                for name, value in self._answer_fields
            ),
            answer=_masked(answer.decode("utf-8", "replace"), values),
            answer_cut=max(0, self._came - self._kept),
            passage=self._passage,
        )

    def _both(self) -> tuple[bytes, bytes]:
        """Return the request's body and the answer's."""
        # In this order: what was packed meanwhile is there before it is gone here.
        content, pieces = self._content, self._pieces
        packed = self._packed
        if packed is None:
            return content, b"".join(pieces)
        return zlib.decompress(packed[0]), zlib.decompress(packed[1])

    def _known_values(self) -> dict[str, str]:
        """Return every way in which a secret may stand in a text, and its variable, longest first.

        What this process ever held is a secret here too: a person may have pasted it anywhere.
        """
        values: dict[str, str] = {}
        # Without white space around them, which a value may have had before it was cleaned.
        mine = [one.reveal().strip() for one in self._secrets]
        for value in (*mine, *map(str.strip, held_values())):
            found = _SCHEME.fullmatch(value)
            bare = found[2] if found else value
            for text in (value, bare) if value in mine else (value,):
                if text in mine or len(text) >= HELD_LENGTH:
                    values.setdefault(text, self._key_variable)
                    values.setdefault(
                        json.dumps(text, ensure_ascii=False)[1:-1], self._key_variable
                    )
                    values.setdefault(text.replace("/", "\\/"), self._key_variable)
        values.pop("", None)
        return dict(sorted(values.items(), key=lambda item: -len(item[0])))

    def _header(self, name: str, value: str, values: Mapping[str, str]) -> Words:
        low = name.lower()
        secret = any(value == one.reveal().strip() for one in self._secrets)
        if not secret and not is_secret_header(low):
            return self._split(value, values)
        if low in self._own_headers:
            return (Hidden(self._own_headers[low]),)
        found = _SCHEME.fullmatch(value)
        key = Hidden(self._key_variable)
        return (found[1], key) if found else (key,)

    def _url_words(self, values: Mapping[str, str]) -> Words:
        found = _ADDRESS.fullmatch(self._url)
        if found is None:
            return self._split(self._url, values)
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
