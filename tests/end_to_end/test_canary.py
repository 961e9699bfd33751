"""After a full run, with everything that can go wrong, no file and no output holds a key."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.command_line import ROOT
from tests.processes import Part
from tests.runtime.loopback import Loopback, begin, finish, refuse, say, text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.protocols.servers import Call

pytestmark = pytest.mark.needs(
    "dbus-run-session", "gnome-keyring-daemon", "Xvfb", "openbox", "xdotool", "xclip"
)

STORED = "canary.stored-7d1f00ba4c0ffee"
FROM_VARIABLE = "canary.variable-8e2f11cb5d1aabb"
IN_HEADER = "canary.header-9f3022dc6e2bbcc"
PASSWORD = "canary.proxy-0a4133ed7f3ccdd"
ENCODED = base64.b64encode(f"ann:{PASSWORD}".encode()).decode()
FROM_HELPER = "canary.helper-1b5244fe8a4ddee"
KEYS = (STORED, FROM_VARIABLE, IN_HEADER, FROM_HELPER)
RUN = Path(__file__).with_name("canary_run.py")


def keys_of(call: Call) -> str:
    """Return everything in a request's headers and body that may be a key."""
    found = [value for _, value in call.request.headers] + [call.request.body.decode()]
    return " ".join(one for one in found if "canary" in one)


async def hostile(call: Call) -> None:
    """Serve as the question says, and repeat the key wherever a service could."""
    keys = keys_of(call)
    if call.request.line.startswith("GET"):
        models = json.dumps({"data": [{"id": "m"}]}).encode()
        await call.answer(models, content_type="application/json")
        return
    question = json.loads(call.request.body)["messages"][-1]["content"]
    await ANSWERS[question](call, keys)


async def _good(call: Call, keys: str) -> None:
    del keys
    await say(call, "a good ", "answer")


async def _unknown_key(call: Call, keys: str) -> None:
    await refuse(
        call, "401 Unauthorized", f"Incorrect API key provided: {keys}.", x_request_id=keys
    )


async def _page(call: Call, keys: str) -> None:
    page = f"<html><title>Denied {keys}</title><body><h1>{keys}</h1></body></html>"
    await call.answer(page.encode(), "403 Forbidden", content_type="text/html")


async def _plain(call: Call, keys: str) -> None:
    await call.answer(f"bad request: {keys}".encode(), "400 Bad Request")


async def _redirect(call: Call, keys: str) -> None:
    where = f"http://elsewhere.example/?key={keys.rsplit(maxsplit=1)[-1]}"
    await call.answer(b"", "302 Found", location=where)


async def _in_mid_stream(call: Call, keys: str) -> None:
    await begin(call, text("half an answer"))
    error = json.dumps({"error": {"message": f"token {keys} expired", "code": keys}})
    await finish(call, f"data: {error}\n\n".encode())


async def _malformed(call: Call, keys: str) -> None:
    await begin(call, text("half"), b"data: {" + keys.encode() + b"\n\n")
    await finish(call)


async def _broken(call: Call, keys: str) -> None:
    await begin(call, text("half"))
    call.reset()
    del keys


async def _silent(call: Call, keys: str) -> None:
    await begin(call, text("half an answer"))
    await call.hold()
    del keys


ANSWERS = {
    "Hi": _good,
    "good": _good,
    "unknown key": _unknown_key,
    "page": _page,
    "plain": _plain,
    "redirect": _redirect,
    "in mid stream": _in_mid_stream,
    "malformed": _malformed,
    "broken": _broken,
    "silent": _silent,
}


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    made = Loopback()
    yield made
    made.close()


@pytest.fixture
def proxies() -> Iterator[tuple[Part, Part]]:
    """A proxy that knows the password, and one that repeats it and does not let anybody in."""
    with (
        Part("protocols/http_proxy.py", f"ann:{PASSWORD}") as knowing,
        Part("protocols/http_proxy.py", "somebody:else") as denying,
    ):
        yield knowing, denying


def test_no_file_and_no_output_holds_a_key(
    loopback: Loopback,
    program_environment: dict[str, str],
    tmp_path: Path,
    proxies: tuple[Part, Part],
) -> None:
    server = loopback.serve(hostile)
    questions = [one for one in ANSWERS if one not in ("Hi", "silent")]
    with tempfile.TemporaryDirectory(prefix="home-", ignore_cleanup_errors=True) as home:
        environment = {
            **program_environment,
            "HOME": home,
            "XDG_RUNTIME_DIR": home,
            "VARIABLE_KEY": FROM_VARIABLE,
            "HEADER_KEY": IN_HEADER,
            "PROXY_PASSWORD": PASSWORD,
            "PROXY": proxies[0].host,
            "DENYING_PROXY": proxies[1].host,
            "QT_LOGGING_RULES": "*.debug=false",
        }
        environment.pop("DBUS_SESSION_BUS_ADDRESS", None)
        done = subprocess.run(
            [
                "dbus-run-session",
                "--",
                shutil.which("sh") or "/bin/sh",
                "-c",
                "printf p | gnome-keyring-daemon --unlock --components=secrets >/dev/null; "
                'exec "$0" "$@"',
                sys.executable,
                str(RUN),
                server.url,
                json.dumps(questions),
            ],
            env={
                **environment,
                "PYTHONPATH": str(ROOT),
                "STORED_KEY": STORED,
                "HELPER_KEY_REVERSED": FROM_HELPER[::-1],
            },
            cwd=tmp_path,
            check=False,
            capture_output=True,
            timeout=300,
        )
        assert done.returncode == 0, (done.stdout + done.stderr).decode()
        found = {
            str(one): one.read_bytes()
            for folder in (Path(home), tmp_path)
            for one in folder.rglob("*")
            if one.is_file()
        }
    found |= {"stdout": done.stdout, "stderr": done.stderr}
    # The keys did go where they belong, or the rest would mean nothing.
    sent = [value for one in server.requests for _, value in one.headers]
    assert all(any(key in value for value in sent) for key in KEYS)
    assert ENCODED in repr(proxies[0].report()["heads"])
    assert proxies[1].report()["denied"] >= 1
    assert len([one for one in found if one.endswith(("chats.db", ".log", ".json"))]) >= 3
    for name, content in found.items():
        for key in (*KEYS, PASSWORD, ENCODED):
            assert key.encode() not in content, f"{key} in {name}"
            assert key.encode("utf-16-le") not in content, f"{key} in {name}"
    # What the helper saw is among the files above, and it did look around.
    seen = b"\n".join(found[one] for one in found if Path(one).name.startswith("seen-"))
    assert b"process " in seen
    assert b"desktop_chat" in seen
    assert b"HOME" in seen
    assert b"VARIABLE_KEY" not in seen
    assert b"-m desktop_chat provider add Stored" in found[str(tmp_path / "processes")]
    assert b"a good answer" in found[str(tmp_path / "chat.md")]
    assert b"a good answer" in found["stdout"]
    assert found["stdout"].count(b"Last errors") == 2
    assert os.environ.get("STORED_KEY") is None
    assert signal.Signals.SIGKILL.name in done.stdout.decode()
