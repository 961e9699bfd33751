"""The diagnostics tell what went wrong, and no word of a chat, no key and no name."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from desktop_chat import __version__
from desktop_chat.domain.keys import Secret
from desktop_chat.storage import diagnostics
from desktop_chat.storage.log import LogFile

if TYPE_CHECKING:
    from desktop_chat.storage.paths import Profile

KEY = "canary.key-3f4a5b6c"
CHAT = "canary words of a chat"


def fail(words: str) -> None:
    raise ValueError(words)


def test_it_tells_versions_platform_and_backends(profile: Profile) -> None:
    text = diagnostics.diagnostics(profile, {"Window": ["Display: offscreen"]})
    assert text.startswith(f"Desktop Chat {__version__}\n")
    for words in ("Python 3.", "SQLite 3.", "OpenSSL", "httpx ", "keyring ", "Keyring: "):
        assert words in text
    assert "\nWindow\n  Display: offscreen\n" in text
    assert text.endswith("\nLast errors\n  none\n")
    assert not profile.logs.exists()


def test_the_last_errors_have_their_kinds_and_places_and_no_words_of_others(
    profile: Profile, logger: logging.Logger
) -> None:
    Secret(KEY)
    logger.warning("an answer ended by %s, status %d", "bad_key", 401)
    try:
        fail(f"{CHAT}\nFile of {CHAT}Error: {KEY}")
    except ValueError:
        logger.exception("a message cannot be drawn")
    logging.getLogger("elsewhere.library").warning("cannot send %s", CHAT)
    text = diagnostics.diagnostics(profile, {})
    assert "WARNING desktop_chat.test: an answer ended by bad_key, status 401" in text
    assert "ERROR desktop_chat.test: a message cannot be drawn" in text
    assert "test_diagnostics.py:" in text
    assert "in fail" in text
    assert "    ValueError" in text
    assert "WARNING elsewhere.library: (words left out)" in text
    assert "canary" not in text
    assert str(profile.logs) not in text


def test_only_the_last_entries_are_told_also_of_a_log_that_was_begun_anew(
    profile: Profile, logger: logging.Logger
) -> None:
    for number in range(50):
        logger.warning("trouble %d", number)
    (handler,) = [one for one in logging.getLogger().handlers if isinstance(one, LogFile)]
    handler.doRollover()
    logger.warning("trouble 50")
    told = [one for one in diagnostics.last_errors(profile) if "trouble" in one]
    assert len(told) == 20
    assert told[0].endswith("trouble 31")
    assert told[-1].endswith("trouble 50")


def test_a_log_of_another_kind_is_no_trouble(profile: Profile) -> None:
    profile.logs.mkdir(parents=True)
    profile.log_file.write_bytes(b"\xff\xfe no log\n  at all\n" * 1000)
    assert list(diagnostics.last_errors(profile)) == []
