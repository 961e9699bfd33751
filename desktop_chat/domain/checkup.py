"""A connection examined layer by layer: what each saw, how long it took, where it broke off."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.providers import Provider


class Layer(StrEnum):
    """The layers in the order in which a request meets them."""

    DNS = "dns"
    TCP = "tcp"
    PROXY = "proxy"
    TLS = "tls"
    HTTP = "http"
    KEY = "key"
    MODEL = "model"
    FIRST_TOKEN = "first_token"  # noqa: S105 - of an answer


class Verdict(StrEnum):
    """What came of a layer."""

    OK = "ok"
    FAILED = "failed"
    NOT_USED = "not_used"
    """The way has no such layer."""
    NOT_REACHED = "not_reached"
    WAITING = "waiting"
    """It is being passed just now; never in what came of it all."""


@dataclass(frozen=True, slots=True)
class Step:
    """One layer. Holds no secret."""

    layer: Layer
    verdict: Verdict
    seen: str = ""
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Checkup:
    """All layers of one examination."""

    provider: Provider
    steps: tuple[Step, ...]
    failure: Failure | None = None
    """Why the layer failed that failed; None where all is well."""
    models: tuple[str, ...] = ()
    """What the service lists."""

    @property
    def failed(self) -> Step | None:
        """The layer that failed."""
        return next((one for one in self.steps if one.verdict is Verdict.FAILED), None)


def step_of(checkup: Checkup, layer: Layer) -> Step:
    """Return what came of a layer."""
    return next(one for one in checkup.steps if one.layer is layer)
