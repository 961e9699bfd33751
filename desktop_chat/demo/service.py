"""The demo service: OpenAI's chat completions on a loopback port, so that all is tried for real."""

from __future__ import annotations

import asyncio
import contextlib
import hmac
import secrets
from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from desktop_chat.demo.answers import Answer, answer_to
from desktop_chat.demo.completions import (
    DONE,
    MODEL_LIST,
    Completion,
    Question,
    read_question,
)
from desktop_chat.demo.http_reply import Reply
from desktop_chat.demo.http_request import HEAD_LIMIT, Request, RequestError, read_request
from desktop_chat.demo.pace import Pace
from desktop_chat.demo.picture import png
from desktop_chat.demo.refusals import WISHED, WRONG_KEY, Refusal, unknown_url, wrong_method
from desktop_chat.domain.ids import new_id
from desktop_chat.domain.keys import Secret

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

USUAL_RATE: Final = 60.0
"""Tokens a second: what a good service gives."""
_SLOWNESS: Final = 6
"""How many times slower `slow` is."""
_TOKENS_BEFORE_DROP: Final = 60
PICTURE_PATH: Final = "/picture.png"
_CONNECTION_LIMIT: Final = 256
_LINGER_S: Final = 1.0
_ROUTES: Final = {"/v1/models": "GET", "/v1/chat/completions": "POST"}


class DemoService:
    """Serves on 127.0.0.1, on a port and with a token that are new in every run.

    Lives in one asyncio loop; `close` ends every answer at once and waits for no client.
    """

    def __init__(self, tokens_per_second: float = USUAL_RATE) -> None:
        self.token = Secret(secrets.token_urlsafe(32))
        self._rate = tokens_per_second
        self._server: asyncio.Server | None = None
        self._port = 0
        self._connections: set[asyncio.Task[None]] = set()

    @property
    def base_url(self) -> str:
        """The address that requests begin with; without use before `start`."""
        return f"http://127.0.0.1:{self._port}/v1"

    async def start(self) -> None:
        """Begin to serve. Raises `OSError` where the system gives no port."""
        # Not at once: a start that is cancelled would leave a listening socket to nobody.
        server = await asyncio.start_server(
            self._on_connection, "127.0.0.1", 0, limit=HEAD_LIMIT, start_serving=False
        )
        self._server, self._port = server, server.sockets[0].getsockname()[1]
        try:
            await server.start_serving()
        except asyncio.CancelledError:
            await self.close()
            raise

    async def close(self) -> None:
        """Stop serving: no new connection, and an end to those that are open."""
        server, self._server = self._server, None
        if server is not None:
            # asyncio loses a connection that it accepts in the turn in which its server ends.
            for listener in server.sockets:
                asyncio.get_running_loop().remove_reader(listener)
            for _ in range(2):
                await asyncio.sleep(0)
            server.close()
        tasks = tuple(self._connections)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if len(self._connections) >= _CONNECTION_LIMIT or self._server is None:
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._connections.add(task)
        task.add_done_callback(partial(self._on_served, writer))

    def _on_served(self, writer: asyncio.StreamWriter, task: asyncio.Task[None]) -> None:
        # Here, since a task that is cancelled before it began does nothing at all.
        self._connections.discard(task)
        if not writer.transport.is_closing():
            writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        def say_continue() -> None:
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")

        try:
            while request := await read_request(reader, say_continue):
                reply = Reply(
                    writer, chunked=request.version == "HTTP/1.1", keep=request.keeps_alive
                )
                await self._answer(request, reply)
                if not reply.keeps_alive:
                    break
            writer.close()
        except RequestError as error:
            await _refuse_and_leave(reader, writer, error)
        except (ConnectionError, TimeoutError, asyncio.IncompleteReadError):
            pass

    async def _answer(self, request: Request, reply: Reply) -> None:
        if (request.method, request.path) == ("GET", PICTURE_PATH):
            # Whoever loads a picture has no token to show.
            reply.begin("image/png", {})
            await reply.write(png(480, 240))
            await reply.end()
            return
        outcome = self._checked(request)
        if isinstance(outcome, Question):
            answer = answer_to(outcome.turns, self.base_url.removesuffix("/v1"))
            refusal = WISHED.get(answer.wish.error)
            if refusal is None:
                await self._complete(outcome, answer, reply)
                return
            outcome = refusal
        if isinstance(outcome, Refusal):
            headers = {**outcome.headers, **_request_id()}
            await reply.send(outcome.status, outcome.body, headers)
        else:
            await reply.send(200, MODEL_LIST, _request_id())

    def _checked(self, request: Request) -> Question | Refusal | None:
        """Return the question, a refusal, or None where the models are asked for."""
        given = request.headers.get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(given, f"Bearer {self.token.reveal()}".encode()):
            return WRONG_KEY
        if request.path not in _ROUTES:
            return unknown_url(request.method, request.path)
        if request.method != _ROUTES[request.path]:
            return wrong_method(request.method)
        return read_question(request.body) if request.method == "POST" else None

    async def _complete(self, question: Question, answer: Answer, reply: Reply) -> None:
        if question.stream:
            await self._stream(question, answer, reply)
            return
        text = list(islice(answer.text, question.max_tokens))
        reason = _finish_reason(len(text), question.max_tokens)
        whole = Completion(question).whole(list(answer.reasoning), text, reason)
        await reply.send(200, whole, _request_id())

    async def _stream(self, question: Question, answer: Answer, reply: Reply) -> None:
        completion = Completion(question)
        pace = Pace(self._rate / _SLOWNESS if answer.wish.slow else self._rate)
        limit = question.max_tokens
        if answer.wish.drop:
            limit = min(limit or _TOKENS_BEFORE_DROP, _TOKENS_BEFORE_DROP)
        reply.begin(
            "text/event-stream; charset=utf-8", {"Cache-Control": "no-cache", **_request_id()}
        )
        await reply.write(completion.chunk({"role": "assistant", "content": ""}))
        thought = await _send(
            answer.reasoning,
            lambda token: completion.chunk({"reasoning_content": token}),
            pace,
            reply,
        )
        said = await _send(
            islice(answer.text, limit),
            lambda token: completion.chunk({"content": token}),
            pace,
            reply,
        )
        if answer.wish.drop:
            reply.cut()
            return
        end = completion.chunk({}, _finish_reason(said, limit))
        if question.include_usage:
            end += completion.usage_chunk(thought, said)
        await reply.write(end + DONE)
        await reply.end()


async def _send(
    tokens: Iterator[str], chunk: Callable[[str], bytes], pace: Pace, reply: Reply
) -> int:
    """Send tokens at a pace, each as an event of its own; return how many."""
    sent = 0
    while True:
        events = [chunk(token) for token in islice(tokens, await pace.allowance())]
        if not events:
            return sent
        await reply.write(b"".join(events))
        sent += len(events)


async def _refuse_and_leave(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, error: RequestError
) -> None:
    """Answer a request that was not read to its end, so that the client sees the answer.

    Closing with its bytes unread would reset the connection, and take the answer away again.
    """
    refusal = Refusal(error.status, error.message, "invalid_request_error")
    with contextlib.suppress(ConnectionError, TimeoutError):
        async with asyncio.timeout(_LINGER_S):
            await Reply(writer, chunked=False, keep=False).send(error.status, refusal.body)
            writer.write_eof()
            while await reader.read(HEAD_LIMIT):
                pass


def _finish_reason(tokens: int, limit: int | None) -> str:
    return "length" if limit is not None and tokens >= limit else "stop"


def _request_id() -> dict[str, str]:
    return {"x-request-id": f"req_{new_id()}"}
