"""What an examination finds: each layer as it begins and ends, and where a failure lies."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.checkup import Layer, Step, Verdict
from desktop_chat.domain.errors import ErrorKind
from desktop_chat.domain.redaction import redact_all

if TYPE_CHECKING:
    from collections.abc import Callable

    from desktop_chat.domain.errors import Failure

_SEEN: Final = 200
_LAYERS: Final = {
    ErrorKind.DNS: Layer.DNS,
    ErrorKind.OFFLINE: Layer.DNS,
    ErrorKind.BAD_ADDRESS: Layer.DNS,
    ErrorKind.REFUSED: Layer.TCP,
    ErrorKind.PROXY: Layer.PROXY,
    ErrorKind.TLS: Layer.TLS,
    ErrorKind.CLEARTEXT: Layer.TLS,
    ErrorKind.REDIRECT: Layer.HTTP,
    ErrorKind.NO_PATH: Layer.HTTP,
    ErrorKind.WRONG_CONTENT: Layer.HTTP,
    ErrorKind.SERVER_TROUBLE: Layer.HTTP,
    ErrorKind.BAD_KEY: Layer.KEY,
    ErrorKind.NO_KEY: Layer.KEY,
    ErrorKind.KEY_COMMAND: Layer.KEY,
    ErrorKind.KEYRING_LOCKED: Layer.KEY,
    ErrorKind.KEYRING_NONE: Layer.KEY,
    ErrorKind.KEYRING_REFUSED: Layer.KEY,
    ErrorKind.NO_CREDIT: Layer.KEY,
    ErrorKind.RATE_LIMITED: Layer.KEY,
    ErrorKind.FORBIDDEN: Layer.MODEL,
    ErrorKind.NO_MODEL: Layer.MODEL,
    ErrorKind.EMPTY: Layer.FIRST_TOKEN,
    ErrorKind.STREAM_ERROR: Layer.FIRST_TOKEN,
    ErrorKind.BAD_REQUEST: Layer.FIRST_TOKEN,
    ErrorKind.TOO_LONG: Layer.FIRST_TOKEN,
}
_ORDER: Final = tuple(Layer)
_CLASS: Final = re.compile(r"^\w*(?:[Ee]rror|Exception|Response|Locked): ")
_NUMBER: Final = re.compile(r"^\[Errno (\d+)\] Connect call failed .*")
_NOISE: Final = re.compile(r"^\[[^\]]*\] | \(_ssl\.c:\d+\)$")


class Findings:
    """Each layer once. Whatever begins or ends is given to `tell`."""

    def __init__(self, tell: Callable[[Step], None]) -> None:
        self._tell = tell
        self._ended: dict[Layer, Step] = {}

    def __contains__(self, layer: Layer) -> bool:
        return layer in self._ended

    def begin(self, layer: Layer) -> None:
        """Tell that a layer is being passed, unless an earlier request has passed it."""
        if layer not in self._ended:
            self._tell(Step(layer, Verdict.WAITING))

    def end(self, step: Step) -> None:
        """Take what came of a layer, the first time: a second key goes the same way."""
        if step.layer not in self._ended:
            self._ended[step.layer] = step
            self._tell(step)

    def fail(self, step: Step) -> None:
        """Take the layer that failed: nothing behind it was reached, whatever it looked like."""
        self.withdraw(step.layer)
        self._ended[step.layer] = step
        self._tell(step)

    def withdraw(self, first: Layer) -> None:
        """Forget what came of a layer and of those behind it, but for those that are not there."""
        for layer in _ORDER[_ORDER.index(first) :]:
            known = self._ended.get(layer)
            if known is not None and known.verdict is not Verdict.NOT_USED:
                del self._ended[layer]

    def steps(self) -> tuple[Step, ...]:
        """Return all layers in their order."""
        return tuple(self._ended.get(one, Step(one, Verdict.NOT_REACHED)) for one in Layer)


def layer_of(failure: Failure, otherwise: Layer) -> Layer:
    """Return where a failure lies; `otherwise` where it does not say so by itself."""
    return _LAYERS.get(failure.kind, otherwise)


def seen_of(failure: Failure, head: str) -> str:
    """Return what the layer saw that failed: the service's words, or the system's."""
    words = failure.message or _plain(failure.detail.partition("\n")[0]) or _unsaid(failure)
    answered = failure.status or failure.kind is ErrorKind.WRONG_CONTENT
    seen = redact_all(": ".join(one for one in (head if answered else "", words) if one))
    return seen if len(seen) <= _SEEN else seen[: _SEEN - 1] + "…"


def _plain(words: str) -> str:
    """Return an exception's words without what only programmers read."""
    text = _CLASS.sub("", words)
    if (refused := _NUMBER.match(text)) is not None:
        return os.strerror(int(refused[1]))
    return _NOISE.sub("", _NOISE.sub("", text))


def _unsaid(failure: Failure) -> str:
    """Return what was seen where nobody said a word."""
    if failure.kind in (ErrorKind.CONNECT_TIMEOUT, ErrorKind.SILENCE) and failure.seconds:
        return f"nothing within {failure.seconds:g} s"
    return "an answer without a word" if failure.kind is ErrorKind.EMPTY else ""
