"""Every failure ends in one sentence that holds its next step."""

from __future__ import annotations

import re

import pytest

from desktop_chat.domain.errors import ErrorKind, Failure, TlsFault
from desktop_chat.domain.keys import KeyOutcome, KeyResult
from desktop_chat.transcript.items import Action
from desktop_chat.ui.words.error_actions import actions
from desktop_chat.ui.words.error_text import details, key_sentence, sentence

FORBIDDEN = re.compile(
    r"\b(error|errors|failed|failure|invalid|exception|timeout|null|none|unauthorized|forbidden)\b",
    re.IGNORECASE,
)
STATUS = re.compile(r"\b[45]\d\d\b")


def full(kind: ErrorKind) -> Failure:
    return Failure(
        kind=kind,
        service="Groq",
        host="api.groq.example",
        port=8443,
        model="m-1",
        message="no such field",
        detail="no such field at line 3",
        status=429,
        request_id="req_7",
        seconds=12.4,
        limit="16 MB",
        tls=TlsFault.EXPIRED,
        target="/kept/here",
    )


@pytest.mark.parametrize("kind", ErrorKind)
@pytest.mark.parametrize("bare", [True, False])
def test_every_kind_has_a_sentence_without_the_forbidden_words(kind: ErrorKind, bare: bool) -> None:
    said = sentence(Failure(kind=kind) if bare else full(kind))
    assert said.endswith(".")
    assert said[0].isupper() or not bare
    assert not FORBIDDEN.search(said)
    assert not STATUS.search(said)
    assert "  " not in said
    assert "“”" not in said
    assert "the the" not in said.lower()


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (
            Failure(kind=ErrorKind.OFFLINE),
            "You are offline. Reconnect, then retry; the question is kept.",
        ),
        (
            Failure(kind=ErrorKind.DNS, host="api.x.org"),
            "api.x.org cannot be found. Check the address or your network.",
        ),
        (
            Failure(kind=ErrorKind.REFUSED, host="x.org", port=81),
            "Nothing answers at x.org:81. Start the server there, or correct the address.",
        ),
        (
            Failure(kind=ErrorKind.REFUSED, service="Ollama", host="127.0.0.1", port=1, local=True),
            "Ollama is not running on this computer. Start it, then retry.",
        ),
        (
            Failure(kind=ErrorKind.CONNECT_TIMEOUT, host="x.org", seconds=10),
            "x.org did not answer within 10 s. Check your network or proxy.",
        ),
        (
            Failure(kind=ErrorKind.TLS, host="x.org", tls=TlsFault.EXPIRED),
            "The certificate of x.org is not trusted (expired). Check the computer's date, "
            "or add your organisation's certificate.",
        ),
        (
            Failure(kind=ErrorKind.TLS, host="x.org", tls=TlsFault.NOT_SHOWN),
            "x.org asks for a certificate of yours. Choose one in the network settings.",
        ),
        (
            Failure(kind=ErrorKind.TLS, host="x.org", tls=TlsFault.NOT_AGREED),
            "x.org broke off while encryption was set up. It may ask for a certificate of yours: "
            "choose one in the network settings, or ask who runs it.",
        ),
        (
            Failure(kind=ErrorKind.TLS, host="x.org", tls=TlsFault.LOCKED_KEY, target="/me.key"),
            "The passphrase does not open /me.key. Write it anew in the network settings.",
        ),
        (
            Failure(kind=ErrorKind.PROXY, host="proxy.org:3128", status=407),
            "The proxy proxy.org:3128 refused the connection. Check its name and password.",
        ),
        (
            Failure(kind=ErrorKind.PROXY, host="proxy.org:3128", status=502, target="x.org"),
            "The proxy proxy.org:3128 cannot reach x.org. "
            "Check the address, or ask who runs the proxy.",
        ),
        (
            Failure(kind=ErrorKind.PROXY, host="proxy.org:3128", status=403, target="x.org"),
            "The proxy proxy.org:3128 does not let you reach x.org. Ask who runs it.",
        ),
        (
            Failure(kind=ErrorKind.PROXY, host="from the network settings", detail="unusable"),
            "The proxy from the network settings has no usable address. "
            "Write it like http://host:3128 or socks5://host:1080 instead.",
        ),
        (
            Failure(kind=ErrorKind.NOT_KEPT, service="Groq"),
            "No keyring took the password of Groq, so it is kept until you quit. "
            "Unlock a keyring, then save it again.",
        ),
        (
            Failure(kind=ErrorKind.CLEARTEXT, host="x.org"),
            "Nothing on the way to x.org is encrypted, so others could read the key. "
            "Write https:// in the address, or allow it.",
        ),
        (
            Failure(kind=ErrorKind.BAD_KEY, service="Groq", status=401),
            "Groq does not know this key. Paste a new one.",
        ),
        (
            Failure(kind=ErrorKind.NO_KEY, service="Groq"),
            "There is no key for Groq yet. Paste one.",
        ),
        (
            Failure(kind=ErrorKind.NO_KEY, service="Groq", target="GROQ_KEY"),
            "There is no key for Groq in GROQ_KEY. Set it, or paste a key.",
        ),
        (
            Failure(kind=ErrorKind.NO_CREDIT, service="Groq"),
            "The Groq account has no credit left. Add credit there, or choose another model.",
        ),
        (
            Failure(kind=ErrorKind.FORBIDDEN, model="m-1"),
            "This key may not use m-1. Choose another model.",
        ),
        (
            Failure(kind=ErrorKind.NO_MODEL, service="Groq", model="m-1"),
            "Groq has no model “m-1”. Choose another.",
        ),
        (
            Failure(kind=ErrorKind.NO_PATH, host="x.org"),
            "x.org has no chat service at this address. It often ends in /v1.",
        ),
        (
            Failure(kind=ErrorKind.TOO_LONG, model="m-1"),
            "This chat is longer than m-1 can read. "
            "Start a new chat, or choose a model with a larger memory.",
        ),
        (
            Failure(kind=ErrorKind.RATE_LIMITED, service="Groq", seconds=4),
            "Groq asks for a pause of 4 s. Retry then.",
        ),
        (
            Failure(kind=ErrorKind.SERVER_TROUBLE, service="Groq"),
            "Groq has trouble of its own right now. Try again in a moment.",
        ),
        (
            Failure(kind=ErrorKind.SILENCE, seconds=300),
            "Nothing came for 300 s. Continue or retry; what had arrived is kept.",
        ),
        (
            Failure(kind=ErrorKind.BROKEN_STREAM),
            "The connection broke off in the middle. Continue or retry; what had arrived is kept.",
        ),
        (
            Failure(kind=ErrorKind.BROKEN_STREAM, seconds=60.2),
            "The connection was cut after 60 s of silence, as proxies do. "
            "Continue or retry; what had arrived is kept.",
        ),
        (
            Failure(kind=ErrorKind.BAD_REQUEST, service="Groq", message="bad top_p"),
            "Groq did not accept the request: “bad top_p”. Change what it names.",
        ),
        (
            Failure(kind=ErrorKind.STREAM_ERROR, service="Groq", message="We are full."),
            "Groq broke off: “We are full.” Retry, or choose another model.",
        ),
        (
            Failure(kind=ErrorKind.LIMIT, limit="16 MB"),
            "This answer passed 16 MB and was cut here. Ask for less at a time.",
        ),
        (
            Failure(kind=ErrorKind.STORE_DAMAGED, target="chats.db.damaged"),
            "The chat file was damaged. It is kept as chats.db.damaged; you start with a new one.",
        ),
    ],
    ids=lambda value: value.kind.value if isinstance(value, Failure) else "",
)
def test_sentences_are_to_the_letter(failure: Failure, expected: str) -> None:
    assert sentence(failure) == expected


@pytest.mark.parametrize("kind", ErrorKind)
def test_no_kind_offers_more_than_two_buttons(kind: ErrorKind) -> None:
    for has_text in (True, False):
        assert len(actions(Failure(kind=kind), has_text=has_text)) <= 2


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (
            Failure(kind=ErrorKind.BROKEN_STREAM),
            "The connection broke off before an answer came. Retry; the question is kept.",
        ),
        (
            Failure(kind=ErrorKind.BROKEN_STREAM, seconds=60.2),
            "The connection was cut after 60 s of silence, as proxies do. "
            "Retry; the question is kept.",
        ),
        (
            Failure(kind=ErrorKind.SILENCE, seconds=900),
            "Nothing came for 900 s. Retry; the question is kept.",
        ),
    ],
)
def test_where_nothing_came_nothing_is_said_to_be_kept_but_the_question(
    failure: Failure, expected: str
) -> None:
    assert sentence(failure, has_text=False) == expected


def test_continue_is_offered_only_where_text_came() -> None:
    broken = Failure(kind=ErrorKind.BROKEN_STREAM)
    assert actions(broken, has_text=True) == (Action.CONTINUE, Action.RETRY)
    assert actions(broken, has_text=False) == (Action.RETRY,)
    cut = Failure(kind=ErrorKind.LENGTH_STOP)
    assert actions(cut, has_text=False) == (Action.RETRY, Action.PARAMETERS)
    assert actions(Failure(kind=ErrorKind.LIMIT), has_text=False) == ()


def test_details_hold_the_services_own_words_and_no_less() -> None:
    shown = details(full(ErrorKind.RATE_LIMITED))
    for fact in ("no such field at line 3", "429", "req_7", "api.groq.example:8443", "m-1"):
        assert fact in shown


def test_details_are_empty_where_the_service_said_nothing() -> None:
    assert details(Failure(kind=ErrorKind.OFFLINE, host="x.org", model="m")) == ""


@pytest.mark.parametrize("outcome", KeyOutcome)
def test_every_answer_of_a_keyring_has_a_sentence(outcome: KeyOutcome) -> None:
    said = key_sentence(KeyResult(outcome))
    assert bool(said) is (outcome is not KeyOutcome.OK)
    assert not FORBIDDEN.search(said)


def test_where_no_keyring_kept_the_key_a_chat_asks_for_it_again() -> None:
    failure = full(ErrorKind.KEYRING_NONE)
    assert sentence(failure) == (
        "This computer has no keyring to keep the key of Groq. Paste it again."
    )
    assert actions(failure, has_text=False)[0] is Action.CHANGE_KEY


def test_a_refused_parameter_is_named_with_the_way_to_it() -> None:
    refused = Failure(
        kind=ErrorKind.BAD_REQUEST, service="Here", parameter="Top P", message="Not 0.5."
    )
    said = "Here does not take “Top P” as it is set: “Not 0.5”. Change or clear it."
    assert sentence(refused) == said
    assert actions(refused, has_text=False) == (Action.RETRY, Action.PARAMETERS)
