"""Errors that services hide in an answer of status 200, told from its content."""

from __future__ import annotations

from typing import Final


def error_in(name: str, chunk: dict[str, object]) -> object | None:
    """Return the error that an event holds, in whatever shape; None where it holds none."""
    if name == "error":
        return chunk.get("error") or chunk
    if chunk.get("error"):
        return chunk["error"] if isinstance(chunk["error"], dict) else chunk
    response = chunk.get("response")
    if isinstance(response, dict) and response.get("error"):
        return response["error"] if isinstance(response["error"], dict) else response
    if chunk.get("type") == "error" or chunk.get("object") == "error":
        return chunk
    if chunk.get("error_type") or chunk.get("error_message"):
        return chunk
    said = chunk.get("detail") or chunk.get("errors") or chunk.get("message")
    bare = bool(said) and not isinstance(said, dict) and "choices" not in chunk
    return chunk if bare and chunk.keys() <= _ERROR_KEYS else None


_ERROR_KEYS: Final = {
    "message", "detail", "errors", "code", "status", "type", "msg", "success", "request_id",
    "requestId", "param", "title", "path", "timestamp", "status_code", "id", "object",
}  # fmt: skip
