"""The log is private and small, and holds no key, wherever one came from."""

from __future__ import annotations

import logging
import stat
import sys
import threading
import warnings
from typing import TYPE_CHECKING

import pytest

from desktop_chat.domain.keys import MASK, Secret
from desktop_chat.storage import log
from desktop_chat.storage.log import start_log

if TYPE_CHECKING:
    from desktop_chat.storage.paths import Profile

CANARY = "canary.7d1f.of-no-known-shape"


def refuse(words: str) -> None:
    raise ValueError(words)


def written(profile: Profile) -> str:
    return profile.log_file.read_text("utf-8")


def test_without_anything_to_say_there_is_no_file(profile: Profile, logger: logging.Logger) -> None:
    logger.info("all is well")
    assert not profile.log_file.exists()


def test_a_warning_is_written_for_the_owner_alone(profile: Profile, logger: logging.Logger) -> None:
    logger.warning("the disk is %s", "slow")
    assert "WARNING desktop_chat.test: the disk is slow" in written(profile)
    if sys.platform != "win32":
        assert stat.S_IMODE(profile.log_file.stat().st_mode) == 0o600
        assert stat.S_IMODE(profile.logs.stat().st_mode) == 0o700


def test_a_key_that_the_process_held_is_masked_everywhere(
    profile: Profile, logger: logging.Logger
) -> None:
    secret = Secret(CANARY)
    logger.warning("in the words: %s", CANARY)
    logger.warning("%s in the words", {"token": secret.reveal()})
    try:
        refuse(f"Illegal header value b'Bearer {CANARY}'")
    except ValueError:
        logger.exception("in the traceback")
    text = written(profile)
    assert text.count(MASK) >= 3
    assert "canary" not in text


@pytest.mark.parametrize(
    "words",
    [
        "Authorization: Bearer abcdefgh1jklmnop",
        "Incorrect API key provided: sk-proj-abcdef123456",
        '{"token": "0123456789abcdef"}',
        "gsk_0123456789abcdef",
    ],
)
def test_what_looks_like_a_key_is_masked_too(
    profile: Profile, logger: logging.Logger, words: str
) -> None:
    logger.warning(words)
    assert words.rsplit(maxsplit=1)[-1].strip('"{}') not in written(profile)
    assert MASK in written(profile)


def test_a_traceback_shows_no_values(profile: Profile, logger: logging.Logger) -> None:
    def ask(key: str) -> float:
        return len(key) / 0

    try:
        ask("never-held-as-a-secret-9f2c")
    except ZeroDivisionError:
        logger.exception("a mistake")
    assert "ZeroDivisionError" in written(profile)
    assert "9f2c" not in written(profile).replace('ask("never-held-as-a-secret-9f2c")', "")


def test_what_nobody_caught_is_logged_and_shown_masked(
    profile: Profile, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    Secret(CANARY)
    try:
        refuse(f"no {CANARY} here")
    except ValueError as error:
        sys.excepthook(ValueError, error, error.__traceback__)
    shown = capsys.readouterr().err
    for text in (shown, written(profile)):
        assert f"ValueError: no {MASK} here" in text
        assert "canary" not in text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_the_end_of_a_thread_is_logged(profile: Profile, logger: logging.Logger) -> None:
    def fail() -> None:
        raise OSError(5, f"about {CANARY}")

    Secret(CANARY)
    hook = log._on_thread_exception
    threading.excepthook = hook
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    assert "OSError" in written(profile)
    assert "canary" not in written(profile)


def test_warnings_of_libraries_go_to_the_log(profile: Profile, logger: logging.Logger) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("old habits", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "old habits" in written(profile)


def test_it_stays_small(profile: Profile, logger: logging.Logger) -> None:
    for _ in range(300):
        logger.warning("x" * 10_000)
    sizes = [one.stat().st_size for one in profile.logs.iterdir()]
    assert len(sizes) == 1 + log.OLD_FILES
    assert max(sizes) <= log.FILE_BYTES


def test_a_disk_that_takes_no_log_is_no_trouble(
    profile: Profile, logger: logging.Logger, capsys: pytest.CaptureFixture[str]
) -> None:
    profile.logs.parent.mkdir(parents=True, exist_ok=True)
    profile.logs.write_text("a file where the folder should be", "utf-8")
    logger.warning("lost")
    assert capsys.readouterr().err == ""


def test_starting_it_again_writes_each_line_once(profile: Profile, logger: logging.Logger) -> None:
    start_log(profile)
    logger.warning("once")
    assert written(profile).count("once") == 1
