"""How a job on the network thread ends, as it is posted to the main thread."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desktop_chat.domain.errors import Failure


@dataclass(frozen=True, slots=True)
class Done:
    """A job ended well, with its result."""

    result: object


@dataclass(frozen=True, slots=True)
class Failed:
    """A job ended by a failure."""

    failure: Failure
