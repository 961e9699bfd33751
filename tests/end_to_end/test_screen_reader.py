"""The program as a screen reader meets it: the real window over a real accessibility bus."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from desktop_chat.domain.chat import Conversation, Message, Part, PartKind, Role
from desktop_chat.storage.commands import AddMessage, SaveConversation
from desktop_chat.storage.conversations import open_store
from desktop_chat.storage.paths import find_profile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from desktop_chat.storage.commands import Command

ROOT = Path(__file__).resolve().parents[2]
READER = Path(__file__).with_name("screen_reader.py")
PROGRAM = "desktop-chat"
SCRIPT = """
/usr/libexec/at-spi-bus-launcher --launch-immediately > /dev/null 2>&1 &
BUS=$!
"$1" -X faulthandler -m desktop_chat --profile "$2" > /dev/null 2> "$3" < /dev/null &
CHAT=$!
/usr/bin/python3 "$4" "$5"
kill -0 $CHAT 2>> "$3" || echo "the program was gone" >> "$3"
kill $CHAT $BUS
wait $CHAT
"""
WITHIN_S = 15.0
TURNS = 5000

pytestmark = [
    pytest.mark.needs(
        "Xvfb", "openbox", "dbus-run-session", "at-spi-bus-launcher", "pyatspi", "xclip"
    ),
]
Node = dict[str, Any]


class Reader:
    """A screen reader's user: finds by role and name, reads and presses."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process

    def tell(self, *path: Node, depth: int = 20) -> Node:
        """Return a node and what stands below it."""
        return dict(self._ask("tell", path, depth=depth))

    def press(self, *path: Node) -> None:
        """Do the first action of a node."""
        assert self._ask("press", path) is True

    def insert(self, text: str, *path: Node) -> None:
        """Type into an editable text."""
        assert self._ask("insert", path, text=text) is True

    def count(self, *path: Node) -> int:
        """Return how many children a node has."""
        return int(self._ask("count", path))

    def finds(self, *path: Node) -> bool:
        """Whether there is such a node now, in a window that is open."""
        self.tell(MESSAGE, depth=0)
        return self._ask("find", path) is True

    def hear(self, words: str) -> list[str]:
        """Wait until something is announced, if any; return all that was since the last time."""
        return list(self._ask("hear", (), words=words))

    def wait_until_gone(self, *path: Node) -> None:
        """Wait until there is no such node."""
        self._ask("tell", path, absent=True)

    def ask(self, question: str) -> None:
        """Send a question as a person does."""
        self.insert(question, MESSAGE)
        self.press(SEND)
        self.tell(CONVERSATION, ANSWER, depth=0)

    def _ask(self, deed: str, path: tuple[Node, ...], **more: object) -> Any:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        wish = {"deed": deed, "path": path, "within": WITHIN_S, **more}
        self._process.stdin.write(json.dumps(wish) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, "the screen reader is gone"
        answer = json.loads(line)
        if isinstance(answer, dict) and "problem" in answer:
            pytest.fail(str(answer["problem"]))
        return answer


def node(role: str, name: str, **more: object) -> Node:
    """Describe a node that is shown."""
    return {"role": role, "name": name, **more}


def button(name: str, **more: object) -> Node:
    """Describe a button that is shown."""
    return node("push button", name, **more)


MESSAGE = node("text", "Message")
SEND = button("Send")
STOP = button("Stop")
CONVERSATION = node("list", "Conversation")
ANSWER = node("list item", "demo")
TABS = node("page tab list", "Open chats")
CHATS = node("list", "Chats")
EMPTY = node("label", "Ask something")


def everything(found: Node) -> Iterator[Node]:
    """Give a node and all that stands below it."""
    yield found
    for child in found["children"]:
        yield from everything(child)


@contextmanager
def reading(display: str, folder: Path, environment: dict[str, str]) -> Iterator[Reader]:
    """Run the program with a screen reader; in the end it must still be there, unharmed."""
    told = folder / "told"
    program, profile = sys.executable, str(folder / "profile")
    command = ["dbus-run-session", "--", "bash", "-c", SCRIPT, "bash", program, profile]
    command += [str(told), str(READER), PROGRAM]
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env={
            **environment,
            "DISPLAY": display,
            "QT_QPA_PLATFORM": "xcb",
            "QT_LINUX_ACCESSIBILITY_ALWAYS_ON": "1",
            "XDG_RUNTIME_DIR": str(folder),
            "PYTHONPATH": str(ROOT),
        },
        cwd=ROOT,
        text=True,
    )
    try:
        yield Reader(process)
    finally:
        process.communicate(timeout=WITHIN_S)
    words = told.read_text("utf-8")
    assert "Traceback" not in words, words
    assert "Fatal" not in words, words
    assert "the program was gone" not in words, words


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """What a program on the desktop finds, without the keyring of whoever runs the tests."""
    left_out = ("DBUS_SESSION_BUS_ADDRESS", "WAYLAND_DISPLAY", "DESKTOP_CHAT_PROFILE")
    return {name: value for name, value in os.environ.items() if name not in left_out}


@pytest.fixture(scope="module")
def reader(
    display: str, environment: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Reader]:
    """One program for the tests below, which each begin in a new chat."""
    with reading(display, tmp_path_factory.mktemp("reader"), environment) as found:
        yield found


@pytest.fixture
def new_chat(reader: Reader) -> Reader:
    """A new chat in front, with nothing in it."""
    if not reader.finds(EMPTY):
        reader.press(button("New chat"))
        reader.tell(EMPTY)
    return reader


def test_a_question_is_asked_and_its_answer_read_as_it_arrives(new_chat: Reader) -> None:
    new_chat.insert("你好 show 世界", MESSAGE)
    assert new_chat.tell(MESSAGE)["text"] == "你好 show 世界"
    new_chat.press(SEND)
    new_chat.tell(CONVERSATION, {**ANSWER, "description": "answering"})
    new_chat.wait_until_gone(STOP)
    assert new_chat.tell(MESSAGE)["text"] == ""

    asked, answered, *_ = new_chat.tell(CONVERSATION)["children"]
    assert (asked["name"], asked["text"]) == ("You", "你好 show 世界")
    assert answered["text"].startswith("Welcome\n")
    told = {(one["role"], one["name"]) for one in everything(answered)}
    assert {
        ("heading", "Welcome"),
        ("link", "links"),
        ("list item", "2. Meanwhile you can scroll, select and copy:"),
        ("list item", "done: Ask a question"),
        ("paragraph", "Your keys are kept in the system's keyring, never in a file."),
        ("panel", "sql code, 5 lines"),
        ("table cell", "long 2000"),
        ("push button", "Regenerate"),
    } <= told
    table = next(one for one in answered["children"] if one["role"] == "table")
    assert {one["role"] for one in table["children"]} == {"table row"}
    assert [one["name"] for one in table["children"][0]["children"]] == ["Write", "and you get"]


def test_an_answer_is_announced_by_sentence_while_it_arrives(new_chat: Reader) -> None:
    new_chat.hear("")
    new_chat.ask("code 7")
    told = new_chat.hear("Answer finished.")
    assert (told[0], told[-1]) == ("Answer started.", "Answer finished.")
    said = " ".join(told[1:-1])
    assert said.startswith("Here is Python, 7 lines of it. The demo is no language model:")
    assert "python code, 7 lines." in said
    # A sentence is said whole, and none of them twice.
    assert all(one[-1] in ".:!?" for one in told)
    assert said.count("Here is Python") == 1
    copy = button("Copy", description="python code, 7 lines")
    new_chat.press(CONVERSATION, ANSWER, copy)
    assert new_chat.hear("Copied") == ["Copied"]


def test_formulas_images_and_levels_are_told(new_chat: Reader) -> None:
    new_chat.ask("maths")
    new_chat.wait_until_gone(STOP)
    found = list(everything(new_chat.tell(CONVERSATION, ANSWER)))
    formulas = [one for one in found if one["description"] == "formula"]
    assert {one["role"] for one in formulas if one["role"] != "push button"} == {"text"}
    assert "e^{i\\pi} + 1 = 0" in [one["name"] for one in formulas]
    levels = {one["name"]: one["attributes"] for one in found if one["role"] == "heading"}
    assert levels
    assert all(one[0].startswith("level:") for one in levels.values())
    new_chat.press(button("New chat"))
    new_chat.tell(EMPTY)
    new_chat.ask("image")
    new_chat.wait_until_gone(STOP)
    images = [
        one for one in everything(new_chat.tell(CONVERSATION, ANSWER)) if one["role"] == "image"
    ]
    assert images
    assert all(one["name"] for one in images)
    assert "Load this image" in [below["name"] for one in images for below in one["children"]]


def test_every_copy_says_what_it_copies_and_copies_it(new_chat: Reader, display: str) -> None:
    new_chat.ask("code 7")
    new_chat.wait_until_gone(STOP)
    path = (CONVERSATION, ANSWER)
    copies = [
        one["description"] for one in everything(new_chat.tell(*path)) if one["name"] == "Copy"
    ]
    assert copies == ["python code, 7 lines", "answer"]
    lines = new_chat.tell(*path, node("panel", "python code, 7 lines"))["children"][0]["text"]
    new_chat.press(*path, button("Copy", description="python code, 7 lines"))
    assert clipboard(display).rstrip("\n") == lines
    new_chat.press(CONVERSATION, node("list item", "You"), button("Copy", description="question"))
    assert clipboard(display) == "code 7"


def test_stop_stops_and_what_ended_early_offers_its_next_steps(new_chat: Reader) -> None:
    new_chat.ask("long 2000")
    new_chat.tell(CONVERSATION, ANSWER, node("heading", "A long answer"))
    new_chat.press(STOP)
    new_chat.tell(CONVERSATION, ANSWER, node("label", "Stopped."))
    new_chat.tell(CONVERSATION, ANSWER, button("Regenerate"))
    new_chat.press(CONVERSATION, ANSWER, button("Continue"))
    new_chat.tell(STOP)
    new_chat.press(STOP)
    new_chat.wait_until_gone(STOP)


def test_a_failure_is_told_with_its_details_and_a_way_on(new_chat: Reader) -> None:
    new_chat.ask("error 401")
    path = (CONVERSATION, ANSWER)
    new_chat.tell(*path, node("label", "Demo does not know this key. Paste a new one."))
    folded = new_chat.tell(*path, button("Details"))
    assert "expanded" not in folded["states"]
    new_chat.press(*path, button("Details"))
    new_chat.tell(*path, button("Copy details"))
    assert "expanded" in new_chat.tell(*path, button("Details"))["states"]
    new_chat.tell(*path, button("Retry"))


def test_the_tree_is_walked_while_three_chats_stream(new_chat: Reader) -> None:
    titles = ["long 9000 a", "long 9000 b", "long 9000 c"]
    for title in titles:
        new_chat.ask(title)
        new_chat.tell(STOP)
        new_chat.press(button("New chat"))
        new_chat.tell(EMPTY)
    for title in titles:
        tab = {"role": "page tab", "name": f"{title}, answering"}
        assert "selected" not in new_chat.tell(TABS, tab)["states"]
        new_chat.press(TABS, tab)
        shown = new_chat.tell(node("frame", f"Answering · {title} — Desktop Chat"))
        chosen = [
            one["name"]
            for one in everything(shown)
            if one["role"] == "page tab" and "selected" in one["states"]
        ]
        assert len(chosen) == 1
        assert chosen[0].startswith(title)
        new_chat.press(STOP)
        new_chat.wait_until_gone(STOP)


def test_a_chat_is_opened_from_the_list(new_chat: Reader) -> None:
    new_chat.ask("help me find it")
    new_chat.tell(STOP)
    new_chat.press(STOP)
    new_chat.press(button("New chat"))
    new_chat.tell(EMPTY)
    new_chat.press(CHATS, node("list item", "help me find it"))
    new_chat.tell(node("frame", "help me find it — Desktop Chat"), depth=0)
    assert "selected" in new_chat.tell(CHATS, node("list item", "help me find it"))["states"]


def test_a_model_is_picked_in_the_popup(new_chat: Reader) -> None:
    new_chat.press(button("Model: Demo"))
    popup = node("panel", "Choose a model")
    assert "editable" in new_chat.tell(popup, node("text", "Search models"))["states"]
    new_chat.press(popup, node("list", "Models"), node("list item", "demo, Demo"))
    new_chat.wait_until_gone(popup)


def test_services_and_settings_are_reached(new_chat: Reader) -> None:
    new_chat.press(button("Settings"))
    dialog = node("dialog", "Settings — Desktop Chat")
    new_chat.tell(dialog, node("check box", "Open the tabs of last time"))
    new_chat.press(dialog, button("Services and keys…"))
    new_chat.wait_until_gone(dialog)
    services = {"role": "dialog"}
    new_chat.tell(services, node("label", "No service yet. Paste a key to connect one."))
    new_chat.press(services, button("Close"))
    new_chat.wait_until_gone(services)


def test_a_chat_of_ten_thousand_messages_opens_without_being_read_whole(
    display: str, environment: dict[str, str], tmp_path: Path
) -> None:
    fill(tmp_path / "profile")
    with reading(display, tmp_path, environment) as reader:
        reader.press(CHATS, node("list item", "a long chat"))
        reader.tell(CONVERSATION, depth=0)
        assert reader.count(CONVERSATION) == 2 * TURNS + 1
        far = {"role": "list item", "nth": 40, "shown": False}
        assert reader.tell(CONVERSATION, far)["text"] == "Question 20"


def fill(profile: Path) -> None:
    """Write a long chat into a profile's store."""
    store, _ = open_store(find_profile(str(profile)), "a test")
    parent: str | None = None
    commands: list[Command] = []
    for turn in range(TURNS):
        for role, words in ((Role.USER, "Question"), (Role.ASSISTANT, "Answer")):
            part = Part(PartKind.TEXT, f"{words} {turn}")
            message = Message(
                id=f"{words} {turn}",
                conversation_id="long",
                parent_id=parent,
                role=role,
                parts=(part,),
                model="m",
            )
            parent = message.id
            commands.append(AddMessage(message))
    chat = Conversation(id="long", title="a long chat", head_id=parent, updated_ms=1)
    store.apply([SaveConversation(chat), *commands, SaveConversation(chat)], durable=False)
    store.close()


def clipboard(display: str) -> str:
    """Return what was copied, as another program gets it."""
    command = ["xclip", "-o", "-selection", "clipboard"]
    environment = {**os.environ, "DISPLAY": display}
    return subprocess.run(
        command, env=environment, check=True, capture_output=True, text=True, timeout=WITHIN_S
    ).stdout
