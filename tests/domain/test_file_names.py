"""Names for files from any words."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.file_names import LONGEST, file_stem


@pytest.mark.parametrize(
    ("words", "stem"),
    [
        ("Why is the sky blue?", "Why is the sky blue"),
        ("../../etc/passwd", "etc passwd"),
        ("a\nb\tc", "a b c"),
        ("CON", "CON_"),
        ("nul.txt", "nul.txt_"),
        ("量子 纠缠", "量子 纠缠"),
        ("…", "…"),
        ("...", "chat"),
        ("", "chat"),
        ("gpj.exe\u202e", "gpj.exe"),
    ],
)
def test_words_become_a_name_that_every_system_takes(words: str, stem: str) -> None:
    assert file_stem(words, "chat") == stem


@given(st.text())
def test_no_words_lead_out_of_the_folder(words: str) -> None:
    stem = file_stem(words, "chat")
    assert 0 < len(stem) <= LONGEST + 1
    assert not set(stem) & set('<>:"/\\|?*\0\n')
    assert stem not in (".", "..")
    assert stem == stem.strip(" .")
