"""One question to a service: asked once more without an option that the service refuses."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

from desktop_chat.domain.errors import ChatError, ErrorKind
from desktop_chat.protocols.requests.reading import read_answer

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Callable, Mapping

    from desktop_chat.domain.errors import Failure
    from desktop_chat.domain.keys import Secret
    from desktop_chat.domain.stream import ChatRequest, Limits, StreamEvent
    from desktop_chat.protocols.requests.reading import BodyReader
    from desktop_chat.protocols.transport.http import Http

NO_STREAM: Final = re.compile(
    r"(?i)stream(?:ing)?\b.{0,80}not (?:be )?(?:support|allow|available)|"
    r"(?:not|n't) support.{0,40}stream"
)
"""How services say that a model cannot stream."""
_REFUSING: Final = (400, 422)


class Question(NamedTuple):
    """Where a question goes, what it says, and who reads the answer."""

    request: ChatRequest
    url: str
    headers: Mapping[str, str | Secret]
    body: Callable[[ChatRequest, frozenset[str]], Mapping[str, object]]
    """Makes the body, given the options to leave out."""
    reader: Callable[[Failure, Limits, tuple[Secret, ...]], BodyReader]


class Asking:
    """Asks, and remembers of each origin alone which options it refused."""

    def __init__(self, options: Mapping[str, re.Pattern[str]]) -> None:
        """`options`: what may be left out, and the words by which services refuse it."""
        self._options = options
        self._refused: dict[str, frozenset[str]] = {}

    async def ask(self, question: Question, http: Http) -> AsyncGenerator[StreamEvent, None]:
        """Yield what comes; an option that the service refuses is left out from then on."""
        request = question.request
        while True:
            refused = self._refused.get(request.provider.origin, frozenset())
            try:
                async with http.stream(
                    "POST",
                    question.url,
                    headers=question.headers,
                    json=question.body(request, refused),
                    model=request.model,
                ) as body:
                    reader = question.reader(body.place, http.limits, body.secrets)
                    async for event in read_answer(body, reader):
                        yield event
                return
            except ChatError as error:
                option = self._option_in(error.failure)
                if not option or option in refused:
                    raise
                self._refused[request.provider.origin] = refused | {option}

    def _option_in(self, failure: Failure) -> str:
        """Return which option was refused, empty where it is another trouble."""
        if failure.status not in _REFUSING or failure.kind is ErrorKind.STREAM_ERROR:
            return ""
        words = f"{failure.message}\n{failure.detail}"
        return next((name for name, said in self._options.items() if said.search(words)), "")
