"""One file of a package: found where pip would look, and taken only if its hash is right."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

import pytest
from package_index import SOURCE, WHEEL, FetchError, Pin, fetch, pages, pip_settings, read_pin
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CONTENT = b"a wheel"
PIN = Pin("pip", "pip-1.0-py3-none-any.whl", hashlib.sha256(CONTENT).hexdigest())
HTML = f'<a href="../files/pip-0.9.whl">x</a> <a href="../../files/{PIN.filename}#sha256=0">p</a>'
JSON = json.dumps({"files": [{"url": f"/files/{PIN.filename}", "hashes": {}}]})


class Index(BaseHTTPRequestHandler):
    """A package index of three styles, one of which wants a password."""

    def do_GET(self) -> None:
        login = "Basic " + base64.b64encode(b"me:p@ss").decode()
        if self.path.startswith("/private") and self.headers["Authorization"] != login:
            self.send_error(401)
            return
        pages = {
            "/simple/pip/": HTML.encode(),
            "/json/pip/": JSON.encode(),
            "/private/pip/": JSON.encode(),
            "/wrong/pip/": f'<a href="/bad/{PIN.filename}">pip</a>'.encode(),
            f"/files/{PIN.filename}": CONTENT,
            f"/bad/{PIN.filename}": b"another wheel",
        }
        content = pages.get(self.path)
        self.send_response(404 if content is None else 200)
        self.end_headers()
        self.wfile.write(content or b"")

    @override
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def index() -> Iterator[str]:
    """Return the host and port of a running index."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Index) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(autouse=True)
def no_pip_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in [one for one in os.environ if one.startswith("PIP_") or one.endswith("_proxy")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


@pytest.mark.parametrize("style", ["simple", "json", "simple/"])
def test_the_wheel_is_found_in_an_index(
    style: str, index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{index}/{style}")
    assert fetch(PIN, tmp_path).read_bytes() == CONTENT


def test_a_password_in_an_address_is_sent_and_never_shown(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:p%40ss@{index}/private")
    assert pages("pip") == [f"http://me:p%40ss@{index}/private/pip/"]
    assert fetch(PIN, tmp_path).read_bytes() == CONTENT
    monkeypatch.setenv("PIP_INDEX_URL", f"http://me:wr0ng@{index}/private")
    with pytest.raises(FetchError) as failure:
        fetch(PIN, tmp_path)
    assert "wr0ng" not in str(failure.value)
    assert "401" in str(failure.value)


def test_a_wheel_with_another_hash_is_refused_and_the_next_place_asked(
    index: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_INDEX_URL", f"http://{index}/wrong")
    with pytest.raises(FetchError, match="is not the locked one"):
        fetch(PIN, tmp_path)
    assert not list(tmp_path.iterdir())
    monkeypatch.setenv("PIP_EXTRA_INDEX_URL", f"http://{index}/none http://{index}/json")
    assert fetch(PIN, tmp_path).read_bytes() == CONTENT


def test_a_folder_of_wheels_is_enough(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "wheels").mkdir()
    (tmp_path / "wheels" / PIN.filename).write_bytes(CONTENT)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path / "wheels"))
    assert fetch(PIN, tmp_path).read_bytes() == CONTENT


def test_configuration_files_count_and_variables_win(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "pip.conf"
    file.write_text("[global]\nindex-url = http://one.test\n[install]\nfind-links =\n  /a\n  /b\n")
    monkeypatch.setenv("PIP_CONFIG_FILE", str(file))
    assert pip_settings()["index-url"] == "http://one.test"
    assert pages("pip")[:2] == ["file:///a", "file:///b"]
    monkeypatch.setenv("PIP_INDEX_URL", "http://two.test")
    assert pages("pip")[2] == "http://two.test/pip/"


def test_a_pin_names_version_and_hash(tmp_path: Path) -> None:
    lock = tmp_path / "pip.txt"
    lock.write_text(f"# why\npip==1.0 --hash=sha256:{PIN.sha256}\n")
    assert read_pin(lock, WHEEL) == PIN
    assert read_pin(lock, SOURCE) == PIN._replace(filename="pip-1.0.tar.gz")
    lock.write_text("pip==1.0\n")
    with pytest.raises(FetchError):
        read_pin(lock, WHEEL)
