"""Fetches one file of a package, of a locked version and hash, where pip cannot do it.

pip's own wheel, for a Python that comes without ensurepip, as Debian's does; and what a package
carries in its source alone, which pip would build. It asks the same places that pip would ask: the
index, extra indexes and link folders of pip's environment variables and configuration files.
"""

from __future__ import annotations

import base64
import configparser
import hashlib
import html
import json
import os
import re
import ssl
import sys
import urllib.error
import urllib.request
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, urldefrag, urljoin, urlsplit, urlunsplit
from urllib.request import url2pathname

DEFAULT_INDEX = "https://pypi.org/simple"
ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
TIMEOUT_S = 60


class FetchError(Exception):
    """The file could not be had; the message says from where and why."""


class Pin(NamedTuple):
    """The one file that will do."""

    package: str
    filename: str
    sha256: str


WHEEL = "-py3-none-any.whl"
SOURCE = ".tar.gz"


def read_pin(path: Path, kind: str) -> Pin:
    """Return the pin in a requirements file of the one line `NAME==VERSION --hash=sha256:HEX`."""
    line = r"^([\w-]+)==(\S+) --hash=sha256:([0-9a-f]{64})$"
    match = re.search(line, path.read_text("utf-8"), re.M)
    if match is None:
        raise FetchError(f"{path} names no package")
    return Pin(match[1], f"{match[1]}-{match[2]}{kind}", match[3])


def fetch(pin: Pin, folder: Path) -> Path:
    """Put the pinned file into a folder, from the first place that has it."""
    troubles: list[str] = []
    for page in pages(pin.package):
        try:
            for link in links(page):
                if unquote(urlsplit(link).path).rpartition("/")[2] != pin.filename:
                    continue
                content = read(urldefrag(link).url)
                if hashlib.sha256(content).hexdigest() == pin.sha256:
                    file = folder / pin.filename
                    file.write_bytes(content)
                    return file
                troubles.append(f"{shown(page)}: {pin.filename} is not the locked one")
        except (OSError, ValueError) as error:
            troubles.append(f"{shown(page)}: {error}")
    reasons = "\n  ".join(troubles) or "no index is configured"
    raise FetchError(f"{pin.filename} could not be fetched:\n  {reasons}")


def pages(package: str) -> list[str]:
    """Return the addresses that may list a package, in the order in which pip asks them."""
    settings = pip_settings()
    found = [
        place if "://" in place else folder_url(place) for place in words(settings, "find-links")
    ]
    if settings.get("no-index", "").lower() not in ("1", "true", "yes", "on"):
        indexes = words(settings, "index-url")[:1] or [DEFAULT_INDEX]
        found += [
            f"{one.rstrip('/')}/{package}/" for one in indexes + words(settings, "extra-index-url")
        ]
    return found


def links(page: str) -> list[str]:
    """Return the addresses that a page of an index, or a folder, lists."""
    if page.startswith("file:"):
        folder = Path(url2pathname(urlsplit(page).path))
        if folder.is_dir() and not (folder / "index.html").is_file():
            return [one.resolve().as_uri() for one in folder.iterdir()]
        page = (folder / "index.html").as_uri() if folder.is_dir() else page
    content = read(page).decode("utf-8", "replace")
    if content.lstrip().startswith("{"):
        return [urljoin(page, one["url"]) for one in json.loads(content)["files"]]
    return [urljoin(page, html.unescape(one)) for one in re.findall(r'href="([^"]+)"', content)]


def read(url: str) -> bytes:
    """Return what stands at an address; a name and a password in it become a header."""
    parts = urlsplit(url)
    headers = {"Accept": ACCEPT, "User-Agent": "desktop-chat-dev"}
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        url = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
    context = ssl.create_default_context(cafile=certificate()) if parts.scheme == "https" else None
    request = urllib.request.Request(url, headers=headers)
    with urllib.request.urlopen(request, timeout=TIMEOUT_S, context=context) as response:
        content = response.read()
    if not isinstance(content, bytes):
        raise FetchError(f"{shown(url)} gave no bytes")
    return content


def certificate() -> str | None:
    """Return the file of trusted certificates that pip is told to use, if any."""
    named = pip_settings().get("cert")
    for variable in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        named = named or os.environ.get(variable)
    return named or None


def pip_settings() -> dict[str, str]:
    """Return pip's settings by name; later files and then the environment win."""
    settings: dict[str, str] = {}
    for path in configuration_files():
        parser = configparser.RawConfigParser()
        with suppress(OSError, configparser.Error, UnicodeDecodeError):
            parser.read(path, encoding="utf-8")
        for section in ("global", "install"):
            if parser.has_section(section):
                settings.update(parser.items(section))
    for name, value in os.environ.items():
        if name.startswith("PIP_"):
            settings[name.removeprefix("PIP_").lower().replace("_", "-")] = value
    return settings


def configuration_files() -> list[Path]:
    """Return where pip looks for its configuration, the weightiest last."""
    chosen = os.environ.get("PIP_CONFIG_FILE")
    if chosen == os.devnull:
        return []
    home = Path.home()
    if sys.platform == "win32":
        files = [Path(os.environ.get("PROGRAMDATA", "C:/ProgramData")) / "pip/pip.ini"]
        files += [home / "pip/pip.ini", Path(os.environ.get("APPDATA", home)) / "pip/pip.ini"]
        files.append(Path(sys.prefix) / "pip.ini")
    else:
        shared = os.environ.get("XDG_CONFIG_DIRS") or "/etc/xdg"
        files = [Path(one) / "pip/pip.conf" for one in shared.split(os.pathsep)]
        files += [Path("/etc/pip.conf"), home / ".pip/pip.conf"]
        if sys.platform == "darwin":
            files.append(home / "Library/Application Support/pip/pip.conf")
        own = os.environ.get("XDG_CONFIG_HOME") or home / ".config"
        files += [Path(own) / "pip/pip.conf", Path(sys.prefix) / "pip.conf"]
    return [*files, Path(chosen)] if chosen else files


def words(settings: dict[str, str], name: str) -> list[str]:
    """Return a setting that may hold several values, split at white space."""
    return settings.get(name, "").split()


def folder_url(place: str) -> str:
    """Return the address of a local folder or file."""
    return Path(place).expanduser().resolve().as_uri()


def shown(url: str) -> str:
    """Return an address without the password that may stand in it."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
