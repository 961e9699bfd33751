"""LaTeX as a tree of MathML. Text of a formula never becomes markup: no string is parsed."""

from __future__ import annotations

from copy import deepcopy
from html import unescape
from typing import TYPE_CHECKING, Final
from xml.etree.ElementTree import Element, SubElement

from latex2mathml.converter import Converter

from desktop_chat.markdown.tex import NotDrawableError

if TYPE_CHECKING:
    from collections.abc import Iterator

UNSTRETCHED: Final = frozenset("↑↓⟨⟩")
"""What TeX leaves as high as it is, unlike MathML."""
OPERATORS: Final = {"-": "−", "^": "\u0302", "~": "\u0303", "*": "∗", "||": "‖"}
FENCES: Final = {
    "\\{": "{", "\\}": "}", "\\|": "‖", "\\lbrace": "{", "\\rbrace": "}", "\\Vert": "‖",
    "\\lVert": "‖", "\\rVert": "‖", "\\vert": "|", "\\lvert": "|", "\\rvert": "|",
    "\\langle": "⟨", "\\rangle": "⟩", "\\lfloor": "⌊", "\\rfloor": "⌋", "\\lceil": "⌈",
    "\\rceil": "⌉", "\\lbrack": "[", "\\rbrack": "]",
}  # fmt: skip
"""Delimiters that the converter leaves as they are after `\\big` and its like."""
SIGNS: Final = frozenset("−+±∓")
CLOSING: Final = frozenset(")]}|‖⟩⌋⌉!…⋯⋮∞")
ROWS: Final = {"left": "0.4em", "right": "0.5em"}
"""Between rows, beyond the height that each has at least: in cases, in aligned equations."""
SCRIPTED: Final = {"msup": 2, "msub": 2, "msubsup": 3, "mover": 2, "munder": 2, "munderover": 3}
"""How many parts each has, of which the first is what the others stand at."""
LABELLED: Final = frozenset("→←↔⇒⇐⇔↦↪↩↠⇌⟶⟵⟹⟸⟺⟷⇀↽⇁↼")
"""Arrows that are as long as what stands over them."""


def mathml(tex: str, *, display: bool) -> Element:
    """Return a formula as a tree; `NotDrawableError` where it has a command that is not known."""
    try:
        tree = Converter(display="block" if display else "inline").convert_to_element(tex)
    except RecursionError as error:
        raise NotDrawableError("depth") from error
    for element in list(tree.iter()):
        _mend(element)
    for element in tree.iter():
        _close_up_signs(element)
    return tree


def _close_up_signs(row: Element) -> None:
    """Take the space from signs that join nothing: a minus after an equals sign, or first."""
    before = None
    for element in row:
        if element.tag == "mspace":
            continue
        alone = before is None or (before.tag == "mo" and (before.text or "") not in CLOSING)
        if element.tag == "mo" and element.text in SIGNS and alone:
            element.set("lspace", "0em")
            element.set("rspace", "0em")
        before = element


def _mend(element: Element) -> None:
    element.attrib.pop("xmlns", None)
    if element.text is not None:
        element.text = _text(element)
    if len(element) > SCRIPTED.get(element.tag, len(element)):
        _join_base(element)
    match element.tag:
        case "mo" if len(element):
            _open_operator(element)
        case "mtable":
            _space_table(element)
        case "mover" | "munder" | "munderover" if _arrow(element):
            _stretch_arrow(element)


def _text(element: Element) -> str:
    text = unescape(element.text or "")
    if element.tag == "mtext":
        return text
    if text.startswith("\\") and len(text) > 1:
        if text not in FENCES:
            raise NotDrawableError(text)
        text = FENCES[text]
    if text in UNSTRETCHED:
        element.set("stretchy", "false")
    if element.tag != "mo":
        return text
    if text == "^" and element.get("stretchy") == "false":
        return "\u02c6"
    return OPERATORS.get(text.strip(), text)


def _open_operator(element: Element) -> None:
    r"""Turn an operator made of others, as of `\mathbin{…}`, into a row with its spaces."""
    element.tag = "mrow"
    before, after = element.attrib.pop("lspace", ""), element.attrib.pop("rspace", "")
    if before:
        element.insert(0, Element("mspace", width=before))
    if after:
        element.append(Element("mspace", width=after))


def _join_base(element: Element) -> None:
    """Make one part of a matrix and its brackets, which the converter leaves apart."""
    base = Element("mrow")
    base.extend(element[: len(element) - SCRIPTED[element.tag] + 1])
    for part in base:
        element.remove(part)
    element.insert(0, base)


def _space_table(table: Element) -> None:
    """Space rows and columns as TeX does, and draw the lines between columns."""
    rows = list(table)
    for row in rows:
        if len(row):
            row[0].insert(0, Element("mspace", width="0em", height="0.7em", depth="0.3em"))
    aligned = table.get("columnspacing", "").startswith("0em")
    first = next((cell.get("columnalign", "") for row in rows for cell in row), "")
    if aligned:
        table.set("columnspacing", "0em 1.5em")
        table.set("rowspacing", "0.5em")
    else:
        table.set("columnspacing", "1em")
        table.set("rowspacing", ROWS.get(first, "0.2em") if len(rows) > 1 else "0em")
    for at in reversed([at for at, line in enumerate(_lines(table)) if line != "none"]):
        for row in rows:
            if len(row) > at:
                bar = Element("mtd")
                SubElement(bar, "mo", stretchy="true", minsize="1.4em").text = "|"
                row.insert(at + 1, bar)


def _lines(table: Element) -> list[str]:
    return table.attrib.pop("columnlines", "").split()


def _arrow(element: Element) -> bool:
    base = element[0]
    while base.tag in ("mstyle", "mrow") and len(base) == 1:
        base = base[0]
    return base.tag == "mo" and unescape(base.text or "") in LABELLED and element[0].tag == "mstyle"


def _stretch_arrow(element: Element) -> None:
    """Make an arrow as long as its labels: here only what stands over something stretches."""
    arrow = element[0]
    while len(arrow):
        arrow = arrow[0]
    above, below = _labels(element)
    arrow.set("stretchy", "true")
    ghost = Element("mpadded", height="0em", depth="0em")
    longest = SubElement(ghost, "mphantom")
    wide = above if below is None or _length(above) >= _length(below) else below
    longest.extend([Element("mspace", width="0.4em"), deepcopy(wide)])
    longest.append(Element("mspace", width="0.4em"))
    for one in longest.iter():
        one.attrib.setdefault("scriptlevel", "1")
    drawn = _pile("mover", ghost, arrow)
    drawn.set("accent", "true")
    if len(above):
        drawn = _pile("mover", drawn, above)
    if below is not None:
        drawn = _pile("munder", drawn, below)
    element.clear()
    element.tag = "mrow"
    element.append(drawn)


def _pile(tag: str, base: Element, other: Element) -> Element:
    made = Element(tag)
    made.extend([base, other])
    return made


def _length(element: Element) -> int:
    return sum(len(unescape(text)) for text in element.itertext())


def _labels(element: Element) -> tuple[Element, Element | None]:
    """Return what stands over an arrow and what under it, without the padding around each."""
    labels = [next(_inside(one), one) for one in element[1:]]
    match element.tag:
        case "mover":
            return labels[0], None
        case "munder":
            return Element("mrow"), labels[0]
        case _:
            return labels[1], labels[0]


def _inside(label: Element) -> Iterator[Element]:
    return (one for one in label if one.tag == "mrow")
