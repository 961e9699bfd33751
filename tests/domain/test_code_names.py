"""What code blocks are called as files."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop_chat.domain.code_names import ending_of, proposed_name


@pytest.mark.parametrize(
    ("text", "language", "name"),
    [
        ("import os\n\ndef grow(self):\n    pass", "python", "grow.py"),
        ("@dataclass\nclass Tree:\n    pass", "py", "Tree.py"),
        ("export const draw = async () => {}", "typescript", "draw.ts"),
        ("package main\n\nfunc main() {}", "go", "main.go"),
        ("pub fn read(path: &str) {}", "rust", "read.rs"),
        ("CREATE TABLE IF NOT EXISTS users (id int);", "sql", "users.sql"),
        ("# only the open tail is parsed again\nx = 1", "python", "only-the-open-tail-is.py"),
        ("# src/app/views.py\nclass View: ...", "python", "views.py"),
        ("<!-- index.html -->\n<p>", "html", "index.html"),
        ("#!/bin/sh\nls", "bash", "code.sh"),
        ("FROM python", "dockerfile", "Dockerfile"),
        ("all:\n\tcc x.c", "Makefile", "Makefile"),
        ("x", "", "code.txt"),
        ("x", "no such language", "code.txt"),
        ("def ../../etc/passwd", "python", "code.py"),
        ("# ../../.bashrc\nx", "python", "code.py"),
        ("class CON: pass", "python", "CON_.py"),
        ("# 计算面积\n", "python", "计算面积.py"),
        ("", "{.python}", "code.py"),
    ],
)
def test_a_name_comes_from_what_the_code_defines_or_says(
    text: str, language: str, name: str
) -> None:
    assert proposed_name(text.split("\n"), language) == name


@given(st.lists(st.text()), st.text())
def test_whatever_a_model_writes_it_is_a_name_and_never_a_path(
    lines: list[str], language: str
) -> None:
    assert re.fullmatch(r"[\w-]{1,41}(\.[a-z0-9]+)?", proposed_name(lines, language))


@given(st.text())
def test_every_language_has_an_ending(language: str) -> None:
    assert re.fullmatch(r"[a-z0-9]+", ending_of(language))
