"""Reads a conversation as a screen reader does. Runs on the system's Python, which has pyatspi."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Any

import pyatspi  # type: ignore[import-not-found]

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


def main(name: str) -> None:
    """Tell what the conversation holds, follow its link and copy its code."""
    conversation = wait_for(program(name), lambda node: node.name == "Conversation")
    tell("messages", conversation.childCount - 1)
    for number in (0, 1):
        message = conversation.getChildAtIndex(number)
        for index in range(message.childCount):
            child = message.getChildAtIndex(index)
            tell(child.getRoleName(), "|", child.name)
    for node in everything(conversation.getChildAtIndex(1)):
        tell("node", node.getRoleName(), "|", node.name, "|", node.description)
    link = wait_for(conversation, lambda node: node.getRoleName() == "link")
    link.queryAction().doAction(0)
    copy = wait_for(conversation, lambda node: node.name == "Copy" and "code" in node.description)
    copy.queryAction().doAction(0)


def everything(node: Any) -> Iterator[Any]:
    """Give a node and all below."""
    yield node
    for index in range(node.childCount):
        yield from everything(node.getChildAtIndex(index))


def program(name: str) -> Any:
    """Return the program, waiting for it to come up."""
    while True:
        for one in pyatspi.Registry.getDesktop(0):
            if one is not None and one.name == name:
                return one
        time.sleep(0.05)


def wait_for(node: Any, wanted: Callable[[Any], bool]) -> Any:
    """Return the first node below that is wanted, waiting for it to be there."""
    while (found := find(node, wanted)) is None:
        time.sleep(0.05)
    return found


def find(node: Any, wanted: Callable[[Any], bool]) -> Any:
    """Return the first node below that is wanted, or None."""
    if wanted(node):
        return node
    for index in range(node.childCount):
        found = find(node.getChildAtIndex(index), wanted)
        if found is not None:
            return found
    return None


def tell(*words: object) -> None:
    """Write one line."""
    sys.stdout.write(" ".join(map(str, words)) + "\n")


if __name__ == "__main__":
    main(sys.argv[1])
