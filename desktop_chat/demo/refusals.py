"""How the service says no: the statuses and bodies that OpenAI's own service sends."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

RETRY_AFTER_S: Final = 3


@dataclass(frozen=True, slots=True)
class Refusal:
    """A status with OpenAI's error object."""

    status: int
    message: str
    type: str
    code: str | None = None
    param: str | None = None
    retry_after_s: int = 0

    @property
    def body(self) -> dict[str, Any]:
        """The JSON body."""
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                "param": self.param,
                "code": self.code,
            }
        }

    @property
    def headers(self) -> dict[str, str]:
        """The headers that belong to it."""
        return {"Retry-After": str(self.retry_after_s)} if self.retry_after_s else {}


WRONG_KEY: Final = Refusal(
    401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"
)

WISHED: Final = {
    401: WRONG_KEY,
    429: Refusal(
        429,
        "Rate limit reached for demo on requests per min (RPM): Limit 3, Used 3, Requested 1. "
        f"Please try again in {RETRY_AFTER_S}s.",
        "requests",
        "rate_limit_exceeded",
        retry_after_s=RETRY_AFTER_S,
    ),
    500: Refusal(
        500,
        "The server had an error while processing your request. Sorry about that!",
        "server_error",
    ),
    503: Refusal(
        503,
        "The engine is currently overloaded, please try again later.",
        "service_unavailable_error",
    ),
}
"""What `error N` in a question brings; another number brings an answer."""


def bad_request(message: str, param: str | None = None) -> Refusal:
    """Return the refusal of a body that makes no sense."""
    return Refusal(400, message, "invalid_request_error", param=param)


def unknown_model(model: str) -> Refusal:
    """Return the refusal of a model that the service does not have."""
    return Refusal(
        404,
        f"The model `{model[:80]}` does not exist or you do not have access to it.",
        "invalid_request_error",
        "model_not_found",
    )


def unknown_url(method: str, path: str) -> Refusal:
    """Return the refusal of an address that the service does not have."""
    return Refusal(404, f"Unknown request URL: {method} {path[:200]}.", "invalid_request_error")


def wrong_method(method: str) -> Refusal:
    """Return the refusal of a method that an address does not take."""
    return Refusal(405, f"Method {method[:20]} is not allowed here.", "invalid_request_error")
