"""What other programs make of a copy: LibreOffice's Writer and Calc read the real clipboard's."""

from __future__ import annotations

import os
import signal
import subprocess
from typing import TYPE_CHECKING, Final
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QGuiApplication

from desktop_chat.transcript.messages.message import TEXT, Place
from desktop_chat.transcript.messages.selection import Point, Selection
from desktop_chat.transcript.view import TranscriptView
from tests.transcript.conversations import answer, question

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication

pytestmark = pytest.mark.needs("soffice", "soffice-calc")

SOURCE: Final = """\
# Title Ü 中文

Some **bold *both* words** and [a link](http://a.example/c) with `code` and ~~struck~~.

## Second

1. one
   - sub
2. two

- [x] done
- [ ] open

> quoted

```py
x = 1
    y = "<b>"
```

| name | n |
|------|--:|
| a, b | 1 |
| **c** | 25 |
| =1+1 | -5 |

See[^1] and $$x^2$$. ![pixel](http://127.0.0.1:9/i.png)

[^1]: A note.
"""
MIRRORED: Final = """\
# שלום

word

- مرحبا

| שלום | b |
|------|---|
| c    | מרחב |
"""
TABLE: Final = [["name", "n"], ["a, b", "1"], ["c", "25"]]
PATIENCE_S: Final = 120
NAMES: Final = {
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "style": "urn:oasis:names:tc:opendocument:xmlns:style:1.0",
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "draw": "urn:oasis:names:tc:opendocument:xmlns:drawing:1.0",
}


def convert(folder: Path, to: str, reader: str, *names: str) -> None:
    """Let LibreOffice read files and write them as another kind; it never outlives this."""
    command = ["soffice", f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    command += [f"--infilter={reader}", "--convert-to", to, "--outdir", str(folder), *names]
    # The program on the path is a script, which starts others.
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        start_new_session=True,
    ) as office:
        try:
            _, said = office.communicate(timeout=PATIENCE_S)
        except BaseException:
            os.killpg(office.pid, signal.SIGKILL)
            raise
    assert office.returncode == 0, said.decode(errors="replace")


@pytest.fixture(scope="module")
def copied(qapp: QApplication, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder of what a person copied, and of what LibreOffice made of it."""
    folder = tmp_path_factory.mktemp("copied")
    view = TranscriptView()
    view.set_items([question("q", "Why <b>?"), answer("a", SOURCE)])
    clipboard = QGuiApplication.clipboard()
    view.copy_item("a")
    (folder / "message.html").write_text(clipboard.mimeData().html(), "utf-8")
    view.select_all()
    view.copy()
    (folder / "chat.html").write_text(clipboard.mimeData().html(), "utf-8")
    view.select(Selection(Point(1, Place(TEXT, 7, 0)), Point(1, Place(TEXT, 7, 999))))
    view.copy()
    data = clipboard.mimeData()
    (folder / "cells.html").write_text(data.html(), "utf-8")
    cells = bytes(data.data("text/tab-separated-values").data())
    (folder / "tabs.csv").write_bytes(cells)
    view.set_items([answer("a", MIRRORED)])
    view.copy_item("a")
    (folder / "mirrored.html").write_text(clipboard.mimeData().html(), "utf-8")
    pages = ("message.html", "chat.html", "cells.html", "mirrored.html")
    convert(folder, "fodt", "HTML (StarWriter)", *pages)
    convert(folder, "fods", "HTML (StarCalc)", "cells.html")
    convert(folder, "fods", "CSV:9,34,76", "tabs.csv")
    yield folder
    view.deleteLater()


def document(folder: Path, name: str) -> ET.Element:
    return ET.parse(folder / name).getroot()  # noqa: S314 - LibreOffice's own


def found(root: ET.Element, path: str) -> list[ET.Element]:
    return root.findall(f".//{path}", NAMES)


def words(element: ET.Element) -> str:
    return "".join(element.itertext()).strip()


def attribute(element: ET.Element, name: str) -> str:
    space, _, local = name.partition(":")
    return element.get(f"{{{NAMES[space]}}}{local}", "")


def styled(root: ET.Element, style: str) -> list[str]:
    spans = found(root, "text:span")
    return [words(one) for one in spans if attribute(one, "text:style-name") == style]


def test_writer_gets_headings_with_their_levels(copied: Path) -> None:
    heads = found(document(copied, "message.fodt"), "text:h")
    told = [(attribute(one, "text:outline-level"), words(one)) for one in heads]
    assert told == [("1", "Title Ü 中文"), ("2", "Second")]


def test_writer_gets_bold_italics_and_code(copied: Path) -> None:
    root = document(copied, "message.fodt")
    assert {"bold", "both", "words", "c"} <= set(styled(root, "Strong_20_Emphasis"))
    assert styled(root, "Emphasis") == ["both"]
    assert "code" in styled(root, "Source_20_Text")


def test_writer_gets_lists_in_lists(copied: Path) -> None:
    root = document(copied, "message.fodt")
    numbered, tasks = found(root, "office:text/text:list")
    assert [words(one) for one in found(numbered, "text:list/text:list-item")] == ["sub"]
    assert len(numbered.findall("text:list-item", NAMES)) == 2
    assert [words(one) for one in tasks] == ["☑ done", "☐ open"]


def test_writer_gets_links_and_fetches_no_image(copied: Path) -> None:
    root = document(copied, "message.fodt")
    links = {words(one): attribute(one, "xlink:href") for one in found(root, "text:a")}
    assert links["a link"] == "http://a.example/c"
    assert not found(root, "draw:image")


def test_writer_gets_code_in_a_fixed_font_with_its_blanks(copied: Path) -> None:
    root = document(copied, "message.fodt")
    (line,) = [one for one in found(root, "text:p") if words(one).startswith("y =")]
    assert words(line) == 'y = "<b>"'
    blanks = found(line, "text:s")
    assert attribute(blanks[0], "text:c") == "4"
    names = {attribute(one, "text:style-name") for one in found(line, "text:span")}
    styles = [one for one in found(root, "style:style") if attribute(one, "style:name") in names]
    fonts = {
        attribute(one, "style:font-name")
        for style in styles
        for one in found(style, "style:text-properties")
    }
    assert any("Mono" in font or "Consolas" in font for font in fonts)


def test_writer_gets_the_table_as_one(copied: Path) -> None:
    for name in ("message", "cells"):
        (table,) = found(document(copied, f"{name}.fodt"), "table:table")
        rows = [[words(cell) for cell in row] for row in found(table, "table:table-row")]
        assert rows[:3] == TABLE


def test_writer_gets_the_question_as_it_was_written(copied: Path) -> None:
    assert words(found(document(copied, "chat.fodt"), "text:p")[0]) == "Why <b>?"


def test_writer_sets_from_right_to_left_what_runs_so(copied: Path) -> None:
    root = document(copied, "mirrored.fodt")
    mirrored = {
        attribute(style, "style:name")
        for style in found(root, "style:style")
        for one in style
        if attribute(one, "style:writing-mode") == "rl-tb"
    }
    texts = [*found(root, "text:h"), *found(root, "text:p"), *found(root, "table:table")]
    style_of = {
        words(one): attribute(one, "text:style-name") or attribute(one, "table:style-name")
        for one in texts
        if words(one)
    }
    runs = {text for text, style in style_of.items() if style in mirrored}
    assert {"שלום", "مرحبا", "מרחב"} < runs
    assert not {"word", "b", "c"} & runs
    assert any(text.startswith("שלום") and "מרחב" in text for text in runs)


def test_calc_gets_cells_from_html_and_from_tabs(copied: Path) -> None:
    for name in ("cells", "tabs"):
        assert [cells for cells, _ in rows_of(copied, name)][:3] == TABLE


def test_calc_takes_no_formula_from_an_answer(copied: Path) -> None:
    cells, formulas = rows_of(copied, "cells")[3]
    assert cells == ["=1+1", "-5"]
    assert formulas == ["", ""]


def rows_of(folder: Path, name: str) -> list[tuple[list[str], list[str]]]:
    """Return the rows of a sheet: what its cells show, and their formulas."""
    root = document(folder, f"{name}.fods")
    rows = [found(row, "table:table-cell") for row in found(root, "table:table-row")]
    return [
        ([words(cell) for cell in row], [attribute(cell, "table:formula") for cell in row])
        for row in rows
    ]
