"""A service that speaks chat completions and keeps the heads of what it was asked.

Run in a process of its own: `service.py [CERTIFICATE]`; with a certificate it speaks TLS. Told a
status and an address in its place (`service.py 302 http://…`), it points there.
"""

from __future__ import annotations

import asyncio
import ssl
import sys
from typing import TYPE_CHECKING

from tests.processes import serve_until_told
from tests.protocols.servers import serving

if TYPE_CHECKING:
    from tests.protocols.servers import Call

ANSWER = (
    b'data: {"choices":[{"index":0,"delta":{"content":"Welcome."}}]}\n\n'
    b'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
)


def tls_of(certificate: str) -> ssl.SSLContext | None:
    """Return the context of a server with this certificate."""
    if not certificate or certificate.isdigit():
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


async def main(first: str, where: str) -> None:
    """Serve until the input is closed."""

    async def script(call: Call) -> None:
        if first.isdigit():
            await call.answer(b"", f"{first} Moved", location=where)
        elif call.request.line.startswith("GET"):
            await call.answer(b'{"data":[{"id":"m"}]}', content_type="application/json")
        else:
            await call.stream(ANSWER, content_type="text/event-stream")

    async with serving(script, tls_of(first)) as server:

        async def report() -> object:
            heads = [[one.line, one.headers, one.body.decode()] for one in server.requests]
            return {"requests": heads, "connections": server.connections}

        await serve_until_told(server.port, report)


if __name__ == "__main__":
    asyncio.run(main(*([*sys.argv[1:], "", ""][:2])))
