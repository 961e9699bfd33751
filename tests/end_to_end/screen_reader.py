"""A screen reader's hands: finds, reads and presses over the accessibility bus, as it is told.

Runs on the system's Python, which has pyatspi. Takes one wish in JSON a line, answers likewise.
"""

from __future__ import annotations

import contextlib
import json
import sys
import time
from typing import TYPE_CHECKING, Any

import pyatspi  # type: ignore[import-not-found]
from gi.repository import GLib  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Iterator

PAUSE_S = 0.02
TOLD_STATES = (
    "showing",
    "enabled",
    "focused",
    "selected",
    "checked",
    "expanded",
    "editable",
)

heard: list[str] = []
"""What was announced."""


def main(program: str) -> None:
    """Serve wishes until there are no more."""
    pyatspi.Registry.registerEventListener(_on_announcement, "object:announcement")
    for line in sys.stdin:
        wish = json.loads(line)
        try:
            answer: object = serve(program, wish)
        except Exception as problem:  # noqa: BLE001 - whatever it is, the test is to say it
            answer = {"problem": f"{type(problem).__name__}: {problem}"}
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


def serve(program: str, wish: dict[str, Any]) -> object:
    """Wait for the node that is wished, or for its end; then do with it what is wished."""
    end = time.monotonic() + wish["within"]
    if wish["deed"] == "hear":
        return hear(wish["words"], end)
    absent = wish.get("absent", False)
    while time.monotonic() < end:
        # What was just found may be gone when it is looked at.
        with contextlib.suppress(GLib.GError):
            node = find(program, wish["path"])
            if wish["deed"] == "find":
                return node is not None
            if absent and node is None:
                return None
            if node is not None and not absent:
                return DEEDS[wish["deed"]](node, wish)
        time.sleep(PAUSE_S)
    there = [one.name for one in find(program, []) or ()]
    return {"problem": f"there {'still is' if absent else 'is no'} {wish['path']} in {there}"}


def hear(words: str, end: float) -> object:
    """Wait until something is announced, if any; return all that was since the last time."""
    arrive = GLib.MainContext.default().iteration
    while arrive(False) or (words and words not in heard):
        if time.monotonic() > end:
            return {"problem": f"nobody said {words!r} but {heard}"}
        time.sleep(PAUSE_S)
    told = heard[:]
    heard.clear()
    return told


def find(program: str, path: list[dict[str, Any]]) -> Any:
    """Return the node that a path of descriptions leads to, or None."""
    desktop = pyatspi.Registry.getDesktop(0)
    node = next((one for one in desktop if one and one.name == program), None)
    for wanted in path:
        if node is None:
            return None
        found = (one for one in everything(node, wanted) if fits(one, wanted))
        node = next((one for at, one in enumerate(found) if at == wanted.get("nth", 0)), None)
    return node


def everything(node: Any, wanted: dict[str, Any]) -> Iterator[Any]:
    """Give all nodes below, a parent before its children; only what is shown, where wished."""
    for child in children(node):
        if wanted.get("shown", True) and child.getRoleName() in CONTAINERS and not shows(child):
            continue
        yield child
        yield from everything(child, wanted)


def children(node: Any) -> list[Any]:
    """Return what stands below, as far as it still does."""
    found = (node.getChildAtIndex(index) for index in range(node.childCount))
    return [one for one in found if one is not None]


def shows(node: Any) -> bool:
    """Whether a node may be seen, were the window high enough."""
    return bool(node.getState().contains(pyatspi.STATE_VISIBLE))


def fits(node: Any, wanted: dict[str, Any]) -> bool:
    """Whether a node is as described."""
    if "name" in wanted and node.name != wanted["name"]:
        return False
    if "role" in wanted and node.getRoleName() != wanted["role"]:
        return False
    if "description" in wanted and node.description != wanted["description"]:
        return False
    return not wanted.get("shown", True) or shows(node)


def told(node: Any, depth: int) -> dict[str, Any]:
    """Return a node and what stands below."""
    states = {pyatspi.stateToString(one) for one in node.getState().getStates()}
    below = []
    for child in children(node) if depth else ():
        # While an answer arrives, its last part may be another one when it is looked at.
        with contextlib.suppress(GLib.GError):
            below.append(told(child, depth - 1))
    return {
        "role": node.getRoleName(),
        "name": node.name,
        "description": node.description,
        "attributes": list(node.getAttributes()),
        "text": text_of(node),
        "states": [one for one in TOLD_STATES if one in states],
        "children": below,
    }


def text_of(node: Any) -> str | None:
    """Return the text of a node that has one."""
    try:
        return str(node.queryText().getText(0, -1))
    except NotImplementedError:
        return None


def _on_announcement(event: Any) -> None:
    heard.append(str(event.any_data))


def _tell(node: Any, wish: dict[str, Any]) -> object:
    return told(node, wish.get("depth", 20))


def _press(node: Any, wish: dict[str, Any]) -> object:
    del wish
    return node.queryAction().doAction(0)


def _insert(node: Any, wish: dict[str, Any]) -> object:
    at = node.queryText().characterCount
    return node.queryEditableText().insertText(at, wish["text"], len(wish["text"]))


def _count(node: Any, wish: dict[str, Any]) -> object:
    del wish
    return node.childCount


CONTAINERS = frozenset({"filler", "panel", "layered pane"})
DEEDS = {"tell": _tell, "press": _press, "insert": _insert, "count": _count}

if __name__ == "__main__":
    main(sys.argv[1])
