"""What can go wrong, as values: a kind that picks the sentence, and the facts that fill it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class ErrorKind(StrEnum):
    """Each kind has one sentence in `ui.error_text`, with its next step."""

    OFFLINE = "offline"
    DNS = "dns"
    REFUSED = "refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS = "tls"
    PROXY = "proxy"
    CLEARTEXT = "cleartext"
    """A key would go unencrypted to another computer, and nobody was asked yet."""
    REDIRECT = "redirect"
    BAD_REQUEST = "bad_request"
    BAD_KEY = "bad_key"
    NO_KEY = "no_key"
    NO_CREDIT = "no_credit"
    FORBIDDEN = "forbidden"
    NO_MODEL = "no_model"
    NO_PATH = "no_path"
    TOO_LONG = "too_long"
    RATE_LIMITED = "rate_limited"
    SERVER_TROUBLE = "server_trouble"
    SILENCE = "silence"
    BROKEN_STREAM = "broken_stream"
    STREAM_ERROR = "stream_error"
    """The service itself reported an error in mid-stream, in its own words."""
    WRONG_CONTENT = "wrong_content"
    EMPTY = "empty"
    SAFETY_STOP = "safety_stop"
    LENGTH_STOP = "length_stop"
    PAUSED = "paused"
    """The service has more to say, and wants to be asked for it."""
    LIMIT = "limit"
    """More came than is kept: `Failure.limit` says of what."""
    KEYRING_LOCKED = "keyring_locked"
    KEYRING_NONE = "keyring_none"
    KEYRING_REFUSED = "keyring_refused"
    NOT_KEPT = "not_kept"
    NOT_REMOVED = "not_removed"
    """No keyring took a password of the way to a service; it lasts until the program ends."""
    KEY_COMMAND = "key_command"
    """The helper command that prints the key did not."""
    BAD_ADDRESS = "bad_address"
    DISK_FULL = "disk_full"
    STORE_DAMAGED = "store_damaged"
    STORE_NEWER = "store_newer"
    """A newer version wrote the chat file `Failure.target`; it is left as it is."""
    STORE_BUSY = "store_busy"
    """Another program holds the file `Failure.target`; the same can be tried again."""
    STORE_REFUSED = "store_refused"
    """The system does not let `Failure.target` be read or written."""
    SETTINGS_DAMAGED = "settings_damaged"
    PRICES_DAMAGED = "prices_damaged"
    """The person's own price table `Failure.target` cannot be read, or not all of it."""
    CAPS_DAMAGED = "caps_damaged"
    PRICE_UNKNOWN = "price_unknown"
    """A limit to spending is set, and what this model costs does not count towards it."""
    """A limit to spending that the settings hold cannot be read."""
    NO_PROVIDER = "no_provider"
    INTERNAL = "internal"
    """A mistake of this program's own."""


class TlsFault(StrEnum):
    """Why a certificate was not trusted."""

    EXPIRED = "expired"
    UNKNOWN_ISSUER = "unknown issuer"
    OTHER_NAME = "other name"
    NO_TLS = "no TLS"
    NOT_SHOWN = "no certificate of yours"
    """The service asks for a client certificate, and none is set."""
    NOT_ACCEPTED = "your certificate"
    """The service did not accept the client certificate."""
    NOT_AGREED = "no agreement"
    """The service broke the handshake off: for want of a client certificate, or of a method."""
    FILE = "file"
    """The file `Failure.target` holds no usable certificate or key."""
    LOCKED_KEY = "locked key"
    """The key in the file `Failure.target` is not opened by the passphrase, or there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One failure with the facts that its sentence and its details need. Holds no key, ever."""

    kind: ErrorKind
    service: str = ""
    """The provider's name as the person knows it."""
    host: str = ""
    port: int = 0
    model: str = ""
    message: str = ""
    """The service's own words: plain text, redacted, 300 characters at most."""
    detail: str = ""
    """More for the unfolded details: redacted, 4,000 characters at most."""
    status: int = 0
    request_id: str = ""
    seconds: float = 0.0
    """A pause asked for, a silence that passed, or a time limit."""
    limit: str = ""
    """For `LIMIT`: what passed its limit, such as "16 MB"."""
    tls: TlsFault | None = None
    target: str = ""
    """For `REDIRECT`: where the service pointed; for `PROXY`: the host that is not reached, be it
    the proxy itself; for `TLS`: the file that holds nothing usable; for damaged files: where the
    old one is kept; for `NO_KEY`: the environment variable that was to hold the key."""
    local: bool = False
    """The service was to be found on this computer."""
    parameter: str = ""
    """For `BAD_REQUEST`: which of the person's parameters the service refused, by its label."""
    may_retry: bool = True
    """False where the service said that the same request will fail again."""


class ChatError(Exception):
    """Carries a `Failure` up to where a reply or a command ends."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure
