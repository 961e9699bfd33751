"""What services say when something is wrong: their words and the kind, from any shape of body."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from desktop_chat.domain.errors import ErrorKind, Failure
from desktop_chat.protocols.transport.redaction import detail_of, is_page, message_of, page_title
from desktop_chat.protocols.transport.retry_after import pause_asked, pause_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from desktop_chat.domain.keys import Secret

_WORD_KEYS: Final = (
    "message", "detail", "error_message", "error_description", "msg", "description", "title",
    "reason", "error_msg",
)  # fmt: skip
_CODE_KEYS: Final = ("code", "type", "status", "error_type", "error_code")
_DEEPEST: Final = 6

_NO_CREDIT: Final = re.compile(
    r"insufficient[_ ](?:quota|balance|credit|funds)|exceeded your current quota|"
    r"(?:no|not enough|out of|add|purchase|more) credits?\b|credit balance|billing_hard_limit|"
    r"payment required|arrearage|balance is (?:too low|insufficient)|exceeded_current_quota"
)
_TOO_LONG: Final = re.compile(
    r"context_length_exceeded|context[ _](?:length|window|size)|maximum context|"
    r"prompt is too long|too many tokens|input is too long|exceed_context_size|"
    r"reduce the length|request too large|max_prompt_tokens|token limit exceeded|"
    r"string_above_max_length|request entity too large|payload too large|content too large"
)
_BAD_KEY: Final = re.compile(
    r"invalid[_ ]api[_ ]key|api[_ ]key[_ ]?(?:is )?(?:invalid|not valid|expired|missing)|"
    r"incorrect api key|authentication_error|invalid x-api-key|invalid (?:access )?token\b|"
    r"token (?:is )?(?:invalid|expired|included in the request is (?:invalid|expired))|"
    r"unauthenticated|unauthorized|no auth credentials|invalid_authentication|"
    r"invalid authentication|wrong api key"
)
_NO_MODEL: Final = re.compile(
    r"model_not_found|deploymentnotfound|model_not_available|model_not_exist|modelnotfound|"
    r"(?:models?|deployment)\b(?:(?!\. |\n).){0,160}?"
    r"(?:not (?:be )?found|does ?n[o']t exist|not exist|was removed|"
    r"been (?:removed|deprecated|decommissioned)|(?:is|are) not (?:a )?"
    r"(?:valid|supported|available)|identifier is invalid|unknown)|"
    r"(?:unknown|invalid|no such|unsupported) model\b|no (?:allowed|endpoints|providers) |"
    r"^model: |not a valid model"
)
_OVERLOADED: Final = re.compile(
    r"overloaded|server_error|internal_error|service_unavailable|api_error|engine_overloaded|"
    r"bad gateway|internal server error|timed? ?out|upstream"
)
_SLOW_DOWN: Final = re.compile(r"rate[_ -]?limit|too many requests|resource_exhausted|throttl")
_SAFETY: Final = re.compile(r"content[_ ](?:filter|policy)|content management policy|moderation")

# Asked in this order: the first that the words fit decides, whatever the status says.
_BY_WORDS: Final = (
    (_NO_CREDIT, ErrorKind.NO_CREDIT),
    (_TOO_LONG, ErrorKind.TOO_LONG),
    (_BAD_KEY, ErrorKind.BAD_KEY),
    (_NO_MODEL, ErrorKind.NO_MODEL),
    (_SLOW_DOWN, ErrorKind.RATE_LIMITED),
    (_SAFETY, ErrorKind.SAFETY_STOP),
    (_OVERLOADED, ErrorKind.SERVER_TROUBLE),
)
_BY_STATUS: Final = {
    401: ErrorKind.BAD_KEY,
    402: ErrorKind.NO_CREDIT,
    403: ErrorKind.FORBIDDEN,
    404: ErrorKind.NO_PATH,
    405: ErrorKind.NO_PATH,
    407: ErrorKind.PROXY,
    408: ErrorKind.SERVER_TROUBLE,
    413: ErrorKind.TOO_LONG,
    429: ErrorKind.RATE_LIMITED,
    451: ErrorKind.FORBIDDEN,
}
# Where a status is as clear as words can be, only these words may say something else.
_WORDS_THAT_COUNT: Final[dict[int, tuple[ErrorKind, ...]]] = {
    401: (ErrorKind.NO_CREDIT,),
    402: (),
    403: (ErrorKind.NO_CREDIT, ErrorKind.BAD_KEY, ErrorKind.NO_MODEL, ErrorKind.SAFETY_STOP),
    404: (ErrorKind.NO_MODEL,),
    405: (),
    407: (),
    413: (),
    429: (ErrorKind.NO_CREDIT,),
}
_TROUBLE_WORDS: Final = (ErrorKind.TOO_LONG, ErrorKind.NO_CREDIT, ErrorKind.NO_MODEL)
_REQUEST_WORDS: Final = (
    ErrorKind.NO_CREDIT,
    ErrorKind.TOO_LONG,
    ErrorKind.BAD_KEY,
    ErrorKind.NO_MODEL,
    ErrorKind.SAFETY_STOP,
)


@dataclass(frozen=True, slots=True)
class Words:
    """What a body says: the sentence for people, and all codes and types in lower case."""

    message: str
    codes: str = ""
    status: int = 0
    """A status that stands in the body, where services hide it behind a 200."""


def failure_of(
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    place: Failure,
    secrets: Iterable[Secret] = (),
) -> Failure:
    """Return `place` filled with what an answer of status 400 and above says."""
    secrets = tuple(secrets)
    text = body.decode("utf-8", "replace")
    words = words_of(text)
    message = message_of(words.message, secrets) or status_phrase(status)
    kind = kind_of(status, words)
    pause = pause_in(text)
    if pause and status == HTTPStatus.TOO_MANY_REQUESTS:
        kind = ErrorKind.RATE_LIMITED  # A quota that is back in a moment is no matter of credit.
    return replace(
        place,
        kind=kind,
        message=message,
        detail="" if is_page(text) else detail_of(text, secrets),
        status=status,
        request_id=_request_id(headers, text, secrets),
        seconds=pause_asked(headers) or pause,
        may_retry=headers.get("x-should-retry", "").strip().lower() != "false",
    )


def failure_in_stream(
    payload: object, place: Failure, secrets: Iterable[Secret] = (), *, after_text: bool
) -> Failure:
    """Return `place` filled with what an error object inside an answer of status 200 says.

    Before any text it is told apart like an HTTP error; after text the service's words count.
    """
    secrets = tuple(secrets)
    words = _words_of_value(payload)
    kind = ErrorKind.STREAM_ERROR
    if not after_text:
        kind = kind_of(words.status, words) if words.status else _kind_by_words(words, None)
    return replace(
        place,
        kind=kind,
        message=message_of(words.message, secrets) or "The service gave no reason.",
        detail=detail_of(json.dumps(payload, ensure_ascii=False, default=str), secrets),
        status=words.status,
    )


def kind_of(status: int, words: Words) -> ErrorKind:
    """Return the kind of an error from its status and words."""
    if status in _WORDS_THAT_COUNT:
        counting = _WORDS_THAT_COUNT[status]
    else:
        counting = _TROUBLE_WORDS if status >= 500 else _REQUEST_WORDS
    by_words = _kind_by_words(words, counting)
    if by_words is not ErrorKind.STREAM_ERROR:
        return by_words
    if status >= 500:
        return ErrorKind.SERVER_TROUBLE
    return _BY_STATUS.get(status, ErrorKind.BAD_REQUEST)


def status_phrase(status: int) -> str:
    """Return a status as words, for answers that say nothing themselves."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return f"Status {status}"


def words_of(text: str) -> Words:
    """Return what the text of an error answer says: JSON, an event stream, a page, plain words."""
    if is_page(text):
        return Words(page_title(text))
    for candidate in _json_texts(text):
        try:
            value = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        words = _words_of_value(value)
        if words.message or words.codes:
            return words
    return Words(text)


def _json_texts(text: str) -> Iterator[str]:
    stripped = text.strip().removeprefix("\ufeff")
    if stripped[:1] in ("{", "[", '"'):
        yield stripped
    for line in stripped.splitlines():
        if line.startswith(("data:", "error:")):
            yield line.partition(":")[2].strip()


def _words_of_value(value: object) -> Words:
    codes = " ".join(_codes(value, 0)).lower()
    return Words(_message(value, 0), codes, _status_in(value, 0))


def _message(value: object, depth: int) -> str:
    """Return the innermost sentence that a JSON value holds for people."""
    if isinstance(value, str):
        return _nested(value, depth)
    if depth > _DEEPEST:
        return ""
    if isinstance(value, list):
        return "; ".join(filter(None, (_message(one, depth + 1) for one in value[:5])))
    if isinstance(value, dict):
        return _message_of_object(value, depth)
    return ""


def _message_of_object(value: dict[str, object], depth: int) -> str:
    metadata = value.get("metadata")
    # OpenRouter wraps what the provider behind it said.
    inner = metadata.get("raw") if isinstance(metadata, dict) else None
    for candidate in (inner, value.get("error"), value.get("errors")):
        if candidate and (found := _message(candidate, depth + 1)):
            return found
    if isinstance(value.get("detail"), str) and isinstance(value.get("title"), str):
        return f"{value['title']}: {value['detail']}"
    for key in _WORD_KEYS:
        if value.get(key) and (found := _message(value[key], depth + 1)):
            return found
    response = value.get("response")
    return _message(response, depth + 1) if isinstance(response, dict) else ""


def _nested(text: str, depth: int) -> str:
    """Return the words inside a JSON text that stands as a string, or the string."""
    if depth <= _DEEPEST and text.lstrip()[:1] in ("{", "["):
        try:
            return _message(json.loads(text), depth + 1) or text
        except (ValueError, RecursionError):
            return text
    return text


def _codes(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, list):
        value = value[0] if value else None
    if not isinstance(value, dict) or depth > _DEEPEST:
        return
    for key in _CODE_KEYS:
        if isinstance(value.get(key), str):
            yield value[key]
    for key in ("error", "errors"):
        if isinstance(value.get(key), str):
            yield value[key]
        yield from _codes(value.get(key), depth + 1)


def _status_in(value: object, depth: int) -> int:
    if not isinstance(value, dict) or depth > _DEEPEST:
        return 0
    for key in ("status_code", "code", "status"):
        found = value.get(key)
        if isinstance(found, str) and found.isdecimal() and len(found) == 3:
            found = int(found)
        if isinstance(found, int) and 400 <= found <= 599:
            return found
    return _status_in(value.get("error"), depth + 1)


def _kind_by_words(words: Words, counting: tuple[ErrorKind, ...] | None) -> ErrorKind:
    text = f"{words.message[:2000].lower()}\n{words.codes[:1000]}"
    message = words.message.lower()
    for pattern, kind in _BY_WORDS:
        if counting is not None and kind not in counting:
            continue
        if pattern.search(text) or pattern.match(message):
            return kind
    return ErrorKind.STREAM_ERROR


def _request_id(headers: Mapping[str, str], text: str, secrets: tuple[Secret, ...]) -> str:
    for name in ("x-request-id", "request-id", "cf-ray", "x-amzn-requestid"):
        if headers.get(name):
            return message_of(headers[name], secrets)[:100]
    found = re.search(r'"request_id"\s*:\s*"([\w\-]{4,80})"', text)
    return found[1] if found else ""
