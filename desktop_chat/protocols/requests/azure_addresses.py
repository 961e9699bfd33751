"""Addresses of Azure OpenAI: bare, of one deployment, of version 1, of Foundry's models."""

from __future__ import annotations

import re
from enum import Enum, auto
from typing import Final
from urllib.parse import parse_qsl, unquote, urlsplit, urlunsplit

from desktop_chat.protocols.requests.addresses import segment, with_query

API_VERSION: Final = "2024-10-21"
"""The last one that is no preview, where the person's address names none."""
_FOUNDRY_VERSION: Final = "2024-05-01-preview"
_LISTING_VERSION: Final = "2023-03-15-preview"
"""The last one whose data plane lists deployments."""
_CHAT: Final = "/chat/completions"
_DEPLOYMENT: Final = re.compile(r"(.*)/openai/deployments/([^/]+)(?:/.*)?")
_VERSION_1: Final = re.compile(
    r"(.*?)(?:(?:/api/projects/[^/]+)?/openai/v1(?:/.*)?|/api/projects/[^/]+)"
)
_FOUNDRY: Final = re.compile(r"(.*)/models(?:/chat/completions|/info)?")
_ROOT: Final = re.compile(r"(.*?)(?:/openai(?:/.*)?)?")


class _Form(Enum):
    DEPLOYMENTS = auto()
    VERSION_1 = auto()
    FOUNDRY = auto()


class AzureAddress:
    """What the address that a person pasted says: copied from the portal, most often."""

    def __init__(self, base_url: str) -> None:
        parts = urlsplit(base_url.strip())
        self._origin = (parts.scheme, parts.netloc)
        self._query = parts.query
        self._version = dict(parse_qsl(parts.query)).get("api-version", "")
        path = parts.path.rstrip("/")
        self.deployment = ""
        """The one deployment that the address names; empty where it names none."""
        self._form = _Form.DEPLOYMENTS
        self._root = ""
        if found := _DEPLOYMENT.fullmatch(path):
            self._root, self.deployment = found[1], unquote(found[2])
        elif found := _VERSION_1.fullmatch(path):
            self._form, self._root = _Form.VERSION_1, found[1]
        elif found := _FOUNDRY.fullmatch(path):
            self._form, self._root = _Form.FOUNDRY, found[1]
        elif found := _ROOT.fullmatch(path):
            self._root = found[1]

    @property
    def needs_deployment(self) -> bool:
        """Whether a question's address has the model in it."""
        return self._form == _Form.DEPLOYMENTS

    @property
    def lists(self) -> bool:
        """Whether there is a list of what can be asked."""
        return self._form == _Form.VERSION_1 or not (self.deployment or self._form == _Form.FOUNDRY)

    def chat(self, model: str) -> str:
        """Return where a question to a model goes."""
        if self._form == _Form.VERSION_1:
            return self._url(f"/openai/v1{_CHAT}")
        if self._form == _Form.FOUNDRY:
            return self._url(f"/models{_CHAT}", self._version or _FOUNDRY_VERSION)
        deployment = segment(self.deployment or model)
        return self._url(f"/openai/deployments/{deployment}{_CHAT}", self._version or API_VERSION)

    def deployments(self) -> str:
        """Return where the deployments are listed; empty where models have their own names."""
        if self._form != _Form.DEPLOYMENTS:
            return ""
        return self._url("/openai/deployments", _LISTING_VERSION)

    def models(self) -> str:
        """Return what a key opens at no cost; all but Foundry's lists models."""
        if self._form == _Form.VERSION_1:
            return self._url("/openai/v1/models")
        if self._form == _Form.FOUNDRY:
            return self._url("/models/info", self._version or _FOUNDRY_VERSION)
        return self._url("/openai/models", self._version or API_VERSION)

    def _url(self, path: str, version: str = "") -> str:
        url = urlunsplit((*self._origin, self._root + path, self._query, ""))
        return with_query(url, **{"api-version": version}) if version else url
